"""Facts about what a member committed itself to, by a day of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from rulebooks.rules.facts.base import What


@dataclass(frozen=True, slots=True)
class CommitmentMade(What):
    """A member committed itself to something by a day. Key: the commitment's code."""

    kind: ClassVar[str] = "commitment.made"
    due_on: date | None


@dataclass(frozen=True, slots=True)
class CommitmentExtended(What):
    """The day of a commitment was moved. Key: the commitment's code."""

    kind: ClassVar[str] = "commitment.extended"
    due_on: date | None


@dataclass(frozen=True, slots=True)
class CommitmentMet(What):
    """What was committed to was done. Key: the commitment's code."""

    kind: ClassVar[str] = "commitment.met"


@dataclass(frozen=True, slots=True)
class CommitmentRemoved(What):
    """A commitment was taken off the list, for a stated reason. Key: the commitment's code."""

    kind: ClassVar[str] = "commitment.removed"
    reason: str | None


@dataclass(frozen=True, slots=True)
class TargetSet(What):
    """A target of the member was accepted and listed. Key: the target's code."""

    kind: ClassVar[str] = "target.set"
    sort: str | None
    base_year: int | None
    target_year: int | None
