"""All that changes about editions."""

from rulebooks.services.adoption import (
    CannotAdopt,
    adopt_edition,
    enact_on_trial,
)
from rulebooks.services.countersigning import (
    CannotCountersign,
    NotTheText,
    countersign,
    receive_legal_text,
)
from rulebooks.services.drafting import NotADraft, Overtaken, draft_edition, keep_text
from rulebooks.services.errata import NoErratum, record_erratum

__all__ = [
    "CannotAdopt",
    "CannotCountersign",
    "NoErratum",
    "NotADraft",
    "NotTheText",
    "Overtaken",
    "adopt_edition",
    "countersign",
    "draft_edition",
    "enact_on_trial",
    "keep_text",
    "receive_legal_text",
    "record_erratum",
]
