"""What every way to roll up can do: who counts, in fractions and as a frame of integers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Annotated, ClassVar

import polars as pl
from pydantic import Field

from rulebooks.rules.answers import SILENT, STATES, Answer, OfSite, Policy, State
from rulebooks.rules.quotients import Quotient
from rulebooks.rules.scales import BaseScale, Direction, Scale
from rulebooks.rules.schema import Clause, Part

MOST_SITES = 100_000
ANSWERED = STATES.index(State.ANSWERED)


class BaseRollUp(Part):
    """One way to make one answer of the answers of sites, at most ``most_sites`` of them."""

    told: ClassVar[str | None] = None  # what it does to so many sites; None: it names one of them
    tells_zeros: ClassVar[bool] = False  # whether sites that count as 0 are among so many

    most_sites: Annotated[int, Field(ge=1, le=MOST_SITES, strict=True)]
    clause: Clause

    def unfit(self, scale: BaseScale, direction: Direction) -> str | None:
        """Return why answers on ``scale`` cannot be rolled up so, None when they can."""
        raise NotImplementedError

    def counting(self, scale: Scale) -> Scale:
        """Return the scale of what is rolled up from answers on ``scale``."""
        return scale

    def counts_zero(self, scale: BaseScale) -> bool:
        """Return whether a silent site can be counted as a value of 0."""
        return False

    def rolled(self, given: Sequence[OfSite], zeros: int, rank: Rank) -> tuple[Answer, str]:
        """Return the one answer of the answered sites ``given``, and in words how it came about.

        ``zeros`` further sites count as 0.
        """
        raise NotImplementedError

    def rolled_columns(
        self, parts: Sequence[str], number: Quotient, better: Direction, *, zeroed: bool
    ) -> list[pl.Expr] | None:
        """Return the same as aggregations of the columns ``parts`` of a frame with a row per site.

        ``number`` is what each row gives; with ``zeroed`` silent sites count as 0. None where
        integers of 64 bits cannot tell: then it is done answer by answer.
        """
        raise NotImplementedError

    def problem(self, sites: Sequence[OfSite]) -> str | None:
        """Return what is wrong with how many sites there are, and which, None for nothing."""
        if len(sites) > self.most_sites:
            allowed = f"clause {self.clause} allows at most {self.most_sites}"
            return f"is answered for {len(sites)} sites; {allowed}"
        name, times = next(iter(Counter(one.site for one in sites).most_common(1)), ("", 1))
        return f"site {name} stands {times} times; give each site once" if times > 1 else None

    def needs_all(self, scale: BaseScale, policy: Policy) -> bool:
        """Return whether one silent site leaves the member without an answer."""
        if policy == "zero":
            return not self.counts_zero(scale)
        return policy != "leave_out"

    def exact(self, answer: Answer, scale: Scale, direction: Direction, policy: Policy) -> Answer:
        """Return what counts of ``answer``, whose sites are what it is read with.

        Their order does not matter. Done twice it changes nothing more.
        """
        sites = answer.read_with.sites
        if not sites:
            return answer
        silent = [one.site for one in sites if one.answer.state in SILENT]
        given = [one for one in sites if one.answer.state is State.ANSWERED]
        if not silent and not given:
            return self._without(answer, State.NOT_APPLICABLE, "applies to no site")
        if not given or (silent and self.needs_all(scale, policy)):
            told = f"not answered for {_some(silent)} of {counted(len(sites))}"
            return self._without(answer, State.MISSING, told)
        zeros = len(silent) if policy == "zero" and self.counts_zero(scale) else 0
        made, told = self.rolled(given, zeros, Rank(scale, direction))
        if silent:
            told += f"; {_some(silent)} {'counted as 0' if zeros else 'left out: no answer'}"
        return replace(made, read_with=replace(answer.read_with, remark=told))

    def _without(self, answer: Answer, state: State, told: str) -> Answer:
        return Answer(state, read_with=replace(answer.read_with, remark=told))

    def frame(
        self,
        code: str,
        answers: Sequence[Answer],
        scale: Scale,
        direction: Direction,
        policy: Policy,
    ) -> pl.DataFrame | None:
        """Return state and parts of the KPI ``code`` rolled up, a row for each of ``answers``.

        The same as ``exact``, in integers; None where it has to be done answer by answer.
        """
        names = [code + part for part in scale.parts]
        own = [STATES.index(one.state) for one in answers]
        long = _long(names, answers, scale)
        return self.frame_of(code, long, own, scale, direction, policy)

    def frame_of(
        self,
        code: str,
        long: pl.DataFrame,
        own: Sequence[int],
        scale: Scale,
        direction: Direction,
        policy: Policy,
    ) -> pl.DataFrame | None:
        """Return the same from a frame with a row per answer of a site.

        ``long`` has ``/row``, whose it is, ``/state`` and the parts of ``scale``; ``own`` is the
        state of each member's own answer, which counts where it has no site.
        """
        names = [code + part for part in scale.parts]
        better = scale.better(direction)
        zeroed = policy == "zero" and self.counts_zero(scale)
        rolled = self.rolled_columns(names, scale.columns(code, direction), better, zeroed=zeroed)
        if rolled is None:
            return None
        wide = pl.DataFrame(
            {
                "/row": pl.Series(range(len(own)), dtype=pl.UInt32),
                "/own": pl.Series(own, dtype=pl.UInt8),
            }
        ).join(
            long.group_by("/row").agg(
                _silent().alias("/silent"), _given().alias("/given"), *rolled
            ),
            on="/row",
            how="left",
            maintain_order="left",
        )
        state = f"{code}/state"
        wide = wide.with_columns(self._state(scale, policy).cast(pl.UInt8).alias(state))
        answered = pl.col(state) == ANSWERED
        kept = [code + part for part in self.counting(scale).parts]
        return wide.select(state, *(pl.when(answered).then(pl.col(n)).alias(n) for n in kept))

    def told_of(self, long: pl.DataFrame, scale: Scale, policy: Policy) -> pl.DataFrame:
        """Return how each member's answer came about, in the words of ``exact``.

        ``long`` has ``/row``, ``/site`` and ``/state``; the result ``/row`` and ``/told``. Only of
        a way that says in ``told`` what it does.
        """
        names = pl.col("/site").filter(_is_silent()).sort()
        found = long.group_by("/row").agg(
            _silent().alias("/silent"),
            _given().alias("/given"),
            sites=pl.len(),
            some=names.head(3).str.join(", "),
        )
        return found.select("/row", self._told(scale, policy).alias("/told"))

    def _told(self, scale: Scale, policy: Policy) -> pl.Expr:
        silent, given = pl.col("/silent").cast(pl.Int64), pl.col("/given").cast(pl.Int64)
        more = pl.format("{} and {} more", "some", silent - 3)
        some = pl.when(silent > 3).then(more).otherwise("some")
        zeroed = policy == "zero" and self.counts_zero(scale)
        before, after = self.told.split("{}")
        of = given + silent if zeroed and self.tells_zeros else given
        left_out = pl.lit(" counted as 0" if zeroed else " left out: no answer")
        made = pl.concat_str(pl.lit(before), _counted(of), pl.lit(after))
        of_all = pl.concat_str(pl.lit(" of "), _counted(pl.col("sites")))
        lacks = given == 0
        if self.needs_all(scale, policy):
            lacks |= silent > 0
        return (
            pl.when((silent == 0) & (given == 0))
            .then(pl.lit("applies to no site"))
            .when(lacks)
            .then(pl.concat_str(pl.lit("not answered for "), some, of_all))
            .when(silent > 0)
            .then(pl.concat_str(made, pl.lit("; "), some, left_out))
            .otherwise(made)
        )

    def _state(self, scale: Scale, policy: Policy) -> pl.Expr:
        silent, given = pl.col("/silent"), pl.col("/given")
        lacking = given == 0
        if self.needs_all(scale, policy):
            lacking |= silent > 0
        return (
            pl.when(silent.is_null())
            .then(pl.col("/own"))
            .when((silent == 0) & (given == 0))
            .then(STATES.index(State.NOT_APPLICABLE))
            .when(lacking)
            .then(STATES.index(State.MISSING))
            .otherwise(ANSWERED)
        )


class Rank:
    """Puts answers on one scale in order, the worst first; without a number comes last."""

    def __init__(self, scale: Scale, direction: Direction) -> None:
        self.scale, self.direction = scale, direction
        self.sign = -1 if scale.better(direction) is Direction.LOWER else 1

    def __call__(self, one: OfSite) -> tuple:
        """Return what ``one`` is sorted by; equal only for answers that are equal on the scale."""
        number = self.scale.exact(one.answer, self.direction)
        return (number is None, self.sign * (number or Fraction(0)), *self._integers(one))

    def _integers(self, one: OfSite) -> tuple[int, ...]:
        return self.scale.integers(one.answer)


def _is_silent() -> pl.Expr:
    return pl.col("/state").is_in([STATES.index(state) for state in SILENT])


def _silent() -> pl.Expr:
    return _is_silent().sum()


def _given() -> pl.Expr:
    return (pl.col("/state") == ANSWERED).sum()


def _counted(sites: pl.Expr) -> pl.Expr:
    return pl.when(sites == 1).then(pl.lit("1 site")).otherwise(pl.format("{} sites", sites))


def _long(names: Sequence[str], answers: Sequence[Answer], scale: Scale) -> pl.DataFrame:
    """Return a row per answer of a site: whose it is, its state, and the parts of its scale."""
    sites = [(row, s.answer) for row, a in enumerate(answers) for s in a.read_with.sites]
    blank = (None,) * len(names)
    parts = [scale.integers(a) if a.state is State.ANSWERED else blank for _, a in sites]
    columns = {
        "/row": pl.Series([row for row, _ in sites], dtype=pl.UInt32),
        "/state": pl.Series([STATES.index(a.state) for _, a in sites], dtype=pl.UInt8),
    }
    for place, name in enumerate(names):
        columns[name] = pl.Series([row[place] for row in parts], dtype=pl.Int64)
    return pl.DataFrame(columns)


def counted(sites: int) -> str:
    """Return how many sites there are, in words."""
    return "1 site" if sites == 1 else f"{sites} sites"


def _some(sites: Sequence[str]) -> str:
    """Return the first three of ``sites`` in order, and how many more there are."""
    named = ", ".join(sorted(sites)[:3])
    return f"{named} and {len(sites) - 3} more" if len(sites) > 3 else named
