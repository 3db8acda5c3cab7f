"""The hearing of a member before the body that decides."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access
from members import services as members
from rulebooks.rules import facts
from suspensions import events
from suspensions.access import locked_case
from suspensions.models import Case, Paper
from suspensions.rules.procedure import Action, IllegalAction, next_stage
from suspensions.services import papers

FORMS = {"oral": "heard in person", "written": "heard in writing", "waived": "waived by the member"}


@transaction.atomic
def record_hearing(*, case_id: int, form: str, text: str, by: User, on: date) -> Case:
    """Record how the member was heard on ``on``, or that it waived the hearing, with minutes.

    :raises PermissionDenied: ``by`` may not manage cases.
    :raises IllegalAction: it is not the time for it, the form is none, or nothing is written.
    """
    access.require(by, Permission.CASE_MANAGE)
    case = locked_case(case_id, by=by, on=on)
    next_stage(case.code, case.stage, Action.HOLD_HEARING)
    if form not in FORMS:
        raise IllegalAction(f"{form!r} is no form of hearing; allowed: {', '.join(FORMS)}")
    papers.add(Paper.Sort.HEARING, case=case, text=text, by=by, on=on)
    event = events.HearingHeld(member=case.member.code, case=case.code, form=form)
    entry = ledger.record(event, subject=case, actor=by, on=on)
    what = facts.HearingHeld(form=form)
    members.state(what, member=case.member, about_on=on, entry=entry, key=case.code)
    return case
