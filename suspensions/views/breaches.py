"""Breaches: what was put to members, their word on it, the officer's."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import Permission
from members import access
from suspensions import selectors, services
from suspensions.access import require_follow_up
from suspensions.filters import BreachFilter
from suspensions.forms import OpenCaseForm, TextForm
from suspensions.models import Breach
from suspensions.rules.words import BREACHES, breach_clock
from suspensions.views.acts import Act, choices, do, keep, page_of

CONTEST = {
    "label": "What is wrong, and what shows it",
    "help_text": "For example: the return was filed on 28 Mar; the receipt has number 4711.",
}
REASON = {
    "label": "Reason",
    "help_text": "The member reads it. Say what you looked at and what follows from it.",
}


CURE = {
    "label": "What shows that it was made good",
    "help_text": "Where the rulebook says so, the case is closed and the measure ends with it.",
}


@require_safe
@login_required
def breaches(request: HttpRequest) -> HttpResponse:
    require_follow_up(request.user)
    visible = Breach.objects.visible_to(request.user).with_state(timezone.localdate())
    found = BreachFilter(request.GET, queryset=visible)
    rows = found.qs if found.is_valid() else visible.none()
    page = page_of(rows.select_related("member__organisation", "edition", "case"), request)
    context = {
        "grounds": selectors.grounds(page["rows"]),
        "count": rows.count(),
        "choices": choices(request, visible, "state", BREACHES),
        "narrowed": any(request.GET.get(name) for name in found.filters),
        "today": timezone.localdate(),
        "next_url": page["next_url"],
        "may_see_quiet": access.can(request.user, Permission.CASE_VIEW),
    }
    return render(request, "suspensions/breaches.html", context)


def visible_breach(request: HttpRequest, pk: int) -> Breach:
    rows = Breach.objects.visible_to(request.user).with_state(timezone.localdate())
    related = rows.select_related("member__organisation", "edition", "case", "decided_by")
    breach = get_object_or_404(related, pk=pk)
    breach.state = breach.state or breach.status  # raised on a day to come, in a demo
    return breach


@require_safe
@login_required
def breach(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, visible_breach(request, pk))


def show(
    request: HttpRequest, breach: Breach, form: Form | None = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    over = breach.correct_until is None or breach.correct_until < today
    clock = breach_clock(
        breach.state,
        since=breach.state_since or breach.raised_on,
        until=breach.correct_until,
        answered=bool(breach.contested_at),
        today=today,
        because=breach.clock_because or "",
    )
    (ground,) = selectors.grounds([breach])
    context = {
        "breach": breach,
        "ground": ground,
        "ground_list": [ground],
        "clock": clock,
        "waits": selectors.first_step(breach, on=today),
        **keep(next_act(request, breach, over=over), form, request),
        "today": today,
    }
    return render(request, "suspensions/breach.html", context, status=status)


def next_act(request: HttpRequest, breach: Breach, *, over: bool) -> Act | None:
    """Return the one thing that this reader can do about a breach now."""
    may = partial(access.can, request.user, member=breach.member)
    undecided = breach.state in ("provisional", "in_review")
    if undecided and may(Permission.BREACH_CONTEST) and not over and not breach.contested_at:
        url = reverse("suspensions:contest", args=[breach.pk])
        return Act(TextForm(**CONTEST), url, "Are the facts right?", "Send")
    if undecided and may(Permission.BREACH_CONFIRM):
        ready = breach.state == "provisional" and (over or breach.contested_at)
        url = reverse("suspensions:decide-breach", args=[breach.pk])
        form = TextForm(**REASON)
        return _decide_act(form, url, both=bool(ready))
    if breach.state == "confirmed" and not breach.case and may(Permission.CASE_MANAGE):
        url = reverse("suspensions:open-case", args=[breach.pk])
        form = open_case_form(breach)
        return Act(form, url, "Open a case", "Open the case")
    if breach.state == "confirmed" and breach.case and may(Permission.BREACH_CONFIRM):
        url = reverse("suspensions:cure-breach", args=[breach.pk])
        return Act(TextForm(**CURE), url, "Was it made good?", "Record that it was")
    return None


def _decide_act(form: Form, url: str, *, both: bool) -> Act:
    if both:
        return Act(form, url, "Does it stand?", "Confirm", value="confirm",
                   second_label="Dismiss", second_value="dismiss")  # fmt: skip
    return Act(form, url, "Dismiss it early?", "Dismiss", value="dismiss")


def open_case_form(breach: Breach, data: dict | None = None) -> OpenCaseForm:
    ready = selectors.grounds(selectors.ready_for_case(breach))
    words = [(g.breach.pk, f"{g.rule.title}, {g.about} (clause {g.rule.clause})") for g in ready]
    ladder = breach.edition.document.ladder_for(breach.rule)
    steps = [(code, ladder.step(code).name) for code in ladder.serious_cases] if ladder else []
    return OpenCaseForm(data, choices=words, steps=steps, initial={"breaches": [str(breach.pk)]})


@require_POST
@login_required
def cure(request: HttpRequest, pk: int) -> HttpResponse:
    breach = visible_breach(request, pk)
    access.require(request.user, Permission.BREACH_CONFIRM)
    form = TextForm(request.POST, **CURE)
    return do(
        request, form, services.record_cure, again=partial(show, request, breach),
        said="Recorded.", breach_id=pk, reason=request.POST.get("text", ""),
        on=timezone.localdate(),
    )  # fmt: skip


@require_POST
@login_required
def contest(request: HttpRequest, pk: int) -> HttpResponse:
    breach = visible_breach(request, pk)
    access.require(request.user, Permission.BREACH_CONTEST, member=breach.member)
    form = TextForm(request.POST, **CONTEST)
    return do(
        request, form, services.contest, again=partial(show, request, breach),
        said="Sent. A case officer looks at it and tells you the outcome.",
        breach_id=pk, text=request.POST.get("text", ""), on=timezone.localdate(),
    )  # fmt: skip


@require_POST
@login_required
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    breach = visible_breach(request, pk)
    access.require(request.user, Permission.BREACH_CONFIRM)
    confirm = request.POST.get("act") == "confirm"
    form = TextForm(request.POST, **REASON)
    return do(
        request, form, services.confirm_breach if confirm else services.dismiss_breach,
        again=partial(show, request, breach),
        said="Confirmed." if confirm else "Dismissed.",
        breach_id=pk, reason=request.POST.get("text", ""), on=timezone.localdate(),
    )  # fmt: skip


@require_POST
@login_required
def open_case(request: HttpRequest, pk: int) -> HttpResponse:
    breach = visible_breach(request, pk)
    access.require(request.user, Permission.CASE_MANAGE)
    form = open_case_form(breach, request.POST)
    return do(
        request, form, services.open_case, again=partial(show, request, breach),
        said="The case is open. Serve the notice next: until then no time runs.",
        breach_ids=form.cleaned_data.get("breaches", []) if form.is_valid() else [],
        step=request.POST.get("step") or None, reasons=request.POST.get("reasons", ""),
        on=timezone.localdate(),
    )  # fmt: skip
