"""Mission and targets: how far all members are together, and each with its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import access as own_right
from accounts.rules import Permission
from kpis import selectors as kpis
from members import access
from members.models import Member
from reports.rules.charts import Chart, Mark, course
from rulebooks import selectors as rulebooks
from rulebooks.rules.edition import Edition
from rulebooks.rules.reading import targets as words
from rulebooks.rules.scales import Direction
from targets import selectors
from targets.models import MemberTarget, NewBaseline
from targets.rules import Progress
from targets.selectors import Lines

SHOWN_DECIMALS = 1
MOST_OWN = 10


@require_safe
def targets(request: HttpRequest) -> HttpResponse:
    """The mission, each target with its way, and where the members stand as far as published."""
    today = timezone.localdate()
    edition = rulebooks.current_document(today)
    sees_all = own_right.can(request.user, Permission.MEMBER_VIEW_ALL)
    found = kpis.courses(edition, sees_all=sees_all) if edition else []
    own = [] if sees_all else _own_members(request)
    acts_for = _acted_for(request) if own else set()
    known = selectors.lines_of(edition) if edition else {}
    lines = [_line(of, aims, edition) for of, aims in _by_target(known, found)]
    context = {
        "edition": edition,
        "lines": lines,
        "own_targets": [words.own_in_words(one, edition) for one in edition.member_targets]
        if edition
        else [],
        "own": [
            (member, _of_member(member, lines, edition), member.pk in acts_for) for member in own
        ],
        "may_decide": own_right.can(request.user, Permission.TARGET_DECIDE),
        "may_recalculate": own_right.can(request.user, Permission.TARGET_RECALCULATE),
        "waiting": MemberTarget.objects.visible_to(request.user).waiting().count(),
        "today": today,
    }
    return render(request, "dashboard/targets.html", context)


def _by_target(known: dict[str, Lines], found: list[list[kpis.Aim]]) -> Iterable[tuple]:
    return zip(known.values(), found or [[] for _ in known], strict=True)


def _own_members(request: HttpRequest) -> list[Member]:
    rows = Member.objects.visible_to(request.user).select_related("organisation")
    return list(rows.order_by("pk")[:MOST_OWN])


def _acted_for(request: HttpRequest) -> set[int]:
    """Return the members whose own targets this reader reads, for a mandate: no auditor does."""
    held = request.user.mandates.in_force(timezone.localdate())
    return set(held.values_list("member", flat=True))


def _of_member(member: Member, lines: Sequence[dict], edition: Edition) -> list[dict]:
    """Return where one member stands on each line, as it was last published of it."""
    period = kpis.last_published_period()
    if period is None:
        return []
    found = []
    for line in lines:
        aim = line["last"]
        reached = kpis.own_progress(member, aim, edition, period) if aim else None
        if reached is not None:
            numbers = {"measured": shown(reached.measured), "ahead": _shown_if(reached.ahead)}
            found.append({"title": aim.target.title, "unit": reached.unit, **numbers})
    return found


def _line(lines: Lines, aims: list[kpis.Aim], edition: Edition) -> dict:
    """Return a target as the page shows it: from the baseline that stands, beside those before."""
    target, last = lines.newest, aims[-1] if aims else None
    measured = [(aim.year, aim.reached.measured) for aim in aims if aim.reached]
    earlier = lines.earlier[0].line if lines.anew else ()
    reached = last.reached if last else None
    finding = _finding(target.title, last.year, reached, last.unit) if reached else target.title
    return {
        "target": target,
        "adopted": lines.adopted.baseline.value,
        "words": words.in_words(target, edition),
        "last": last,
        "kind": _kind(reached),
        "due": shown(last.due) if last else None,
        "reached": shown(reached.measured) if reached else None,
        "ahead": shown(reached.ahead) if reached else None,
        "measured": [
            (aim.year, shown(aim.reached.measured), shown(aim.due), _shown_if(aim.due_anew))
            for aim in aims
            if aim.reached
        ],
        "anew": [(one, words.REASONS[one.because], *_both_goals(lines, one)) for one in lines.anew],
        "chart": _chart(
            finding,
            [(point.year, point.value) for point in target.line],
            measured,
            steps=target.trajectory == "steps",
            earlier=[(point.year, point.value) for point in earlier],
        ),
    }


def _both_goals(lines: Lines, one: NewBaseline) -> tuple[Decimal, Decimal]:
    """Return the goal before a baseline was worked out anew, and after."""
    adopted = lines.adopted
    return adopted.rebased(one.before).goal_value, adopted.rebased(one.value).goal_value


def _shown_if(number: Fraction | None) -> Decimal | None:
    return None if number is None else shown(number)


def _kind(reached: Progress | None) -> str:
    return "none" if reached is None else "good" if reached.ahead >= 0 else "breach"


def _finding(title: str, year: int, reached: Progress, unit: str) -> str:
    """Return what a chart shows, as a sentence."""
    measured, due = shown(reached.measured), shown(reached.due)
    where = "On the way" if reached.ahead >= 0 else "Behind"
    return f"{where}: {measured:f} {unit} in {year}, {due:f} were due. {title}"


def _chart(
    title: str,
    line: Sequence[tuple[int, Decimal]],
    measured: Sequence[tuple[int, Fraction]],
    *,
    steps: bool,
    earlier: Sequence[tuple[int, Decimal]] = (),
) -> Chart:
    names = ["baseline", *[""] * (len(line) - 2), "goal"]
    way = [Mark(year, value, name) for (year, value), name in zip(line, names, strict=True)]
    return course(
        way,
        [Mark(year, shown(value)) for year, value in measured],
        title=title,
        description="The promised way, dashed, from baseline to goal; what was measured as dots.",
        steps=steps,
        earlier=[Mark(year, value) for year, value in earlier],
    )


def shown(number: Fraction) -> Decimal:
    """Round for the eye: what was published stands in the scorecards, exact."""
    return Decimal(round(number * 10**SHOWN_DECIMALS)).scaleb(-SHOWN_DECIMALS)


@require_safe
@login_required
def own_targets(request: HttpRequest, code: str) -> HttpResponse:
    """A member's own targets, each with its way, what was measured, and what became of it."""
    visible = Member.objects.visible_to(request.user).select_related("organisation")
    member = get_object_or_404(visible, code=code)
    if not selectors.reads_own_targets(request.user, member):
        raise Http404
    today = timezone.localdate()
    rows = MemberTarget.objects.visible_to(request.user).filter(member=member)
    rows = list(rows.select_related("edition", "revises", "member").order_by("-pk"))
    standing = {row.pk for row in rows if row.outcome == "approved"}
    standing -= {row.revises_id for row in rows if row.outcome == "approved"}
    rules = selectors.own_rules(member, on=today)
    context = {
        "member": member,
        "standing": [_own_line(row, request, today=today) for row in rows if row.pk in standing],
        "others": [row for row in rows if row.pk not in standing],
        "rules": [words.own_in_words(one, rulebooks.current_document(today)) for one in rules],
        "may_propose": access.can(request.user, Permission.TARGET_PROPOSE, member=member),
        "today": today,
    }
    return render(request, "dashboard/own_targets.html", context)


def _own_line(row: MemberTarget, request: HttpRequest, *, today: date) -> dict:
    document, promised = row.edition.document, row.proposal
    kpi = document.kpi(row.kpi)
    found = kpis.measured_by_year(row.member, document, [row.kpi], user=request.user)[row.kpi]
    earlier = row.revises.proposal.points if row.because and row.revises else ()
    nowhere, rising = promised.leads_nowhere(kpi.direction), kpi.direction == Direction.HIGHER
    years = [(year, value, None if nowhere else promised.due_by(year)) for year, value in found]
    ahead = [] if nowhere else [v - d if rising else d - v for _, v, d in years]
    title = f"{kpi.title}: {nowhere or 'nothing was measured yet'}"
    if ahead:
        year, value, due = years[-1]
        where = "On the way" if ahead[-1] >= 0 else "Behind"
        title = f"{where}: {shown(value):f} {kpi.unit} in {year}, {shown(due):f} were due"
    chart = _chart(title, promised.points, found, steps=row.trajectory == "steps", earlier=earlier)
    return {
        "target": row,
        "rule": document.own_target(row.rule),
        "kpi": kpi,
        "years": [(y, shown(v), None if d is None else shown(d)) for y, v, d in years],
        "kind": "none" if not ahead else "good" if ahead[-1] >= 0 else "breach",
        "nowhere": nowhere,
        "chart": chart,
        "because": words.REASONS.get(row.because, ""),
    }
