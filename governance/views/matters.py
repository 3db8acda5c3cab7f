"""What a clerk sees: the matters that await a body, and the form that records what it decided."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access
from accounts.rules import Permission
from governance import selectors, services
from governance.forms import DecisionForm, VoteForm
from governance.models import Decision
from governance.rules import NotAsked, voting
from governance.selectors import Matter
from governance.views.votes import called, earlier_votes, shown, vote_form

RECENT = 20


@require_safe
@login_required
def matters(request: HttpRequest) -> HttpResponse:
    access.require(request.user, Permission.DECISION_RECORD)
    names = selectors.body_names()
    recorded = Decision.objects.visible_to(request.user).select_related(
        "member__organisation", "body"
    )
    context = {
        "matters": [
            (matter, names.get(matter.decided_by, matter.decided_by))
            for matter in selectors.matters_awaiting(on=timezone.localdate())
        ],
        "memberships": len(selectors.memberships_awaiting(on=timezone.localdate())),
        "recorded": recorded.order_by("-pk")[:RECENT],
        "today": timezone.localdate(),
    }
    return render(request, "governance/matters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def record(request: HttpRequest, code: str) -> HttpResponse:
    access.require(request.user, Permission.DECISION_RECORD)
    today = timezone.localdate()
    matter = next((m for m in selectors.matters_awaiting(on=today) if m.code == code), None)
    if matter is None:
        raise Http404(f"no matter {code} awaits a decision")
    form = DecisionForm(request.POST or None, matter=matter, today=today)
    names = selectors.body_names()
    votes = _vote_form(request, matter, form)
    context = {
        "matter": matter,
        "form": form,
        "vote_form": votes,
        "earlier": earlier_votes(matter.earlier, called(names, matter.rule_for(matter.decided_by))),
        "today": today,
    }
    if request.method != "POST":
        return render(request, "governance/record.html", context)
    if "work_out" in request.POST:
        return _worked_out(request, matter, context)
    if "keep" in request.POST:
        return _kept(request, matter, context)
    # Both are asked, so that the clerk sees at once all that is wrong.
    if not all([form.is_valid(), votes is None or votes.is_valid()]):
        return render(request, "governance/record.html", context, status=400)
    try:
        services.record_decision(
            member=matter.member, body=form.cleaned_data["body"], matter=code,
            outcome=form.cleaned_data["outcome"], reasons=form.cleaned_data["reasons"],
            vote=votes and votes.vote(),
            by=request.user, on=form.cleaned_data["taken_on"],
        )  # fmt: skip
    except NotAsked as error:
        form.add_error(None, f"{str(error)[:1].upper()}{str(error)[1:]}.")
        context |= shown(getattr(error, "came", None), names)
        return render(request, "governance/record.html", context, status=409)
    messages.success(request, f"Recorded. The case officer carries out {code} next.")
    return redirect("governance:matters")


def _vote_form(request: HttpRequest, matter: Matter, form: DecisionForm) -> VoteForm | None:
    """Return the form of the votes of the body that is chosen, None where no rule asks for them."""
    bodies = {body.code: body for body in form.fields["body"].queryset}
    code = request.POST.get("body") or request.GET.get("body") or next(iter(bodies), "")
    rule = matter.rule_for(code) if code in bodies else None
    if rule is None:
        return None
    form.fields["body"].initial = code
    return vote_form(request, matter.edition, code, rule, matter.turn(code))


def _kept(request: HttpRequest, matter: Matter, context: dict) -> HttpResponse:
    """Record a vote that decides nothing yet, and go on to the next one."""
    form, votes = context["form"], context["vote_form"]
    form.errors.pop("outcome", None)
    form.errors.pop("reasons", None)
    if form.errors or votes is None or not votes.is_valid():
        return render(request, "governance/record.html", context, status=400)
    try:
        services.record_round(
            member=matter.member, body=form.cleaned_data["body"], matter=matter.code,
            vote=votes.vote(), by=request.user, on=form.cleaned_data["taken_on"],
        )  # fmt: skip
    except NotAsked as error:
        form.add_error(None, f"{str(error)[:1].upper()}{str(error)[1:]}.")
        return render(request, "governance/record.html", context, status=409)
    messages.success(request, f"The vote is recorded. {matter.code} goes on from there.")
    return redirect("governance:record", code=matter.code)


def _worked_out(request: HttpRequest, matter: Matter, context: dict) -> HttpResponse:
    """Show what the votes come to; nothing is recorded."""
    form, votes = context["form"], context["vote_form"]
    form.errors.clear()
    taken_on = form.cleaned_data.get("taken_on") or timezone.localdate()
    if votes is None or not votes.is_valid():
        return render(request, "governance/record.html", context, status=400)
    body = votes.body.code
    try:
        came = voting.come_of(
            matter.edition, body, matter.question.code, votes.vote(),
            instead_of=matter.instead_of(body),
            sitting=selectors.sitting(matter.edition, body, on=taken_on),
        )  # fmt: skip
    except NotAsked as error:
        form.add_error(None, f"{str(error)[:1].upper()}{str(error)[1:]}.")
        return render(request, "governance/record.html", context, status=409)
    names = called(selectors.body_names(), matter.rule_for(body))
    context |= shown(came, names)
    return render(request, "governance/record.html", context)
