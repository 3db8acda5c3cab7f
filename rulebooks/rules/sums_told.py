"""The disclosure rule for sums of amounts, and for shares of members: why one may not be told.

Source: docs/sources.md, disclosure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from rulebooks.rules.disclosure import USUAL, Rule


def withheld_total(
    groups: int, largest: Iterable[tuple[Fraction, Fraction]], *, rule: Rule = USUAL
) -> str:
    """Return why a total of amounts may not be shown, empty where it may.

    ``groups`` is how many corporate groups stand behind it; ``largest`` are the sums that it is
    made of, each with what the largest group adds to it.
    """
    if groups < rule.fewest:
        return f"fewer than {rule.fewest} corporate groups stand behind it"
    if any(top > rule.largest * whole for whole, top in largest if whole):
        return f"one corporate group makes more than {rule.largest * 100} % of it"
    return ""


def withheld_share(
    reaching: int, short: int, *, largest: Iterable[tuple[int, int]] = (), rule: Rule = USUAL
) -> str:
    """Return why the share of members that reached something may not be shown.

    ``reaching`` and ``short`` are how many corporate groups did and did not: that all did, or
    nobody, is a number about each of them. ``largest`` are the numbers of members who did and who
    did not, each with how many of them are of one group.
    """
    if min(reaching, short) < rule.fewest:
        return f"fewer than {rule.fewest} corporate groups reached it, or missed it"
    if any(top > rule.largest * whole for whole, top in largest):
        return f"one corporate group makes more than {rule.largest * 100} % of them"
    return ""


def may_change(changes: Mapping[str, Sequence[Fraction]], *, rule: Rule = USUAL) -> bool:
    """Return whether sums may be told again that now differ by so much for each corporate group.

    Whoever subtracts the sums from those told before has the sum of the changes: of nobody, or of
    enough groups, none of which makes too much of it.
    """
    moved = [change for change in changes.values() if any(change)]
    if not moved:
        return True
    sizes = [[abs(number) for number in column] for column in zip(*moved, strict=True)]
    too_large = any(max(column) > rule.largest * sum(column) for column in sizes)
    return len(moved) >= rule.fewest and not too_large
