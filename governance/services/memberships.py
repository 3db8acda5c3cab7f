"""Decisions of bodies on changes of a membership."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts import access
from accounts.models import User
from accounts.rules import Permission
from governance import events, rules, selectors
from governance.models import Body, MembershipDecision
from ledger import services as ledger
from members.models import Member


@transaction.atomic
def decide_on_membership(
    *,
    member: Member,
    body: Body,
    matter: str,
    outcome: str,
    reasons: str,
    by: User,
    on: date,
) -> MembershipDecision:
    """Record whether a body agreed on ``on`` to another class of a member, or to a merger.

    It changes nothing by itself: the secretariat carries it out, naming the entry.

    :raises PermissionDenied: ``by`` may not record decisions.
    :raises rules.NotAsked: the edition of the day does not ask that body in the matter, no reasons
        are given, or the same was recorded already.
    """
    access.require(by, Permission.DECISION_RECORD)
    asked = selectors.membership_deciders(on=on).get(matter)
    if asked != body.code:
        raise rules.NotAsked(f"{matter} is for {asked or 'the secretariat'}, not for {body.code}")
    if outcome not in MembershipDecision.Outcome.values or not reasons.strip():
        raise rules.NotAsked("say agreed or refused, and the reasons")
    member = selectors.may_be_decided_on().select_for_update(of=("self",)).get(pk=member.pk)
    same = member.membership_decisions.filter(body=body, matter=matter, outcome=outcome)
    if same.filter(taken_on=on).exists():
        raise rules.NotAsked(f"this decision of {body.code} on {on} is recorded already")
    event = events.MembershipDecided(
        member=member.code, body=body.code, matter=matter, outcome=outcome
    )
    return MembershipDecision.objects.create(
        member=member,
        body=body,
        matter=matter,
        outcome=outcome,
        reasons=reasons.strip(),
        taken_on=on,
        entry=ledger.record(event, subject=member, actor=by, on=on),
        recorded_by=by,
    )
