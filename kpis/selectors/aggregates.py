"""How all members came out together: counted along the edition's lines, held to its rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import OuterRef, Subquery

from kpis.models import Aggregate, Scorecard, ScoreRun
from members.models import Fact
from rulebooks.rules.aggregates import Aggregates
from rulebooks.rules.disclosure import Disclosed, Row, Tally, disclose, may_follow, move
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import MemberDescribed
from targets.models import Period

CHUNK = 5_000
NO_BAND = ""  # scored and in no band, or not scored


class Counted(NamedTuple):
    """A member as it is counted: its band, its corporate group, and what it is along each line."""

    member: int
    band: str
    group: str
    atom: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A table that may be shown, and how the members came out that it was drawn from."""

    told: Disclosed
    bands: dict[int, str]
    atoms: dict[int, Counted]


def draw(period: Period, edition: Edition) -> Drawn:
    """Return what may be shown of the scores that stand for ``period``."""
    rule = edition.aggregates
    rows = list(_counted(Scorecard.objects.standing().filter(period=period), rule))
    tally = Tally(rule.breakdowns)
    for row in rows:
        tally.add(row.atom, row.band, row.group)
    bands = [band.code for band in edition.bands.lowest_first()]
    told = disclose(tally, [*bands, NO_BAND], rest=_largest(rows, bands), rule=rule.rule)
    return Drawn(told, {row.member: row.band for row in rows}, {row.member: row for row in rows})


def _largest(rows: Sequence[Counted], bands: Sequence[str]) -> str:
    """Return the band of most members, with which those are counted that too few are in."""
    counts = dict.fromkeys(bands, 0)
    for row in rows:
        counts[row.band] = counts.get(row.band, 0) + 1
    return max(counts, key=lambda band: (counts[band], band))


def _counted(cards: Any, rule: Aggregates) -> Iterator[Counted]:
    sizes = Fact.objects.filter(
        member=OuterRef("member"),
        kind=MemberDescribed.kind,
        data__size__isnull=False,
        corrected_by=None,
    ).order_by("-about_on", "-pk")
    lines = {
        "class": "member__member_class",
        "chamber": "member__chamber",
        "country": "member__organisation__country",
        "size": "size",
    }
    named = [lines[line] for line in rule.breakdowns]
    found = cards.annotate(size=Subquery(sizes.values("data__size")[:1])).order_by("member")
    fields = ("member", "band", "member__organisation")
    for member, band, group, *atom in found.values_list(*fields, *named).iterator(CHUNK):
        yield Counted(member, band, str(group), tuple(one or "" for one in atom))


def stands_in_the_way(drawn: Drawn, last: Aggregate, edition: Edition) -> bool:
    """Return whether the new table beside the ``last`` one would give a member away.

    ``last`` was drawn from the scores that stood when its run was published.
    """
    cards = Scorecard.objects.filter(period=last.period, run__lte=last.run_id)
    cards = cards.filter(run__status=ScoreRun.Status.PUBLISHED)
    newest = cards.order_by("member", "-run").distinct("member")
    before = dict(newest.values_list("member", "band"))
    moved = Tally(edition.aggregates.breakdowns)
    for pk, row in drawn.atoms.items():
        was = before.get(pk, ABSENT)
        moved.add(row.atom, move(was, row.band), row.group)
    return not may_follow(moved, read(last.table), drawn.told, rule=edition.aggregates.rule)


ABSENT = "-"  # not counted then; no band has such a code


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
