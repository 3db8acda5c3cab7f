"""All that changes about members."""

from members.services import applying, letters, scrutiny
from members.services.admission import file_application, leave
from members.services.answering import appeal, reply
from members.services.classes import change_class
from members.services.conditions import NotDecided, settle_condition
from members.services.deciding import admit, refuse, uphold_refusal
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
from members.services.mandate_documents import LARGEST as LARGEST_DOCUMENT
from members.services.mandate_documents import CannotLodge, lodge_mandate_document
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
from members.services.places import NotOpen
from members.services.planned import name_source, state_planned
from members.services.received import BadFile
from members.services.reminding import remind_to_sign
from members.services.signing import MayNotSign, NothingToSign, Superseded, decline, sign

__all__ = [
    "LARGEST_DOCUMENT",
    "BadFile",
    "CannotLodge",
    "CannotNotify",
    "ConflictOfInterest",
    "MayNotSign",
    "NotDecided",
    "NotOpen",
    "NothingToSign",
    "Statement",
    "Superseded",
    "admit",
    "affiliate",
    "appeal",
    "applying",
    "assign_auditor",
    "cancel_cycle",
    "change_class",
    "correct",
    "decline",
    "derive",
    "derive_all",
    "end_assignment",
    "end_mandate",
    "file_application",
    "give_mandate",
    "keep_places",
    "leave",
    "letters",
    "lodge_mandate_document",
    "name_source",
    "notify_edition",
    "refuse",
    "register_organisation",
    "remind_to_sign",
    "reply",
    "scrutiny",
    "settle_condition",
    "sign",
    "state",
    "state_for_all",
    "state_many",
    "state_planned",
    "uphold_refusal",
]
