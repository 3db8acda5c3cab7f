"""Words about a member among the others: a second pass, over what the first one published.

They stand in the table of a run. Bands, breaches, ladders and nodes cannot read them, so nobody
falls short because others did better. A new word is one class and its name in ``COHORT_WORDS``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar, Literal

from rulebooks.rules.rounding import Rounding
from rulebooks.rules.schema import Clause, Code, Part


class CompetitionRank(Part):
    """The rank of a member: 1 + how many are strictly better; equal numbers share a rank.

    So 1, 2, 2, 4. Numbers are compared after ``rounding``, from the node's published number, or
    its exact one where the node does not round. A member without a number has no rank and does
    not count for the others.

    Source: docs/sources.md, competition_rank.
    """

    example: ClassVar[str] = (
        "{code: rank, op: competition_rank, of: total, rounding: {mode: half_up, step: 1}, "
        'highest_first: true, clause: "6.3"}'
    )

    op: Literal["competition_rank"]
    code: Code
    of: Code
    rounding: Rounding | Literal["none"] = "none"
    highest_first: bool
    clause: Clause

    def exact(self, numbers: Mapping[str, Fraction | None]) -> dict[str, int | None]:
        """Return the rank of each member."""
        sign = -1 if self.highest_first else 1
        keys = {m: sign * self._compared(n) for m, n in numbers.items() if n is not None}
        order = sorted(keys.values())
        return {m: bisect_left(order, keys[m]) + 1 if m in keys else None for m in numbers}

    def _compared(self, number: Fraction) -> Fraction | int:
        return number if self.rounding == "none" else self.rounding.steps(number)


COHORT_WORDS = (CompetitionRank,)

CohortWord = CompetitionRank
