"""Shortfalls: what kept a card from the next band, requirement by requirement.

Everything that is short is listed. Which of it would be the least to do is not computed: a
scoring tree that tells its members the cheapest way up is no longer a promise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kpis.rules import exact
from kpis.rules.cards import Card
from kpis.rules.figures import checked, in_full, in_short
from kpis.rules.grounds import rules, strictest
from kpis.rules.inputs import MemberInputs
from rulebooks.rules.aggregation import Row
from rulebooks.rules.answers import SILENT
from rulebooks.rules.bands import Band
from rulebooks.rules.edition import Edition
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.scales import Direction


@dataclass(frozen=True, slots=True)
class Short:
    """An answer that gives less than it could.

    ``number`` is what it gives, None where it gives nothing and ``says`` why; ``best`` the best
    that its scale can give; ``share`` the part of the banded number that it makes when all apply,
    0 to 1. All in full: a decimal where it ends, else a fraction.
    """

    code: str
    title: str
    number: str | None
    best: str | None
    share: str | None
    says: str
    clause: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer that is short as a page shows it, its numbers as decimals."""

    answer: Short
    gives: str
    at_best: str
    part: str


@dataclass(frozen=True, slots=True)
class ShortRequirement:
    """The answers that are short under one requirement; ``code`` is empty for none."""

    code: str
    title: str
    clause: str
    answers: tuple[Short, ...]


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A ground beside the number that keeps the card below the next band, whatever its number."""

    title: str
    clause: str


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What stood between a card and the next better band.

    ``band`` is its code; ``needs`` says which published numbers it takes in, ``lacks`` how far the
    published number is from the nearest of them: 0 where only grounds hold the card back, None
    where there is no number. ``hidden`` counts the KPIs that the reader may not see, short or not.
    """

    band: str
    label: str
    clause: str
    needs: str
    number: Decimal | None
    lacks: Decimal | None
    held_back: tuple[HeldBack, ...] = ()
    requirements: tuple[ShortRequirement, ...] = ()
    hidden: int = 0

    @property
    def shown(self) -> list[tuple[ShortRequirement, list[Shown]]]:
        """The answers under their requirements, as decimals rounded like the published number."""
        places = -self.number.as_tuple().exponent if self.number is not None else 1
        return [
            (one, [_shown(short, places) for short in one.answers]) for one in self.requirements
        ]


def _shown(short: Short, places: int) -> Shown:
    number, best, share = (
        None if text is None else Fraction(text) for text in (short.number, short.best, short.share)
    )
    beside = [] if best is None or best == number else [best]
    gives = "" if number is None else in_short(number, places, apart_from=beside)
    return Shown(
        answer=short,
        gives=", ".join(said for said in (short.says, gives) if said) or "no number",
        at_best="no best is known" if best is None else in_short(best, places),
        part="" if share is None else f"{in_short(share * 100, 1, apart_from=[Fraction(100)])} %",
    )


def shortfall(
    edition: Edition, card: Card, inputs: MemberInputs, *, allowed: Collection[str]
) -> Shortfall | None:
    """Return what kept ``card`` from the next band, for a reader of the ``allowed`` classes.

    None where the edition has no bands, or the card is in the best one or in none.
    ``inputs`` are those that were scored. A KPI that the reader may not see is never listed: that
    it is short would tell how it was answered.
    """
    bands = edition.bands
    band = _next_band(edition, card) if bands else None
    if band is None:
        return None
    number = card.line(bands.of).published
    under = [edition.tree.kpis[code] for code in edition.tree.kpis_under(bands.of)]
    seen = [kpi for kpi in under if kpi.confidentiality in allowed]
    row = exact.known(edition.tree, inputs)
    return Shortfall(
        band=band.code,
        label=band.label,
        clause=band.clause,
        needs=band.in_words(),
        number=number,
        lacks=_distance(band, number),
        held_back=tuple(_held_back(edition, card, band, allowed)),
        requirements=tuple(_by_requirement(edition, seen, row)),
        hidden=len(under) - len(seen),
    )


def _next_band(edition: Edition, card: Card) -> Band | None:
    """Return the next better band, None for a card in the best one, or in none."""
    if card.band is None:
        return None
    order = _worst_first(edition)
    place = next(n for n, band in enumerate(order) if band.code == card.band)
    return order[place + 1] if place + 1 < len(order) else None


def _worst_first(edition: Edition) -> tuple[Band, ...]:
    order = edition.bands.lowest_first()
    return order[::-1] if edition.tree.better[edition.bands.of] is Direction.LOWER else order


def _distance(band: Band, number: Decimal | None) -> Decimal | None:
    """Return how far ``number`` is from the band; an end that is not included counts as its end."""
    if number is None:
        return None
    if band.low and not band.holds(number) and number <= band.low.at:
        return band.low.at - number
    if band.high and not band.holds(number) and number >= band.high.at:
        return number - band.high.at
    return Decimal(0)


def _held_back(
    edition: Edition, card: Card, wanted: Band, allowed: Collection[str]
) -> Iterator[HeldBack]:
    """Yield each ground that leaves a worse band than the one wanted."""
    order = [band.code for band in _worst_first(edition)]
    below = set(order[: order.index(wanted.code)])
    unanswered = edition.bands.knocked_out if card.knock_outs else None
    if unanswered in below:
        for one in card.knock_outs:
            kpi = edition.kpi(one.kpi)
            if kpi.confidentiality in allowed:
                yield HeldBack(f"{kpi.title}: {one.state}", kpi.clause)
            else:
                yield HeldBack("A ground that you may not see", "")
    wanted_rules = rules(edition)
    for ground in card.grounds:
        if ground.node is None and ground.result in below:
            rule = wanted_rules[ground.key]
            secret = strictest(edition.tree, rule.when)
            if secret is None or secret in allowed:
                yield HeldBack(rule.title, rule.clause)
            else:
                yield HeldBack("A ground that you may not see", "")


def _by_requirement(
    edition: Edition, kpis: Collection[Kpi], row: Row
) -> Iterator[ShortRequirement]:
    """Yield the answers that are short, in the order of the edition's requirements."""
    short = {kpi.code: one for kpi in kpis if (one := _short(edition, kpi, row))}
    for requirement in edition.requirements:
        codes = [kpi.code for kpi in kpis if kpi.requirement == requirement.code]
        if answers := tuple(short[code] for code in codes if code in short):
            yield ShortRequirement(requirement.code, requirement.title, requirement.clause, answers)
    codes = [kpi.code for kpi in kpis if kpi.requirement is None]
    if answers := tuple(short[code] for code in codes if code in short):
        yield ShortRequirement("", "", "", answers)


def _short(edition: Edition, kpi: Kpi, row: Row) -> Short | None:
    """Return how an answer is short, None where it gives the best there is, or does not apply.

    A number whose scale knows no best is short only where it is not there.
    """
    answer, number, best = row.answers[kpi.code], row.numbers[kpi.code], _best(kpi)
    silent = answer.state in SILENT
    if not silent and (number is None or best is None or number == best):
        return None
    state = answer.state.value.replace("_", " ") if silent else ""
    return Short(
        code=kpi.code,
        title=kpi.title,
        number=_in_full(number),
        best=_in_full(best),
        share=_in_full(edition.tree.under[edition.bands.of].get(kpi.code)),
        says=(state + checked(edition.tree, kpi.code, row)).strip(),
        clause=kpi.clause,
    )


def _in_full(number: Fraction | None) -> str | None:
    return None if number is None else in_full(number)


def _best(kpi: Kpi) -> Fraction | None:
    if kpi.better is Direction.HIGHER:
        return kpi.most()
    if kpi.better is Direction.LOWER and not kpi.counting_scale.below_zero():
        return Fraction(0)
    return None


def as_plain(found: Shortfall | None) -> dict[str, Any] | None:
    """Return a shortfall as JSON values, numbers as text, in full."""
    if found is None:
        return None
    return {
        "next_band": found.band,
        "label": found.label,
        "clause": found.clause,
        "needs": found.needs,
        "number": None if found.number is None else f"{found.number:f}",
        "lacks": None if found.lacks is None else f"{found.lacks:f}",
        "held_back": [
            f"{one.title} (clause {one.clause})" if one.clause else one.title
            for one in found.held_back
        ],
        "requirements": [
            {
                "requirement": one.code,
                "title": one.title,
                "clause": one.clause,
                "answers": [asdict(short) for short in one.answers],
            }
            for one in found.requirements
        ],
        "hidden": found.hidden,
    }
