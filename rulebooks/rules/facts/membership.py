"""Facts about belonging: joining, signing, leaving."""

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
    """A signatory signed one requirement. Key: the requirement's code."""

    kind: ClassVar[str] = "requirement.signed"
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
