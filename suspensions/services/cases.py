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
from rulebooks.models import Edition
from rulebooks.rules import facts
from rulebooks.rules.continuity import called_now
from rulebooks.rules.edition import Edition as Document
from rulebooks.rules.ladder import Ladder, Step
from rulebooks.rules.terms import add_days
from suspensions import events, selectors
from suspensions.access import locked_case
from suspensions.models import Breach, Case, Paper
from suspensions.rules import decisions
from suspensions.rules.procedure import UNDECIDED, Action, IllegalAction, next_stage
from suspensions.services import papers

ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtext('suspensions.case.code'))"


@transaction.atomic
def open_case(
    *,
    breach_ids: Sequence[int],
    by: User,
    on: date,
    step: str | None = None,
    reasons: str = "",
) -> Case:
    """Open a case on confirmed breaches of one member, under the edition in force on ``on``.

    Each breach stays one of the edition under which it arose; the case follows the ladders of this
    one. It aims at the step that the rules propose on their ladder, else at its start or at the
    step after the one of it in force. A serious case may enter at a graver ``step``, with
    ``reasons``. At a first step that waits a case enters once the rules propose it.

    :raises PermissionDenied: ``by`` may not manage cases.
    :raises IllegalAction: a breach is not confirmed or in a case already, they are of several
        members, they lead to no ladder or to several, another case on that ladder awaits its
        decision, or the case may not enter at that step, or not yet.
    """
    access.require(by, Permission.CASE_MANAGE)
    member, breaches = _confirmed(breach_ids, by)
    edition = rulebooks.edition_in_force(on)
    rules = {_called_now(breach, edition.document) for breach in breaches}
    ladder = decisions.ladder_for(edition.document, rules)
    proposed = selectors.steps_proposed(member, ladder, on=on)
    aim = decisions.step_for(ladder, selectors.steps_in_force(member, on=on), proposed)
    entry = decisions.require_entry(ladder, aim, step, reasons)
    _require_no_other(member, ladder, on)
    if all(breach.edition_id == edition.pk for breach in breaches):
        due_on = selectors.step_due_on(member, ladder, entry, on=on)
        decisions.require_due(ladder, entry, proposed, due_on=due_on)
    case = _opened(member, edition, entry, breaches, by=by, on=on)
    Breach.objects.filter(pk__in=[breach.pk for breach in breaches]).update(case=case)
    if entry is not aim:
        papers.add(Paper.Sort.SERIOUS, case=case, text=reasons, by=by, on=on)
    return case


@transaction.atomic
def escalate(*, case_id: int, by: User, on: date) -> Case:
    """Open the case that goes a step further, once what a measure is about was not cured in time.

    It stands on the same breaches and under the same edition.

    :raises PermissionDenied: ``by`` may not manage cases.
    :raises IllegalAction: the rules propose no further step, or a case awaits its decision.
    """
    access.require(by, Permission.CASE_MANAGE)
    before = locked_case(case_id, by=by, on=on)
    ladder, step = before.ladder, before.aim
    proposed = selectors.steps_proposed(before.member, ladder, on=on)
    if step.next is None or step.next not in proposed:
        raise IllegalAction(f"the rules propose no step after {step.code} in {before.code} yet")
    _require_no_other(before.member, ladder, on)
    breaches = list(before.stands_on.order_by("arose_on", "pk"))
    following = ladder.step(step.next)
    return _opened(before.member, before.edition, following, breaches, by=by, on=on, follows=before)


def _opened(
    member: Member,
    edition: Edition,
    aim: Step,
    breaches: Sequence[Breach],
    *,
    by: User,
    on: date,
    follows: Case | None = None,
) -> Case:
    """Open a case and record it."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    case = Case.objects.create(
        member=member,
        code=selectors.next_case_code(),
        edition=edition,
        step=aim.code,
        opened_at=timezone.now(),
        opened_by=by,
        follows=follows,
    )
    keys = tuple(breach.key for breach in breaches)
    before = follows.code if follows else None
    event = events.CaseOpened(
        member=member.code,
        case=case.code,
        edition=edition.code,
        step=aim.code,
        breaches=keys,
        follows=before,
    )
    entry = ledger.record(event, subject=case, actor=by, on=on)
    what = facts.CaseOpened(edition=edition.code, step=aim.code, breaches=keys, follows=before)
    members.state(what, member=member, about_on=on, entry=entry, key=case.code)
    return case


def _called_now(breach: Breach, edition: Document) -> str:
    """Return what the rule of a breach is called in an edition that may be a later one."""
    under = breach.edition.document
    rule, editions = under.breach(breach.rule), rulebooks.adopted_documents()
    return called_now(editions, rule, under=under, now=edition)


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


def _require_no_other(member: Member, ladder: Ladder, on: date) -> None:
    steps = [step.code for step in ladder.steps]
    cases = Case.objects.filter(member=member, step__in=steps)
    pending = cases.with_stage(on).filter(stage__in=UNDECIDED)
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
    breaches = case.stands_on.select_related("edition").order_by("arose_on", "pk")
    rules = [(breach, breach.edition.document.breach(breach.rule)) for breach in breaches]
    return [(rule.title, breach.because, rule.clause) for breach, rule in rules]
