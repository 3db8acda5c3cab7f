"""An edition in words: what a reader, rather than the scoring, wants to know of each part."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from rulebooks.rules.aggregation import Formula, Word
from rulebooks.rules.bands import Band
from rulebooks.rules.edition import Edition
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.ladder import Step
from rulebooks.rules.periods import Occurrence
from rulebooks.rules.reading.breaches import breach as breach
from rulebooks.rules.reading.nodes import cases
from rulebooks.rules.reading.wording import missing, plain, scale
from rulebooks.rules.schema import EVERYONE, Selection
from rulebooks.rules.tree import inputs

ONCE = "once"  # what a duty is about that is owed once

DIRECTIONS = {
    "higher": "higher is better",
    "lower": "lower is better",
    "in_range": "best within a range",
    "none": "describes, is not scored",
}
SEEN_BY = {
    "public": "everybody",
    "aggregate": "everybody, as an aggregate only",
    "secretariat_and_auditor": "secretariat and assigned auditor",
    "counsel": "counsel only",
}
OPERATORS = {
    "sum": "Sum",
    "mean_of_applicable": "Mean of what applies",
    "weighted_mean": "Weighted mean",
    "minimum": "The lowest",
    "all_of": "All must pass",
    "points_of_available": "Points earned of those available",
    "first_match": "The first case that holds",
    "capped_sum": "Sum with a capped bonus",
    "bonus_when": "With a bonus",
    "maximum": "The highest",
    "levels_reached": "Levels reached in a row",
    "branch": "What is read depends",
    "grade": "Graded",
    "count_of_grades": "By how often each grade was given",
    "level_gate": "A level counts only after the one before it",
    "matrix": "Two numbers together",
}
ROUNDINGS = {
    "half_up": "rounded half up",
    "half_even": "rounded half to even",
    "truncate": "cut",
}


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that a node reads: its code and title, and its weight where it has one."""

    code: str
    title: str
    weight: Decimal | None


@dataclass(frozen=True, slots=True)
class NodeInWords:
    """A node of the scoring tree as a reader sees it."""

    node: Word
    operator: str
    rounding: str
    inputs: tuple[Input, ...]
    cases: tuple[tuple[str, str], ...]


def nodes(edition: Edition) -> tuple[NodeInWords, ...]:
    """Return the nodes of the scoring tree, those that rest on others last."""
    parts = (*edition.all_attributes, *edition.kpis, *edition.scoring.nodes)
    titles = {part.code: part.title for part in parts}
    return tuple(_node(node, titles) for node in edition.scoring.nodes)


def _node(node: Word, titles: dict[str, str]) -> NodeInWords:
    weights = getattr(node, "weights", {})
    read = node.reads() or inputs(node.asks())
    return NodeInWords(
        node=node,
        operator=_operator(node),
        rounding=_rounding(node),
        inputs=tuple(Input(code, titles[code], weights.get(code)) for code in read),
        cases=cases(node, titles),
    )


def _operator(node: Word) -> str:
    if isinstance(node, Formula):
        return f"{node.formula} ({node.unit})"
    words = OPERATORS.get(node.op, node.op.replace("_", " ").capitalize())
    if node.op == "weighted_mean":
        return words + (
            ", by the weights that apply" if node.divide_by == "weights" else ", not divided"
        )
    if node.op == "all_of":
        return f"{words}: {'at least' if node.must == 'reach' else 'more than'} {plain(node.bar)}"
    if node.op == "points_of_available" and node.times != 1:
        return f"{words}, × {plain(node.times)}"
    return words


def _rounding(node: Word) -> str:
    if node.rounding == "none":
        return ""
    return f"{ROUNDINGS[node.rounding.mode]} to {plain(node.rounding.step)}"


@dataclass(frozen=True, slots=True)
class KpiInWords:
    """A KPI as a reader sees it."""

    kpi: Kpi
    answer: str
    direction: str
    missing: str
    seen_by: str


def kpis(edition: Edition) -> tuple[KpiInWords, ...]:
    """Return the KPIs in the order of the edition."""
    return tuple(
        KpiInWords(
            kpi=kpi,
            answer=scale(kpi.scale),
            direction=DIRECTIONS[kpi.direction],
            missing=missing(kpi),
            seen_by=SEEN_BY[kpi.confidentiality],
        )
        for kpi in edition.kpis
    )


def band_range(band: Band) -> str:
    """Return the numbers of a band in words."""
    if band.unbounded:
        return "every number"
    if band.from_ is not None and band.high is None:
        return f"{plain(band.from_)} and above"
    return band.in_words()


def rights_lost(step: Step, edition: Edition) -> tuple[str, ...]:
    """Return what a step takes, in words."""
    return tuple(
        edition.right(lost.right).name + (f", after {lost.after}" if lost.after else ", at once")
        for lost in step.rights_lost
    )


def whom(selection: Selection, edition: Edition) -> str:
    """Return to which classes of members a part applies."""
    if selection == EVERYONE:
        return "all members"
    return ", ".join(edition.member_class(code).name for code in selection)


def duty(key: str, edition: Edition | None) -> str:
    """Return the title of an obligation ``code:about``: what is owed, and for what."""
    code, _, about = key.partition(":")
    if edition is None:
        return key
    titles = {o.code: o.title for o in edition.obligations}
    title = titles.get(code, code.capitalize())
    return title if about == ONCE else f"{title}: {about_words(about, edition)}"


def hit(key: str, edition: Edition | None) -> str:
    """Return the title of a breach ``rule:about``."""
    code, _, about = key.partition(":")
    if edition is None:
        return key
    titles = {rule.code: rule.title for rule in edition.breaches}
    title = titles.get(code, code)
    return title if about == ONCE else f"{title}: {about_words(about, edition)}"


def about_words(code: str, edition: Edition) -> str:
    """Return the name of the period, requirement or invoice that something is about, else its code.

    An invoice is called ``fees-2026-M0001``: fee, year, member.
    """
    deed = edition.signing.deed
    if deed is not None and deed.code == code:
        return deed.title
    for look_up in (edition.period, edition.requirement):
        with suppress(KeyError):
            part = look_up(code)
            return part.name if isinstance(part, Occurrence) else part.title
    for owed in edition.obligations:
        if owed.what == "fee" and (year := invoiced_year(code, owed.code)):
            return f"Invoice for {year}"
    return code


def invoiced_year(code: str, fee: str) -> str:
    """Return the year of an invoice of a fee, empty where its code is another one's."""
    year, _, member = code.removeprefix(f"{fee}-").partition("-")
    is_one = code.startswith(f"{fee}-") and bool(member) and len(year) == 4 and year.isdecimal()
    return year if is_one else ""


def clock(key: str, edition: Edition | None) -> str:
    """Return what a clock measures: ``answer:case``, ``appeal:case``, ``correction:rule:about``."""
    name, _, about = key.partition(":")
    if name == "correction":
        return f"Time to correct facts about “{hit(about, edition)}”"
    if name == "cure":
        return f"Time to make good, in {about.partition(':')[0]}"
    words = {"answer": "Time to answer in case", "appeal": "Time to appeal in case"}
    return f"{words.get(name, name.capitalize())} {about}"


def right(code: str, edition: Edition | None) -> str:
    """Return the name of a right."""
    return {r.code: r.name for r in edition.rights}.get(code, code) if edition else code
