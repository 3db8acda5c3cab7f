"""Conditions on which a member was admitted: set with the admission, and settled later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from ledger.models import Entry
from members import access, events
from members.models import Application, Condition, Member
from members.services.facts import state
from members.services.places import NotOpen
from rulebooks.rules import facts
from rulebooks.rules.joining import Condition as Asked

LATEST = timedelta(days=3_660)  # a condition is due at most ten years after its decision


class NotDecided(ValueError):
    """The steps of the edition are not taken, or no decision of its body says so."""


@transaction.atomic
def set_conditions(
    application: Application,
    *,
    member: Member,
    codes: Sequence[str],
    conditions: Sequence[Asked],
    entry: Entry,
    on: date,
) -> None:
    """Write the conditions of an admission, and state each as a duty of the member.

    Joins the caller's transaction; the caller has asked for permission.

    :raises NotDecided: a day lies before the decision, or too far off.
    """
    for code, asked in zip(codes, conditions, strict=True):
        if not on <= asked.due_on <= on + LATEST:
            raise NotDecided(f"a condition is due after its decision: {asked.due_on} is not")
        Condition.objects.create(
            member=member,
            application=application,
            code=code,
            text=asked.text,
            clause=asked.clause,
            due_on=asked.due_on,
        )
        what = facts.ConditionSet(due_on=asked.due_on, clause=asked.clause)
        state(what, member=member, about_on=on, entry=entry, key=code)


@transaction.atomic
def settle_condition(
    *, condition_id: int, outcome: str, finding: str, by: User, on: date
) -> Condition:
    """Record whether a condition of admission is met, and what shows it.

    :raises PermissionDenied: ``by`` may not decide on applications.
    :raises NotOpen: that was recorded already.
    :raises ValueError: no finding is stated.
    """
    access.require(by, Permission.APPLICATION_DECIDE)
    rows = Condition.objects.visible_to(by).select_for_update(of=("self",))
    condition = rows.select_related("member").get(pk=condition_id)
    if condition.outcome:
        raise NotOpen(f"condition {condition.code} is {condition.outcome} already")
    if not finding.strip():
        raise ValueError("say what shows that the condition is met, or is not")
    condition.outcome, condition.finding = Condition.Outcome(outcome), finding.strip()
    condition.settled_at, condition.settled_by = timezone.now(), by
    condition.save(update_fields=["outcome", "finding", "settled_at", "settled_by"])
    member = condition.member
    event = events.ConditionSettled(
        member=member.code, condition=condition.code, outcome=condition.outcome
    )
    entry = ledger.record(event, subject=condition, actor=by, on=on)
    what = facts.ConditionSettled(outcome=condition.outcome)
    state(what, member=member, about_on=on, entry=entry, key=condition.code)
    return condition
