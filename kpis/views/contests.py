"""Provisional scores: shown to members, contested, answered."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.rules import Permission
from accounts.templatetags.pages import day
from kpis import services
from kpis.access import classes_seen
from kpis.forms.contests import ContestAnswerForm, ContestForm
from kpis.models import Contest, Scorecard, ScoreRun
from kpis.views.scorecards import scorecard_page
from members import access


@login_required
@require_POST
def show(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ScoreRun.objects.visible_to(request.user), pk=pk)
    try:
        run = services.show_run(run_id=found.pk, by=request.user, on=timezone.localdate())
    except services.CannotShow as error:
        messages.error(request, f"Not shown: {error}.")
    else:
        until = day(run.contest_until)
        messages.success(request, f"Members see their scores, and can contest them until {until}.")
    return redirect(found)


@login_required
@require_POST
def contest(request: HttpRequest, pk: int) -> HttpResponse:
    card = _card(request, pk)
    access.require(request.user, Permission.SCORE_CONTEST, member=card.member)
    allowed = classes_seen(request.user, card.member)
    form = ContestForm(request.POST, edition=card.edition.document, allowed=allowed)
    if not form.is_valid():
        return scorecard_page(request, card, contest_form=form, status=422)
    try:
        services.contest_score(
            run_id=card.run_id,
            member=card.member,
            by=request.user,
            on=timezone.localdate(),
            **form.cleaned_data,
        )
    except services.CannotContest as error:
        form.add_error(None, f"Not taken: {error}.")
        return scorecard_page(request, card, contest_form=form, status=422)
    messages.success(request, "The contest is filed. The secretariat answers it with reasons.")
    return redirect(card)


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    found = _contest(request, pk)
    access.require(request.user, Permission.CONTEST_ANSWER)
    form = ContestAnswerForm(request.POST)
    if not form.is_valid():
        return scorecard_page(request, found.card(), answer_form=(found.pk, form), status=422)
    try:
        services.answer_contest(
            contest_id=found.pk, by=request.user, on=timezone.localdate(), **form.cleaned_data
        )
    except services.CannotContest as error:
        messages.error(request, f"Not answered: {error}.")
    else:
        messages.success(request, "The contest is answered; the letter waits in the outbox.")
    return redirect(found.card())


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = _contest(request, pk)
    try:
        services.withdraw_contest(contest_id=found.pk, by=request.user, on=timezone.localdate())
    except services.CannotContest as error:
        messages.error(request, f"Not withdrawn: {error}.")
    else:
        messages.success(request, "The contest is withdrawn.")
    return redirect(found.card())


def _card(request: HttpRequest, pk: int) -> Scorecard:
    parts = ("member__organisation", "run", "period", "edition", "of_return")
    return get_object_or_404(
        Scorecard.objects.visible_to(request.user).select_related(*parts), pk=pk
    )


def _contest(request: HttpRequest, pk: int) -> Contest:
    rows = Contest.objects.visible_to(request.user).select_related("run__edition", "member")
    return get_object_or_404(rows, pk=pk)
