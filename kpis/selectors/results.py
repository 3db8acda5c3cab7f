"""How all members came out together, as it was drawn up, and where one member stands in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q

from accounts.models import User
from kpis.models import Aggregate, Scorecard
from kpis.models.aggregates import AggregateQuerySet
from members.models import Member
from rulebooks.rules.bands import Band
from rulebooks.rules.scales import Direction

NOT_IN_A_BAND = "in no band"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: one band, or several that are only counted together."""

    codes: tuple[str, ...]
    label: str
    status: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a member stands among all that are counted: its band, and its quarter, 1 the best.

    ``of`` is how many members have a number; ``quarter`` is None where it has none itself.
    """

    band: Band | None
    quarter: int | None
    of: int


def last_tables(user: User | AnonymousUser) -> AggregateQuerySet:
    """Return the last table of each period that a reader may see."""
    rows = Aggregate.objects.visible_to(user).latest().select_related("period", "run__edition")
    return rows.defer("run__cohort", "run__edition__text")


def tables_told(user: User | AnonymousUser) -> list[Aggregate]:
    """Return the last table of each period that a reader may see, the newest period first."""
    return sorted(last_tables(user), key=lambda one: one.period.about_from, reverse=True)


def columns_of(table: Aggregate) -> list[Column]:
    """Return the columns of a table in words."""
    bands = {band.code: band for band in table.run.edition.document.bands.bands}
    found = []
    for codes in table.table["columns"]:
        order = sorted(codes, key=lambda code: code == "")  # the bands first, then none
        names = [bands[code].label if code in bands else code or NOT_IN_A_BAND for code in order]
        label = " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
        status = bands[codes[0]].status if len(codes) == 1 and codes[0] in bands else "none"
        found.append(Column(tuple(codes), label, status))
    return found


def place_among_all(member: Member, table: Aggregate) -> Place | None:
    """Return where a member stands by the scores that a table counts, None where it has no card.

    The quarter is as the edition's word has it: the first holds those of whom fewer than a quarter
    of all are strictly better.
    """
    bands = table.run.edition.document.bands
    cards = Scorecard.objects.standing(until=table.run_id).filter(period=table.period_id)
    own = cards.filter(member=member).only("total", "band", "run", "member").first()
    if own is None:
        return None
    band = next((one for one in bands.bands if one.code == own.band), None)
    if own.total is None or bands.of != table.run.edition.document.scoring.total:
        return Place(band, None, 0)
    lower = table.run.edition.document.tree.better[bands.of] is Direction.LOWER
    better = Q(total__lt=own.total) if lower else Q(total__gt=own.total)
    found = cards.aggregate(of=Count("total"), better=Count("pk", filter=better))
    return Place(band, 1 + 4 * found["better"] // found["of"], found["of"])
