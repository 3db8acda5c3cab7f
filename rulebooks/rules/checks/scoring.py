"""What must hold within the scoring of an edition, and between it and what reads its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.checks.places import selected
from rulebooks.rules.document import Fault, Path
from rulebooks.rules.indicators import can_add_up
from rulebooks.rules.scales import Direction
from rulebooks.rules.schema import EVERYONE

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
    found = [*kpi_faults(edition), *node_faults(edition)]
    yield from found
    if not found:
        yield from publication_faults(edition)
        yield from cohort_faults(edition)
        yield from detector_faults(edition)
        yield from band_faults(edition)


def scoring_warnings(edition: Edition) -> Iterator[Fault]:
    """Yield KPIs that no node reads, and numbers that give a confidential answer away."""
    tree = edition.tree
    read = {code for node in tree.nodes.values() for code in (*node.reads(), *node.asks())}
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
        if problem := kpi.scale.unfit(kpi.direction):
            yield Fault((*path, "direction"), problem)
        elif kpi.policy == "zero" and (kpi.better is Direction.LOWER or kpi.scale.below_zero()):
            message = "zero would reward silence: an answer can be worse than 0"
            yield Fault((*path, "missing"), f"{message}; allowed: leave_out, knock_out, not_scored")


def node_faults(edition: Edition) -> Iterator[Fault]:
    """Yield nodes that read what does not stand before them, or what cannot be put together."""
    kpis = {kpi.code: kpi for kpi in edition.kpis}
    better = {code: kpi.better for code, kpi in kpis.items()}
    later = {node.code for node in edition.scoring.nodes}
    labelled = frozenset(node.code for node in edition.scoring.nodes if node.labelled)
    for index, node in enumerate(edition.scoring.nodes):
        path = ("scoring", "nodes", index)
        later.discard(node.code)
        names = (
            _unnamed(node, better, later, labelled)
            if node.calculated
            else _unreadable(node, better, later)
        )
        found = [*names, *node.faults(kpis, better)]
        yield from (Fault((*path, *fault.path), fault.message) for fault in found)
        directions = frozenset(better.get(code, Direction.NONE) for code in node.reads())
        # A faulty node counts as sound below, so that one mistake is told once.
        better[node.code] = node.better(frozenset({Direction.HIGHER}) if found else directions)


def _cumulative_faults(path: Path, kpi: Kpi) -> Iterator[Fault]:
    if kpi.cumulative is None:
        return
    if not can_add_up(kpi.scale):
        message = "only answers on a scale of numbers or a ratio can be added up"
        yield Fault((*path, "cumulative"), message)
    elif not kpi.counting_scale.fits():
        message = "the sum is too wide: at most 18 digits, decimals included; lower max"
        yield Fault((*path, "cumulative"), message)


def _unnamed(
    node: Formula, better: dict[str, Direction], later: set[str], labelled: frozenset[str]
) -> Iterator[Fault]:
    known = {
        code: f"{code} publishes a label, no number" if code in labelled else "" for code in better
    }
    yield from node.unknown_names(known, frozenset(later))


def _unreadable(node: Word, better: dict[str, Direction], later: set[str]) -> Iterator[Fault]:
    field = "weights" if node.weights_of_inputs() else "of"
    first: str | None = None
    for index, code in enumerate(node.reads()):
        path: Path = (field, code if field == "weights" else index)
        if code in node.reads()[:index]:
            yield Fault(path, f"{code!r} stands twice; name each input once")
        elif code == node.code or code in later:
            yield Fault(path, f"{code!r} does not stand before {node.code}; a node reads upwards")
        elif code not in better:
            known = ", ".join(c for c, way in better.items() if way in COMPARABLE)
            yield Fault(path, f"{code!r} is no KPI or node; allowed: {known or 'none is defined'}")
        elif better[code] not in COMPARABLE:
            yield Fault(path, f"{code} gives no number: it is not better higher or lower")
        elif first is not None and better[code] is not better[first]:
            message = f"{code} is better {better[code]}, {first} {better[first]}"
            yield Fault(path, f"{message}; turn one of them into points first")
        else:
            first = first or code


def publication_faults(edition: Edition) -> Iterator[Fault]:
    """Yield a total without a rounded number, and a verdict without a label."""
    if edition.scoring.total is not None:
        yield from _needs_number(("scoring", "total"), edition.scoring.total, edition)
    if edition.scoring.verdict is not None:
        yield from _needs_label(("scoring", "verdict"), edition.scoring.verdict, edition)


def cohort_faults(edition: Edition) -> Iterator[Fault]:
    """Yield cohort words that read no number, or the wrong way round."""
    for index, word in enumerate(edition.cohort):
        path = ("cohort", index)
        found = list(_needs_number((*path, "of"), word.of, edition, rounded=False))
        yield from found
        if not found and word.highest_first is not (edition.tree.better[word.of] == "higher"):
            message = f"{word.of} is better when {edition.tree.better[word.of]}"
            yield Fault((*path, "highest_first"), message)


def detector_faults(edition: Edition) -> Iterator[Fault]:
    """Yield detectors that read no published number or label, or that cannot fire as meant."""
    for index, rule in enumerate(edition.breaches):
        path, watches = ("breaches", index, "detector"), rule.detector
        if watches.kind in ("below_bar", "threshold"):
            found = list(_needs_number((*path, "node"), watches.node, edition))
            yield from found
            better = edition.tree.better.get(watches.node)
            if not found and better == WASTED[getattr(watches, "fires", "below")]:
                message = f"{watches.node} is better when {better}: this would fire on the best"
                yield Fault((*path, "node"), message)
        if watches.kind == "knocked_out" and watches.grounds != EVERYONE:
            grounds = [kpi.code for kpi in edition.kpis if kpi.missing == "knock_out"]
            yield from selected((*path, "grounds"), watches.grounds, "ground", grounds)
        if watches.kind == "verdict":
            found = list(_needs_label((*path, "node"), watches.node, edition))
            yield from found or _silent_starts(path, watches, edition)


def _silent_starts(path: Path, watches: Verdict, edition: Edition) -> Iterator[Fault]:
    labels = edition.node(watches.node).labels()
    for index, start in enumerate(watches.begins_with):
        if not any(label.startswith(start) for label in labels):
            message = f"no label begins with {start!r}; labels: {', '.join(labels)}"
            yield Fault((*path, "begins_with", index), message)


def band_faults(edition: Edition) -> Iterator[Fault]:
    """Yield bands that overlap, leave a hole, or say nothing of knock-outs that can happen."""
    bands = edition.bands
    if bands is None:
        return
    yield from _needs_number(("bands", "of"), bands.of, edition)
    for place, message in bands.gaps():
        yield Fault(("bands", "bands", *place), message)
    codes = [band.code for band in bands.bands]
    if bands.knocked_out is not None and bands.knocked_out not in codes:
        message = f"{bands.knocked_out!r} is no band; allowed: {', '.join(codes)}"
        yield Fault(("bands", "knocked_out"), message)
    if bands.knocked_out is None and any(kpi.policy == "knock_out" for kpi in edition.kpis):
        yield Fault(("bands",), "knocked_out is required: name the band of who is knocked out")


def _needs_number(
    path: Path, code: str, edition: Edition, *, rounded: bool = True
) -> Iterator[Fault]:
    numbers = [code for code, node in edition.tree.nodes.items() if not node.labelled]
    if code not in numbers:
        known = ", ".join(numbers) or "none is defined"
        yield Fault(path, f"{code!r} is no node with a number; allowed: {known}")
    elif rounded and edition.tree.nodes[code].rounding == "none":
        message = f"the number of {code} is published, so the node needs a rounding"
        yield Fault(path, f"{message}: mode and step")


def _needs_label(path: Path, code: str, edition: Edition) -> Iterator[Fault]:
    labelled = [code for code, node in edition.tree.nodes.items() if node.labelled]
    if code not in labelled:
        known = ", ".join(labelled) or "none is defined"
        yield Fault(path, f"{code!r} is no node with a label; allowed: {known}")
