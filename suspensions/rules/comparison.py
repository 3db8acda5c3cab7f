"""Computed outcomes beside published ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from kpis.rules import cells, tables
from kpis.rules.stating import normal
from rulebooks.rules.answers import Answer, State
from rulebooks.rules.edition import Edition
from suspensions.rules.replay import (
    LINE,
    KnownDifference,
    Outcomes,
    Published,
    Replay,
    digits,
)


class Unusable(ValueError):
    """A file of published outcomes cannot be read; the message says where and why."""


class Said(NamedTuple):
    """One published outcome."""

    member: str
    period: str
    node: str
    value: str


@dataclass
class Level:
    """One level: how many outcomes were published, how many are equal, and the others."""

    published: int = 0
    differing: list[dict] = field(default_factory=list)

    @property
    def equal(self) -> int:
        return self.published - len(self.differing)


@dataclass
class Comparison:
    """All levels, the hits, and the known differences that are none (any more)."""

    levels: dict[str, Level]
    hits: dict[str, dict[str, int]]
    unexpected: list[str]

    @property
    def as_expected(self) -> bool:
        """Return whether exactly the known differences were found, and all hits are as stated."""
        return not self.unexpected

    def as_json(self) -> dict:
        """Return what leaves a replay."""
        return {
            "levels": {
                name: {
                    "published": level.published,
                    "equal": level.equal,
                    "differing": level.differing,
                }
                for name, level in self.levels.items()
            },
            "hits": self.hits,
            "unexpected": self.unexpected,
            "line": LINE,
        }


def published_outcomes(spec: Published, folder: Path) -> list[Said]:
    """Return the outcomes published at one level.

    :raises Unusable: the file cannot be read as the replay says.
    """
    path = folder / spec.file
    try:
        with path.open("rb") as stream:
            table = tables.read(stream, spec.table, columns=spec.columns())
            return list(_said(spec, table.rows))
    except (OSError, tables.Unreadable, cells.BadCell) as error:
        raise Unusable(f"{path.name}: {error}") from None


def _said(spec: Published, rows: Iterator[tables.Row]) -> Iterator[Said]:
    for row in rows:
        if all(one.holds(row.cells[one.column]) for one in spec.rows):
            node = cells.code(spec.node, row.cells) if spec.node else spec.cohort
            period = cells.code(spec.period, row.cells)
            yield Said(row.cells[spec.member], period, node, row.cells[spec.value])


def compare(
    replay: Replay,
    published: Mapping[str, Sequence[Said]],
    outcomes: Outcomes,
    *,
    edition: Edition,
    hits_on_published: Mapping[str, int],
) -> Comparison:
    """Return computed outcomes beside published ones, level by level."""
    known = {_key(k.level, k.member, k.period, k.node): k for k in replay.known_differences}
    left, unexpected, levels = dict(known), [], {}
    for spec in replay.published:
        level = levels[spec.level] = Level()
        for said in dict.fromkeys(published[spec.level]):
            level.published += 1
            computed = outcomes.value(
                (normal(said.member), said.period),
                node=None if spec.cohort else said.node,
                cohort=spec.cohort,
            )
            if _equal(spec, said.value, computed):
                continue
            known_one = left.pop(_found(left, spec.level, said), None)
            told = _differing(said, computed, known_one, outcomes, edition)
            level.differing.append(told)
            if known_one is None or known_one.published != said.value:
                unexpected.append(f"{spec.level}: {said.member}, {said.period}, {said.node}")
    unexpected += [f"{k.level}: {k.member}, {k.period} no longer differs" for k in left.values()]
    hits = {}
    for wanted in replay.hits:
        computed = outcomes.members_hit(wanted.rule)
        hits[wanted.rule] = {
            "on_published": hits_on_published[wanted.rule],
            "on_computed": computed,
        }
        if (hits_on_published[wanted.rule], computed) != (wanted.on_published, wanted.on_computed):
            unexpected.append(
                f"{wanted.rule}: {wanted.on_published} and {wanted.on_computed} were expected"
            )
    return Comparison(levels, hits, unexpected)


def _key(level: str, member: str, period: str, node: str | None) -> tuple:
    return level, normal(member), period, node


def _found(left: Mapping[tuple, KnownDifference], level: str, said: Said) -> tuple:
    """Return under which key a difference is known; a known one need not name its node."""
    exact = _key(level, said.member, said.period, said.node)
    return exact if exact in left else _key(level, said.member, said.period, None)


def _equal(spec: Published, published: str, computed: object) -> bool:
    if computed is None or isinstance(computed, str) or spec.within is None:
        return computed == published
    try:
        difference = Fraction(Decimal(published)) - Fraction(computed)
    except (InvalidOperation, ValueError, OverflowError):
        return False
    return abs(difference) <= Fraction(spec.within)


def _differing(
    said: Said,
    computed: object,
    known: KnownDifference | None,
    outcomes: Outcomes,
    edition: Edition,
) -> dict:
    """Return a difference with the inputs that decide it."""
    told = {
        "member": said.member,
        "period": said.period,
        "node": said.node,
        "published": said.value,
        "computed": digits(computed),
        "known": known is not None and known.published == said.value,
    }
    if known is not None:
        told["reason"] = known.reason
    answers = outcomes.answers.get((normal(said.member), said.period), {})
    if said.node in edition.tree.nodes:
        asked = edition.tree.kpis_under(said.node)
        told["inputs"] = {code: _shown(answers.get(code)) for code in asked}
    return told


def _shown(answer: Answer | None) -> str | list[str]:
    if answer is None or answer.state is not State.ANSWERED:
        return (answer.state if answer else State.MISSING).value
    if answer.labels:
        return sorted(answer.labels)
    if answer.number is not None:
        return f"{answer.number.normalize():f}"
    return f"{answer.numerator} of {answer.denominator}"


def disagreements(one: Outcomes, other: Outcomes) -> list[str]:
    """Return where two ways of computing came to different outcomes."""
    found = []
    for who in sorted(one.cards.keys() | other.cards.keys()):
        cards = one.cards.get(who), other.cards.get(who)
        if None in cards or cards[0].lines != cards[1].lines:
            found.append(f"the cards of {who[0]} in {who[1]} differ")
    if one.cohort != other.cohort:
        found.append("the cohorts differ")
    if one.hits != other.hits:
        found.append(f"{len(one.hits ^ other.hits)} hits differ")
    return found
