"""What must hold within the scoring of an edition, and between it and what reads its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, get_args

from rulebooks.rules.answers import Policy
from rulebooks.rules.checks.numbers import among, needs_label, needs_number
from rulebooks.rules.checks.outcomes import (
    assurance_faults,
    attribute_faults,
    band_faults,
    outcome_faults,
)
from rulebooks.rules.checks.places import selected
from rulebooks.rules.document import Fault, Path
from rulebooks.rules.indicators import CarryForward, can_add_up
from rulebooks.rules.rows import Known
from rulebooks.rules.scales import Direction
from rulebooks.rules.scales.numbers import NumberScale, RatioScale
from rulebooks.rules.schema import EVERYONE
from rulebooks.rules.tree import inputs

if TYPE_CHECKING:
    from rulebooks.rules.aggregation import Formula, Word
    from rulebooks.rules.breaches import Verdict
    from rulebooks.rules.edition import Edition
    from rulebooks.rules.indicators import Kpi

# Which direction of a node makes a bar fire on those who are best.
WASTED = {"below": "lower", "at_most": "lower", "above": "higher", "at_least": "higher"}
COMPARABLE = (Direction.HIGHER, Direction.LOWER)


def scoring_faults(edition: Edition) -> Iterator[Fault]:
    """Yield the faults of KPIs and nodes; only when there are none, of what reads them."""
    found = [
        *attribute_faults(edition),
        *assurance_faults(edition),
        *kpi_faults(edition),
        *node_faults(edition),
    ]
    yield from found
    if not found:
        yield from publication_faults(edition)
        yield from cohort_faults(edition)
        yield from detector_faults(edition)
        yield from band_faults(edition)
        yield from outcome_faults(edition)


def scoring_warnings(edition: Edition) -> Iterator[Fault]:
    """Yield KPIs that no node reads, and numbers that give a confidential answer away."""
    tree = edition.tree
    read = {code for node in tree.nodes.values() for code in (*node.reads(), *inputs(node.asks()))}
    rules = (*edition.scoring.knock_outs, *edition.scoring.caps)
    read |= {code for rule in rules for code in inputs(rule.when.asks())}
    for index, kpi in enumerate(edition.kpis):
        if kpi.code not in read:
            yield Fault(("kpis", index), f"no node reads {kpi.code}: it is asked, never scored")
    if edition.publicity.scorecard == "public":
        for index, code in enumerate(tree.nodes):
            under = tree.kpis_under(code)
            hidden = [c for c in under if tree.kpis[c].confidentiality != "public"]
            if len(hidden) == 1:
                message = f"{code} is public and rests on one confidential KPI, {hidden[0]}"
                yield Fault(("scoring", "nodes", index), f"{message}: it gives the answer away")


def kpi_faults(edition: Edition) -> Iterator[Fault]:
    """Yield KPIs whose direction, scale, missing-data policy or requirement do not go together."""
    requirements = [requirement.code for requirement in edition.requirements]
    for index, kpi in enumerate(edition.kpis):
        path = ("kpis", index)
        if kpi.requirement is not None and kpi.requirement not in requirements:
            allowed = ", ".join(requirements) or "none is defined"
            message = f"{kpi.requirement!r} is no requirement; allowed: {allowed}, null"
            yield Fault((*path, "requirement"), message)
        yield from _cumulative_faults(path, kpi)
        yield from _per_site_faults(path, kpi)
        if problem := kpi.scale.unfit(kpi.direction):
            yield Fault((*path, "direction"), problem)
        elif kpi.policy == "zero" and (kpi.better is Direction.LOWER or kpi.scale.below_zero()):
            message = "zero would reward silence: an answer can be worse than 0"
            yield Fault((*path, "missing"), f"{message}; allowed: leave_out, knock_out, not_scored")


def node_faults(edition: Edition) -> Iterator[Fault]:
    """Yield nodes that read what does not stand before them, or what cannot be put together."""
    kpis = {kpi.code: kpi for kpi in edition.kpis}
    attributes = {attribute.code: attribute for attribute in edition.all_attributes}
    better = {code: kpi.better for code, kpi in kpis.items()}
    most = {code: kpi.most() for code, kpi in kpis.items()}
    before: dict[str, Word] = {}
    known = Known(kpis, better, before, attributes, edition.assurance, most)
    later = {node.code for node in edition.scoring.nodes}
    cohort = {word.code for word in edition.cohort}
    for index, node in enumerate(edition.scoring.nodes):
        path = ("scoring", "nodes", index)
        later.discard(node.code)
        names = _unnamed if node.calculated else _unreadable
        found = [*names(node, known, later, cohort), *node.faults(known)]
        yield from (Fault((*path, *fault.path), fault.message) for fault in found)
        directions = frozenset(better.get(code, Direction.NONE) for code in node.reads())
        # A faulty node counts as sound below, so that one mistake is told once.
        better[node.code] = node.better(frozenset({Direction.HIGHER}) if found else directions)
        most[node.code] = Fraction(1) if found else node.most(most)
        before[node.code] = node


def _cumulative_faults(path: Path, kpi: Kpi) -> Iterator[Fault]:
    if kpi.cumulative is None:
        return
    if not can_add_up(kpi.scale):
        message = "only answers on a scale of numbers or a ratio can be added up"
        yield Fault((*path, "cumulative"), message)
    elif not kpi.counting_scale.fits():
        message = "the sum is too wide: at most 18 digits, decimals included; lower max"
        yield Fault((*path, "cumulative"), message)


def _per_site_faults(path: Path, kpi: Kpi) -> Iterator[Fault]:
    if kpi.per_site is None:
        return
    if problem := kpi.per_site.unfit(kpi.scale, kpi.direction):
        yield Fault((*path, "per_site", "roll_up"), problem)
    elif isinstance(kpi.scale, NumberScale | RatioScale) and not kpi.counting_scale.fits():
        message = "too many sites for so wide a scale: at most 18 digits, decimals included"
        yield Fault((*path, "per_site", "most_sites"), f"{message}; lower it, or max")
    if kpi.cumulative is not None:
        message = "answers of sites are not added up over periods; leave cumulative out"
        yield Fault((*path, "cumulative"), message)
    if isinstance(kpi.missing, CarryForward):
        message = "answers of sites are not carried forward"
        yield Fault((*path, "missing"), f"{message}; allowed: {', '.join(get_args(Policy))}")
    if kpi.not_applicable == "needs_approval":
        message = "nobody approves what does not apply to one site; allowed: allowed, refused"
        yield Fault((*path, "not_applicable"), message)
    if kpi.evidence == "required":
        message = "evidence is attached to one answer, and sites give many"
        yield Fault((*path, "evidence"), f"{message}; allowed: optional, none")


def _unnamed(node: Formula, known: Known, later: set[str], cohort: set[str]) -> Iterator[Fault]:
    labelled = {code for code, before in known.nodes.items() if before.labelled}
    why = {
        code: f"{code} publishes a label, no number" if code in labelled else ""
        for code in known.better
    }
    why |= {code: among(code) for code in cohort - known.better.keys()}
    yield from node.unknown_names(why, frozenset(later))


def _unreadable(node: Word, known: Known, later: set[str], cohort: set[str]) -> Iterator[Fault]:
    better, first = known.better, None
    seen: set[str] = set()
    for path, code in node.read_at():
        if code in seen and not node.repeats:
            yield Fault(path, f"{code!r} stands twice; name each input once")
        elif code == node.code or code in later:
            yield Fault(path, f"{code!r} does not stand before {node.code}; a node reads upwards")
        elif code in cohort and code not in better:
            yield Fault(path, among(code))
        elif code not in better:
            names = ", ".join(c for c, way in better.items() if way in COMPARABLE)
            yield Fault(path, f"{code!r} is no KPI or node; allowed: {names or 'none is defined'}")
        elif better[code] not in COMPARABLE:
            yield Fault(path, f"{code} gives no number: it is not better higher or lower")
        elif first is not None and better[code] is not better[first]:
            message = f"{code} is better {better[code]}, {first} {better[first]}"
            yield Fault(path, f"{message}; turn one of them into points first")
        else:
            first = first or code
        seen.add(code)


def publication_faults(edition: Edition) -> Iterator[Fault]:
    """Yield a total without a rounded number, and a verdict without a label."""
    if edition.scoring.total is not None:
        yield from needs_number(("scoring", "total"), edition.scoring.total, edition)
    if edition.scoring.verdict is not None:
        yield from needs_label(("scoring", "verdict"), edition.scoring.verdict, edition)


def cohort_faults(edition: Edition) -> Iterator[Fault]:
    """Yield cohort words that read no number, or the wrong way round."""
    for index, word in enumerate(edition.cohort):
        path = ("cohort", index)
        found = list(needs_number((*path, "of"), word.of, edition, rounded=False))
        yield from found
        if not found and word.highest_first is not (edition.tree.better[word.of] == "higher"):
            message = f"{word.of} is better when {edition.tree.better[word.of]}"
            yield Fault((*path, "highest_first"), message)


def detector_faults(edition: Edition) -> Iterator[Fault]:
    """Yield detectors that read no published number or label, or that cannot fire as meant."""
    for index, rule in enumerate(edition.breaches):
        path, watches = ("breaches", index, "detector"), rule.detector
        if watches.kind in ("below_bar", "threshold"):
            found = list(needs_number((*path, "node"), watches.node, edition))
            yield from found
            better = edition.tree.better.get(watches.node)
            if not found and better == WASTED[getattr(watches, "fires", "below")]:
                message = f"{watches.node} is better when {better}: this would fire on the best"
                yield Fault((*path, "node"), message)
        if watches.kind == "knocked_out" and watches.grounds != EVERYONE:
            grounds = [kpi.code for kpi in edition.kpis if kpi.policy == "knock_out"]
            grounds += [rule.code for rule in edition.scoring.knock_outs]
            yield from selected((*path, "grounds"), watches.grounds, "ground", grounds)
        if watches.kind == "verdict":
            found = list(needs_label((*path, "node"), watches.node, edition))
            yield from found or _silent_starts(path, watches, edition)


def _silent_starts(path: Path, watches: Verdict, edition: Edition) -> Iterator[Fault]:
    labels = edition.node(watches.node).labels()
    for index, start in enumerate(watches.begins_with):
        if not any(label.startswith(start) for label in labels):
            message = f"no label begins with {start!r}; labels: {', '.join(labels)}"
            yield Fault((*path, "begins_with", index), message)
