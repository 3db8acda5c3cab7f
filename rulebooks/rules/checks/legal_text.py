"""What must hold between an edition and the legal text that it encodes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.document import Fault

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition


def legal_text_faults(edition: Edition) -> Iterator[Fault]:
    """Yield days that contradict the legal text, and a correction of what is not replaced."""
    text = edition.legal_text
    if text is not None and edition.in_force_from < text.effective_on:
        message = f"the text takes effect on {text.effective_on}; the edition may not before it"
        yield Fault(("in_force_from",), message)
    if edition.corrects is not None and edition.corrects != edition.replaces:
        message = f"an edition corrects the one that it replaces: write {edition.replaces}, or null"
        yield Fault(("corrects",), message)


def legal_text_warnings(edition: Edition) -> Iterator[Fault]:
    """Yield periods that this edition will not govern, as members are told too late."""
    if edition.legal_text is None:
        return
    told = edition.legal_text.notice.given_on
    for index, period in enumerate(edition.periods):
        opens_on = getattr(period, "opens_on", None)
        if opens_on is not None and edition.in_force_from <= opens_on < told:
            message = f"opens on {opens_on}, before members were notified on {told}"
            yield Fault(("periods", index), f"{message}: this edition does not govern it")
