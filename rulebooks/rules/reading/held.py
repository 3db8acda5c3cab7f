"""A requirement as a member is held to it: what shows it, what measures it, and what follows.

What the requirement does not say of itself follows from the edition: the KPIs that name it, the
nodes that rest on those, the breach rules that watch either, and the ladder that each leads to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rulebooks.rules.breaches import (
    BelowBar,
    BreachRule,
    Counting,
    KnockedOut,
    MissedObligation,
    Threshold,
    Verdict,
)
from rulebooks.rules.edition import Edition
from rulebooks.rules.ladder import Ladder, Step, When
from rulebooks.rules.membership import Requirement
from rulebooks.rules.obligations import ReturnObligation, SignatureObligation
from rulebooks.rules.reading import rights_lost
from rulebooks.rules.reading.breaches import breach, old_misses
from rulebooks.rules.reading.wording import scale
from rulebooks.rules.schema import selects
from rulebooks.rules.tree import inputs

EVIDENCE = {
    "required": "with evidence",
    "optional": "evidence may be given",
    "none": "without evidence",
}
STANDING = {
    "good": "stays in good standing",
    "warned": "is warned",
    "suspended": "is suspended",
    "excluded": "is excluded",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A KPI that measures a requirement, how it is answered, and whether evidence goes with it."""

    code: str
    title: str
    answer: str
    evidence: str
    clause: str


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder in words: when it comes, what it does, who decides."""

    name: str
    when: str
    does: str
    decided_by: str
    clause: str


@dataclass(frozen=True, slots=True)
class Watch:
    """A breach rule that watches a requirement, when it fires, and the steps that may follow."""

    title: str
    fires: str
    correction_days: int
    clause: str
    ladder: str
    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class HeldTo:
    """A requirement with all by which a member is held to it."""

    requirement: Requirement
    measures: tuple[Measure, ...]
    nodes: tuple[tuple[str, str], ...]
    watches: tuple[Watch, ...]


def held_to(requirement: Requirement, edition: Edition) -> HeldTo:
    """Return a requirement as a member is held to it under ``edition``."""
    kpis = [kpi for kpi in edition.kpis if kpi.requirement == requirement.code]
    codes = {kpi.code for kpi in kpis}
    nodes = [n for n in edition.scoring.nodes if codes & set(edition.tree.kpis_under(n.code))]
    return HeldTo(
        requirement=requirement,
        measures=tuple(
            Measure(k.code, k.title, scale(k.scale), EVIDENCE.get(k.evidence, ""), k.clause)
            for k in kpis
        ),
        nodes=tuple((node.title, node.clause) for node in nodes),
        watches=tuple(
            _watch(rule, edition)
            for rule in edition.breaches
            if rule.code in _watching(requirement, edition, codes, {n.code for n in nodes})
        ),
    )


def _watching(
    requirement: Requirement, edition: Edition, kpis: set[str], nodes: set[str]
) -> set[str]:
    """Return the rules that watch a requirement, those that count the hits of others among them."""
    found = set(requirement.watched_by)
    for rule in edition.breaches:
        if _watches(rule, edition, kpis, nodes):
            found.add(rule.code)
    growing = True
    while growing:
        counting = {
            rule.code
            for rule in edition.breaches
            if isinstance(rule.detector, Counting) and found & set(rule.detector.counted)
        }
        growing = not counting <= found
        found |= counting
    return found


def _watches(rule: BreachRule, edition: Edition, kpis: set[str], nodes: set[str]) -> bool:
    detector = rule.detector
    if isinstance(detector, MissedObligation):
        owed = edition.obligation(detector.obligation)
        if isinstance(owed, SignatureObligation):
            return True
        return bool(kpis) and isinstance(owed, ReturnObligation)
    if isinstance(detector, BelowBar | Threshold | Verdict):
        return detector.node in nodes
    if isinstance(detector, KnockedOut):
        return any(
            selects(detector.grounds, ground) and asked & (kpis | nodes)
            for ground, asked in _grounds(edition)
        )
    return False


def _grounds(edition: Edition) -> Iterator[tuple[str, set[str]]]:
    """Yield each ground beside the number with what it asks: rules, and KPIs without an answer."""
    for rule in edition.scoring.knock_outs:
        yield rule.code, set(inputs(rule.when.asks()))
    for kpi in edition.kpis:
        if kpi.policy == "knock_out":
            yield kpi.code, {kpi.code}


def _watch(rule: BreachRule, edition: Edition) -> Watch:
    ladder = edition.ladder_for(rule.code) if rule.opens_case else None
    return Watch(
        title=rule.title,
        fires=breach(rule, edition),
        correction_days=rule.correction_days,
        clause=rule.clause,
        ladder=ladder.name if ladder else "",
        rungs=tuple(_rung(step, ladder, edition) for step in ladder.steps) if ladder else (),
    )


def _rung(step: Step, ladder: Ladder, edition: Edition) -> Rung:
    bodies = {body.code: body.name for body in edition.bodies}
    does = [f"the member {STANDING[step.standing]}", *_loses(step, edition)]
    return Rung(
        name=step.name,
        when=_when(step.when) + old_misses(ladder.old_misses) if step.when else "",
        does="; ".join(does),
        decided_by=bodies.get(step.decided_by, step.decided_by.replace("-", " ")),
        clause=step.clause,
    )


def _loses(step: Step, edition: Edition) -> Iterator[str]:
    lost = rights_lost(step, edition)
    if lost:
        yield f"it loses: {', '.join(lost)}"
    if step.on_entry.listing == "hidden":
        yield "its listing is hidden"
    names = {body.code: body.name for body in edition.bodies}
    yield from (f"a letter to {letter.in_words(names)}" for letter in step.on_entry.letters)
    if step.on_entry.plan:
        yield f"it owes a corrective action plan within {step.on_entry.plan.within}"
    if step.answer_days:
        yield f"it has {step.answer_days} days to answer first"
    if step.appeal_days:
        yield f"it may appeal within {step.appeal_days} days"


def _when(when: When) -> str:
    if when.consecutive is not None:
        times = when.consecutive
        return "at the first miss" if times == 1 else f"at {times} misses running"
    if when.cycles is not None:
        return f"after {when.cycles} period{'s' * (when.cycles != 1)} without cure"
    since = " of the day it was due" if when.anchor == "due" else " without cure"
    return f"{'after more than' if when.more_than else 'after'} {when.term}{since}"
