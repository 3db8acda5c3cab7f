"""What a member owes, and what is granted to it or recorded of it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rules import Permission
from members import access
from members.models import Member
from rulebooks import selectors as rulebooks
from rulebooks.rules.facts import MemberDescribed
from targets import selectors, services
from targets.forms import DescriptionForm, ExemptionForm, ExtensionForm, InvoiceForm, RecordForm
from targets.models import Period
from targets.rules import RECORDS
from targets.selectors import Duty

GROUPS = (
    ("To do", selectors.PRESSING),
    ("At rest", {"moratorium"}),
    ("Ahead", {"ahead"}),
    ("Missed", {"missed"}),
    ("Met", {"met", "met_late"}),
    ("Not owed", {"exempt", "removed"}),
)
POST = require_http_methods(["GET", "HEAD", "POST"])


def _member(request: HttpRequest, code: str) -> Member:
    members = Member.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(members, code=code)


def _duty(member: Member, key: str) -> Duty:
    found = selectors.obligations(member, on=timezone.localdate())
    duty = next((duty for duty in found if duty.key == key), None)
    if duty is None:
        raise Http404
    return duty


@require_safe
@login_required
def obligations(request: HttpRequest, code: str) -> HttpResponse:
    """All that a member owes or owed: what presses first, and how each day was computed."""
    member = _member(request, code)
    today = timezone.localdate()
    duties = selectors.obligations(member, on=today)

    def may(permission: Permission) -> bool:
        return access.can(request.user, permission, member=member)

    groups = [(label, [d for d in duties if d.state in states]) for label, states in GROUPS]
    context = {
        "member": member,
        "groups": [(label, found) for label, found in groups if found],
        "sentence": selectors.owed_sentence(selectors.owed_things(duties), on=today),
        "is_own": may(Permission.CASE_ANSWER),
        "may_extend": may(Permission.EXTENSION_GRANT),
        "may_exempt": may(Permission.EXEMPTION_GRANT),
        "may_record": may(Permission.MEMBER_MANAGE),
        "fees": selectors.fees(member, on=today),
        "today": today,
    }
    return render(request, "targets/obligations.html", context)


@POST
@login_required
def extend(request: HttpRequest, code: str, member: str) -> HttpResponse:
    """Grant one member more time for a return, with the reason."""
    who = _member(request, member)
    found = get_object_or_404(Period.objects.select_related("edition"), code=code)
    access.require(request.user, Permission.EXTENSION_GRANT, member=who)
    document = found.edition.document
    owed = [o.code for o in selectors.return_obligations(document, found.code)]
    form = ExtensionForm(request.POST or None, kinds=selectors.extension_kinds(document, owed))
    if _granted(request, form, services.grant_extension, member=who, period=found):
        messages.success(request, f"{who} may file its return for {found} until then.")
        return redirect("targets:period", code)
    context = {
        "form": form,
        "member": who,
        "period": found,
        "window": selectors.window(who, found),
        "kinds": "kind" in form.fields,
        "today": timezone.localdate(),
    }
    return render(request, "targets/extend.html", context)


@POST
@login_required
def extend_duty(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Grant one member more time for what it owes once."""
    who = _member(request, code)
    access.require(request.user, Permission.EXTENSION_GRANT, member=who)
    duty = _duty(who, key)
    kinds = selectors.kinds_for_duty(who, key)
    form = ExtensionForm(request.POST or None, kinds=kinds)
    if _granted(request, form, services.extend_duty, member=who, key=key):
        messages.success(request, f"{who} has until then: {duty.about}.")
        return redirect("targets:obligations", code)
    context = {"form": form, "member": who, "duty": duty, "today": timezone.localdate()}
    return render(request, "targets/extend_duty.html", context)


def _granted(request: HttpRequest, form: ExtensionForm, service, **about) -> bool:
    """Grant what a valid form asks for; False when there is nothing to grant, or it was refused."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        service(by=request.user, on=timezone.localdate(), **about, **form.cleaned_data)
    except services.CannotExtend as error:
        form.add_error(None, f"Nothing was granted: {error}.")
        return False
    return True


@POST
@login_required
def exempt(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Exempt one member from an obligation for a while."""
    who = _member(request, code)
    access.require(request.user, Permission.EXEMPTION_GRANT, member=who)
    duty = _duty(who, key)
    form, today = ExemptionForm(request.POST or None), timezone.localdate()
    if request.method == "POST" and form.is_valid():
        try:
            services.grant_exemption(
                member=who, obligation=key, by=request.user, on=today, **form.cleaned_data
            )
        except services.CannotRecord as error:
            form.add_error(None, f"Nothing was granted: {error}.")
        else:
            messages.success(request, f"{who} is exempt until then: {duty.about}.")
            return redirect("targets:obligations", code)
    context = {"form": form, "member": who, "duty": duty, "today": today}
    return render(request, "targets/exempt.html", context)


@POST
@login_required
def record(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Record what happened to a duty: certified, done, paid, found incomplete."""
    who = _member(request, code)
    access.require(request.user, Permission.MEMBER_MANAGE, member=who)
    duty = _duty(who, key)
    words = [(word, RECORDS[word].label) for word in duty.records]
    if not words:
        raise Http404
    form = RecordForm(request.POST or None, words=words)
    if _recorded(request, form, who, key=duty.fact_key):
        messages.success(request, f"Recorded: {duty.about}.")
        return redirect("targets:obligations", code)
    context = {"form": form, "member": who, "duty": duty, "today": timezone.localdate()}
    return render(request, "targets/record.html", context)


@POST
@login_required
def describe(request: HttpRequest, code: str) -> HttpResponse:
    """State size, country or fiscal year of a member, on which its obligations depend."""
    who, today = _member(request, code), timezone.localdate()
    access.require(request.user, Permission.MEMBER_MANAGE, member=who)
    document = rulebooks.current_document(today)
    sizes = [(size.code, size.name) for size in document.sizes] if document else []
    form = DescriptionForm(request.POST or None, sizes=sizes)
    if request.method == "POST" and form.is_valid():
        typed = {name: value or None for name, value in form.cleaned_data.items()}
        about_on = typed.pop("about_on")
        try:
            services.describe_member(
                member=who,
                described=MemberDescribed(**typed),
                about_on=about_on,
                by=request.user,
                on=today,
            )
        except services.CannotRecord as error:
            form.add_error(None, f"Nothing was recorded: {error}.")
        else:
            messages.success(request, "What it owes is worked out anew.")
            return redirect("targets:obligations", code)
    context = {"form": form, "member": who, "today": today}
    return render(request, "targets/describe.html", context)


@POST
@login_required
def invoice(request: HttpRequest, code: str) -> HttpResponse:
    """Record that a fee was invoiced."""
    who, today = _member(request, code), timezone.localdate()
    access.require(request.user, Permission.MEMBER_MANAGE, member=who)
    fees = selectors.fees(who, on=today)
    if not fees:
        raise Http404
    form = InvoiceForm(request.POST or None, fees=fees)
    if _recorded(request, form, who, word="invoiced"):
        messages.success(request, "The invoice is recorded.")
        return redirect("targets:obligations", code)
    context = {"form": form, "member": who, "today": today}
    return render(request, "targets/invoice.html", context)


def _recorded(request: HttpRequest, form, who: Member, **given: str) -> bool:
    """Record what a valid form says; False when there is nothing to record, or it was refused."""
    if request.method != "POST" or not form.is_valid():
        return False
    typed = {**form.cleaned_data, **given}
    about_on = typed.pop("about_on")
    try:
        services.record_duty(
            member=who,
            record=services.Record(**typed),
            about_on=about_on,
            by=request.user,
            on=timezone.localdate(),
        )
    except services.CannotRecord as error:
        form.add_error(None, f"Nothing was recorded: {error}.")
        return False
    return True
