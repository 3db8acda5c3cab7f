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
from members.forms import ApplicationForm, RefusalForm
from members.models import Application, Member
from rulebooks import selectors as rulebooks

PAGE = 100


@login_required
@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    rows = (
        Application.objects.visible_to(request.user)
        .select_related("organisation", "edition")
        .defer("edition__text")
        .distinct()
    )
    decides = access.can(request.user, Permission.APPLICATION_DECIDE)
    files = selectors.may_apply_for(request.user).exists()
    if not (decides or files or rows.exists()):
        raise PermissionDenied("applications are for applicants and the secretariat")
    context = {
        "waiting": rows.open().order_by("filed_at", "pk"),
        "decided": rows.exclude(decided_at=None).order_by("-decided_at", "-pk")[:PAGE],
        "decides": decides,
        "may_file": files,
        "today": timezone.localdate(),
    }
    return render(request, "members/applications.html", context)


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
    return _page(request, _find(request, pk), RefusalForm())


def _find(request: HttpRequest, pk: int) -> Application:
    rows = Application.objects.visible_to(request.user).distinct()
    return get_object_or_404(
        rows.select_related("organisation", "edition", "filed_by", "decided_by"), pk=pk
    )


def _page(request: HttpRequest, found: Application, form: RefusalForm) -> HttpResponse:
    content = found.edition.document
    member_class = content.member_class(found.member_class)
    visible = Member.objects.visible_to(request.user)
    context = {
        "application": found,
        "member_class": member_class,
        "chamber": content.chamber(found.chamber),
        "rights": [content.right(code) for code in member_class.rights],
        "requirements": content.requirements_of(found.member_class),
        "decides": access.can(request.user, Permission.APPLICATION_DECIDE) and not found.outcome,
        "member": visible.filter(organisation=found.organisation).first(),
        "people": found.organisation.affiliations.select_related("user").order_by("pk"),
        "form": form,
        "today": timezone.localdate(),
    }
    return render(request, "members/application.html", context)


@login_required
@require_POST
def admit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    access.require(request.user, Permission.APPLICATION_DECIDE)
    try:
        member = services.admit(application_id=found.pk, by=request.user, on=timezone.localdate())
    except services.NotOpen as error:
        messages.error(request, f"Nothing has changed: {error}.")
        return redirect("members:application", pk=pk)
    messages.success(request, f"{member.name} is member {member.code} from today.")
    return redirect("members:people", code=member.code)


@login_required
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    access.require(request.user, Permission.APPLICATION_DECIDE)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        services.refuse(
            application_id=found.pk,
            reason=form.cleaned_data["reason"],
            by=request.user,
            on=timezone.localdate(),
        )
    except services.NotOpen as error:
        messages.error(request, f"Nothing has changed: {error}.")
    else:
        messages.success(request, f"The application of {found.organisation} is refused.")
    return redirect("members:application", pk=pk)
