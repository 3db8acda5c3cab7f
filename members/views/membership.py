"""A membership over time, the people whom a member names, and who cannot be reached."""

from __future__ import annotations

import re
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rules import Permission
from members import access, selectors, services
from members.forms import ContactForm, GroupForm, PersonForm
from members.models import ClassRequest, Contact, GroupMembership, Member
from members.services import Person
from members.views import record
from rulebooks import selectors as rulebooks
from rulebooks.rules.timeline.changes import Kind

PLACES = (Kind.CLASS, Kind.CHAMBER)
PAGE = 100
PLACE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.([0-9]{1,18})")


def _find(request: HttpRequest, code: str) -> Member:
    members = Member.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(members, code=code)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def membership(request: HttpRequest, code: str) -> HttpResponse:
    member, today = _find(request, code), timezone.localdate()
    may_manage = access.can(request.user, Permission.MEMBER_MANAGE)
    form = GroupForm(request.POST or None, initial={"from_on": today})
    if request.method == "POST":
        access.require(request.user, Permission.MEMBER_MANAGE)
        if form.is_valid() and _joined(request, member, form):
            return redirect("members:membership", code=code)
    spans, editions = selectors.spans_of(member, reader=request.user)
    notice = selectors.notice_of(member, on=today)
    context = {
        "member": member,
        "today": today,
        "places": [
            (record.place_name(editions.get(s.edition), s.kind, s.state), s)
            for s in spans
            if s.kind in PLACES
        ],
        "names": member.organisation.earlier_names.order_by("-until_on"),
        "group": member.organisation.group_memberships.in_force(today)
        .select_related("group")
        .first(),
        "companions": selectors.companions(member.organisation, on=today),
        "after": member.successions.filter(until_on=None)
        .select_related("successor__organisation")
        .first(),
        "before": Member.objects.visible_to(request.user)
        .filter(successions__successor=member, successions__until_on=None)
        .select_related("organisation")
        .order_by("code"),
        "requests": _requests(request, member, today),
        "notice": notice,
        "last_on": notice.what.last_on if notice else None,
        "cases": selectors.open_cases(member, on=today)
        if access.can(request.user, Permission.CASE_VIEW, member=member)
        else [],
        "sectors": selectors.sectors_named(member.organisation, on=today),
        "edition": rulebooks.current_document(today),
        "form": form,
        "may_manage": may_manage,
        "may_change": access.can(request.user, Permission.MEMBERSHIP_CHANGE, member=member),
    }
    return render(request, "members/membership.html", context)


def _requests(request: HttpRequest, member: Member, today: date) -> list[tuple]:
    """Return each request for another class, with the names of class and chamber."""
    document = rulebooks.current_document(today)
    named = {c.code: c.name for c in (*document.classes, *document.chambers)} if document else {}
    rows = ClassRequest.objects.visible_to(request.user).filter(member=member).order_by("-pk")
    return [
        (one, [named.get(code, code) for code in (one.member_class, one.chamber)]) for one in rows
    ]


def _joined(request: HttpRequest, member: Member, form: GroupForm) -> bool:
    today = timezone.localdate()
    try:
        services.join_group(
            organisation=member.organisation, by=request.user, on=today, **form.cleaned_data
        )
    except ValueError as error:
        form.add_error(None, f"{error}.")
        return False
    messages.success(request, f"{member.name} belongs to {form.cleaned_data['group']}.")
    return True


@login_required
@require_POST
def leave_group(request: HttpRequest, pk: int) -> HttpResponse:
    access.require(request.user, Permission.MEMBER_MANAGE)
    held = get_object_or_404(GroupMembership, pk=pk, until_on=None)
    member = get_object_or_404(Member, organisation=held.organisation)
    today = timezone.localdate()
    try:
        services.leave_group(membership_id=pk, until_on=today, by=request.user, on=today)
    except GroupMembership.DoesNotExist:
        raise Http404("it has left the group meanwhile") from None
    return redirect("members:membership", code=member.code)


@login_required
@require_POST
def decline_class(request: HttpRequest, pk: int) -> HttpResponse:
    requests = ClassRequest.objects.visible_to(request.user).open().select_related("member")
    asked = get_object_or_404(requests, pk=pk)
    try:
        services.decline_class(
            request_id=pk,
            answer=request.POST.get("answer", "")[:5_000].replace("\0", ""),
            by=request.user,
            on=timezone.localdate(),
        )
    except selectors.NoSuchPlace as error:
        messages.error(request, f"{error}.")
    except ClassRequest.DoesNotExist:
        raise Http404("the request was answered meanwhile") from None
    return redirect("members:membership", code=asked.member.code)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contacts(request: HttpRequest, code: str) -> HttpResponse:
    member, today = _find(request, code), timezone.localdate()
    form = ContactForm(request.POST or None, roles=selectors.contact_roles(member, on=today))
    if request.method == "POST":
        access.require(request.user, Permission.CONTACT_MANAGE, member=member)
        if form.is_valid():
            said = form.cleaned_data
            services.name_contact(
                member=member,
                role=said["role"],
                person=Person(said["name"], said["email"], said["phone"]),
                by=request.user,
                on=today,
            )
            messages.success(request, f"{said['name']} is a contact of {member.name} from today.")
            return redirect("members:contacts", code=code)
    context = {
        "member": member,
        "today": today,
        "roles": selectors.contacts_by_role(member, request.user, on=today),
        "past": selectors.past_contacts(member, request.user, on=today),
        "form": form,
        "unreached": selectors.unreachable(request.user, on=today).filter(pk=member.pk).first(),
        "may_name": access.can(request.user, Permission.CONTACT_MANAGE, member=member),
        "may_mark": access.can(request.user, Permission.MEMBER_MANAGE),
    }
    return render(request, "members/contacts.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a contact, or put somebody else in their place."""
    today = timezone.localdate()
    found = get_object_or_404(
        Contact.objects.visible_to(request.user).in_force(today).select_related("member"), pk=pk
    )
    access.require(request.user, Permission.CONTACT_MANAGE, member=found.member)
    known = {"name": found.name, "email": found.email, "phone": found.phone}
    form = PersonForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        act = services.hand_over if "successor" in request.POST else services.correct_contact
        person = Person(**form.cleaned_data)
        try:
            act(contact_id=pk, person=person, by=request.user, on=today)
        except Contact.DoesNotExist:
            raise Http404("the contact has ended meanwhile") from None
        return redirect("members:contacts", code=found.member.code)
    return render(request, "members/contact.html", {"contact": found, "form": form})


@login_required
@require_POST
def contact_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    if act not in CONTACT_ACTS:
        raise Http404(f"a contact is not to {act}")
    found = get_object_or_404(
        Contact.objects.visible_to(request.user).select_related("member"), pk=pk
    )
    access.require(request.user, Permission.CONTACT_MANAGE, member=found.member)
    try:
        CONTACT_ACTS[act](contact_id=pk, by=request.user, on=timezone.localdate())
    except services.NeedsSuccessor as error:
        messages.error(request, f"{error}.")
    except Contact.DoesNotExist:
        messages.error(request, "This contact has ended.")
    return redirect("members:contacts", code=found.member.code)


CONTACT_ACTS = {
    "end": services.end_contact,
    "erase": services.erase_contact,
    "unreachable": services.mark_unreachable,
}


@login_required
@require_safe
def unreachable(request: HttpRequest) -> HttpResponse:
    """List whom nobody can reach; with ``without=acts`` those for whom nobody acts."""
    access.require(request.user, Permission.MEMBER_VIEW_ALL)
    today, without = timezone.localdate(), request.GET.get("without", "")
    lists = {"": selectors.unreachable, "acts": selectors.without_anybody_acting}
    if without not in lists:
        raise Http404("members are listed without a main contact, or without anybody who acts")
    found = lists[without](request.user, on=today)
    rows = list(_following(found, request.GET.get("after", ""))[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    context = {
        "count": found.count(),
        "rows": rows[:PAGE],
        "without": without,
        "next_url": last and f"?without={without}&after={last.since}.{last.pk}",
        "today": today,
    }
    return render(request, "members/unreachable.html", context)


def _following(found: QuerySet[Member], after: str) -> QuerySet[Member]:
    """Return what comes after a place in the list; all, where there is no such place."""
    if not (place := PLACE.fullmatch(after)):
        return found
    try:
        since, pk = date.fromisoformat(place[1]), int(place[2])
    except ValueError:
        return found
    return found.filter(Q(since__gt=since) | Q(since=since, pk__gt=pk))
