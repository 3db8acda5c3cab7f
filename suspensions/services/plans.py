"""The corrective action plan that a step asks for."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access
from members import services as members
from rulebooks.rules import facts
from suspensions import events, selectors
from suspensions.access import locked_case
from suspensions.models import Case, Paper
from suspensions.rules.procedure import MEASURE_IMPOSED, IllegalAction
from suspensions.services import papers


@transaction.atomic
def hand_in_plan(*, case_id: int, text: str, by: User, on: date) -> Case:
    """Hand in, for the member, the corrective action plan that its step asks for. Late, too.

    :raises PermissionDenied: ``by`` may not answer for the member.
    :raises IllegalAction: the step asks for none, it does not hold, a plan was handed in already,
        or nothing is written.
    """
    case = locked_case(case_id, by=by, on=on)
    access.require(by, Permission.CASE_ANSWER, member=case.member)
    if case.aim.on_entry.plan is None:
        raise IllegalAction(f"{case.aim.name} in {case.code} asks for no plan")
    if case.stage not in MEASURE_IMPOSED:
        raise IllegalAction(f"a plan is owed once {case.aim.name} holds; {case.code} is not there")
    if before := selectors.plan_received(case):
        raise IllegalAction(f"the plan in {case.code} was handed in on {before}")
    papers.add(Paper.Sort.PLAN, case=case, text=text, by=by, on=on)
    event = events.PlanReceived(member=case.member.code, case=case.code)
    entry = ledger.record(event, subject=case, actor=by, on=on)
    what = facts.PlanReceived()
    members.state(what, member=case.member, about_on=on, entry=entry, key=case.code)
    return case
