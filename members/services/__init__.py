"""All that changes about members."""

from members.services import applying, letters, scrutiny
from members.services.admission import file_application, leave
from members.services.answering import appeal, reply
from members.services.classes import ask_for_class, change_class, decline_class
from members.services.conditions import NotDecided, settle_condition
from members.services.contacts import (
    NeedsSuccessor,
    NoSuchRole,
    Person,
    correct_contact,
    end_affiliation,
    end_contact,
    erase_contact,
    hand_over,
    mark_unreachable,
    name_contact,
)
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
from members.services.groups import InAnotherGroup, join_group, leave_group
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
from members.services.planned import name_planned, name_source, place_planned, state_planned
from members.services.received import BadFile
from members.services.reminding import remind_to_sign
from members.services.sectors import NoSuchSector, set_sectors
from members.services.signing import MayNotSign, NothingToSign, Superseded, decline, sign
from members.services.successions import (
    CannotChange,
    Choices,
    merge,
    merge_several,
    rename,
    split,
    transfer,
)
from members.services.withdrawals import NoNotice, end_withdrawn, give_notice, revoke_notice

__all__ = [
    "LARGEST_DOCUMENT",
    "BadFile",
    "CannotChange",
    "CannotLodge",
    "CannotNotify",
    "Choices",
    "ConflictOfInterest",
    "InAnotherGroup",
    "MayNotSign",
    "NeedsSuccessor",
    "NoNotice",
    "NoSuchRole",
    "NoSuchSector",
    "NotDecided",
    "NotOpen",
    "NothingToSign",
    "Person",
    "Statement",
    "Superseded",
    "admit",
    "affiliate",
    "appeal",
    "applying",
    "ask_for_class",
    "assign_auditor",
    "cancel_cycle",
    "change_class",
    "correct",
    "correct_contact",
    "decline",
    "decline_class",
    "derive",
    "derive_all",
    "end_affiliation",
    "end_assignment",
    "end_contact",
    "end_mandate",
    "end_withdrawn",
    "erase_contact",
    "file_application",
    "give_mandate",
    "give_notice",
    "hand_over",
    "join_group",
    "keep_places",
    "leave",
    "leave_group",
    "letters",
    "lodge_mandate_document",
    "mark_unreachable",
    "merge",
    "merge_several",
    "name_contact",
    "name_planned",
    "name_source",
    "notify_edition",
    "place_planned",
    "refuse",
    "register_organisation",
    "remind_to_sign",
    "rename",
    "reply",
    "revoke_notice",
    "scrutiny",
    "set_sectors",
    "settle_condition",
    "sign",
    "split",
    "state",
    "state_for_all",
    "state_many",
    "state_planned",
    "transfer",
    "uphold_refusal",
]
