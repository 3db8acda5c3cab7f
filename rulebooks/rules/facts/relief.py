"""Facts about what a member, or nobody, owes for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from rulebooks.rules.facts.base import What

EVERYTHING = "all"


@dataclass(frozen=True, slots=True)
class ExemptionGranted(What):
    """A member is exempt from what falls due from this day to another, both included.

    Key: the obligation's code, or ``obligation:about`` for one period or requirement.
    """

    kind: ClassVar[str] = "exemption.granted"
    until_on: date
    approver: str
    clause: str


@dataclass(frozen=True, slots=True)
class MoratoriumDeclared(What):
    """Nobody's time runs from this day on, to another if said. About all members.

    Key: the obligation's code, or ``all``.
    """

    kind: ClassVar[str] = "moratorium.declared"
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class MoratoriumEnded(What):
    """Time runs again from this day on. Key: that of the moratorium."""

    kind: ClassVar[str] = "moratorium.ended"


@dataclass(frozen=True, slots=True)
class OutageRecorded(What):
    """Nobody could file from this day to another; what fell due then is due that day. About all.

    Key: a code of the outage.
    """

    kind: ClassVar[str] = "outage.recorded"
    until_on: date
