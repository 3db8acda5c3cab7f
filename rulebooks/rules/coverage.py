"""What covers what: mission, targets, requirements and KPIs, and where nothing holds them together.

A *hole* is a target that no KPI measures, a requirement that no KPI or evidence can show, or a KPI
that serves nothing: no requirement, no target, no score.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rulebooks.rules.document import Fault, Path

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition
    from rulebooks.rules.indicators import Kpi
    from rulebooks.rules.membership import Requirement

Sort = Literal["target", "own target", "requirement", "kpi"]
HOLES = {
    "target": "no KPI measures it",
    "requirement": "no KPI or evidence can show it",
    "kpi": "it serves no requirement, no target and no score",
}


@dataclass(frozen=True, slots=True)
class Covered:
    """A target, requirement or KPI: where it stands, what it serves and what shows it, by code.

    ``serves`` are the requirements of a target, or the requirement of a KPI; ``shown_by`` the KPIs
    of a target or a requirement; ``evidence`` what else is expected to show a requirement.
    ``score`` says of a KPI whether some score reads it. ``hole`` is what is missing, empty where
    nothing is.
    """

    sort: Sort
    code: str
    title: str
    clause: str
    path: Path
    serves: tuple[str, ...] = ()
    shown_by: tuple[str, ...] = ()
    evidence: str = ""
    score: bool = False
    hole: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The targets, requirements and KPIs of an edition, each with what it is held to."""

    mission: str
    targets: tuple[Covered, ...]
    requirements: tuple[Covered, ...]
    kpis: tuple[Covered, ...]

    @property
    def all(self) -> tuple[Covered, ...]:
        """Return everything, targets first."""
        return (*self.targets, *self.requirements, *self.kpis)

    @property
    def holes(self) -> tuple[Covered, ...]:
        """Return what nothing measures, shows or uses."""
        return tuple(one for one in self.all if one.hole)


def coverage(edition: Edition) -> Coverage:
    """Return what covers what in an edition that holds."""
    targets = (*_targets(edition), *_own_targets(edition))
    return Coverage(
        mission=edition.mission.statement if edition.mission else "",
        targets=targets,
        requirements=tuple(
            _requirement(("requirements", index), one, edition)
            for index, one in enumerate(edition.requirements)
        ),
        kpis=tuple(_kpis(edition, targets)),
    )


def coverage_warnings(edition: Edition) -> Iterator[Fault]:
    """Yield a warning for each hole, at its place."""
    for one in coverage(edition).holes:
        name = "KPI" if one.sort == "kpi" else one.sort
        yield Fault(one.path, f"{name} {one.code}: {one.hole}")


def _targets(edition: Edition) -> Iterator[Covered]:
    for index, target in enumerate(edition.targets):
        if target.kpi is not None:
            measured = (target.kpi,)
        else:
            measured = edition.tree.kpis_under(target.node) if target.node else ()
        yield Covered(
            sort="target",
            code=target.code,
            title=target.title,
            clause=target.clause,
            path=("targets", index),
            serves=target.serves or _requirements_of(measured, edition),
            shown_by=measured,
            hole="" if measured else HOLES["target"],
        )


def _own_targets(edition: Edition) -> Iterator[Covered]:
    for index, own in enumerate(edition.member_targets):
        yield Covered(
            sort="own target",
            code=own.code,
            title=own.title,
            clause=own.clause,
            path=("member_targets", index),
            serves=own.serves or _requirements_of(own.kpis, edition),
            shown_by=own.kpis,
        )


def _requirements_of(kpis: tuple[str, ...], edition: Edition) -> tuple[str, ...]:
    """Return the requirements of some KPIs, each once, in order."""
    found = (edition.kpi(code).requirement for code in kpis)
    return tuple(dict.fromkeys(code for code in found if code is not None))


def _requirement(path: Path, of: Requirement, edition: Edition) -> Covered:
    shown_by = tuple(kpi.code for kpi in edition.kpis if kpi.requirement == of.code)
    return Covered(
        sort="requirement",
        code=of.code,
        title=of.title,
        clause=of.clause,
        path=path,
        shown_by=shown_by,
        evidence=of.evidence or "",
        hole="" if shown_by or of.evidence else HOLES["requirement"],
    )


def _kpis(edition: Edition, targets: tuple[Covered, ...]) -> Iterator[Covered]:
    scored, aimed = _scored(edition), {code for one in targets for code in one.shown_by}
    for index, kpi in enumerate(edition.kpis):
        score = kpi.code in scored
        used = score or kpi.requirement is not None or kpi.code in aimed
        yield Covered(
            sort="kpi",
            code=kpi.code,
            title=kpi.title,
            clause=kpi.clause,
            path=("kpis", index),
            serves=_of(kpi),
            score=score,
            hole="" if used else HOLES["kpi"],
        )


def _of(kpi: Kpi) -> tuple[str, ...]:
    return () if kpi.requirement is None else (kpi.requirement,)


def _scored(edition: Edition) -> set[str]:
    """Return the KPIs that a node, a knock-out or a cap reads or asks."""
    scoring = edition.scoring
    rules = (*scoring.knock_outs, *scoring.caps)
    asked = {one.code for rule in rules for one in rule.when.asks() if one.about != "member"}
    read = {code for node in scoring.nodes for code in edition.tree.kpis_under(node.code)}
    return read | {kpi for code in asked for kpi in edition.tree.kpis_under(code)}
