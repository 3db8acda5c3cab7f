"""Which changes of a membership await a body."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from governance.models import MembershipDecision
from governance.selectors.matters import body_names, membership_deciders
from members.models import ClassRequest, Member
from rulebooks import selectors as rulebooks

CLASS_CHANGE = "class_change"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A change that a member asked for and a body has not decided on, as the clerk may know it."""

    matter: str
    member: Member
    what: str
    body: str
    from_on: date
    since: date


def memberships_awaiting(*, on: date) -> list[Wanted]:
    """Return the changes of a membership that members ask a body for, the oldest first."""
    body = membership_deciders(on=on).get(CLASS_CHANGE)
    if body is None:
        return []
    decided = MembershipDecision.objects.filter(
        member=OuterRef("member"), matter=CLASS_CHANGE, entry__recorded_at__gte=OuterRef("asked_at")
    )
    asked = ClassRequest.objects.open().filter(~Exists(decided))
    document = rulebooks.edition_in_force(on).document
    places = {one.code: one.name for one in (*document.classes, *document.chambers)}
    name = body_names().get(body, body)
    return [
        Wanted(
            matter=CLASS_CHANGE,
            member=request.member,
            what=", ".join(places.get(c, c) for c in (request.member_class, request.chamber)),
            body=name,
            from_on=request.from_on,
            since=request.asked_at.date(),
        )
        for request in asked.select_related("member__organisation").order_by("asked_at", "pk")
    ]


def may_be_decided_on() -> QuerySet[Member]:
    """Return whom a decision on a membership can be about, for whoever records decisions."""
    return Member.objects.select_related("organisation")
