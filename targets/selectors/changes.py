"""Changes of due days: what moved, from which day to which, by whom, since when, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import nlargest

from accounts.models import User
from ledger.services import address
from members import selectors as members
from members.models import Fact, Member
from rulebooks import selectors as rulebooks
from rulebooks.rules import facts
from rulebooks.rules.edition import Edition
from rulebooks.rules.reading import duty
from rulebooks.rules.timeline.cycles import Told as Calendar
from rulebooks.rules.timeline.cycles import cycles
from targets.models import Circular, Exemption, Extension
from targets.rules.changing import DueChange, due_changes
from targets.selectors.paging import SIZE

SOURCES = (Extension, Exemption, Circular)
IMPORTED = "imported from earlier records"
MANY = 100


@dataclass(frozen=True, slots=True)
class Change:
    """A due day that moved. Without ``after`` the obligation rests, or is not owed any more."""

    key: str
    title: str
    word: str
    before: date | None
    after: date | None
    is_owed: bool
    since: datetime
    by: str
    reason: str
    entry: int


@dataclass(frozen=True, slots=True)
class Act:
    """One act that moved due days: of one member, or of all (``member`` is None)."""

    member: Member | None
    word: str
    about: str
    moved: tuple[tuple[str, date | None, date | None], ...]
    until: date | None
    since: datetime
    by: str
    reason: str


def changes_of(found: Sequence[Member]) -> dict[int, list[Change]]:
    """Return what moved the due days of each of these members, by member, the newest first.

    In as many queries for many members as for one.
    """
    editions = rulebooks.adopted_documents()
    own: dict[int, list[facts.Fact]] = {member.pk: [] for member in found}
    for row in Fact.objects.filter(member__in=own).order_by("pk"):
        own[row.member_id].append(members.as_rule(row))
    initiative = members.initiative_facts()
    moved = {pk: due_changes(editions, initiative, said) for pk, said in own.items()}
    told = _told(change.fact.id for changes in moved.values() for change in changes)
    by_code = {edition.code: edition for edition in editions}
    return {
        pk: [_change(change, told[change.fact.id], by_code) for change in reversed(changes)]
        for pk, changes in moved.items()
    }


@dataclass(frozen=True, slots=True)
class _Said:
    """Who stated a fact, and why."""

    by: str
    reason: str
    since: datetime
    entry: int
    edition: str = ""


def _told(fact_ids: Iterable[int]) -> dict[int, _Said]:
    rows = list(Fact.objects.filter(pk__in=set(fact_ids)).select_related("entry").order_by("pk"))
    reasons = _reasons(rows)
    actors = {row.entry.actor.rpartition(":")[2] for row in rows}
    names = dict(
        User.objects.filter(pk__in=[int(pk) for pk in actors if pk.isdecimal()]).values_list(
            "pk", "name"
        )
    )
    return {
        row.pk: _Said(
            by=names.get(int(row.entry.actor.rpartition(":")[2]), row.entry.actor),
            reason=IMPORTED if row.source == "imported" else reasons.get(row.pk, ""),
            since=row.recorded_at,
            entry=row.entry_id,
        )
        for row in rows
    }


def _reasons(rows: Sequence[Fact]) -> dict[int, str]:
    """Return why each fact was stated, as the row says that its entry is about."""
    wanted = {row.pk: row.entry.subject for row in rows}
    reasons: dict[str, str] = {}
    for model in SOURCES:
        label = f"{model._meta.label}:"
        pks = [int(s.removeprefix(label)) for s in wanted.values() if s.startswith(label)]
        for pk, reason in model.objects.filter(pk__in=pks).values_list("pk", "reason"):
            reasons[f"{label}{pk}"] = reason
    cancelled = Circular.objects.filter(sort=Circular.Sort.CANCELLED)
    by_period = dict(cancelled.values_list("key", "reason"))
    return {
        row.pk: by_period.get(row.key, "")
        if row.kind == facts.CycleCancelled.kind
        else reasons.get(row.entry.subject, "")
        for row in rows
    }


def _change(change: DueChange, said: _Said, editions: dict[str, Edition]) -> Change:
    code = change.key.partition(":")[0]
    having = [e for e in editions.values() if any(o.code == code for o in e.obligations)]
    return Change(
        key=change.key,
        title=duty(change.key, having[-1] if having else None),
        word=change.word,
        before=change.before,
        after=change.after,
        is_owed=change.is_owed,
        since=said.since,
        by=said.by,
        reason=said.reason,
        entry=said.entry,
    )


def recent_acts(user: User, *, before: datetime | None = None) -> tuple[list[Act], datetime | None]:
    """Return the newest acts that moved due days, and the moment before which the rest lies.

    Of members that ``user`` may read; what all members were told is for everybody.
    """
    rows = nlargest(
        SIZE + 1,
        (row for model in SOURCES for row in _recent(model, user, before)),
        key=lambda row: (_moment(row), row.pk),
    )
    own = [row for row in rows[:SIZE] if not isinstance(row, Circular)]
    changes = changes_of(list({row.member_id: row.member for row in own}.values()))
    entries = _entries(own)
    calendar = _calendar_moves() if any(isinstance(row, Circular) for row in rows) else {}
    acts = [
        _of_all(row, calendar)
        if isinstance(row, Circular)
        else _of_one(row, [c for c in changes[row.member_id] if c.entry == entries.get(_at(row))])
        for row in rows[:SIZE]
    ]
    return acts, _moment(rows[SIZE - 1]) if len(rows) > SIZE else None


def _recent(model: type, user: User, before: datetime | None) -> Iterable:
    if model is Circular:
        rows, moment = Circular.objects.select_related("told_by"), "told_at"
    else:
        rows = model.objects.visible_to(user).select_related("member__organisation", "granted_by")
        moment = "granted_at"
    if before is not None:
        rows = rows.filter(**{f"{moment}__lt": before})
    return rows.order_by(f"-{moment}", "-pk")[: SIZE + 1]


def _moment(row: Extension | Exemption | Circular) -> datetime:
    return row.told_at if isinstance(row, Circular) else row.granted_at


def _at(row: Extension | Exemption) -> str:
    return address(row)


def _entries(rows: Sequence[Extension | Exemption]) -> dict[str, int]:
    facts_of = Fact.objects.filter(
        member__in={row.member_id for row in rows}, entry__subject__in=[_at(row) for row in rows]
    )
    return dict(facts_of.values_list("entry__subject", "entry"))


def _of_one(row: Extension | Exemption, moved: Sequence[Change]) -> Act:
    return Act(
        member=row.member,
        word="Extension" if isinstance(row, Extension) else "Exemption",
        about=row.key,
        moved=tuple((change.title, change.before, change.after) for change in moved[:MANY]),
        until=row.until_on,
        since=row.granted_at,
        by=row.granted_by.name,
        reason=row.reason,
    )


def _of_all(row: Circular, calendar: dict[str, tuple[date | None, date | None]]) -> Act:
    subject = address(row)
    moved = calendar.get(subject) or calendar.get(f"{row.sort}:{row.key}")
    return Act(
        member=None,
        word=row.get_sort_display(),
        about=row.key,
        moved=((row.key, *moved),) if moved else (),
        until=row.until_on,
        since=row.told_at,
        by=row.told_by.name,
        reason=row.reason,
    )


def _calendar_moves() -> dict[str, tuple[date | None, date | None]]:
    """Return the due day before and after each announcement and cancellation of a period.

    By the address of the circular; of a cancellation by its sort and period.
    """
    editions = rulebooks.adopted_documents()
    rows = Fact.objects.of_initiative().select_related("entry").order_by("recorded_at", "pk")
    told: list[facts.Fact] = []
    found: dict[str, tuple[date | None, date | None]] = {}
    before = _due_by_period(editions, told)
    for row in rows:
        told.append(members.as_rule(row))
        if row.kind not in (facts.PeriodAnnounced.kind, facts.CycleCancelled.kind):
            continue
        after = _due_by_period(editions, told)
        cancelled = f"{Circular.Sort.CANCELLED}:{row.key}"
        place = cancelled if row.kind == facts.CycleCancelled.kind else row.entry.subject
        found[place] = (before.get(row.key), after.get(row.key))
        before = after
    return found


def _due_by_period(editions: tuple[Edition, ...], told: Sequence[facts.Fact]) -> dict[str, date]:
    calendar = cycles(editions, Calendar.of(told))
    return {cycle.period.code: cycle.period.due_on for cycle in calendar}
