"""What follows in cases from acts in them. Listed in ``msi_platform/reactions.py``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.selectors import system_user
from governance.models import Seat
from ledger import services as ledger
from ledger.models import Entry
from members import services as members
from members.models import Mandate, Member
from members.services.letters import Occasion
from rulebooks.rules.entry import EntryLetter
from suspensions import events
from suspensions.models import Case

TEMPLATE = "case-entered"
BATCH = 500  # members
STILL_NEWS = timedelta(days=31)  # an act recorded later than that is history, and sends nothing


def tell_on_entry(entry: Entry) -> None:
    """Queue the letters that a step writes when it holds, once each. An old act sends nothing.

    Each goes to those whom the edition names; what was decided otherwise has no entry.
    """
    if entry.data.get("outcome", "impose") != "impose":
        return
    if entry.effective_on < timezone.localdate(entry.recorded_at) - STILL_NEWS:
        return
    case = Case.objects.select_related("member__organisation", "edition").get(
        code=entry.data["case"]
    )
    queued = 0
    for place, letter in enumerate(case.aim.on_entry.letters):
        occasions = _occasions(case, letter, place, entry)
        while some := list(islice(occasions, BATCH)):
            told = members.letters.queue_many(TEMPLATE, occasions=some, on=entry.effective_on)
            queued += len(told)
    if queued:
        _record(case, entry, queued)


def _record(case: Case, entry: Entry, queued: int) -> None:
    event = events.EntryLettersQueued(
        member=case.member.code, case=case.code, step=case.step, act=entry.pk, count=queued
    )
    ledger.record(event, subject=case, actor=system_user(), on=entry.effective_on)


def _occasions(case: Case, letter: EntryLetter, place: int, entry: Entry) -> Iterator[Occasion]:
    context = {
        "about": case.member,
        "case": case,
        "step": case.aim,
        "letter": letter,
        "effective_on": date.fromisoformat(entry.data["effective_on"]),
        "contact": settings.DEFAULT_FROM_EMAIL,
    }
    key = f"{case.code}:{place}"
    if letter.to == "members":
        for other in _others(case, entry).iterator(chunk_size=BATCH):
            yield Occasion(other, f"{key}:{other.code}", context)
    elif letter.to == "member":
        yield Occasion(case.member, key, context)
    else:
        yield Occasion(case.member, key, context, to=_seated(letter.to, entry))


def _others(case: Case, entry: Entry) -> QuerySet[Member]:
    """Return the other members for whom somebody acts."""
    acting = Mandate.objects.in_force(entry.effective_on).values("member")
    rows = Member.objects.filter(pk__in=acting).exclude(pk=case.member_id)
    return rows.select_related("organisation").order_by("pk")


def _seated(bodies: tuple[str, ...], entry: Entry) -> list[User]:
    """Return who sits on any of these bodies on the day of the act, each once."""
    seats = Seat.objects.in_force(entry.effective_on).filter(body__code__in=bodies)
    people = User.objects.filter(pk__in=seats.values("user"), is_active=True)
    return list(people.order_by("pk"))
