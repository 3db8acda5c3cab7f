"""Open returns that were begun under another edition than the one that governs their period now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F

from accounts.models import User
from accounts.rules import Permission, allows
from kpis.models import Move, Return, Value
from kpis.rules.moving import Plan, plan, share
from rulebooks import selectors as rulebooks
from rulebooks.models import Edition
from targets.models import Period

COUNSELS = "a question that counsel alone reads"


@dataclass(frozen=True, slots=True)
class ToMove:
    """Open returns of a period under an edition that no longer governs it."""

    period: Period
    before: Edition
    count: int
    move: Move | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What one member keeps, answers anew, and loses; KPIs by their titles."""

    of_return: Return
    kept: int
    anew: tuple[str, ...]
    lost: tuple[str, ...]


def plan_of(move: Move) -> Plan:
    """Return what a move does to each KPI, read off the editions on the way."""
    return plan_between(move.before, move.after)


def plan_between(before: Edition, after: Edition) -> Plan:
    """Return what becomes of the KPIs of an edition in a later one, or in an earlier one."""
    ends = sorted((before.in_force_from, after.in_force_from))
    documents = rulebooks.adopted_documents()
    line = [one for one in documents if ends[0] <= one.in_force_from <= ends[1]]
    if before.in_force_from > after.in_force_from:
        line = [before.document, after.document]
    return plan(line)


def to_move(user: User) -> list[ToMove]:
    """Return the groups of open returns that could be moved, as far as ``user`` may see them."""
    visible = Return.objects.visible_to(user).exclude(status=Return.Status.FILED)
    groups = visible.exclude(edition=F("period__edition")).values("period", "edition")
    counts = groups.annotate(count=Count("pk")).order_by("period", "edition")
    rows = [(row["period"], row["edition"], row["count"]) for row in counts]
    periods = Period.objects.select_related("edition").in_bulk({period for period, _, _ in rows})
    editions = Edition.objects.defer("text").in_bulk({edition for _, edition, _ in rows})
    moves = {(m.period_id, m.before_id): m for m in Move.objects.visible_to(user).open()}
    return [ToMove(periods[p], editions[e], count, moves.get((p, e))) for p, e, count in rows]


def previews(user: User, period: Period, before: Edition, of: Plan, size: int) -> list[Preview]:
    """Return what the move means for the first ``size`` open returns, by member."""
    rows = Return.objects.visible_to(user).open_under(period, before)
    found = list(rows.select_related("member__organisation").order_by("member__code")[:size])
    titles = titles_for(user, before)
    answered: dict[int, list[str]] = defaultdict(list)
    values = Value.objects.visible_to(user).filter(of_return__in=found)
    for pk, kpi in values.values_list("of_return", "kpi"):
        answered[pk].append(kpi)
    return [_preview(row, of, (*answered[row.pk], *row.unread), titles) for row in found]


def _preview(row: Return, of: Plan, answered: Sequence[str], titles: dict[str, str]) -> Preview:
    mine = share(of, answered)
    anew, lost = (tuple(titles[code] for code in codes) for codes in (mine.anew, mine.lost))
    return Preview(row, len(mine.kept), anew, lost)


def titles_for(user: User, edition: Edition) -> dict[str, str]:
    """Return the titles of an edition's KPIs; those for counsel are named to counsel only."""
    all_of_them = allows(user.roles, Permission.COUNSEL_VIEW)
    return {
        kpi.code: kpi.title if all_of_them or kpi.confidentiality != "counsel" else COUNSELS
        for kpi in edition.document.kpis
    }
