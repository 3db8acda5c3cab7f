"""Words about a member among the others: a second pass, over what the first one published.

They stand in the table of a run. Bands, breaches, ladders and nodes cannot read them, so nobody
falls short because others did better. A new word is one class and its name in ``COHORT_WORDS``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from operator import or_
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from rulebooks.rules.rounding import Rounding
from rulebooks.rules.schema import Clause, Code, Part

Place = int | str | None


class Among(Part):
    """One word: what it gives each member, from the published numbers of all.

    Numbers are compared after ``rounding``, from the node's published number, or its exact one
    where the node does not round. A member without a number gets nothing and does not count for
    the others.
    """

    code: Code
    of: Code
    rounding: Rounding | Literal["none"] = "none"
    highest_first: bool
    clause: Clause

    def exact(self, numbers: Mapping[str, Fraction | None]) -> dict[str, Place]:
        """Return what each member gets: a whole number, or a decimal as text."""
        places = self.places(Counter(n for n in numbers.values() if n is not None))
        return {m: None if n is None else places[n] for m, n in numbers.items()}

    def places(self, counts: Mapping[Fraction, int]) -> dict[Fraction, Place]:
        """Return what each number gives, where ``counts`` says how many members have it."""
        sign = -1 if self.highest_first else 1
        keys = {n: sign * self._compared(n) for n in counts}
        held: Counter[Fraction | int] = Counter()
        for n, key in keys.items():
            held[key] += counts[n]
        better, of, places = 0, held.total(), {}
        for key, count in sorted(held.items()):
            places[key] = self.place(better, of)
            better += count
        return {n: places[key] for n, key in keys.items()}

    def place(self, better: int, of: int) -> Place:
        """Return what a member gets of whom ``better`` others, of ``of`` in all, are better."""
        raise NotImplementedError

    def _compared(self, number: Fraction) -> Fraction | int:
        return number if self.rounding == "none" else self.rounding.steps(number)


class CompetitionRank(Among):
    """The rank of a member: 1 + how many are strictly better; equal numbers share a rank.

    So 1, 2, 2, 4.

    Source: docs/sources.md, competition_rank.
    """

    example: ClassVar[str] = (
        '{code: rank, op: competition_rank, of: total, highest_first: true, clause: "6.3"}'
    )

    op: Literal["competition_rank"]

    def place(self, better: int, of: int) -> int:
        return 1 + better


class Quartile(Among):
    """The quarter of all members in which one stands: 1 the best, 4 the last.

    The first quarter holds those of whom fewer than a quarter of all are strictly better; equal
    numbers share a quarter.

    Source: docs/sources.md, quartile.
    """

    example: ClassVar[str] = (
        '{code: quarter, op: quartile, of: total, highest_first: true, clause: "6.3"}'
    )

    op: Literal["quartile"]

    def place(self, better: int, of: int) -> int:
        return 1 + 4 * better // of


class ShareAbove(Among):
    """How many in a hundred of the other members are strictly better, as a decimal.

    ``shown`` rounds it. Who is alone has nobody above: 0.

    Source: docs/sources.md, share_above.
    """

    example: ClassVar[str] = (
        "{code: above, op: share_above, of: total, highest_first: true,"
        ' shown: {mode: half_up, step: 1}, clause: "6.3"}'
    )

    op: Literal["share_above"]
    shown: Rounding

    def place(self, better: int, of: int) -> str:
        return f"{self.shown.exact(Fraction(100 * better, max(of - 1, 1))):f}"


COHORT_WORDS = (CompetitionRank, Quartile, ShareAbove)

CohortWord = Annotated[reduce(or_, COHORT_WORDS), Field(discriminator="op")]
