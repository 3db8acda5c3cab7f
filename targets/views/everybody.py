"""What all members owe, as a list: the first to fall due first, filters as words above."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts import access
from accounts.rules import Permission
from members.rules import STANDING_WORDS, Standing
from rulebooks import selectors as rulebooks
from targets import selectors
from targets.filters import ObligationFilter
from targets.rules import say_day
from targets.views.calendar import STATES

WITHIN = (7, 30, 90)  # days
WORDS = {**STATES, "open": "not done yet", "met": "met in time", "met_late": "met late"}


@require_safe
@login_required
def everybody(request: HttpRequest) -> HttpResponse:
    """Every obligation of the members that the reader may see."""
    today = timezone.localdate()
    rows = selectors.owed_by_all(request.user, on=today)
    found = ObligationFilter(request.GET, queryset=rows)
    matching: QuerySet = found.qs if found.is_valid() else rows.none()
    words = Words(request.GET, found, today)
    if not words.sent.get("state") and found.is_valid():
        matching = matching.filter(state__in=selectors.PRESSING)
    part = selectors.by_due_day(matching, on=today, after=request.GET.get("after", ""))
    states = selectors.counts_by_state(matching, on=today)
    context = {
        "count": sum(states.values()),
        "states": {state: states[state] for state in states if state in selectors.PRESSING},
        "lines": selectors.as_owed(part.rows, on=today),
        "first_url": words.address() if part.begun else "",
        "next_url": words.address(after=part.next) if part.next else "",
        "words": words,
        "faults": "" if found.is_valid() else found.errors,
        "is_staff": access.can(request.user, Permission.MEMBER_VIEW_ALL),
        "today": today,
    }
    context["choices"] = words.choices(context["states"])
    return render(request, "targets/everybody.html", context)


class Words:
    """The filters as words: those that are on, and those that can be chosen, with addresses."""

    def __init__(self, sent: QueryDict, found: ObligationFilter, today: date) -> None:
        self.sent = {name: sent[name] for name in found.filters if sent.get(name)}
        self.today = today
        self.document = rulebooks.current_document(today)

    def address(self, **other: object) -> str:
        """Return the address of this list with some filters set otherwise."""
        wanted = {name: value for name, value in (self.sent | other).items() if value}
        return f"?{urlencode(wanted)}"

    def on(self) -> list[dict[str, str]]:
        return [
            {"label": self._said(name, value), "clear_url": self.address(**{name: ""})}
            for name, value in self.sent.items()
        ]

    def _said(self, name: str, value: str) -> str:
        if name == "state":
            return WORDS.get(value, value)
        if name == "standing":
            words = STANDING_WORDS.get(value) if value in set(Standing) else None
            return words[0].lower() if words else value
        days = {"due": "due on", "due_from": "due from", "due_until": "due by"}
        if name in days:
            return f"{days[name]} {_day(value)}"
        named = {"member_class": "class", "member": "member", "chamber": "chamber"}
        return f"{named.get(name, name)} {value}"

    def choices(self, states: dict[str, int]) -> list[dict]:
        """Return what can be chosen: states with their counts, obligations, days, classes."""
        chosen = [
            {"label": f"{WORDS[state]}:", "count": count, "url": self.address(state=state)}
            for state, count in states.items()
            if state != self.sent.get("state")
        ]
        if "due_until" not in self.sent:
            chosen += [self._within(days) for days in WITHIN]
        for name, parts in self._parts().items():
            if name not in self.sent:
                chosen += [{"label": n, "url": self.address(**{name: c})} for c, n in parts]
        return chosen

    def _within(self, days: int) -> dict[str, str]:
        until = self.today + timedelta(days=days)
        url = self.address(due_from=self.today, due_until=until)
        return {"label": f"due within {days} days", "url": url}

    def _parts(self) -> dict[str, list[tuple[str, str]]]:
        if self.document is None:
            return {}
        return {
            "obligation": [(o.code, o.title) for o in self.document.obligations],
            "member_class": [(c.code, c.name) for c in self.document.classes],
        }


def _day(text: str) -> str:
    try:
        return say_day(date.fromisoformat(text))
    except ValueError:
        return text
