"""What follows, for bodies, from acts elsewhere. Listed in ``msi_platform/reactions.py``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.rules import Role
from governance.models import Seat
from ledger.models import Entry
from members import services as members
from members.models import Member
from rulebooks import selectors as rulebooks
from rulebooks.rules.belonging import SECRETARIAT

TEMPLATE = "withdrawal-told"
STILL_NEWS = timedelta(days=31)  # an act recorded later than that is history, and sends nothing


def tell_of_notice(entry: Entry) -> None:
    """Tell those whom the edition names that a member withdraws, or took its notice back."""
    on = entry.effective_on
    rule = rulebooks.edition_in_force(on).document.belonging.withdrawal
    tells = rule.tells if rule else (SECRETARIAT,)
    if not tells or on < timezone.localdate(entry.recorded_at) - STILL_NEWS:
        return
    member = Member.objects.select_related("organisation").get(code=entry.data["member"])
    last_on = entry.data.get("last_on")
    members.letters.queue(
        TEMPLATE,
        member=member,
        key=f"{member.code}:{entry.pk}",
        on=on,
        context={"given_on": on, "last_on": last_on and date.fromisoformat(last_on)},
        to=list(_told(tells, on=on)),
    )


def _told(tells: Sequence[str], *, on: date) -> QuerySet[User]:
    """Return who holds the office or sits on a body that is told, each once."""
    seats = Seat.objects.in_force(on).filter(body__code__in=tells)
    told = Q(pk__in=seats.values("user"))
    if SECRETARIAT in tells:
        held = {"roles_held__role": Role.SECRETARIAT, "roles_held__until_on": None}
        told |= Q(pk__in=User.objects.filter(**held).values("pk"))
    return User.objects.filter(told, is_active=True).order_by("pk")
