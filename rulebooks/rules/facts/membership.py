"""Facts about belonging: joining, signing, changing class, merging, leaving."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from rulebooks.rules.facts.base import What


@dataclass(frozen=True, slots=True)
class MemberAdmitted(What):
    """The organisation became a member. No key."""

    kind: ClassVar[str] = "member.admitted"
    member_class: str
    chamber: str


@dataclass(frozen=True, slots=True)
class ClassChanged(What):
    """The member belongs to another class or chamber from this day on. No key."""

    kind: ClassVar[str] = "member.class_changed"
    member_class: str
    chamber: str


@dataclass(frozen=True, slots=True)
class MemberDescribed(What):
    """What is known of the member from this day on; what is left out stays as it was. No key.

    ``size`` is a size band of the edition, ``country`` a code such as DE, ``year_ends`` the last
    day of its fiscal year as MM-DD.
    """

    kind: ClassVar[str] = "member.described"
    size: str | None = None
    country: str | None = None
    year_ends: str | None = None


@dataclass(frozen=True, slots=True)
class RequirementSigned(What):
    """A signatory signed one requirement, or the deed. Key: its code.

    ``reserved`` is true where it was signed with a reservation.
    """

    kind: ClassVar[str] = "requirement.signed"
    edition: str
    text_sha256: str
    reserved: bool | None = None


@dataclass(frozen=True, slots=True)
class RequirementDeclined(What):
    """A signatory said that the member does not accept a text. Key: its code.

    What was said is not silence; it can still be signed later.
    """

    kind: ClassVar[str] = "requirement.declined"
    edition: str
    text_sha256: str


@dataclass(frozen=True, slots=True)
class MemberLeft(What):
    """The member withdrew; open cases go on. No key."""

    kind: ClassVar[str] = "member.left"


@dataclass(frozen=True, slots=True)
class ConditionSet(What):
    """The member was admitted on a condition, to be met by a day. Key: the condition's code."""

    kind: ClassVar[str] = "condition.set"
    due_on: date
    clause: str


@dataclass(frozen=True, slots=True)
class ConditionSettled(What):
    """It was found whether a condition of admission is met. Key: the condition's code."""

    kind: ClassVar[str] = "condition.settled"
    outcome: Literal["met", "unmet"]


@dataclass(frozen=True, slots=True)
class WithdrawalNotified(What):
    """The member gave notice that it withdraws; ``last_on`` is its last day. No key."""

    kind: ClassVar[str] = "withdrawal.notified"
    last_on: date


@dataclass(frozen=True, slots=True)
class WithdrawalRevoked(What):
    """The member took its notice back before its last day was over. No key."""

    kind: ClassVar[str] = "withdrawal.revoked"


@dataclass(frozen=True, slots=True)
class MemberMerged(What):
    """The member is part of another from this day on. Key: the code of the other.

    ``obligations`` says whether what it owed is still owed (``follow``) or fell away (``end``).
    """

    kind: ClassVar[str] = "member.merged"
    obligations: str


@dataclass(frozen=True, slots=True)
class MemberAbsorbed(What):
    """Another member became part of this one on this day. Key: the code of the other.

    With ``signatures: follow`` what the other had signed counts as signed, with ``cases: follow`` a
    measure against the other holds against this one.
    """

    kind: ClassVar[str] = "member.absorbed"
    signatures: str
    cases: str


@dataclass(frozen=True, slots=True)
class MemberSplit(What):
    """A part of the member went on as a member of its own. Key: the code of the new member."""

    kind: ClassVar[str] = "member.split"


@dataclass(frozen=True, slots=True)
class MemberSplitOff(What):
    """The member was part of another until this day. Key: the code of the other."""

    kind: ClassVar[str] = "member.split_off"


@dataclass(frozen=True, slots=True)
class MemberRenamed(What):
    """The organisation has another name from this day on. ``name`` is the row that holds it."""

    kind: ClassVar[str] = "member.renamed"
    name: int


@dataclass(frozen=True, slots=True)
class MembershipTransferred(What):
    """The membership passed to another organisation on this day. Key: the number of its row."""

    kind: ClassVar[str] = "membership.transferred"
    before: int
