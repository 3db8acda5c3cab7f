"""A case from its opening to the decision that is carried out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access
from members import services as members
from members.models import Member
from rulebooks import selectors as rulebooks
from rulebooks.rules import facts
from rulebooks.rules.terms import add_days
from suspensions import events, selectors
from suspensions.access import locked_case
from suspensions.models import Breach, Case, Paper
from suspensions.rules import decisions
from suspensions.rules.procedure import UNDECIDED, Action, IllegalAction, next_stage
from suspensions.services import papers

ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtext('suspensions.case.code'))"


@transaction.atomic
def open_case(*, breach_ids: Sequence[int], by: User, on: date, step: str | None = None) -> Case:
    """Open a case on confirmed breaches of one member, under the edition in force on ``on``.

    It aims at the start of their ladder, or at the step after the one of it in force. ``step``,
    when given, must be that one.

    :raises PermissionDenied: ``by`` may not manage cases.
    :raises IllegalAction: a breach is not confirmed or in a case already, they are of several
        members, they lead to no ladder or to several, another case of the member awaits its
        decision, or the step is not the next one.
    """
    access.require(by, Permission.CASE_MANAGE)
    member, breaches = _confirmed(breach_ids, by)
    edition = rulebooks.edition_in_force(on)
    ladder = decisions.ladder_for(edition.document, {breach.rule for breach in breaches})
    aim = decisions.step_for(ladder, selectors.steps_in_force(member, on=on))
    if step not in (None, aim.code):
        raise IllegalAction(f"a case against {member.code} now aims at {aim.code}, not at {step}")
    _require_no_other(member, on)
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    case = Case.objects.create(
        member=member,
        code=selectors.next_case_code(),
        edition=edition,
        step=aim.code,
        opened_at=timezone.now(),
        opened_by=by,
    )
    Breach.objects.filter(pk__in=[breach.pk for breach in breaches]).update(case=case)
    event = events.CaseOpened(
        member=member.code,
        case=case.code,
        edition=edition.code,
        step=aim.code,
        breaches=tuple(breach.key for breach in breaches),
    )
    entry = ledger.record(event, subject=case, actor=by, on=on)
    what = facts.CaseOpened(edition=edition.code, step=aim.code)
    members.state(what, member=member, about_on=on, entry=entry, key=case.code)
    return case


def _confirmed(breach_ids: Sequence[int], by: User) -> tuple[Member, list[Breach]]:
    """Return the breaches that a case is to be opened on, and their member, locked."""
    visible = Breach.objects.visible_to(by).filter(pk__in=breach_ids)
    owners = set(visible.values_list("member", flat=True))
    if len(owners) != 1:
        raise IllegalAction("a case is opened on one or more breaches of one member")
    member = Member.objects.select_for_update().get(pk=owners.pop())
    breaches = list(visible.select_related("case").order_by("arose_on", "pk"))
    for breach in breaches:
        if breach.status != Breach.Status.CONFIRMED:
            raise IllegalAction(f"cannot open a case on {breach.key}: it is {breach.status}")
        if breach.case is not None:
            raise IllegalAction(f"{breach.key} stands in {breach.case.code} already")
    return member, breaches


def _require_no_other(member: Member, on: date) -> None:
    pending = Case.objects.filter(member=member).with_stage(on).filter(stage__in=UNDECIDED)
    if other := pending.order_by("pk").first():
        raise IllegalAction(f"{other.code} is {other.stage} and awaits its decision first")


@transaction.atomic
def serve_notice(*, case_id: int, text: str, by: User, on: date) -> Case:
    """Record that the notice was served on ``on``. The member's time to answer runs from then.

    :raises PermissionDenied: ``by`` may not manage cases.
    :raises IllegalAction: the case is not newly opened, or the notice is empty.
    """
    access.require(by, Permission.CASE_MANAGE)
    case = locked_case(case_id, by=by, on=on)
    next_stage(case.code, case.stage, Action.SERVE_NOTICE)
    papers.add(Paper.Sort.NOTICE, case=case, text=text, by=by, on=on)
    event = events.NoticeServed(member=case.member.code, case=case.code)
    entry = ledger.record(event, subject=case, actor=by, on=on)
    what = facts.NoticeServed()
    members.state(what, member=case.member, about_on=on, entry=entry, key=case.code)
    step = case.aim
    papers.tell(
        "case-notice",
        case=case,
        on=on,
        text=text,
        answer_until=add_days(on, step.answer_days),
        grounds=_grounds(case),
    )
    return case


@transaction.atomic
def receive_answer(*, case_id: int, text: str, by: User, on: date) -> Case:
    """Take the member's answer, from its people or, on paper, from the case officer.

    :raises PermissionDenied: ``by`` neither acts for the member nor manages cases.
    :raises IllegalAction: no notice was served, it was answered or decided, or it is empty.
    """
    case = locked_case(case_id, by=by, on=on)
    _require_answering(by, case.member)
    next_stage(case.code, case.stage, Action.RECEIVE_ANSWER)
    papers.add(Paper.Sort.ANSWER, case=case, text=text, by=by, on=on)
    event = events.AnswerReceived(member=case.member.code, case=case.code)
    entry = ledger.record(event, subject=case, actor=by, on=on)
    what = facts.AnswerReceived()
    members.state(what, member=case.member, about_on=on, entry=entry, key=case.code)
    return case


def _require_answering(by: User, member: Member) -> None:
    if not access.can(by, Permission.CASE_MANAGE):
        access.require(by, Permission.CASE_ANSWER, member=member)


def _grounds(case: Case) -> list[tuple[str, str, str]]:
    """Return title, proof and clause of every breach that a case stands on."""
    breaches = case.breaches.select_related("edition").order_by("arose_on", "pk")
    rules = [(breach, breach.edition.document.breach(breach.rule)) for breach in breaches]
    return [(rule.title, breach.because, rule.clause) for breach, rule in rules]
