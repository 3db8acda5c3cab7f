"""Cases: how each stands, and the one next act for whoever reads it."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import Permission
from governance.models import Decision
from members import access
from members import selectors as members
from suspensions import selectors, services
from suspensions.access import require_follow_up
from suspensions.filters import CaseFilter
from suspensions.forms import CarryOutForm, ConfirmForm, TextForm
from suspensions.models import Case
from suspensions.rules.procedure import Stage
from suspensions.rules.words import STAGES
from suspensions.views.acts import Act, choices, do, keep, page_of
from suspensions.views.further import ACTS, further_acts, further_form

NOTICE = {
    "label": "Notice to the member",
    "help_text": "What it is about and what may follow. Ground, clause and last day are added.",
}
ANSWER = {
    "label": "Answer",
    "help_text": "What happened, what has been done since, what the body should know.",
}
APPEAL = {
    "label": "Appeal",
    "help_text": "What in the decision is wrong, and what you ask for.",
}
CARRY_OUT = {
    "impose": services.carry_out,
    "dismiss": services.carry_out,
    "upheld": services.decide_appeal,
    "set_aside": services.decide_appeal,
    "lift": services.lift,
}


@require_safe
@login_required
def cases(request: HttpRequest) -> HttpResponse:
    require_follow_up(request.user)
    visible = Case.objects.visible_to(request.user).with_stage(timezone.localdate())
    found = CaseFilter(request.GET, queryset=visible)
    rows = found.qs if found.is_valid() else visible.none()
    page = page_of(rows.select_related("member__organisation", "edition"), request)
    context = {
        "cases": page["rows"],
        "count": rows.count(),
        "choices": choices(request, visible, "stage", STAGES),
        "narrowed": any(request.GET.get(name) for name in found.filters),
        "today": timezone.localdate(),
        "next_url": page["next_url"],
    }
    return render(request, "suspensions/cases.html", context)


def visible_case(request: HttpRequest, code: str) -> Case:
    rows = Case.objects.visible_to(request.user).with_stage(timezone.localdate())
    case = get_object_or_404(rows.select_related("member__organisation", "edition"), code=code)
    if case.stage is None:  # opened on a day to come, in a demo
        case.stage, case.stage_since = Stage.OPENED.value, timezone.localdate(case.opened_at)
    return case


@require_safe
@login_required
def case(request: HttpRequest, code: str) -> HttpResponse:
    return show(request, visible_case(request, code))


def show(
    request: HttpRequest, case: Case, form: Form | None = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    decision = selectors.decision_to_carry_out(case)
    act = next_act(request, case, decision)
    context = {
        "case": case,
        "file": selectors.case_file(case, on=today),
        "decision": decision if act and isinstance(act.form, CarryOutForm | ConfirmForm) else None,
        **keep(act, form, request),
        "further": further_acts(request, case),
        "way_back": selectors.way_back(case, on=today),
        "notice": members.notice_of(case.member, on=today),
        "after": case.member.successions.filter(until_on=None)
        .select_related("successor__organisation")
        .first(),
        "weighs": selectors.may_weigh(request.user, case, on=today),
        "today": today,
    }
    return render(request, "suspensions/case.html", context, status=status)


def next_act(request: HttpRequest, case: Case, decision: Decision | None) -> Act | None:
    """Return the one thing that this reader can do in a case now."""
    may = partial(access.can, request.user, member=case.member)
    address = partial(reverse, args=[case.code])
    if case.stage == Stage.OPENED and may(Permission.CASE_MANAGE):
        return Act(
            TextForm(**NOTICE), address("suspensions:notice"), "Serve the notice", "Serve",
            confirm=f"Serve the notice in {case.code}? The time to answer runs from today.",
        )  # fmt: skip
    if decision and may(Permission.DECISION_CARRY_OUT):
        return _carry_out_act(case, decision, address("suspensions:decision"))
    if case.stage in (Stage.NOTIFIED, Stage.UNANSWERED):
        own, officer = may(Permission.CASE_ANSWER), may(Permission.CASE_MANAGE)
        heading = "Your answer" if own else "An answer that came on paper"
        if own or officer:
            url = address("suspensions:answer")
            return Act(TextForm(**ANSWER), url, heading, "Send" if own else "Record")
    if case.stage == Stage.IMPOSED and may(Permission.CASE_APPEAL):
        form = TextForm(**APPEAL)
        return Act(form, address("suspensions:appeal"), "Appeal", "File the appeal")
    return None


def _carry_out_act(case: Case, decision: Decision, url: str) -> Act:
    heading = f"Carry out the decision of {decision.body}"
    if decision.outcome != "impose":
        return Act(ConfirmForm(), url, heading, "Carry out")
    question = f"{case.aim.name} for {case.member}? The member is told today and can appeal."
    form = CarryOutForm(initial={"effective_on": timezone.localdate()})
    return Act(form, url, heading, "Carry out", confirm=question, danger=True)


def act(service, permission: Permission | None, words: dict[str, str], said: str):
    """Return the view of an act that is one text in a case."""

    @require_POST
    @login_required
    def view(request: HttpRequest, code: str) -> HttpResponse:
        case = visible_case(request, code)
        if permission is not None:
            access.require(request.user, permission, member=case.member)
        form = TextForm(request.POST, **words)
        return do(
            request, form, service, again=partial(show, request, case), said=said,
            case_id=case.pk, text=request.POST.get("text", ""), on=timezone.localdate(),
        )  # fmt: skip

    return view


notice = act(
    services.serve_notice,
    Permission.CASE_MANAGE,
    NOTICE,
    "Served. The letter is in the outbox, and the time to answer runs from today.",
)
answer = act(services.receive_answer, None, ANSWER, "Received. The body decides next.")
appeal = act(services.file_appeal, Permission.CASE_APPEAL, APPEAL, "The appeal is filed.")


@require_POST
@login_required
def decision(request: HttpRequest, code: str) -> HttpResponse:
    case = visible_case(request, code)
    access.require(request.user, Permission.DECISION_CARRY_OUT)
    recorded = selectors.decision_to_carry_out(case)
    imposes = recorded is not None and recorded.outcome == "impose"
    form = CarryOutForm(request.POST) if imposes else ConfirmForm(request.POST)
    again = partial(show, request, case)
    if recorded is None:
        form.full_clean()
        form.add_error(None, f"No decision in {case.code} waits to be carried out.")
        return again(form, 409)
    named = {"case_id": case.pk, "decision": recorded.entry_id, "on": timezone.localdate()}
    if imposes and form.is_valid():
        named["effective_on"] = form.cleaned_data["effective_on"]
    service = CARRY_OUT[recorded.outcome]
    return do(request, form, service, again=again, said="Carried out. The member is told.", **named)


@require_POST
@login_required
def further(request: HttpRequest, code: str, act: str) -> HttpResponse:
    if act not in ACTS:
        raise Http404(act)
    permission, _, _, said, service = ACTS[act]
    case = visible_case(request, code)
    access.require(request.user, permission, member=case.member)
    form = further_form(act, case, request.POST)
    named = dict(form.cleaned_data) if form.is_valid() else {}
    if act == "apply" and "text" in named:
        named["reasons"] = named.pop("text")
    return do(
        request, form, service, again=partial(show, request, case), said=said,
        case_id=case.pk, on=timezone.localdate(), **named,
    )  # fmt: skip
