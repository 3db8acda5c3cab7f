"""What a body decided about an application: recorded by its clerk, carried out by the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from accounts import access
from accounts.models import User
from accounts.rules import Permission
from governance import events, rules, selectors
from governance.models import AdmissionDecision, AdmissionRound, Body
from governance.rules import admissions, rounds, voting
from governance.rules.voting import Vote
from governance.selectors import Asked
from ledger import services as ledger
from members import services as members
from members.models import Application
from rulebooks.rules.decisions import Outcome
from rulebooks.rules.joining import Condition

MOST_CONDITIONS = 20


class AlreadyDone(ValueError):
    """The decision was carried out."""


@transaction.atomic
def record_admission(
    *,
    application_id: int,
    outcome: str,
    reasons: str,
    by: User,
    on: date,
    criterion: str = "",
    conditions: Sequence[Condition] = (),
    vote: Vote | None = None,
) -> AdmissionDecision:
    """Record what the body that the edition names decided on ``on`` about an application.

    It changes nothing by itself: the secretariat carries it out.

    :raises PermissionDenied: ``by`` may not record decisions.
    :raises rules.NotAsked: no body is asked that on ``on``, a step is still open, it has been
        decided, or reasons, criterion or conditions are not as the edition asks.
    :raises voting.NotCarried: the votes do not allow it.
    """
    access.require(by, Permission.DECISION_RECORD)
    rows = Application.objects.select_for_update(of=("self",)).select_related("edition")
    application = rows.get(pk=application_id, filed_at__isnull=False)
    asked = _asked(application, on)
    _require_answers(asked, outcome, reasons, criterion, conditions, on)
    body = _body(asked)
    came = _come_of(asked, vote, on)
    if came is not None:
        voting.require_carried(application.code, asked.question, outcome, came)
    event = events.AdmissionDecided(
        application=application.code,
        body=body.code,
        instead_of=asked.instead_of and asked.first,
        question=asked.question.code,
        outcome=outcome,
        criterion=criterion or None,
        due_on=tuple(condition.due_on for condition in conditions) or None,
        rule=came and came.rule,
        stage=came and came.stage,
        carried=came and came.passed,
        counts=came and voting.counts(came),
    )
    return AdmissionDecision.objects.create(
        application=application,
        body=body,
        question=asked.question.code,
        outcome=outcome,
        criterion=criterion,
        reasons=reasons.strip(),
        conditions=[
            {"text": c.text, "clause": c.clause, "due_on": str(c.due_on)} for c in conditions
        ],
        taken_on=on,
        carried=came and came.passed,
        vote=came and voting.as_stored(came),
        entry=ledger.record(event, subject=application, actor=by, on=on),
        recorded_by=by,
    )


def _require_answers(
    asked: Asked,
    outcome: str,
    reasons: str,
    criterion: str,
    conditions: Sequence[Condition],
    on: date,
) -> None:
    code, question = asked.application.code, asked.question
    if outcome not in question.outcomes:
        raise rules.NotAsked(f"{code} may be decided as {' or '.join(question.outcomes)}")
    _require_over(asked)
    if not reasons.strip():
        raise rules.NotAsked(f"a decision on {code} states its reasons")
    known = [one.code for one in asked.application.admission.criteria]
    if (outcome == "refuse") is not bool(criterion) or (criterion and criterion not in known):
        raise rules.NotAsked(f"a refusal, and nothing else, cites one of {', '.join(known)}")
    if conditions and outcome not in ("admit", "overturned"):
        raise rules.NotAsked("only whoever is admitted has conditions to meet")
    if len(conditions) > MOST_CONDITIONS or any(c.due_on <= on for c in conditions):
        raise rules.NotAsked(f"at most {MOST_CONDITIONS} conditions, each due after {on}")


def _require_over(asked: Asked) -> None:
    """Refuse to answer while a step of the edition is open."""
    if waits := asked.course.waits_for:
        code = asked.application.code
        raise rules.NotAsked(f"{code} cannot be decided on yet: {'; '.join(waits)}")


@transaction.atomic
def record_admission_round(
    *, application_id: int, vote: Vote, by: User, on: date
) -> AdmissionRound:
    """Record a vote of ``on`` that decides nothing: another stage follows, or another body.

    The next vote on the application is held to it.

    :raises PermissionDenied: ``by`` may not record decisions.
    :raises rules.NotAsked: no body is asked that on ``on``, a step is still open, the stage is not
        the next one, or that vote decides, or was no vote.
    """
    access.require(by, Permission.DECISION_RECORD)
    rows = Application.objects.select_for_update(of=("self",)).select_related("edition")
    application = rows.get(pk=application_id, filed_at__isnull=False)
    asked = _asked(application, on)
    _require_over(asked)
    body, came = _body(asked), _come_of(asked, vote, on)
    if came is None or came.state not in rounds.OPEN:
        said = voting.WORDS[came.state] if came else "taken without a rule"
        raise rules.NotAsked(
            f"the motion on {application.code} was {said}; no further vote follows from it"
        )
    event = events.AdmissionVoteCounted(
        application=application.code,
        body=body.code,
        question=asked.question.code,
        rule=came.rule,
        stage=came.stage,
        state=came.state.value,
        then=came.next,
        carried=came.passed,
        counts=voting.counts(came),
    )
    return AdmissionRound.objects.create(
        application=application,
        body=body,
        question=asked.question.code,
        taken_on=on,
        entry=ledger.record(event, subject=application, actor=by, on=on),
        recorded_by=by,
        **AdmissionRound.fields_of(came),
    )


def _asked(application: Application, on: date) -> Asked:
    asked = selectors.asked_about(application, on=on)
    if asked is None:
        raise rules.NotAsked(f"no body is asked about {application.code} on {on}")
    return asked


def _body(asked: Asked) -> Body:
    body = Body.objects.filter(code=asked.body).first()
    if body is None:
        raise rules.NotAsked(f"the body {asked.body} of the edition is not set up yet")
    return body


def _come_of(asked: Asked, vote: Vote | None, on: date) -> Outcome | None:
    """Return what the votes come to, None where the edition has no rule for them.

    :raises rules.NotAsked: the votes are missing, there is no rule for them, or it is not the turn
        of that stage.
    """
    code, rule = asked.application.code, asked.rule
    if rule is None and vote is None:
        return None
    if vote is None:
        raise rules.NotAsked(f"{asked.body} decides {code} by a vote; count it")
    if rule is not None:
        rounds.require_turn(code, rule, asked.body, vote.stage, asked.turn, on=on)
    return voting.come_of(
        asked.edition,
        asked.body,
        asked.question.code,
        vote,
        instead_of=asked.instead_of,
        sitting=selectors.sitting(asked.edition, asked.body, on=on),
    )


@transaction.atomic
def carry_out_admission(*, decision_id: int, by: User, on: date) -> Application:
    """Carry out what a body decided: admit on its conditions, refuse, or uphold a refusal.

    :raises PermissionDenied: ``by`` may not decide on applications.
    :raises AlreadyDone: it was carried out.
    :raises members.NotOpen: nobody has said which organisation the applicant is.
    :raises members.NotDecided: a step of the edition is open.
    """
    access.require(by, Permission.APPLICATION_DECIDE)
    rows = AdmissionDecision.objects.visible_to(by).select_for_update(of=("self",))
    decided = rows.select_related("application__edition").get(pk=decision_id)
    application = decided.application
    if selectors.is_done(decided):
        raise AlreadyDone(f"the decision on {application.code} was carried out")
    act = {"application_id": application.pk, "decision": decided.entry_id, "by": by, "on": on}
    if decided.outcome in (admissions.ADMISSION.motion, admissions.APPEAL.motion):
        members.admit(**act, conditions=decided.admitted_on)
    elif decided.outcome == admissions.ADMISSION.otherwise:
        members.refuse(**act, reason=decided.reasons, criterion=decided.criterion)
    else:
        members.uphold_refusal(**act, reasons=decided.reasons)
    application.refresh_from_db()
    return application
