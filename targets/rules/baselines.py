"""When a baseline is worked out anew, and what a target is from there."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from rulebooks.rules.checks.targets import target_faults
from rulebooks.rules.edition import Edition
from rulebooks.rules.reading.wording import plain
from rulebooks.rules.targets import Target
from rulebooks.rules.targets.own import Recalculation

SHOWN_DECIMALS = 2  # of a change in percent


class NotAllowed(ValueError):
    """What is proposed cannot stand; saying what is wrong and what is allowed.

    ``field`` is where it is wrong, by the name that it has on the form and in the API.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def require_significant(
    rule: Recalculation | None,
    before: Decimal,
    after: Decimal,
    *,
    because: str,
    evidence: str,
    field: str = "value",
) -> None:
    """Raise unless the rulebook lets a baseline be worked out anew, for that and by so much.

    ``field`` is what the new value is called where it is typed.

    :raises NotAllowed: no rule for it, no such reason, no evidence, or no more than the threshold.
    """
    if rule is None:
        raise NotAllowed("the rulebook lets no baseline be worked out anew")
    if because not in rule.reasons:
        allowed = ", ".join(rule.reasons)
        raise NotAllowed(f"{because!r} is no reason for it; allowed: {allowed}", "because")
    if not evidence.strip():
        raise NotAllowed("say what shows that the baseline was another", "evidence")
    old, new = Fraction(before), Fraction(after)
    if abs(new - old) * 100 <= abs(old) * Fraction(rule.above_percent):
        raise NotAllowed(
            f"{plain(after)} differs from {plain(before)} by no more than "
            f"{plain(rule.above_percent)} %, the threshold of clause {rule.clause}: the baseline "
            "stays",
            field,
        )


def change_in_percent(before: Decimal, after: Decimal) -> Decimal | None:
    """Return by how many percent a baseline moved, to two decimals; None from nothing."""
    if before == 0:
        return None
    exact = (Fraction(after) - Fraction(before)) / abs(Fraction(before)) * 100
    return Decimal(round(exact * 10**SHOWN_DECIMALS)).scaleb(-SHOWN_DECIMALS)


def rebased(edition: Edition, target: Target, value: Decimal) -> Target:
    """Return a target of an edition from another baseline.

    :raises NotAllowed: from there the way leads nowhere, saying where it fails.
    """
    found = target.rebased(value)
    changed = tuple(found if one.code == target.code else one for one in edition.targets)
    for fault in target_faults(edition.model_copy(update={"targets": changed})):
        where = ".".join(str(part) for part in fault.path[2:])
        said = f"from a baseline of {plain(value)} the way fails, {where}: {fault.message}"
        raise NotAllowed(said, "value")
    return found
