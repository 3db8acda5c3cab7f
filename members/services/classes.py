"""Another class or chamber from a day on: asked for by the member, decided, declined."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access, events, selectors
from members.models import ClassRequest, Fact, Member
from members.services.facts import state
from rulebooks import selectors as rulebooks
from rulebooks.rules import facts

MATTER = "class_change"


@transaction.atomic
def ask_for_class(
    *,
    member: Member,
    member_class: str,
    chamber: str,
    from_on: date,
    reason: str,
    by: User,
    on: date,
) -> ClassRequest:
    """Ask for another class or chamber from ``from_on``; it is decided by whom the edition names.

    :raises PermissionDenied: ``by`` may not change the membership for the member.
    :raises selectors.NoSuchPlace: it cannot belong there from then on, a request is open, no reason
        is given, or the edition does not let members ask.
    """
    access.require(by, Permission.MEMBERSHIP_CHANGE, member=member)
    member = Member.objects.visible_to(by).select_for_update(of=("self",)).get(pk=member.pk)
    rule = rulebooks.edition_in_force(on).document.belonging.class_change
    if rule is not None and not rule.on_request:
        raise selectors.NoSuchPlace(f"members do not ask for a class, clause {rule.clause}")
    if not reason.strip():
        raise selectors.NoSuchPlace("a request says why")
    if member.class_requests.open().exists():
        raise selectors.NoSuchPlace(f"{member.code} has a request that is not yet decided")
    selectors.require_place(member, member_class, chamber, from_on=from_on, on=on)
    request = ClassRequest.objects.create(
        member=member,
        member_class=member_class,
        chamber=chamber,
        from_on=from_on,
        reason=reason.strip(),
        asked_at=timezone.now(),
        asked_by=by,
    )
    event = events.ClassChangeAsked(
        member=member.code, member_class=member_class, chamber=chamber, from_on=from_on
    )
    ledger.record(event, subject=request, actor=by, on=on)
    return request


@transaction.atomic
def decline_class(*, request_id: int, answer: str, by: User, on: date) -> ClassRequest:
    """Decline a request for another class, with the reason.

    :raises PermissionDenied: ``by`` may not manage members.
    :raises ClassRequest.DoesNotExist: no request of that number is open.
    :raises selectors.NoSuchPlace: no reason is given.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    if not answer.strip():
        raise selectors.NoSuchPlace("say why the request is declined")
    requests = ClassRequest.objects.visible_to(by).open().select_for_update(of=("self",))
    request = requests.select_related("member").get(pk=request_id)
    _answer(request, ClassRequest.Outcome.DECLINED, by, answer.strip())
    event = events.ClassChangeDeclined(member=request.member.code)
    ledger.record(event, subject=request, actor=by, on=on)
    return request


@transaction.atomic
def change_class(
    *,
    member: Member,
    member_class: str,
    chamber: str,
    from_on: date,
    by: User,
    on: date,
    decision: int | None = None,
) -> Fact:
    """Put a member into another class or chamber from ``from_on``.

    What it owes, signs and may do changes from that day; what began before stays as it began.
    ``decision`` is the ledger entry of the body's decision, where the edition names a body. An
    open request for the same is granted by it.

    :raises PermissionDenied: ``by`` may not manage members.
    :raises selectors.NoSuchPlace: the day lies behind, or it cannot belong there from then on.
    :raises selectors.NotDecided: the body that the edition names has not agreed to it.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    member = Member.objects.visible_to(by).select_for_update(of=("self",)).get(pk=member.pk)
    selectors.require_place(member, member_class, chamber, from_on=from_on, on=on)
    rule = rulebooks.edition_in_force(on).document.belonging.class_change
    selectors.require_decided(member, MATTER, rule and rule.decided_by, decision)
    event = events.ClassChanged(
        member=member.code,
        member_class=member_class,
        chamber=chamber,
        from_on=from_on,
        decision=decision,
    )
    entry = ledger.record(event, subject=member, actor=by, on=on)
    asked = member.class_requests.open().filter(member_class=member_class, chamber=chamber)
    for request in asked.select_for_update():
        _answer(request, ClassRequest.Outcome.GRANTED, by)
    what = facts.ClassChanged(member_class=member_class, chamber=chamber)
    return state(what, member=member, about_on=from_on, entry=entry)


def _answer(request: ClassRequest, outcome: str, by: User, answer: str = "") -> None:
    request.outcome, request.answer = outcome, answer
    request.decided_at, request.decided_by = timezone.now(), by
    request.save(update_fields=["outcome", "answer", "decided_at", "decided_by"])
