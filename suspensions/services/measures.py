"""Carrying out what a body decided; the appeal against it; its end."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.rules import Permission
from governance import selectors as governance
from governance.models import Decision
from governance.rules import ASKED, Decided
from ledger import services as ledger
from members import access
from members import services as members
from members.models import Span
from rulebooks.rules import facts
from rulebooks.rules.terms import add_days, after
from rulebooks.rules.timeline.changes import Kind
from suspensions import events, selectors
from suspensions.access import locked_case
from suspensions.models import Case, Paper
from suspensions.rules import decisions
from suspensions.rules.procedure import Action, IllegalAction, next_stage
from suspensions.services import papers


@transaction.atomic
def carry_out(
    *, case_id: int, decision: int, by: User, on: date, effective_on: date | None = None
) -> Case:
    """Carry out what the body decided: impose the measure from ``effective_on``, or dismiss.

    ``decision`` is the ledger entry of that decision. The time to appeal runs from ``on``, the
    day the member is told, and the measure holds from ``on`` unless from a later day.

    :raises PermissionDenied: ``by`` may not carry out decisions.
    :raises governance.selectors.NotADecision: the entry is not the decision of a body.
    :raises IllegalAction: the decision does not fit the case, its body or its days.
    """
    access.require(by, Permission.DECISION_CARRY_OUT)
    case = locked_case(case_id, by=by, on=on)
    decided, action = _decided(case, decision, on)
    next_stage(case.code, case.stage, action)
    _require_action(case, action, Action.IMPOSE, Action.DISMISS)
    decisions.require_heard(case.code, case.aim, case.stage)
    effective_on = effective_on or on
    decisions.require_not_before(effective_on, on, case.code)
    paper = papers.add(Paper.Sort.MEASURE, case=case, text=_reasons(decision), by=by, on=on)
    event = events.DecisionCarriedOut(
        member=case.member.code,
        case=case.code,
        decision=decision,
        outcome=decided.outcome.value,
        effective_on=effective_on,
    )
    entry = ledger.record(event, subject=case, actor=by, on=on)
    what = facts.DecisionTaken(outcome=decided.outcome.value, effective_on=effective_on)
    members.state(what, member=case.member, about_on=on, entry=entry, key=case.code)
    step = case.aim
    papers.tell(
        "case-measure" if action == Action.IMPOSE else "case-dismissed",
        case=case,
        on=on,
        text=paper.text,
        effective_on=effective_on,
        appeal_until=add_days(on, step.appeal_days),
        lost=_lost(case, effective_on),
    )
    return case


@transaction.atomic
def apply_step(*, case_id: int, reasons: str, by: User, on: date) -> Case:
    """Record that an automatic step holds from ``on``: its notice was served, nothing was cured.

    No body decides it, so every notice says what the step leaves out of due process.

    :raises PermissionDenied: ``by`` may not carry out decisions.
    :raises IllegalAction: the step is a proposal to a body, it is too early, or no reason is given.
    """
    access.require(by, Permission.DECISION_CARRY_OUT)
    case = locked_case(case_id, by=by, on=on)
    next_stage(case.code, case.stage, Action.APPLY)
    step = case.aim
    if step.acts != "automatic":
        raise IllegalAction(f"{step.name} in {case.code} is for {step.decided_by} to decide")
    decisions.require_heard(case.code, step, case.stage)
    paper = papers.add(Paper.Sort.MEASURE, case=case, text=reasons, by=by, on=on)
    event = events.StepApplied(
        member=case.member.code, case=case.code, step=step.code, effective_on=on
    )
    entry = ledger.record(event, subject=case, actor=by, on=on)
    what = facts.DecisionTaken(outcome="impose", effective_on=on)
    members.state(what, member=case.member, about_on=on, entry=entry, key=case.code)
    papers.tell(
        "case-measure",
        case=case,
        on=on,
        text=paper.text,
        effective_on=on,
        appeal_until=add_days(on, step.appeal_days),
        lost=_lost(case, on),
    )
    return case


def _lost(case: Case, effective_on: date) -> list[tuple[str, date]]:
    """Return the rights that the case's step takes, by name, each with its day."""
    document = case.edition.document
    return [
        (document.right(lost.right).name, lost.lost_on(effective_on))
        for lost in case.aim.rights_lost
    ]


@transaction.atomic
def file_appeal(*, case_id: int, text: str, by: User, on: date) -> Case:
    """Appeal for the member within the time to do so.

    :raises PermissionDenied: ``by`` is neither a signatory nor an adviser of the member.
    :raises IllegalAction: no measure was imposed, the time has run out, or it is empty.
    """
    case = locked_case(case_id, by=by, on=on)
    access.require(by, Permission.CASE_APPEAL, member=case.member)
    next_stage(case.code, case.stage, Action.FILE_APPEAL)
    papers.add(Paper.Sort.APPEAL, case=case, text=text, by=by, on=on)
    event = events.AppealFiled(member=case.member.code, case=case.code)
    entry = ledger.record(event, subject=case, actor=by, on=on)
    what = facts.AppealFiled()
    members.state(what, member=case.member, about_on=on, entry=entry, key=case.code)
    papers.tell("appeal-received", case=case, on=on)
    return case


@transaction.atomic
def decide_appeal(*, case_id: int, decision: int, by: User, on: date) -> Case:
    """Carry out what another body decided on the appeal: upheld, or set aside.

    :raises PermissionDenied: ``by`` may not carry out decisions.
    :raises governance.selectors.NotADecision: the entry is not the decision of a body.
    :raises IllegalAction: the decision does not fit the case, its body or its days.
    """
    access.require(by, Permission.DECISION_CARRY_OUT)
    case = locked_case(case_id, by=by, on=on)
    decided, action = _decided(case, decision, on)
    next_stage(case.code, case.stage, action)
    _require_action(case, action, Action.UPHOLD, Action.SET_ASIDE)
    text = _reasons(decision)
    papers.add(Paper.Sort.APPEAL_DECISION, case=case, text=text, by=by, on=on)
    event = events.AppealDecided(
        member=case.member.code,
        case=case.code,
        decision=decision,
        outcome=decided.outcome.value,
    )
    entry = ledger.record(event, subject=case, actor=by, on=on)
    what = facts.AppealDecided(outcome=decided.outcome.value)
    members.state(what, member=case.member, about_on=on, entry=entry, key=case.code)
    set_aside = action == Action.SET_ASIDE
    papers.tell("appeal-decided", case=case, on=on, text=text, set_aside=set_aside)
    return case


@transaction.atomic
def lift(*, case_id: int, decision: int, by: User, on: date) -> Case:
    """Reinstate the member from ``on``, as the body decided; on probation where the step says so.

    :raises PermissionDenied: ``by`` may not carry out decisions.
    :raises governance.selectors.NotADecision: the entry is not the decision of a body.
    :raises IllegalAction: the decision does not fit the case, its body or its days.
    """
    access.require(by, Permission.DECISION_CARRY_OUT)
    case = locked_case(case_id, by=by, on=on)
    _, action = _decided(case, decision, on)
    next_stage(case.code, case.stage, action)
    _require_action(case, action, Action.LIFT)
    _require_way_back(case, on)
    way = case.aim.reinstatement
    until = after(on, way.probation) if way and way.probation else None
    text = _reasons(decision)
    papers.add(Paper.Sort.REINSTATEMENT, case=case, text=text, by=by, on=on)
    event = events.MeasureLifted(
        member=case.member.code, case=case.code, decision=decision, probation_until=until
    )
    entry = ledger.record(event, subject=case, actor=by, on=on)
    what = facts.MeasureLifted(probation_until=until)
    members.state(what, member=case.member, about_on=on, entry=entry, key=case.code)
    papers.tell("case-lifted", case=case, on=on, text=text, probation_until=until)
    return case


def _require_way_back(case: Case, on: date) -> None:
    """Refuse to lift a measure before the member has gone the way back that its step asks for."""
    decisions.require_reinstatement(case.code, case.aim, **selectors.gone(case, on=on), on=on)


def _decided(case: Case, decision: int, on: date) -> tuple[Decided, Action]:
    """Return what the ledger entry ``decision`` decides in a case, and the act it calls for."""
    decided = governance.decision(decision)
    asked = governance.matter(case.code, on=on)
    action = decisions.require_decides(
        decided,
        case=case.code,
        member=case.member.code,
        stage=case.stage,
        awaited_from=_awaited_from(case),
        decided_by=asked.decided_by if asked else case.aim.decided_by,
        hearing=asked and asked.deciders,
        on=on,
    )
    return decided, action


def _awaited_from(case: Case) -> date:
    """Return the first day on which a body could decide what is asked at the case's stage."""
    question = ASKED.get(case.stage or "")
    stages = [stage for stage, other in ASKED.items() if other == question]
    spans = Span.objects.of(Kind.CASE).filter(member=case.member, key=case.code, state__in=stages)
    first = spans.order_by("from_on").values_list("from_on", flat=True).first()
    return first or date.max


def _reasons(decision: int) -> str:
    """Return the reasons of a decision with the standard of proof that it was held to."""
    found = Decision.objects.get(entry=decision)
    return f"{found.reasons}\n\n{found.proof}" if found.proof else found.reasons


def _require_action(case: Case, action: Action, *allowed: Action) -> None:
    if action not in allowed:
        raise IllegalAction(f"this decision asks to {action} in {case.code}: carry it out as such")
