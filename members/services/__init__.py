"""All that changes about members."""

from members.services import letters
from members.services.admission import (
    NotOpen,
    admit,
    file_application,
    leave,
    refuse,
)
from members.services.classes import change_class
from members.services.facts import (
    Statement,
    cancel_cycle,
    correct,
    derive,
    derive_all,
    keep_places,
    state,
    state_for_all,
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
from members.services.notices import CannotNotify, notify_edition
from members.services.planned import name_source, state_planned
from members.services.signing import NothingToSign, sign

__all__ = [
    "CannotNotify",
    "ConflictOfInterest",
    "NotOpen",
    "NothingToSign",
    "Statement",
    "admit",
    "affiliate",
    "assign_auditor",
    "cancel_cycle",
    "change_class",
    "correct",
    "derive",
    "derive_all",
    "end_assignment",
    "end_mandate",
    "file_application",
    "give_mandate",
    "keep_places",
    "leave",
    "letters",
    "name_source",
    "notify_edition",
    "refuse",
    "register_organisation",
    "sign",
    "state",
    "state_for_all",
    "state_many",
    "state_planned",
]
