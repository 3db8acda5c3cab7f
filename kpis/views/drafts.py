"""Filling in a return."""

from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rules import Permission
from kpis import selectors, services
from kpis.forms.returns import ReasonForm, ReturnForm
from kpis.models import Evidence, Return
from kpis.rules.reading import words
from members import access
from members.models import Member
from targets import selectors as targets
from targets.models import Period

REFUSALS = (targets.CannotFile, services.NotNow, services.NoSuchKpi)
FILE_REFUSALS = (*REFUSALS, services.EmptyFile, services.FileTooLarge, services.NotForThisKpi)


@require_POST
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Begin the return of a member for a period, or go on with it."""
    members = Member.objects.visible_to(request.user).select_related("organisation")
    member = get_object_or_404(members, code=request.POST.get("member", ""))
    periods = Period.objects.select_related("edition")
    period = get_object_or_404(periods, code=request.POST.get("period", ""))
    try:
        begun = services.start_return(
            member=member, period=period, by=request.user, on=targets.filing_day(period)
        )
    except REFUSALS as error:
        messages.error(request, f"{sentence(error)}.")
        return redirect("kpis:returns")
    return redirect("kpis:edit", begun.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in a draft: everything on one page, saved as often as one likes."""
    drafts = Return.objects.visible_to(request.user).with_context()
    draft = get_object_or_404(drafts, pk=pk)
    access.require(request.user, Permission.RETURN_EDIT, member=draft.member)
    if request.method != "POST" and draft.status != Return.Status.DRAFT:
        return redirect(draft)
    form = _form(request, draft)
    if request.method == "POST" and _saved(request, draft, form):
        if request.POST.get("then") != "submit":
            messages.success(request, "Saved. Nothing has been submitted yet.")
            return redirect("kpis:edit", pk)
        if _submitted(request, draft, form):
            return redirect(draft)
    draft.refresh_from_db(fields=["saved_at", "saved_by", "status"])
    if not form.needed:
        form.show_needs(selectors.still_missing(draft))
    return render(request, "kpis/return_edit.html", _context(draft, form))


def _form(request: HttpRequest, draft: Return) -> ReturnForm:
    sent = request.method == "POST"
    form = ReturnForm(
        draft,
        typed={} if sent else selectors.typed_in(draft),
        before=selectors.values_before(draft.member, draft.period)[1],
        data=request.POST if sent else None,
        files=request.FILES if sent else None,
    )
    if not sent:
        form.show(selectors.unread_problems(draft))
    return form


def _saved(request: HttpRequest, draft: Return, form: ReturnForm) -> bool:
    """Save files and answers, and say at its field whatever could not be; True when all was."""
    acts = {"by": request.user, "on": targets.filing_day(draft.period)}
    for question, file, covers_from, covers_until in form.uploads():
        try:
            services.add_evidence(
                return_id=draft.pk,
                kpi=question.kpi.code,
                file=file,
                covers_from=covers_from,
                covers_until=covers_until,
                **acts,
            )
        except FILE_REFUSALS as error:
            question.evidence.add_error("files", f"{file.name}: {error}")
    try:
        for evidence_id in form.removals():
            with suppress(Evidence.DoesNotExist):  # it is gone already, as was asked
                services.remove_evidence(evidence_id=evidence_id, **acts)
        saved = services.save_draft(return_id=draft.pk, typed=form.typed(), seen=form.seen, **acts)
    except services.ChangedMeanwhile as error:
        form.problem = f"{error}. Look at them, then save again."
        form.show(_saved_meanwhile(draft, error.kpis))
        return False
    except REFUSALS as error:
        form.problem = f"{sentence(error)}. What you typed stands below and is not saved."
        return False
    form.show(saved.problems)
    return not form.errors


def _saved_meanwhile(draft: Return, kpis: tuple[str, ...]) -> dict[str, dict[str, str]]:
    answers = selectors.answers_of(draft)
    said = {code: words(answers[code]) for code in kpis if code in answers}
    return {code: {"": f"Saved meanwhile: {said.get(code) or 'another answer'}"} for code in kpis}


def _submitted(request: HttpRequest, draft: Return, form: ReturnForm) -> bool:
    try:
        on = targets.filing_day(draft.period)
        services.submit(return_id=draft.pk, by=request.user, on=on)
    except services.Incomplete as error:
        form.show_needs(error.missing, as_errors=True)
    except REFUSALS as error:
        form.problem = f"{sentence(error)}."
    else:
        messages.success(request, "Submitted. It counts as filed once a signatory has signed it.")
        return True
    return False


def _context(draft: Return, form: ReturnForm) -> dict:
    before, _ = selectors.values_before(draft.member, draft.period)
    return {
        "draft": draft,
        "form": form,
        "before": before,
        "window": targets.window(draft.member, draft.period),
        "extension": targets.extension(draft.member, draft.period),
        "sent_back": selectors.last_sent_back(draft),
        "signatories": selectors.signatories(draft.member, on=timezone.localdate()),
        "today": timezone.localdate(),
        **selectors.upload_limits(),
    }


@require_POST
@login_required
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the correction of a filed return."""
    filed = get_object_or_404(Return.objects.visible_to(request.user), pk=pk)
    form = ReasonForm(request.POST)
    try:
        correction = services.start_correction(
            return_id=filed.pk,
            reason=form.cleaned_data["reason"] if form.is_valid() else "",
            by=request.user,
            on=targets.filing_day(filed.period),
        )
    except REFUSALS as error:
        messages.error(request, f"{sentence(error)}.")
        return redirect(filed)
    return redirect("kpis:edit", correction.pk)


def sentence(error: Exception) -> str:
    """Return an error as the beginning of a sentence."""
    return str(error)[:1].upper() + str(error)[1:]
