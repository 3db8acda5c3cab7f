"""Drafts of returns: begun, saved, corrected by a next version.

Every service on a return locks the return first and the member after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from kpis import events
from kpis.models import Return, Value
from kpis.rules.procedure import Action, NotNow, next_stage
from kpis.rules.reading import Reading, Typed, read
from kpis.rules.sites import beside_sites
from kpis.selectors import sites_held
from ledger import services as ledger
from members import access
from members.models import Member
from targets import selectors as targets
from targets.models import Period


class ChangedMeanwhile(ValueError):
    """Somebody else saved other answers since this form was opened; nothing was overwritten.

    ``kpis`` are those whose saved answers differ from what was typed.
    """

    def __init__(self, of_return: Return, kpis: tuple[str, ...]) -> None:
        at = timezone.localtime(of_return.saved_at)
        super().__init__(
            f"{of_return.saved_by} saved this return at {at:%H:%M} after you opened it; "
            f"yours is not saved yet. It differs at: {', '.join(kpis)}"
        )
        self.kpis = kpis


class NoSuchKpi(ValueError):
    """The edition asks for no KPI of that code."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft as it stands, and the problems that keep typed text from being answers, by KPI.

    ``changed`` says whether anything was saved that was not so before.
    """

    of_return: Return
    problems: dict[str, dict[str, str]]
    changed: bool = False


@transaction.atomic
def start_return(*, member: Member, period: Period, by: User, on: date) -> Return:
    """Begin the return of ``member`` for ``period``; one already begun is returned as it is.

    :raises PermissionDenied: ``by`` does not fill in returns for the member.
    :raises targets.CannotFile: wrong class, or the window is not open; saying which.
    :raises NotNow: one is filed already.
    """
    access.require(by, Permission.RETURN_EDIT, member=member)
    member = Member.objects.visible_to(by).select_for_update(of=("self",)).get(pk=member.pk)
    targets.open_window(member, period, on=on)
    newest = Return.objects.filter(member=member, period=period).order_by("-version").first()
    if newest is not None and newest.status == Return.Status.FILED:
        raise NotNow(f"{newest.stands}; start a correction instead")
    return newest or _begin(member, period, by=by, on=on)


@transaction.atomic
def start_correction(*, return_id: int, reason: str, by: User, on: date) -> Return:
    """Begin the next version of a filed return, with all that the filed one holds.

    The filed version counts until the correction is filed too.

    :raises PermissionDenied: ``by`` does not fill in returns for the member.
    :raises targets.CannotFile: the window, late days included, has closed.
    :raises NotNow: it is not filed, a newer version exists, or no reason is given.
    """
    access.require(by, Permission.RETURN_EDIT, member=Return.objects.member_of(return_id, by))
    filed = Return.objects.visible_to(by).for_change().get(pk=return_id)
    next_stage(filed.status, Action.CORRECT, stands=filed.stands)
    targets.open_window(filed.member, filed.period, on=on)
    if not reason.strip():
        raise NotNow("say what is corrected, and why")
    if Return.objects.filter(
        member=filed.member, period=filed.period, version__gt=filed.version
    ).exists():
        raise NotNow(f"a correction of the return for {filed.period} was begun already")
    version = filed.version + 1
    correction = _begin(
        filed.member, filed.period, by=by, on=on, version=version, reason=reason.strip()
    )
    for row in (
        *filed.values_reported.order_by("pk"),
        *filed.site_values.order_by("pk"),
        *filed.evidence.order_by("pk"),
    ):
        row.pk, row.of_return = None, correction
        row.save(force_insert=True)
    return correction


def _begin(
    member: Member, period: Period, *, by: User, on: date, version: int = 1, reason: str = ""
) -> Return:
    begun = Return.objects.create(
        member=member,
        period=period,
        edition=period.edition,
        version=version,
        reason=reason,
        saved_at=timezone.now(),
        saved_by=by,
    )
    event = events.ReturnStarted(member=member.code, period=period.code, version=version)
    ledger.record(event, subject=begun, actor=by, on=on)
    return begun


@transaction.atomic
def save_draft(
    *,
    return_id: int,
    typed: Mapping[str, Typed],
    by: User,
    on: date,
    seen: datetime | None = None,
) -> Saved:
    """Save what was typed for some KPIs: answers where it can be read, else as it was typed.

    ``seen`` is ``saved_at`` of the draft that the form showed. When somebody else has saved other
    answers since, nothing is saved. The same form sent twice saves once.

    :raises PermissionDenied: ``by`` does not fill in returns for the member.
    :raises NotNow: the return is submitted or filed.
    :raises targets.CannotFile: the window has closed.
    :raises ChangedMeanwhile: naming who, when and which KPIs.
    :raises NoSuchKpi: ``typed`` names one that the edition does not ask for.
    """
    access.require(by, Permission.RETURN_EDIT, member=Return.objects.member_of(return_id, by))
    draft = Return.objects.visible_to(by).for_change().get(pk=return_id)
    next_stage(draft.status, Action.SAVE, stands=draft.stands)
    targets.open_window(draft.member, draft.period, on=on)
    readings = _readings(draft, typed)
    values = {value.kpi: value for value in draft.values_reported.all()}
    changed = _changed(draft, readings, typed, values)
    if changed and seen is not None and seen != draft.saved_at:
        raise ChangedMeanwhile(draft, tuple(changed))
    for code in changed:
        if not readings[code].problems:
            _write(draft, code, readings[code], values.get(code))
    if changed:
        draft.unread = {**draft.unread, **{code: {} for code in readings}}
        draft.unread |= {c: _kept(typed[c]) for c, r in readings.items() if r.problems}
        draft.unread = {code: text for code, text in draft.unread.items() if text}
        draft.saved_at, draft.saved_by = timezone.now(), by
        draft.save(update_fields=["unread", "saved_at", "saved_by"])
    problems = {code: r.problems for code, r in readings.items() if r.problems}
    return Saved(draft, problems, bool(changed))


def _readings(draft: Return, typed: Mapping[str, Typed]) -> dict[str, Reading]:
    kpis = {kpi.code: kpi for kpi in draft.edition.document.kpis if kpi.is_asked}
    for code in typed:
        if code not in kpis:
            raise NoSuchKpi(f"{code[:40]!r} is no KPI of {draft.edition}: {', '.join(kpis)}")
    held = sites_held(draft)
    return {
        code: beside_sites(read(kpis[code], text), held.get(code, 0))
        for code, text in typed.items()
    }


def _changed(
    draft: Return,
    readings: Mapping[str, Reading],
    typed: Mapping[str, Typed],
    values: Mapping[str, Value],
) -> list[str]:
    """Return the KPIs whose typed answer is not the one that is saved."""
    changed = []
    for code, reading in readings.items():
        if reading.problems:
            same = draft.unread.get(code) == _kept(typed[code])
        else:
            value = values.get(code)
            saved = (value.answer, value.note) if value else (Reading().answer, "")
            same = code not in draft.unread and saved == (reading.answer, reading.note)
        if not same:
            changed.append(code)
    return changed


def _kept(typed: Typed) -> dict[str, str | list[str]]:
    """Return the filled fields of what was typed, as JSON keeps them."""
    given = {name: getattr(typed, name) for name in Typed.__dataclass_fields__}
    return {name: _without_nul(text) for name, text in given.items() if text}


def _without_nul(text: str | tuple) -> str | list:
    """Return text, or texts however nested, as JSON keeps it."""
    if isinstance(text, tuple):
        return [_without_nul(part) for part in text]
    return text.replace("\x00", "")


def _write(draft: Return, code: str, reading: Reading, value: Value | None) -> None:
    value = value or Value(member_id=draft.member_id, of_return=draft, kpi=code)
    value.note = reading.note
    value.take(reading.answer)
    value.save()
