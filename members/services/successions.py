"""Another name, a merger, a split, a membership that passes to another organisation.

Codes of members never change: an old one leads on to the member that it became part of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from ledger.models import Entry
from members import access, events, selectors
from members.models import EarlierName, Member, Organisation, Succession
from members.services.facts import state
from rulebooks.rules import facts
from rulebooks.rules.belonging import Merger

FOLLOW, STAY, END = "follow", "stay", "end"
MERGER = "merger"


class CannotChange(ValueError):
    """The membership cannot change like that on that day; saying why."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What becomes of a member that is part of another: as the edition says, or as was chosen.

    ``history`` is whether the people of the other read its record as their own.
    """

    obligations: str
    cases: str
    signatures: str
    history: bool
    reasons: str = ""


@transaction.atomic
def rename(*, member: Member, name: str, from_on: date, by: User, on: date) -> Organisation:
    """Give a member's organisation another name from ``from_on``; the earlier one is kept.

    :raises PermissionDenied: ``by`` may not manage members.
    :raises CannotChange: no name is given, it has that name, or the day has not come or lies before
        an earlier change of name.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    member = _locked(member, by)
    organisation, name = member.organisation, name.strip()
    if not name or name == organisation.name:
        raise CannotChange(f"write another name than {organisation.name}")
    if from_on > on:
        raise CannotChange(f"{from_on} has not come; a name changes on the day it changes")
    last = organisation.earlier_names.order_by("-until_on").first()
    if last is not None and from_on <= last.until_on:
        raise CannotChange(f"it has its present name since {last.until_on}; name a later day")
    earlier = EarlierName.objects.create(
        organisation=organisation, name=organisation.name, until_on=from_on
    )
    organisation.name = name
    organisation.save(update_fields=["name"])
    event = events.MemberRenamed(member=member.code, name_id=earlier.pk)
    entry = ledger.record(event, subject=member, actor=by, on=on)
    state(facts.MemberRenamed(earlier.pk), member=member, about_on=from_on, entry=entry)
    return organisation


@transaction.atomic
def merge(
    *,
    member: Member,
    into: Member,
    choices: Choices,
    by: User,
    on: date,
    decision: int | None = None,
) -> Succession:
    """Let a member be part of another from ``on``. Its open cases go on; its code leads on.

    :raises PermissionDenied: ``by`` may not manage members.
    :raises CannotChange: either is no member that day, both are the same, or a choice is not as the
        edition says, or lacks reasons.
    :raises selectors.NotDecided: the body that the edition names has not agreed to it.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    if member.pk == into.pk:
        raise CannotChange(f"{member.code} cannot become part of itself")
    first, second = sorted((member, into), key=lambda one: one.pk)
    locked = {one.pk: one for one in (_locked(first, by), _locked(second, by))}
    member, into = locked[member.pk], locked[into.pk]
    for one in (member, into):
        if selectors.history(one).spell_on(on) is None:
            raise CannotChange(f"{one.code} is no member on {on}")
    rule = selectors.merger_rule(on=on)
    _require_choices(member, choices, rule, on)
    selectors.require_decided(member, MERGER, rule and rule.decided_by, decision)
    event = events.MembersMerged(
        member=member.code,
        into=into.code,
        from_on=on,
        obligations=choices.obligations,
        cases=choices.cases,
        signatures=choices.signatures,
        history=choices.history,
        decision=decision,
    )
    entry = ledger.record(event, subject=member, actor=by, on=on)
    made = _succeed(member, into, choices, entry, on)
    merged = facts.MemberMerged(obligations=choices.obligations)
    state(merged, member=member, about_on=on, entry=entry, key=into.code)
    absorbed = facts.MemberAbsorbed(signatures=choices.signatures, cases=choices.cases)
    state(absorbed, member=into, about_on=on, entry=entry, key=member.code)
    return made


@transaction.atomic
def merge_several(
    *,
    members: Sequence[Member],
    into: Member,
    choices: Choices,
    by: User,
    on: date,
    decisions: Mapping[int, int | None] | None = None,
) -> list[Succession]:
    """Let several members be part of another from ``on``, all of them or none.

    For A and B that become C, which was admitted before. The choices are the same for all; each
    has its own entry in the record, and its own decision, ``decisions`` by the id of the member.

    :raises PermissionDenied: ``by`` may not manage members.
    :raises CannotChange: nobody is named or somebody twice, or one of them cannot be merged.
    :raises selectors.NotDecided: the body that the edition names has not agreed to it of each.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    if not members or len({one.pk for one in members}) < len(members):
        raise CannotChange("name each member that becomes part of the other once")
    for one in sorted({*members, into}, key=lambda one: one.pk):
        _locked(one, by)
    made = decisions or {}
    return [
        merge(member=one, into=into, choices=choices, by=by, on=on, decision=made.get(one.pk))
        for one in members
    ]


def _require_choices(member: Member, choices: Choices, rule: Merger | None, on: date) -> None:
    free = []
    for name, allowed in (
        ("obligations", (FOLLOW, END)),
        ("cases", (FOLLOW, STAY)),
        ("signatures", (FOLLOW, STAY)),
    ):
        said, stated = getattr(choices, name), rule and getattr(rule, name)
        if said not in allowed:
            raise CannotChange(f"{name} {' or '.join(allowed)}, not {said!r}")
        if stated is not None and said != stated:
            raise CannotChange(f"{name} {stated} by clause {rule.clause}, not {said}")
        free += [name] if stated is None else []
    if free and not choices.reasons.strip():
        raise CannotChange(f"the edition leaves {', '.join(free)} to choose; give the reasons")
    if not choices.history and selectors.open_cases(member, on=on):
        who = "whoever answers in it reads the history too"
        raise CannotChange(f"a case is open about {member.code}: {who}")


def _succeed(member: Member, into: Member, choices: Choices, entry: Entry, on: date) -> Succession:
    """Let ``into`` answer for the member, and for those that the member answered for."""
    made = Succession(
        member=member,
        successor=into,
        from_on=on,
        history=choices.history,
        reasons=choices.reasons.strip(),
        entry=entry,
    )
    before = Succession.objects.select_for_update().filter(successor=member, until_on=None)
    moved = [
        Succession(
            member_id=row.member_id,
            successor=into,
            from_on=on,
            history=row.history and choices.history,
            reasons=row.reasons,
            entry=entry,
        )
        for row in before
    ]
    before.update(until_on=on)
    Succession.objects.bulk_create([made, *moved])
    return made


@transaction.atomic
def split(*, member: Member, off: Member, by: User, on: date) -> Entry:
    """Record that a new member was part of another until ``on``: each points at the other.

    What the other owes stays with it; the new one owes from its admission.

    :raises PermissionDenied: ``by`` may not manage members.
    :raises CannotChange: both are the same, or the new one was admitted before the other, or it was
        recorded already.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    member, off = _locked(member, by), _locked(off, by)
    if member == off or off.admitted_on < member.admitted_on:
        raise CannotChange(f"{off.code} is no member that came out of {member.code}")
    if off.facts.filter(kind=facts.MemberSplitOff.kind, corrected_by=None).exists():
        raise CannotChange(f"it is on record out of which member {off.code} came")
    event = events.MemberSplit(member=member.code, off=off.code)
    entry = ledger.record(event, subject=member, actor=by, on=on)
    state(facts.MemberSplit(), member=member, about_on=on, entry=entry, key=off.code)
    state(facts.MemberSplitOff(), member=off, about_on=on, entry=entry, key=member.code)
    return entry


@transaction.atomic
def transfer(*, member: Member, to: Organisation, by: User, on: date) -> Member:
    """Let a membership pass to another organisation from ``on``, with all that belongs to it.

    The names under which it was held before go with it.

    :raises PermissionDenied: ``by`` may not manage members.
    :raises CannotChange: it is no member that day, or the organisation is one or applies to be.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    member = _locked(member, by)
    if selectors.history(member).spell_on(on) is None:
        raise CannotChange(f"{member.code} is no member on {on}")
    Organisation.objects.select_for_update().get(pk=to.pk)
    if Member.objects.filter(organisation=to).exists() or to.applications.open().exists():
        raise CannotChange(f"{to.name} is a member, or applies to be one")
    before = member.organisation
    _pass_on_names(before, to, on=on)
    member.organisation = to
    member.save(update_fields=["organisation"])
    event = events.MembershipTransferred(member=member.code, before=before.pk, after=to.pk)
    entry = ledger.record(event, subject=member, actor=by, on=on)
    what = facts.MembershipTransferred(before=before.pk)
    state(what, member=member, about_on=on, entry=entry, key=str(to.pk))
    return member


def _pass_on_names(before: Organisation, to: Organisation, *, on: date) -> None:
    """Let a membership be found by the names under which it was held until ``on``."""
    names = {row.until_on: row.name for row in before.earlier_names.all()} | {on: before.name}
    kept = {row.until_on for row in to.earlier_names.all()}
    EarlierName.objects.bulk_create(
        EarlierName(organisation=to, name=name, until_on=day)
        for day, name in sorted(names.items())
        if day not in kept and name != to.name
    )


def _locked(member: Member, by: User) -> Member:
    members = Member.objects.visible_to(by).select_for_update(of=("self",))
    return members.select_related("organisation").get(pk=member.pk)
