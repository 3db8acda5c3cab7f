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
from governance.forms import AdmissionForm, VoteForm
from governance.models import AdmissionDecision
from governance.rules import NotAsked
from governance.selectors import Asked
from members import selectors as members
from members import services as membership
from members.models import Application
from members.views.dossier import dossier
from members.views.scrutiny import as_download
from members.views.stages import STAGE_WORDS, stage_look


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
    context = {
        "application": found,
        "admission": found.admission,
        "member_class": document.member_class(found.member_class),
        "chamber": document.chamber(found.chamber),
        "course": course,
        "stage": STAGE_WORDS[course.stage],
        "look": stage_look(course.stage),
        "asked": selectors.asked_about(found, on=today),
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
    today = timezone.localdate()
    asked = next((a for a in selectors.awaiting(on=today) if a.application.pk == pk), None)
    if asked is None:
        raise Http404("no application of that number awaits a body")
    form = AdmissionForm(request.POST or None, asked=asked, today=today)
    vote_form = _vote_form(request, asked)
    context = {"asked": asked, "form": form, "vote_form": vote_form, "today": today}
    context["name"] = selectors.body_names().get(asked.body, asked.body)
    if request.method != "POST":
        return render(request, "governance/record_admission.html", context)
    if not all([form.is_valid(), vote_form is None or vote_form.is_valid()]):
        return render(request, "governance/record_admission.html", context, status=400)
    said = form.cleaned_data
    try:
        services.record_admission(
            application_id=pk, outcome=said["outcome"], reasons=said["reasons"],
            criterion=said.get("criterion", ""), conditions=form.conditions(),
            vote=vote_form and vote_form.vote(), by=request.user, on=said["taken_on"],
        )  # fmt: skip
    except NotAsked as error:
        form.add_error(None, f"{str(error)[:1].upper()}{str(error)[1:]}.")
        return render(request, "governance/record_admission.html", context, status=409)
    messages.success(request, "Recorded. The secretariat carries it out next.")
    return redirect("governance:admissions")


def _vote_form(request: HttpRequest, asked: Asked) -> VoteForm | None:
    if asked.rule is None:
        return None
    document = asked.application.edition.document
    names = {chamber.code: chamber.name for chamber in document.chambers}
    body = document.body(asked.body)
    return VoteForm(request.POST or None, body=body, rule=asked.rule, names=names, prefix="vote")


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
