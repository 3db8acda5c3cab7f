"""More time for one member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access
from members import services as members
from members.models import Member
from rulebooks.rules import extensions, facts
from rulebooks.rules.edition import Edition
from rulebooks.rules.extensions import ExtensionKind
from rulebooks.rules.terms import add_months, after
from targets import events, selectors
from targets.models import Extension, Period
from targets.rules import say_day

LONGEST_MONTHS = 12  # longer is no extension but another deadline


class CannotExtend(ValueError):
    """The deadline has passed, the new one is not later, or the member has an extension."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be extended: its key, the rules on it, and the day it is due."""

    key: str
    period: Period | None
    edition: Edition
    obligations: tuple[str, ...]
    due_on: date


@transaction.atomic
def grant_extension(
    *,
    member: Member,
    period: Period,
    until_on: date | None = None,
    reason: str,
    by: User,
    on: date,
    kind: str = "",
) -> Extension:
    """Let ``member`` file its return for ``period`` until ``until_on``, in time.

    Once per period. Where the edition has kinds of extensions, it is one of them, and what that
    asks for holds; without ``until_on`` it is as long as its kind allows. Where it has none, the
    deadline may not have passed, and the new one lies within a year.

    :raises PermissionDenied: ``by`` may not grant extensions.
    :raises CannotExtend: saying why.
    """
    access.require(by, Permission.EXTENSION_GRANT)
    return _grant(member, period, period.code, until_on, reason, by, on, kind)


@transaction.atomic
def extend_duty(
    *,
    member: Member,
    key: str,
    until_on: date | None = None,
    reason: str,
    by: User,
    on: date,
    kind: str = "",
) -> Extension:
    """Let ``member`` do until ``until_on`` what it owes once: ``key`` is ``obligation:about``.

    :raises PermissionDenied: ``by`` may not grant extensions.
    :raises CannotExtend: saying why.
    """
    access.require(by, Permission.EXTENSION_GRANT)
    return _grant(member, None, key, until_on, reason, by, on, kind)


def _grant(
    member: Member,
    period: Period | None,
    key: str,
    until_on: date | None,
    reason: str,
    by: User,
    on: date,
    kind: str,
) -> Extension:
    member = Member.objects.visible_to(by).select_for_update(of=("self",)).get(pk=member.pk)
    given = Extension.objects.filter(member=member, key=key).first()
    if given is not None:
        raise CannotExtend(f"{member} has an extension already, until {say_day(given.until_on)}")
    asked = _for_period(member, period) if period else _for_duty(member, key)
    until_on = _until(member, asked, kind, until_on=until_on, on=on)
    if not reason.strip():
        raise CannotExtend("an extension gives its reason")
    extension = Extension.objects.create(
        member=member,
        key=key,
        kind=kind,
        period=period,
        until_on=until_on,
        reason=reason.strip(),
        granted_at=timezone.now(),
        granted_by=by,
    )
    event = events.ExtensionGranted(
        member=member.code, period=key, until_on=until_on, kind=kind or None
    )
    entry = ledger.record(event, subject=extension, actor=by, on=on)
    what = facts.ExtensionGranted(until_on=until_on, extension=kind or None)
    members.state(what, member=member, about_on=on, entry=entry, key=key)
    return extension


def _for_period(member: Member, period: Period) -> _Asked:
    edition = period.edition.document
    if (member.pk, period.code) not in selectors.filers([member.pk], [period]):
        raise CannotExtend(f"{member} files no return for {period}: its class owes none")
    owed = tuple(o.code for o in selectors.return_obligations(edition, period.code))
    return _Asked(period.code, period, edition, owed, selectors.window(member, period).due_on)


def _for_duty(member: Member, key: str) -> _Asked:
    due = selectors.due_of(member, key)
    if due is None:
        raise CannotExtend(f"{member} owes nothing called {key}, or it never falls due")
    return _Asked(key, None, due.edition, (key.partition(":")[0],), due.on)


def _until(member: Member, asked: _Asked, kind: str, *, until_on: date | None, on: date) -> date:
    """Return the new day, once everything allows it."""
    if asked.edition.extensions:
        return _of_kind(member, asked, kind, until_on=until_on, on=on)
    if kind:
        raise CannotExtend(f"{asked.edition.title} has no kinds of extensions, so none is {kind}")
    if until_on is None:
        raise CannotExtend("name the new deadline")
    _require_plain(asked.due_on, until_on=until_on, on=on)
    return until_on


def _of_kind(member: Member, asked: _Asked, code: str, *, until_on: date | None, on: date) -> date:
    found = selectors.extension_kinds(asked.edition, asked.obligations)
    kinds = {kind.code: kind for kind in found}
    if code not in kinds:
        allowed = ", ".join(kind.name for kind in kinds.values()) or "none"
        raise CannotExtend(f"choose a kind of extension that this allows: {allowed}")
    kind: ExtensionKind = kinds[code]
    holidays = asked.edition.closed_days
    until_on = until_on or after(asked.due_on, kind.term, holidays=holidays)
    used = selectors.extensions_used(member, asked.obligations, asked.key)
    try:
        extensions.require(
            kind, due_on=asked.due_on, until_on=until_on, on=on, used=used, holidays=holidays
        )
    except extensions.Refused as refused:
        raise CannotExtend(str(refused)) from None
    return until_on


def _require_plain(due_on: date, *, until_on: date, on: date) -> None:
    """Refuse an extension under an edition that has no kinds of its own."""
    if on > due_on:
        raise CannotExtend(
            f"the deadline passed on {say_day(due_on)}; an extension is granted before it"
        )
    if until_on <= due_on:
        raise CannotExtend(
            f"the new deadline must lie after {say_day(due_on)}, not on {say_day(until_on)}"
        )
    if until_on > add_months(due_on, LONGEST_MONTHS):
        longest = say_day(add_months(due_on, LONGEST_MONTHS))
        raise CannotExtend(f"an extension ends within a year, by {longest}")
