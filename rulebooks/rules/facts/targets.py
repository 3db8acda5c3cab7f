"""Facts about the targets that a member set itself. Fewer people read them than its other data."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from rulebooks.rules.facts.base import What


@dataclass(frozen=True, slots=True)
class TargetProposed(What):
    """A member proposed a target of its own, or one in place of ``revises``. Key: its code.

    ``rule`` is the edition's kind of target. ``because`` says why the baseline is worked out anew,
    where it is.
    """

    kind: ClassVar[str] = "target.proposed"
    rule: str
    kpi: str
    revises: str | None = None
    because: str | None = None


@dataclass(frozen=True, slots=True)
class TargetApproved(What):
    """A target of the member's own was approved and holds from this day. Key: its code."""

    kind: ClassVar[str] = "target.approved"
    rule: str
    kpi: str
    base_year: int
    base_value: Decimal
    target_year: int
    target_value: Decimal


@dataclass(frozen=True, slots=True)
class TargetRefused(What):
    """A target of the member's own was not approved. Key: its code."""

    kind: ClassVar[str] = "target.refused"
    rule: str
    kpi: str


@dataclass(frozen=True, slots=True)
class TargetWithdrawn(What):
    """A member took a proposal back before it was decided. Key: the code of the target."""

    kind: ClassVar[str] = "target.withdrawn"
    rule: str
    kpi: str
