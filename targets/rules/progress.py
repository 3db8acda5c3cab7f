"""How far along its trajectory something is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rulebooks.rules.targets import Target


class NothingDue(ValueError):
    """The target asks for no change by that year, so a share has no meaning."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What was measured against the straight line. ``ahead`` is positive where it is better."""

    due: Fraction
    measured: Fraction
    ahead: Fraction
    share: Decimal | None


def progress(target: Target, *, year: int, measured: Decimal | Fraction) -> Progress:
    """Return how far ``measured`` in ``year`` is along the line from baseline to goal.

    All in the KPI's unit, exact, but for ``share`` (see ``share_of_change``).
    """
    due, value = target.due_by(year), Fraction(measured)
    rising = target.rises
    try:
        share = share_of_change(target, year=year, measured=measured)
    except NothingDue:
        share = None
    return Progress(due, value, value - due if rising else due - value, share)


def share_of_change(target: Target, *, year: int, measured: Decimal | Fraction) -> Decimal:
    """Return the achieved share of the change due by ``year``; 1 is exactly as promised.

    Rounded to four decimals, half to even, here and nowhere else.

    :raises NothingDue: at or before the baseline year, or when goal equals baseline.
    """
    baseline = Fraction(target.baseline.value)
    due = target.due_by(year) - baseline
    if due == 0:
        raise NothingDue(f"target {target.code} asks for no change by {year}")
    share = (Fraction(measured) - baseline) / due
    return Decimal(round(share * 10_000)).scaleb(-4)  # a fraction rounds half to even
