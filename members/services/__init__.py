"""All that changes about members."""

from members.services import letters
from members.services.admission import (
    NotOpen,
    admit,
    file_application,
    leave,
    refuse,
)
from members.services.facts import (
    Statement,
    cancel_cycle,
    correct,
    derive,
    derive_all,
    state,
    state_many,
)
from members.services.mandates import (
    ConflictOfInterest,
    affiliate,
    assign_auditor,
    end_assignment,
    end_mandate,
    give_mandate,
    register_organisation,
)
from members.services.signing import NothingToSign, sign

__all__ = [
    "ConflictOfInterest",
    "NotOpen",
    "NothingToSign",
    "Statement",
    "admit",
    "affiliate",
    "assign_auditor",
    "cancel_cycle",
    "correct",
    "derive",
    "derive_all",
    "end_assignment",
    "end_mandate",
    "file_application",
    "give_mandate",
    "leave",
    "letters",
    "refuse",
    "register_organisation",
    "sign",
    "state",
    "state_many",
]
