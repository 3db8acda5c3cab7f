"""What happened before, for whoever has to weigh it: breaches, cases, decisions, with days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from accounts.access import can
from accounts.models import User
from accounts.rules import Permission
from governance import selectors as governance
from governance.models import Decision
from governance.rules import REINSTATEMENT
from governance.selectors import Matter
from members.models import Fact, Member
from rulebooks.rules import facts, reading
from suspensions.models import Breach, Case
from suspensions.rules import decisions
from suspensions.rules.decisions import WayBack
from suspensions.rules.procedure import MEASURE_IMPOSED
from suspensions.rules.words import BREACHES, OUTCOMES, STAGES


@dataclass(frozen=True, slots=True)
class Past:
    """One thing that happened: its day, what it was, what became of it, by which clause."""

    on: date
    what: str
    how: str
    clause: str


def may_weigh(user: User, case: Case, *, on: date) -> bool:
    """Return whether ``user`` may read what is to be weighed in a case: staff who follow up.

    And, while a body is asked to lift a measure whose way back has the history weighed, who records
    its decisions; and those who sit on it, from when all is there that the way back asks for, until
    it has answered. Whoever belongs to the member does not sit on it then. Nobody else: not the
    member, not those who sit on other bodies.
    """
    if can(user, Permission.CASE_VIEW):
        return True
    way = case.aim.reinstatement
    if way is None or not way.history_weighed:
        return False
    matter = governance.awaited(case.code, on=on)
    if matter is None or matter.question != REINSTATEMENT:
        return False
    return can(user, Permission.DECISION_RECORD) or _decides(user, case, matter, on)


def _decides(user: User, case: Case, matter: Matter, on: date) -> bool:
    """Return whether the question whether to lift a measure stands before ``user`` on a body."""
    if matter.decided_by not in governance.seated(user, on=on):
        return False
    if user.affiliations.filter(organisation=case.member.organisation_id).exists():
        return False
    asked_for = decisions.way_back(case.aim, **gone(case, on=on), on=on)
    return all(line.done for line in asked_for)


def cases_to_weigh(user: User, *, on: date) -> list[Case]:
    """Return the cases whose history somebody reads for their seat on a body, the oldest first."""
    bodies = governance.seated(user, on=on)
    if not bodies:
        return []
    codes = [
        matter.code
        for matter in governance.matters_awaiting(on=on)
        if matter.question == REINSTATEMENT and matter.decided_by in bodies
    ]
    rows = Case.objects.filter(code__in=codes).select_related("member__organisation", "edition")
    return [case for case in rows.order_by("opened_at", "pk") if may_weigh(user, case, on=on)]


def case_to_weigh(code: str, *, user: User, on: date) -> Case | None:
    """Return a case whose history ``user`` may read, None for every other."""
    rows = Case.objects.select_related("member__organisation", "edition")
    case = rows.filter(code=code).first()
    return case if case is not None and may_weigh(user, case, on=on) else None


def gone(case: Case, *, on: date) -> dict[str, Any]:
    """Return how far the member has gone the way back from a case by a day."""
    told = Fact.objects.filter(member=case.member, about_on__lte=on)
    keys = list(case.stands_on.values_list("key", flat=True))
    cured = told.filter(kind=facts.BreachCured.kind, key__in=keys).values("key").distinct()
    imposed = told.filter(kind=facts.DecisionTaken.kind, key=case.code).order_by("-pk").first()
    return {
        "cured": bool(keys) and cured.count() == len(keys),
        "committed": told.filter(kind=facts.CommitmentRenewed.kind, key=case.code).exists(),
        "in_force_since": date.fromisoformat(imposed.data["effective_on"]) if imposed else on,
    }


def way_back(case: Case, *, on: date) -> list[WayBack]:
    """Return what the step of a case asks for before it is lifted, once it holds."""
    if case.aim.reinstatement is None or case.stage not in MEASURE_IMPOSED:
        return []
    return decisions.way_back(case.aim, **gone(case, on=on), on=on)


def history_to_weigh(member: Member, *, on: date) -> list[Past]:
    """Return the breaches, cases and decisions about a member by a day, the oldest first.

    The caller has asked who may read them (``may_weigh``).
    """
    found = [*_breaches(member, on), *_cases(member, on), *_decisions(member, on)]
    return sorted(found, key=lambda past: (past.on, past.what))


def _breaches(member: Member, on: date) -> Iterator[Past]:
    rows = Breach.objects.filter(member=member, raised_on__lte=on).with_state(on)
    for breach in rows.select_related("edition").order_by("pk"):
        document = breach.edition.document
        word = BREACHES.get(breach.state, ("Raised", ""))[0]
        rule = document.breach(breach.rule)
        yield Past(breach.arose_on, reading.hit(breach.key, document), word, rule.clause)


def _cases(member: Member, on: date) -> Iterator[Past]:
    rows = Case.objects.filter(member=member).with_stage(on).select_related("edition")
    for case in rows.exclude(stage=None).order_by("pk"):
        what = f"Case {case.code}: {case.aim.name}"
        opened_on = timezone.localdate(case.opened_at)
        yield Past(opened_on, what, STAGES[case.stage][0], case.aim.clause)


def _decisions(member: Member, on: date) -> Iterator[Past]:
    rows = Decision.objects.filter(member=member, taken_on__lte=on).select_related("body")
    steps = {case.code: case.aim for case in Case.objects.filter(member=member)}
    for decision in rows.order_by("pk"):
        step = steps.get(decision.matter)
        what = f"Decision of {decision.body} in {decision.matter}"
        yield Past(decision.taken_on, what, OUTCOMES[decision.outcome], step.clause if step else "")
