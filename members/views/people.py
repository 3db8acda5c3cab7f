"""Who acts for a member, who audits it, and which organisations there are."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rules import Permission
from members import access, selectors, services
from members.forms import AffiliationForm, AssignmentForm, MandateForm, OrganisationForm
from members.models import Assignment, Mandate, Member, Organisation
from members.rules import Post

PAGE = 50


@login_required
@require_safe
def people(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _find(request, code))


def _find(request: HttpRequest, code: str) -> Member:
    members = Member.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(members, code=code)


def _page(
    request: HttpRequest,
    member: Member,
    mandate_form: MandateForm | None = None,
    assignment_form: AssignmentForm | None = None,
) -> HttpResponse:
    context = {
        "member": member,
        "mandates": member.mandates.select_related("user").order_by("until_on", "from_on", "pk"),
        "assignments": member.assignments.select_related("user").order_by(
            "until_on", "from_on", "pk"
        ),
        "may_manage": access.can(request.user, Permission.MEMBER_MANAGE),
        "mandate_form": mandate_form or MandateForm(prefix="mandate"),
        "assignment_form": assignment_form or _assignment_form(),
        "today": timezone.localdate(),
    }
    return render(request, "members/people.html", context)


def _assignment_form(data=None) -> AssignmentForm:
    auditors = selectors.auditors(on=timezone.localdate())
    return AssignmentForm(data, prefix="assignment", auditors=auditors)


@login_required
@require_POST
def give_mandate(request: HttpRequest, code: str) -> HttpResponse:
    member = _find(request, code)
    access.require(request.user, Permission.MEMBER_MANAGE)
    form = MandateForm(request.POST, prefix="mandate")
    if form.is_valid():
        person = form.cleaned_data["user"]
        try:
            services.give_mandate(
                member=member,
                user=person,
                post=Post(form.cleaned_data["post"]),
                capacity=form.cleaned_data["capacity"],
                by=request.user,
                on=timezone.localdate(),
            )
        except services.ConflictOfInterest as error:
            form.add_error("user", f"{error}.")
        else:
            messages.success(request, f"{person.name} acts for {member.name} from today.")
            return redirect("members:people", code=code)
    return _page(request, member, mandate_form=form)


@login_required
@require_POST
def end_mandate(request: HttpRequest, pk: int) -> HttpResponse:
    mandates = Mandate.objects.visible_to(request.user).select_related("user", "member")
    mandate = get_object_or_404(mandates, pk=pk, until_on=None)
    access.require(request.user, Permission.MEMBER_MANAGE)
    try:
        services.end_mandate(mandate_id=pk, by=request.user, on=timezone.localdate())
    except Mandate.DoesNotExist:
        raise Http404("the mandate has ended meanwhile") from None
    messages.success(request, f"The mandate of {mandate.user.name} ended today.")
    return redirect("members:people", code=mandate.member.code)


@login_required
@require_POST
def assign_auditor(request: HttpRequest, code: str) -> HttpResponse:
    member = _find(request, code)
    access.require(request.user, Permission.MEMBER_MANAGE)
    form = _assignment_form(request.POST)
    if form.is_valid():
        person = form.cleaned_data["user"]
        try:
            services.assign_auditor(
                member=member, user=person, by=request.user, on=timezone.localdate()
            )
        except services.ConflictOfInterest as error:
            form.add_error("user", f"{error}.")
        else:
            messages.success(request, f"{person.name} audits {member.name} from today.")
            return redirect("members:people", code=code)
    return _page(request, member, assignment_form=form)


@login_required
@require_POST
def end_assignment(request: HttpRequest, pk: int) -> HttpResponse:
    assignments = Assignment.objects.visible_to(request.user).select_related("user", "member")
    assignment = get_object_or_404(assignments, pk=pk, until_on=None)
    access.require(request.user, Permission.MEMBER_MANAGE)
    try:
        services.end_assignment(assignment_id=pk, by=request.user, on=timezone.localdate())
    except Assignment.DoesNotExist:
        raise Http404("the assignment has ended meanwhile") from None
    messages.success(request, f"{assignment.user.name} audits {assignment.member.code} no longer.")
    return redirect("members:people", code=assignment.member.code)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisations(request: HttpRequest) -> HttpResponse:
    access.require(request.user, Permission.MEMBER_MANAGE)
    form = OrganisationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.register_organisation(
                **form.cleaned_data, by=request.user, on=timezone.localdate()
            )
        except IntegrityError:  # the same form sent twice at once
            form.add_error("identifier", "An organisation of this number is registered already.")
        else:
            messages.success(request, f"{made.name} is registered. Say who belongs to it.")
            return redirect("members:organisation", pk=made.pk)
    wanted = request.GET.get("q", "").strip()[:100]
    found = Organisation.objects.filter(member=None, name__icontains=wanted)
    rows = found.prefetch_related("affiliations__user").order_by("name", "pk")[:PAGE]
    context = {"form": form, "rows": rows, "count": found.count(), "q": wanted, "page": PAGE}
    return render(request, "members/organisations.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    access.require(request.user, Permission.MEMBER_MANAGE)
    found = get_object_or_404(Organisation, pk=pk)
    form = AffiliationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["user"]
        services.affiliate(
            user=person, organisation=found, by=request.user, on=timezone.localdate()
        )
        messages.success(request, f"{person.name} belongs to {found.name}.")
        return redirect("members:organisation", pk=pk)
    context = {
        "organisation": found,
        "member": Member.objects.visible_to(request.user).filter(organisation=found).first(),
        "people": found.affiliations.select_related("user").order_by("user__name", "pk"),
        "applications": found.applications.order_by("-filed_at", "-pk"),
        "form": form,
    }
    return render(request, "members/organisation.html", context)
