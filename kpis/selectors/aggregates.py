"""How all members came out together: counted along the edition's lines, held to its rule."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import islice
from typing import Any

from kpis.models import Aggregate, Scorecard, ScoreRun
from kpis.rules.counting import Came, Counted, Lines, may_tell, tabled
from kpis.selectors.beside import on_record
from kpis.selectors.telling import may_tell_totals_again, rule_of
from members.selectors import groups_of_members, places_on
from rulebooks.rules.disclosure import Disclosed, Row, Tally
from rulebooks.rules.edition import Edition
from rulebooks.rules.following import Atom, Region
from rulebooks.rules.schema import EVERYONE
from rulebooks.rules.targets import Target
from targets.models import Period

CHUNK = 5_000
PLACES = ("class", "chamber")  # what targets apply by
CHANGED_TOO_LITTLE = "too few members came out otherwise since, and the two could be subtracted"


@dataclass(frozen=True, slots=True)
class Drawn:
    """All members as they are counted after the publication of ``run``, and what may be shown.

    ``told`` is None where the edition shows no table.
    """

    run: ScoreRun
    lines: Lines
    rows: tuple[Counted, ...]
    told: Disclosed | None

    @property
    def counted(self) -> dict[int, tuple[Atom, str]]:
        """Return the class and chamber, and the group, that each member is counted in."""
        at = [self.lines.all.index(line) for line in PLACES]
        return {row.member: (tuple(row.atom[n] for n in at), row.group) for row in self.rows}


def placed(drawn: Drawn, members: Collection[int]) -> str:
    """Return the SHA-256 of what some of the members are counted along."""
    along = [[row.member, *row.atom] for row in drawn.rows if row.member in members]
    return sha256(json.dumps([drawn.lines.all, along]).encode()).hexdigest()


def draw(run: ScoreRun, edition: Edition) -> Drawn:
    """Return what may be shown of the scores that stand once ``run`` is published."""
    rule = edition.aggregates
    shown = rule.breakdowns if rule else ()
    lines = Lines(tuple(dict.fromkeys((*shown, *PLACES))), shown)
    cards = Scorecard.objects.standing(until=run.pk).filter(period=run.period)
    rows = tuple(_counted(cards, run.period, lines.all))
    if rule is None:
        return Drawn(run, lines, rows, None)
    bands = [band.code for band in edition.bands.lowest_first()]
    told = tabled(rows, lines, bands, first=_told_first(run), rule=rule.rule)
    return Drawn(run, lines, rows, told)


def _told_first(run: ScoreRun) -> Disclosed | None:
    """Return the first table of the period that tells anything, None before there is one."""
    earlier = Aggregate.objects.filter(period=run.period_id).exclude(run=run).order_by("pk")
    tables = map(read, earlier.values_list("table", flat=True))
    return next((table for table in tables if table.total.counts is not None), None)


def _counted(cards: Any, period: Period, lines: Sequence[str]) -> Iterator[Counted]:
    """Yield members as they belonged, and as was on record of them, at the end of the period."""
    fields = ("member", "fingerprint", "band", "member__organisation__country")
    found = cards.order_by("member").values_list(*fields).iterator(CHUNK)
    on = period.about_until
    while batch := list(islice(found, CHUNK)):
        ids = [member for member, *_ in batch]
        places, groups = places_on(ids, on=on), groups_of_members(ids, on=on)
        known = on_record(ids, period) if {"size", "country"} & set(lines) else {}
        for member, card, band, country in batch:
            place, said = places[member], known.get(member, {})
            along = {
                "class": place.member_class,
                "chamber": place.chamber,
                "country": said.get("country") or country,
                "size": said.get("size"),
            }
            group = ":".join(map(str, groups[member]))
            yield Counted(
                member, Came(card, band), group, tuple(along[line] or "" for line in lines)
            )


def stands_in_the_way(drawn: Drawn, edition: Edition) -> str:
    """Return why what is drawn, beside what was told of the period before, gives a member away.

    Empty where it does not.
    """
    runs = ScoreRun.objects.filter(period=drawn.run.period).exclude(pk=drawn.run.pk)
    earlier = list(runs.told().select_related("aggregate").defer("cohort"))
    stood = [_came(one) for one in earlier]
    tables = [getattr(one, "aggregate", None) for one in earlier]
    for then, table in zip(stood, tables, strict=True):
        if table is not None and table.placed != placed(drawn, then.keys()):
            return "members are counted along other lines than they were then"
    if drawn.told and drawn.told.total.counts is None and any(map(_tells, tables)):
        return "too few members are in a column of it now"
    told = [read(table.table) for table in tables if table]
    told += [drawn.told] if drawn.told else []
    targets = partial(_regions, edition.targets)
    rule, counted = rule_of(edition), drawn.counted
    if not may_tell(told, drawn.rows, stood, drawn.lines, also=targets, rule=rule):
        return CHANGED_TOO_LITTLE
    if not all(may_tell_totals_again(drawn.run, one, edition, counted) for one in earlier):
        return CHANGED_TOO_LITTLE
    return ""


def _tells(table: Aggregate | None) -> bool:
    return table is not None and read(table.table).total.counts is not None


def _came(run: ScoreRun) -> dict[int, Came]:
    """Return how each member came out, as it stood once ``run`` was published."""
    cards = Scorecard.objects.standing(until=run.pk).filter(period=run.period_id)
    fields = ("member", "fingerprint", "band")
    rows = cards.order_by("member").values_list(*fields).iterator(CHUNK)
    return {member: Came(card, band) for member, card, band in rows}


def _regions(targets: Sequence[Target], of: Tally) -> list[Region]:
    """Return the atoms of the members that each target applies to."""
    return [_region(target, of) for target in targets]


def _region(target: Target, of: Tally) -> Region:
    asked = zip(PLACES, (target.applies_to, target.chambers), strict=True)
    wanted = {of.lines.index(line): codes for line, codes in asked if codes != EVERYONE}
    return frozenset(
        atom for atom in of.members if all(atom[n] in codes for n, codes in wanted.items())
    )


def plain(told: Disclosed) -> dict[str, Any]:
    """Return a table as JSON values."""
    return {
        "columns": [list(column) for column in told.columns],
        "total": _plain(told.total),
        "rows": [_plain(row) for row in told.rows],
    }


def _plain(row: Row) -> dict[str, Any]:
    return {
        "line": row.line,
        "value": row.value,
        "counts": None if row.counts is None else list(row.counts),
    }


def read(table: dict[str, Any]) -> Disclosed:
    """Return the table that ``plain`` wrote."""
    columns = tuple(tuple(column) for column in table["columns"])
    return Disclosed(columns, _row(table["total"]), tuple(map(_row, table["rows"])))


def _row(plain: dict[str, Any]) -> Row:
    counts = plain["counts"]
    return Row(plain["line"], plain["value"], None if counts is None else tuple(counts))
