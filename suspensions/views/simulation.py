"""Trying a draft on what is stored: the form, the runs that were made, a run, and its paper."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access
from accounts.rules import Permission
from members.models import Member
from rulebooks.models import Edition
from suspensions import services
from suspensions.forms import SimulationForm
from suspensions.models import Simulation
from suspensions.rules.simulation import words
from suspensions.rules.simulation.simulating import Days, Outcome
from suspensions.services import CannotSimulate, Simulated

MOST_NAMED = 500  # on a page; the command names all
MOST_RUNS = 50
MOST_MEMBERS = 5_000  # in one request; the command takes any number, and its run stands here


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def simulations(request: HttpRequest, code: str) -> HttpResponse:
    """Show the runs of a draft and, to those who may, the form that makes another."""
    access.require(request.user, Permission.EDITION_SIMULATE)
    row = get_object_or_404(Edition.objects.visible_to(request.user), code=code)
    form = SimulationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return shown(request, run(request, row, form))
        except CannotSimulate as error:
            form.add_error(None, f"Nothing was run: {error}.")
    runs = Simulation.objects.visible_to(request.user).filter(edition=code)
    context = {
        "row": row,
        "form": form,
        "runs": runs.select_related("ran_by").order_by("-pk")[:MOST_RUNS],
        "assumed": words.ASSUMED,
    }
    return render(request, "suspensions/simulations.html", context)


def run(request: HttpRequest, row: Edition, form: SimulationForm) -> Simulated:
    """Run what was asked for."""
    asked = form.cleaned_data
    return services.simulate_draft(
        text=row.text,
        days=Days(asked["first_on"], asked["last_on"]),
        by=request.user,
        on=timezone.localdate(),
        only=form.codes(),
        purpose=asked["purpose"],
        at_most=MOST_MEMBERS,
    )


@require_safe
@login_required
def simulation(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was recorded of a run. Names are not kept."""
    record = get_object_or_404(Simulation.objects.visible_to(request.user), pk=pk)
    return shown(request, Simulated(record, ()))


def shown(request: HttpRequest, simulated: Simulated) -> HttpResponse:
    """Show a run; the names only to whoever has just run it."""
    record = simulated.record
    context = {
        "record": record,
        "aspects": words.aspects(record.counts),
        "ways": words.WAY_WORDS.values(),
        "clauses": record.counts["by_clause"].items(),
        "assumed": words.ASSUMED,
        "caveats": list(words.caveats(record.counts)),
        "named": named(request, simulated.named[:MOST_NAMED]),
        "not_named": max(0, len(simulated.named) - MOST_NAMED),
        "just_ran": request.method == "POST",
    }
    return render(request, "suspensions/simulation.html", context)


def named(request: HttpRequest, outcomes: tuple[Outcome, ...]) -> list[tuple[str, str, list]]:
    """Return code, name and what differs, of the members named."""
    codes = [outcome.member.code for outcome in outcomes]
    visible = Member.objects.visible_to(request.user).filter(code__in=codes)
    names = dict(visible.values_list("code", "organisation__name"))
    return [(o.member.code, names[o.member.code], list(o.shifts)) for o in outcomes]


@require_safe
@login_required
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a voting body what a draft would change, in numbers that give no member away."""
    record = get_object_or_404(Simulation.objects.exclude(paper=None), pk=pk)
    if not record.paper_is_for(request.user):
        raise PermissionDenied("this paper is for those who vote on the draft, and who prepare it")
    context = {
        "record": record,
        "tables": words.tables(record.paper),
        "assumed": words.ASSUMED,
        "caveats": list(words.caveats(record.counts, numbers=False)),
    }
    return render(request, "suspensions/simulation_paper.html", context)
