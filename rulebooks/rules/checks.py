"""What must hold between the parts of an edition, each fault at its place in the document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.document import Fault, Path
from rulebooks.rules.scoring_checks import scoring_faults, scoring_warnings

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition


def faults(edition: Edition) -> Iterator[Fault]:
    """Yield every fault between the parts of ``edition``."""
    yield from repeated_codes(edition)
    yield from membership_faults(edition)
    yield from obligation_faults(edition)
    yield from target_faults(edition)
    yield from scoring_faults(edition)
    yield from breach_faults(edition)
    yield from ladder_faults(edition)
    if edition.replaces == edition.code:
        yield Fault(("replaces",), "an edition cannot replace itself; name the one before, or null")


def warnings(edition: Edition) -> Iterator[Fault]:
    """Yield what is allowed in ``edition`` and may still be a mistake."""
    yield from scoring_warnings(edition)
    signed = [o.applies_to for o in edition.obligations if o.what == "signature"]
    for index, requirement in enumerate(edition.requirements):
        if not signed:
            message = f"{requirement.code} is signed by nobody: no obligation asks for signatures"
            yield Fault(("requirements", index), message)
    open_to = {chamber for made in edition.classes for chamber in made.chambers}
    for index, chamber in enumerate(edition.chambers):
        if chamber.code not in open_to:
            yield Fault(("chambers", index), f"no class is open to chamber {chamber.code}")
    if edition.ladder is not None:
        reached = set(_steps_from(edition.ladder.start, edition))
        for index, step in enumerate(edition.ladder.steps):
            if step.code not in reached:
                message = f"no way leads from {edition.ladder.start} to step {step.code}"
                yield Fault(("ladder", "steps", index), message)


def unknown(path: Path, code: str, what: str, allowed: Iterable[str]) -> Iterator[Fault]:
    """Yield a fault when ``code`` is not among ``allowed``."""
    known = list(allowed)
    if code not in known:
        yield Fault(
            path, f"{code!r} is no {what}; allowed: {', '.join(known) or 'none is defined'}"
        )


def selected(path: Path, chosen: object, what: str, allowed: Iterable[str]) -> Iterator[Fault]:
    """Yield a fault for each code of a selection that is not among ``allowed``."""
    known = list(allowed)
    if chosen != "all":
        for index, code in enumerate(chosen):
            yield from unknown((*path, index), code, what, known)


def codes(parts: Iterable) -> list[str]:
    """Return the codes of ``parts``, in order."""
    return [part.code for part in parts]


def repeated_codes(edition: Edition) -> Iterator[Fault]:
    """Yield a fault for each code that stands twice in a list; KPIs and nodes share one list."""
    names = "chambers rights classes requirements periods obligations targets cohort breaches"
    lists: list[tuple[Path, Iterable]] = [((n,), getattr(edition, n)) for n in names.split()]
    if edition.bands is not None:
        lists.append((("bands", "bands"), edition.bands.bands))
    if edition.ladder is not None:
        lists.append((("ladder", "steps"), edition.ladder.steps))
    places = [[((*path, i), part.code) for i, part in enumerate(parts)] for path, parts in lists]
    places.append(
        [(("kpis", i), kpi.code) for i, kpi in enumerate(edition.kpis)]
        + [(("scoring", "nodes", i), node.code) for i, node in enumerate(edition.scoring.nodes)]
    )
    for placed in places:
        seen: set[str] = set()
        for path, code in placed:
            if code in seen:
                yield Fault((*path, "code"), f"{code!r} is taken; a code names one thing")
            seen.add(code)


def membership_faults(edition: Edition) -> Iterator[Fault]:
    """Yield chambers, rights and classes that are named and do not exist."""
    for index, made in enumerate(edition.classes):
        path = ("classes", index)
        yield from selected((*path, "chambers"), made.chambers, "chamber", codes(edition.chambers))
        yield from selected((*path, "rights"), made.rights, "right", codes(edition.rights))
    for index, requirement in enumerate(edition.requirements):
        path = ("requirements", index, "applies_to")
        yield from selected(path, requirement.applies_to, "class", codes(edition.classes))


def obligation_faults(edition: Edition) -> Iterator[Fault]:
    """Yield obligations on classes, or for periods, that do not exist."""
    for index, owed in enumerate(edition.obligations):
        path = ("obligations", index)
        yield from selected((*path, "applies_to"), owed.applies_to, "class", codes(edition.classes))
        if owed.what == "return":
            allowed = codes(edition.periods)
            yield from selected((*path, "periods"), owed.periods, "period", allowed)


def target_faults(edition: Edition) -> Iterator[Fault]:
    """Yield targets without a KPI of numbers, or that go the wrong way in time or direction."""
    kpis = {kpi.code: kpi for kpi in edition.kpis}
    for index, target in enumerate(edition.targets):
        path = ("targets", index)
        yield from unknown((*path, "kpi"), target.kpi, "KPI", kpis)
        first, last = target.baseline, target.goal
        if last.year <= first.year:
            yield Fault((*path, "goal", "year"), f"must lie after the baseline year {first.year}")
        kpi = kpis.get(target.kpi)
        if kpi is None:
            continue
        if kpi.scale.kind not in ("number", "ratio") or kpi.direction not in ("higher", "lower"):
            message = "needs a KPI on a scale of numbers with direction higher or lower"
            yield Fault((*path, "kpi"), message)
        elif (last.value > first.value) is not (kpi.direction == "higher"):
            message = f"{last.value} is no improvement on {first.value}: {kpi.code} is better"
            yield Fault((*path, "goal", "value"), f"{message} when {kpi.direction}")


def breach_faults(edition: Edition) -> Iterator[Fault]:
    """Yield detectors that watch what does not exist, or cannot fire as meant."""
    for index, rule in enumerate(edition.breaches):
        path, watches = ("breaches", index, "detector"), rule.detector
        if watches.kind == "missed_obligation":
            known = codes(edition.obligations)
            yield from unknown((*path, "obligation"), watches.obligation, "obligation", known)
        if watches.kind == "consecutive":
            earlier = codes(edition.breaches[:index])
            yield from unknown((*path, "of"), watches.of, "breach rule before this one", earlier)


def ladder_faults(edition: Edition) -> Iterator[Fault]:
    """Yield steps that lead nowhere or back, and rights that nobody has."""
    if edition.ladder is None:
        return
    ladder, steps = edition.ladder, codes(edition.ladder.steps)
    yield from unknown(("ladder", "start"), ladder.start, "step", steps)
    yield from selected(
        ("ladder", "breaches"), ladder.breaches, "breach rule", codes(edition.breaches)
    )
    for index, step in enumerate(ladder.steps):
        path = ("ladder", "steps", index)
        if step.next is not None:
            yield from unknown((*path, "next"), step.next, "step", steps)
            if step.next in steps[: index + 1]:
                message = f"{step.next!r} does not stand after {step.code}"
                yield Fault((*path, "next"), f"{message}; a ladder leads on, its end is next: null")
        for place, lost in enumerate(step.rights_lost):
            where = (*path, "rights_lost", place, "right")
            yield from unknown(where, lost.right, "right", codes(edition.rights))


def _steps_from(code: str | None, edition: Edition) -> list[str]:
    following = {step.code: step.next for step in edition.ladder.steps}
    reached: list[str] = []
    while code in following and code not in reached:
        reached.append(code)
        code = following[code]
    return reached
