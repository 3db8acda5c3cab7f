"""Applications before a body: read by those who sit on it, decided there, recorded, carried out."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from accounts.rules import Permission
from governance import selectors, services
from governance.forms import AdmissionForm
from governance.models import AdmissionDecision
from governance.rules import NotAsked, voting
from governance.selectors import Asked
from governance.views.votes import called, earlier_votes, shown, vote_form
from members import selectors as members
from members import services as membership
from members.models import Application
from members.views.dossier import dossier
from members.views.scrutiny import as_download
from members.views.stages import STAGE_WORDS, stage_look

PAGE = "governance/record_admission.html"


def _before(request: HttpRequest) -> dict[int, Application]:
    rows = selectors.before_bodies_of(request.user, on=timezone.localdate())
    return {row.pk: row for row in rows}


@require_safe
@login_required
def admissions(request: HttpRequest) -> HttpResponse:
    today, read = timezone.localdate(), _before(request)
    records = access.can(request.user, Permission.DECISION_RECORD)
    decides = access.can(request.user, Permission.APPLICATION_DECIDE)
    if not (read or records or decides or selectors.sits(request.user, on=today)):
        raise PermissionDenied("applications are for the bodies that decide on them, and the staff")
    names = selectors.body_names()
    rows = [
        (asked, names.get(asked.body, asked.body), STAGE_WORDS[asked.course.stage])
        for asked in selectors.awaiting(on=today)
        if records or decides or asked.application.pk in read
    ]
    recorded = AdmissionDecision.objects.visible_to(request.user)
    context = {
        "rows": rows,
        "records": records,
        "reads": set(read) if not decides else {asked.application.pk for asked, _, _ in rows},
        "recorded": recorded.select_related("application", "body").order_by("-pk")[:20],
        "undone": set(selectors.to_carry_out(request.user).values_list("pk", flat=True)),
        "may_open": decides,
        "today": today,
    }
    return render(request, "governance/admissions.html", context)


@require_safe
@login_required
def admission(request: HttpRequest, pk: int) -> HttpResponse:
    """What those read who decide on it; what was decided, and whether it was carried out."""
    found, staff = _readable(request, pk)
    today, document = timezone.localdate(), found.edition.document
    course = members.course_of(found, on=today)
    decisions = selectors.decisions_on(found)
    asked, names = selectors.asked_about(found, on=today), selectors.body_names()
    context = {
        "application": found,
        "admission": found.admission,
        "member_class": document.member_class(found.member_class),
        "chamber": document.chamber(found.chamber),
        "course": course,
        "stage": STAGE_WORDS[course.stage],
        "look": stage_look(course.stage),
        "asked": asked,
        "earlier": earlier_votes(asked.earlier, called(names, asked.rule)) if asked else [],
        "decisions": [(one, selectors.is_done(one)) for one in decisions],
        "checks": _checks(found),
        "comments": selectors.comments_on(found),
        "past": members.past_of(found, on=today),
        "appeal": getattr(found, "appeal", None),
        "carries_out": staff,
        "today": today,
        **dossier(found, reader="staff" if staff else "body"),
    }
    return render(request, "governance/admission.html", context)


def _readable(request: HttpRequest, pk: int) -> tuple[Application, bool]:
    """Return an application and whether it is read as staff; 404 for whoever may not know it."""
    if access.can(request.user, Permission.APPLICATION_DECIDE):
        return get_object_or_404(Application.objects.visible_to(request.user), pk=pk), True
    found = _before(request).get(pk)
    if found is None:
        raise Http404("no such application is before a body of yours")
    return found, False


def _checks(found: Application) -> list:
    latest = {check.item: check for check in found.checks.order_by("pk")}
    return [(item, latest.get(item.code)) for item in found.admission.due_diligence]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def record(request: HttpRequest, pk: int) -> HttpResponse:
    access.require(request.user, Permission.DECISION_RECORD)
    today, names = timezone.localdate(), selectors.body_names()
    asked = next((a for a in selectors.awaiting(on=today) if a.application.pk == pk), None)
    if asked is None:
        raise Http404("no application of that number awaits a body")
    form = AdmissionForm(request.POST or None, asked=asked, today=today)
    votes = asked.rule and vote_form(request, asked.edition, asked.body, asked.rule, asked.turn)
    context = {"asked": asked, "form": form, "vote_form": votes, "today": today}
    context["name"] = names.get(asked.body, asked.body)
    context["instead_of"] = asked.instead_of and names.get(asked.first, asked.first)
    context["earlier"] = earlier_votes(asked.earlier, called(names, asked.rule))
    if request.method != "POST":
        return render(request, PAGE, context)
    if "work_out" in request.POST:
        return _worked_out(request, asked, context, names)
    if "keep" in request.POST:
        return _kept(request, asked, context)
    if not all([form.is_valid(), votes is None or votes.is_valid()]):
        return render(request, PAGE, context, status=400)
    said = form.cleaned_data
    try:
        services.record_admission(
            application_id=pk, outcome=said["outcome"], reasons=said["reasons"],
            criterion=said.get("criterion", ""), conditions=form.conditions(),
            vote=votes and votes.vote(), by=request.user, on=said["taken_on"],
        )  # fmt: skip
    except NotAsked as error:
        context |= shown(getattr(error, "came", None), names)
        return _refused(request, context, error)
    messages.success(request, "Recorded. The secretariat carries it out next.")
    return redirect("governance:admissions")


def _worked_out(request: HttpRequest, asked: Asked, context: dict, names: dict) -> HttpResponse:
    """Show what the votes come to; nothing is recorded."""
    form, votes = context["form"], context["vote_form"]
    form.errors.clear()
    taken_on = form.cleaned_data.get("taken_on") or timezone.localdate()
    if votes is None or not votes.is_valid():
        return render(request, PAGE, context, status=400)
    try:
        came = voting.come_of(
            asked.edition, asked.body, asked.question.code, votes.vote(),
            instead_of=asked.instead_of,
            sitting=selectors.sitting(asked.edition, asked.body, on=taken_on),
        )  # fmt: skip
    except NotAsked as error:
        return _refused(request, context, error)
    return render(request, PAGE, context | shown(came, called(names, asked.rule)))


def _kept(request: HttpRequest, asked: Asked, context: dict) -> HttpResponse:
    """Record a vote that decides nothing yet, and go on to the next one."""
    form, votes = context["form"], context["vote_form"]
    for name in [name for name in form.errors if name != "taken_on"]:
        form.errors.pop(name)
    if form.errors or votes is None or not votes.is_valid():
        return render(request, PAGE, context, status=400)
    application, on = asked.application, form.cleaned_data["taken_on"]
    try:
        services.record_admission_round(
            application_id=application.pk, vote=votes.vote(), by=request.user, on=on
        )
    except NotAsked as error:
        return _refused(request, context, error)
    messages.success(request, f"The vote is recorded. {application.code} goes on from there.")
    return redirect("governance:record-admission", pk=application.pk)


def _refused(request: HttpRequest, context: dict, error: NotAsked) -> HttpResponse:
    context["form"].add_error(None, f"{str(error)[:1].upper()}{str(error)[1:]}.")
    return render(request, PAGE, context, status=409)


@require_POST
@login_required
def carry_out(request: HttpRequest, pk: int) -> HttpResponse:
    decided = get_object_or_404(AdmissionDecision.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.APPLICATION_DECIDE)
    try:
        application = services.carry_out_admission(
            decision_id=pk, by=request.user, on=timezone.localdate()
        )
    except (services.AlreadyDone, membership.NotOpen, membership.NotDecided) as error:
        messages.error(request, f"Nothing has changed: {error}.")
        return redirect("governance:admission", pk=decided.application_id)
    messages.success(request, f"Carried out: {application.name} is {application.outcome}.")
    return redirect("members:application", pk=application.pk)


@require_safe
@login_required
def document(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    found, staff = _readable(request, pk)
    shown = dossier(found, reader="staff" if staff else "body")["documents"]
    kept = next((one for _, one in shown if one.pk == document), None)
    if kept is None:
        raise Http404("no such document")
    return as_download(kept.name, bytes(kept.content))


@require_safe
@login_required
def evidence(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    found, _ = _readable(request, pk)
    kept = selectors.evidence_of(found, comment)
    if kept is None:
        raise Http404("the comment has no file")
    return as_download(kept.file_name, bytes(kept.file_content))
