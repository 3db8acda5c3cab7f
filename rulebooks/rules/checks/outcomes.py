"""What must hold between the numbers of an edition and what is made of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.attributes import CountryGroup, built_in
from rulebooks.rules.checks.numbers import needs_number
from rulebooks.rules.checks.places import selected
from rulebooks.rules.document import Fault, Path
from rulebooks.rules.outcomes import NOT_SCORED, CapRule, KnockOutRule
from rulebooks.rules.scales import Direction

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition


def band_faults(edition: Edition) -> Iterator[Fault]:
    """Yield bands that overlap, leave a hole, or say nothing of knock-outs that can happen."""
    bands = edition.bands
    if bands is None:
        return
    found = list(needs_number(("bands", "of"), bands.of, edition))
    yield from found
    step = None if found else edition.node(bands.of).rounding.step
    for index, side, message in bands.gaps(step):
        band = bands.bands[index]
        ends = ("above", "from") if side == "low" else ("upto", "below")
        field = ends[0] if getattr(band, ends[0]) is not None else ends[1]
        yield Fault(("bands", "bands", index, field), message)
    codes = [band.code for band in bands.bands]
    if bands.knocked_out is not None and bands.knocked_out not in codes:
        message = f"{bands.knocked_out!r} is no band; allowed: {', '.join(codes)}"
        yield Fault(("bands", "knocked_out"), message)
    if bands.knocked_out is None and any(kpi.policy == "knock_out" for kpi in edition.kpis):
        yield Fault(("bands",), "knocked_out is required: name the band of who is knocked out")


def outcome_faults(edition: Edition) -> Iterator[Fault]:
    """Yield knock-outs and caps that ask or leave what is not there."""
    scoring, known = edition.scoring, edition.tree.known
    for name in ("knock_outs", "caps"):
        for index, rule in enumerate(getattr(scoring, name)):
            path: Path = ("scoring", name, index)
            for inner, message in rule.when.faults(known):
                yield Fault((*path, "when", *inner), message)
            check = _result if name == "knock_outs" else _at_most
            yield from check(path, rule, edition)


def assurance_faults(edition: Edition) -> Iterator[Fault]:
    """Yield levels of assurance that contradict each other, or reward an answer nobody checked."""
    if edition.assurance is None:
        return
    for place, message in edition.assurance.faults():
        yield Fault(("assurance", *place), message)
    kpis = {kpi.code: kpi for kpi in edition.kpis}
    for place, part in edition.assurance.parts():
        path = ("assurance", *place, "kpis")
        yield from selected(path, part.kpis, "KPI", kpis)
        for code in kpis if part.kpis == "all" else part.kpis:
            kpi = kpis.get(code)
            if kpi is None or kpi.better is Direction.NONE:
                continue
            if kpi.better is Direction.LOWER or kpi.scale.below_zero():
                message = f"less of {code} can be better: this would reward an unchecked answer"
                yield Fault(path, f"{message}; name the KPIs it is meant for")


def attribute_faults(edition: Edition) -> Iterator[Fault]:
    """Yield attributes that every edition has already, and countries that are in two groups."""
    for index, one in enumerate(edition.attributes):
        path = ("attributes", index)
        if one.code in (given := [a.code for a in built_in((), (), ())]):
            message = f"every edition has {', '.join(given)}; choose another code"
            yield Fault((*path, "code"), message)
        if one.kind == "country_group":
            yield from _twice((*path, "groups"), one)


def _twice(path: Path, groups: CountryGroup) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for group, countries in groups.groups.items():
        for index, country in enumerate(countries):
            if (first := seen.setdefault(country.casefold(), group)) != group:
                yield Fault((*path, group, index), f"{country!r} is in {first!r} already")


def _result(path: Path, rule: KnockOutRule, edition: Edition) -> Iterator[Fault]:
    bands = [band.code for band in edition.bands.bands] if edition.bands else []
    verdict = edition.tree.nodes.get(edition.scoring.verdict)
    labels = verdict.labels() if verdict and verdict.labelled else ()
    if rule.result not in (allowed := [*bands, *labels, NOT_SCORED]):
        message = f"{rule.result!r} is no band and no verdict; allowed: {', '.join(allowed)}"
        yield Fault((*path, "result"), message)


def _at_most(path: Path, rule: CapRule, edition: Edition) -> Iterator[Fault]:
    where = (*path, "at_most")
    if not isinstance(rule.at_most, str):
        total = edition.tree.nodes.get(edition.scoring.total)
        if total is None:
            yield Fault(where, "there is no total to cap; name it under scoring.total")
        elif edition.tree.better[total.code] is Direction.LOWER:
            yield Fault(where, f"{total.code} is better when lower: this would be a favor")
        elif total.rounding != "none" and rule.at_most % total.rounding.step:
            step = total.rounding.step
            yield Fault(where, f"cannot be published: {total.code} is rounded to steps of {step}")
        return
    bands = [band.code for band in edition.bands.bands] if edition.bands else []
    if rule.at_most not in bands:
        listed = ", ".join(bands) or "none is defined"
        yield Fault(where, f"{rule.at_most!r} is no band; allowed: {listed}, or a number")
