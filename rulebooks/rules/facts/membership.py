"""Facts about belonging: joining, signing, leaving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

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
