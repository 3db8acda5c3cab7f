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
class RequirementSigned(What):
    """A signatory signed one requirement. Key: the requirement's code."""

    kind: ClassVar[str] = "requirement.signed"
    edition: str
    text_sha256: str


@dataclass(frozen=True, slots=True)
class MemberLeft(What):
    """The member withdrew; open cases go on. No key."""

    kind: ClassVar[str] = "member.left"
