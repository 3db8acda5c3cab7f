"""Targets in words: how they are measured, what is due on the way, and who answers for them."""

from __future__ import annotations

from dataclasses import dataclass

from rulebooks.rules.edition import Edition
from rulebooks.rules.reading import whom
from rulebooks.rules.reading.wording import plain
from rulebooks.rules.schema import EVERYONE
from rulebooks.rules.targets import Mean, OfParts, Owner, OwnTarget, ShareReaching, Sum, Target

WAYS = {
    "straight_line": "on a straight line",
    "steps": "in steps",
    "milestones": "from milestone to milestone",
}
REASONS = {
    "structural_change": "Structural change",
    "method_change": "Change of method",
    "error": "Error",
}


@dataclass(frozen=True, slots=True)
class TargetInWords:
    """A target as a reader sees it."""

    target: Target
    measured_by: str
    unit: str
    way: str
    together: str
    of_whom: str
    owner: str
    goal: str
    serves: tuple[str, ...]
    recalculated: str


@dataclass(frozen=True, slots=True)
class OwnInWords:
    """A kind of target that members set themselves, as a reader sees it."""

    own: OwnTarget
    kpis: tuple[str, ...]
    whom: str
    floor: str
    approver: str
    recalculated: str


def in_words(target: Target, edition: Edition) -> TargetInWords:
    """Return a target of an edition in words."""
    return TargetInWords(
        target=target,
        measured_by=measured_by(target, edition),
        unit=unit(target, edition),
        way=WAYS[target.trajectory],
        together=together(target),
        of_whom=of_whom(target, edition),
        owner=owner(target.owner, edition),
        goal=goal(target),
        serves=tuple(edition.requirement(code).title for code in target.serves),
        recalculated=recalculated(target),
    )


def own_in_words(own: OwnTarget, edition: Edition) -> OwnInWords:
    """Return a kind of members' own targets in words."""
    return OwnInWords(
        own=own,
        kpis=tuple(edition.kpi(code).title for code in own.kpis),
        whom=whom(own.applies_to, edition),
        floor=floor(own),
        approver=approver(own, edition),
        recalculated=recalculated(own),
    )


def measured_by(target: Target, edition: Edition) -> str:
    """Return the title of the KPI or node that measures a target, empty for none."""
    if target.kpi is not None:
        return edition.kpi(target.kpi).title
    return edition.node(target.node).title if target.node is not None else ""


def unit(target: Target, edition: Edition) -> str:
    """Return what a target's numbers are measured in."""
    if isinstance(target.aggregate, ShareReaching):
        return "percent of members"
    return target.unit or (edition.kpi(target.kpi).unit if target.kpi is not None else "")


def together(target: Target) -> str:
    """Return how the answers of members are taken together, or that they are not."""
    if target.reached_by == "each_member":
        return "each member by itself"
    match target.aggregate:
        case Sum():
            return "all members together, added"
        case Mean():
            return "all members together, each counting once"
        case OfParts():
            return "all members together, as a share of the whole"
        case ShareReaching(reach=reach):
            return f"the share of members that reach {plain(reach)}"
    return "all members together"


def of_whom(target: Target, edition: Edition) -> str:
    """Return whose answers count: of which classes and chambers."""
    classes = [] if target.applies_to == EVERYONE else target.applies_to
    chambers = [] if target.chambers == EVERYONE else target.chambers
    named = [edition.member_class(code).name for code in classes]
    named += [edition.chamber(code).name for code in chambers]
    return ", ".join(named) or "all members"


def goal(target: Target) -> str:
    """Return the goal as the edition says it, where that is not a plain value."""
    if target.goal.percent is not None:
        return f"{signed(target.goal.percent)} % against the baseline"
    if target.goal.percentage_points is not None:
        return f"{signed(target.goal.percentage_points)} percentage points"
    return ""


def signed(value: object) -> str:
    """Return a number with its sign: +10, \N{MINUS SIGN}42."""
    text = plain(value)
    return text.replace("-", "\N{MINUS SIGN}") if text.startswith("-") else f"+{text}"


def owner(of: Owner | None, edition: Edition) -> str:
    """Return who answers for a target, empty where the edition does not say."""
    if of is None:
        return ""
    if of.body is not None:
        return edition.body(of.body).name
    return of.role or f"member {of.member}"


def floor(own: OwnTarget) -> str:
    """Return how ambitious a member's own target is at least."""
    change = own.floor.change
    words = (
        f"at least {plain(change.percent)} % better than its baseline"
        if change.percent is not None
        else f"at least {plain(change.percentage_points)} percentage points better"
    )
    if own.floor.at_most_years is not None:
        words += f", within {own.floor.at_most_years} years"
    if own.floor.latest_due_on is not None:
        day = own.floor.latest_due_on
        words += f", by {day.day} {day:%b %Y}"
    if own.floor.baseline_from is not None:
        words += f", from a baseline of {own.floor.baseline_from} or later"
    return words


def recalculated(of: Target | OwnTarget) -> str:
    """Return when the baseline of a target is worked out anew."""
    rule = of.recalculation
    if rule is None:
        return "the baseline stays"
    reasons = " or ".join(REASONS[reason].lower() for reason in rule.reasons)
    return f"for {reasons}, of more than {plain(rule.above_percent)} % (clause {rule.clause})"


def approver(own: OwnTarget, edition: Edition) -> str:
    """Return who approves what members propose."""
    if own.approved_by.body is not None:
        return edition.body(own.approved_by.body).name
    return f"the {own.approved_by.role.replace('_', ' ')}"
