"""The calendar of what falls due: a month or a year, of all members or of one."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from members.models import Member
from targets import selectors
from targets.rules.months import WEEKDAYS, Month, read_year
from targets.selectors import Due
from targets.views.everybody import WORDS

DONE = {"met", "met_late"}


@require_safe
@login_required
def agenda(request: HttpRequest) -> HttpResponse:
    """What falls due in a month, or how much in each month of a year; a table stands behind it."""
    members = Member.objects.visible_to(request.user).select_related("organisation")
    code = request.GET.get("member", "")
    member = get_object_or_404(members, code=code) if code else None
    today = timezone.localdate()
    context = {"member": member, "today": today, "month_url": _url(member)}
    year = read_year(request.GET.get("year", ""))
    if year is not None:
        context |= _year(request, member, year, today)
        return render(request, "targets/agenda_year.html", context)
    month = Month.read(request.GET.get("month", "")) or Month.of(today)
    context |= _month(request, member, month, today)
    return render(request, "targets/agenda.html", context)


def _url(member: Member | None, **asked: object) -> str:
    wanted = {"member": member.code} if member else {}
    return f"?{urlencode(wanted | asked)}"


def _month(request: HttpRequest, member: Member | None, month: Month, today: date) -> dict:
    found = selectors.agenda(
        request.user, first=month.first, last=month.last, on=today, member=member
    )
    lines = [_line(due, member) for due in found]
    by_day: dict[date, list[dict]] = {}
    for line in lines:
        by_day.setdefault(line["due"].on, []).append(line)
    return {
        "month": month,
        "weekdays": WEEKDAYS,
        "weeks": [[(day, by_day.get(day, [])) for day in week] for week in month.weeks()],
        "lines": lines,
        "count": sum(due.count for due in found),
        "left": sum(due.count for due in found if due.state not in DONE),
        "before_url": _url(member, month=month.moved(-1)),
        "after_url": _url(member, month=month.moved(1)),
        "year_url": _url(member, year=month.year),
    }


def _line(due: Due, member: Member | None) -> dict:
    if member or due.member:
        url = reverse("targets:obligations", args=[member.code if member else due.member])
    else:
        asked = {"obligation": due.obligation, "due": due.on, "state": due.state}
        url = f"{reverse('targets:everybody')}?{urlencode(asked)}"
    shown = due.state if due.state != "ahead" else "none"
    words = {**WORDS, "ahead": "not yet open"}
    return {"due": due, "url": url, "kind": shown, "word": words.get(due.state, due.state)}


def _year(request: HttpRequest, member: Member | None, year: int, today: date) -> dict:
    found = selectors.by_month(request.user, year=year, on=today, member=member)
    words = {**WORDS, "ahead": "not yet open"}
    return {
        "year": year,
        "months": [
            {
                "month": Month(year, number),
                "url": _url(member, month=Month(year, number)),
                "count": sum(states.values()),
                "states": [(state, words.get(state, state), n) for state, n in states.items()],
            }
            for number, states in found.items()
        ],
        "count": sum(sum(states.values()) for states in found.values()),
        "before_url": _url(member, year=year - 1),
        "after_url": _url(member, year=year + 1),
    }
