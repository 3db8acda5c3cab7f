"""Applications: filed by an organisation's own people, decided by the secretariat."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rules import Permission
from members import access, selectors, services
from members.forms import (
    ApplicationForm,
    CheckForm,
    RefusalForm,
    SettleForm,
    SubstanceForm,
    TieForm,
)
from members.models import Application, Member, Objection
from members.views.dossier import dossier
from members.views.stages import STAGE_WORDS, stage_look
from rulebooks import selectors as rulebooks
from rulebooks.rules.joining import Admission

PAGE = 100


@login_required
@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = Application.objects.visible_to(request.user).select_related("organisation").distinct()
    decides = access.can(request.user, Permission.APPLICATION_DECIDE)
    files = selectors.may_apply_for(request.user).exists()
    if not (decides or files or rows.exists()):
        raise PermissionDenied("applications are for applicants and the secretariat")
    context = {
        "waiting": [
            (row, course, STAGE_WORDS[course.stage], _place(row))
            for row, course in selectors.with_courses(rows.undecided(), on=today)
        ],
        "decided": rows.exclude(decided_at=None)
        .exclude(appeal__outcome="")
        .order_by("-decided_at", "-pk")[:PAGE],
        "decides": decides,
        "may_file": files,
        "today": today,
    }
    return render(request, "members/applications.html", context)


def _place(application: Application) -> tuple[str, str]:
    """Return class and chamber by their names."""
    document = application.edition.document
    chamber = document.chamber(application.chamber)
    return document.member_class(application.member_class).name, chamber.name


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    organisations = selectors.may_apply_for(request.user)
    if not organisations.exists():
        raise PermissionDenied("only somebody who belongs to an organisation can apply for it")
    today = timezone.localdate()
    try:
        edition = rulebooks.edition_in_force(today)
    except rulebooks.NoEdition:
        messages.error(request, "No edition of the rulebook is in force yet; nobody can apply.")
        return redirect("members:applications")
    form = ApplicationForm(
        request.POST if request.method == "POST" else None,
        edition=edition.document,
        organisations=organisations,
    )
    if request.method == "POST" and form.is_valid():
        member_class, chamber = form.cleaned_data["place"]
        try:
            application = services.file_application(
                organisation=form.cleaned_data["organisation"],
                member_class=member_class,
                chamber=chamber,
                statement=form.cleaned_data["statement"],
                by=request.user,
                on=today,
            )
        except services.NotOpen as error:
            form.add_error(None, f"Nothing was filed: {error}.")
        else:
            messages.success(request, "The application is filed. The secretariat decides on it.")
            return redirect("members:application", pk=application.pk)
    return render(request, "members/apply.html", {"form": form, "edition": edition})


@login_required
@require_safe
def application(request: HttpRequest, pk: int) -> HttpResponse:
    return application_page(request, find(request, pk))


def find(request: HttpRequest, pk: int) -> Application:
    """Return an application that the user may read, or answer 404."""
    rows = Application.objects.visible_to(request.user).distinct()
    return get_object_or_404(
        rows.select_related("organisation", "edition", "filer", "decided_by", "appeal"), pk=pk
    )


def application_page(
    request: HttpRequest, found: Application, *, status: int = 200, **forms
) -> HttpResponse:
    """Show an application; ``forms`` are those that came back with something to change."""
    content, today = found.edition.document, timezone.localdate()
    member_class, admission = content.member_class(found.member_class), found.admission
    course = selectors.course_of(found, on=today)
    may_decide = access.can(request.user, Permission.APPLICATION_DECIDE)
    visible = Member.objects.visible_to(request.user)
    context = {
        "application": found,
        "member_class": member_class,
        "chamber": content.chamber(found.chamber),
        "rights": [content.right(code) for code in member_class.rights],
        "requirements": content.requirements_of(found.member_class),
        "admission": admission,
        "course": course,
        "stage": STAGE_WORDS[course.stage],
        "look": stage_look(course.stage),
        "decides": may_decide and not found.outcome and _by_the_office(admission),
        "criterion": found.criterion and admission.criterion(found.criterion),
        "member": visible.filter(organisation=found.organisation).first(),
        "people": _people(found),
        "form": forms.get("form") or RefusalForm(admission=admission),
        "today": today,
        **(dossier(found) if may_decide else {}),
        **(_scrutiny(request, found, forms) if may_decide else {}),
    }
    return render(request, "members/application.html", context, status=status)


def _by_the_office(admission: Admission | None) -> bool:
    return admission is None or admission.decided_by is None


def _people(found: Application):
    if found.organisation is None:
        return []
    return found.organisation.affiliations.select_related("user").order_by("pk")


def _scrutiny(request: HttpRequest, found: Application, forms: dict) -> dict:
    """What the staff do with an application before it is decided."""
    open_one, user = not found.outcome, request.user
    latest = {
        check.item: check for check in found.checks.select_related("checked_by").order_by("pk")
    }
    items = found.admission.due_diligence if found.admission else ()
    comments = Objection.objects.visible_to(user).filter(application=found).defer("file_content")
    return {
        "alike": selectors.organisations_alike(found) if open_one else [],
        "evident": selectors.evident(found, on=timezone.localdate())
        if open_one and found.organisation is None
        else [],
        "doubles": selectors.applications_alike(found) if open_one else [],
        "tie": selectors.tie_of(found, user) if open_one else "",
        "ties": found.ties.select_related("user").order_by("-pk"),
        "tie_form": forms.get("tie_form") or TieForm(prefix="tie"),
        "checklist": [(item, latest.get(item.code), CheckForm(prefix=item.code)) for item in items],
        "comments": comments.select_related("member__organisation").order_by("pk"),
        "substance_form": SubstanceForm(),
        "settle_form": SettleForm(),
        "open": open_one,
        "past": selectors.past_of(found, on=timezone.localdate()),
        "scrutinises": True,
    }


@login_required
@require_POST
def admit(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    access.require(request.user, Permission.APPLICATION_DECIDE)
    try:
        member = services.admit(application_id=found.pk, by=request.user, on=timezone.localdate())
    except (services.NotOpen, services.NotDecided) as error:
        messages.error(request, f"Nothing has changed: {error}.")
        return redirect("members:application", pk=pk)
    messages.success(request, f"{member.name} is member {member.code} from today.")
    return redirect("members:people", code=member.code)


@login_required
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    access.require(request.user, Permission.APPLICATION_DECIDE)
    form = RefusalForm(request.POST, admission=found.admission)
    if not form.is_valid():
        return application_page(request, found, form=form)
    try:
        services.refuse(
            application_id=found.pk,
            reason=form.cleaned_data["reason"],
            criterion=form.cleaned_data.get("criterion", ""),
            by=request.user,
            on=timezone.localdate(),
        )
    except (services.NotOpen, services.NotDecided) as error:
        messages.error(request, f"Nothing has changed: {error}.")
    else:
        messages.success(request, f"The application of {found.name} is refused.")
    return redirect("members:application", pk=pk)
