"""How many members each word of the compliance matrix holds of: counted by the database."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from members.models import Member, Span
from reports.rules.matrix import Held
from reports.selectors.matrix import (
    SPOILING,
    Matrix,
    Pairs,
    cells,
    filed_in,
    owing_in,
    pairs,
    rows_that_tell,
)
from rulebooks.rules.schema import EVERYONE, Selection
from rulebooks.rules.timeline.changes import Kind


def counts(found: Matrix, of: QuerySet[Member]) -> dict[str, dict[Held, int]]:
    """Return of how many of these members each sort of knowledge holds, by requirement.

    What is known of a member's text counts where the text is asked of its class of the period. For
    whoever always was of one class that is so; cells are read of the few that were of another.
    """
    classes = Span.objects.of(Kind.CLASS).filter(member__in=of.order_by().values("pk"))
    by_member = classes.order_by().values("member").annotate(many=Count("pk"))
    moved = by_member.filter(many__gt=1).values("member")
    result = _counts(found, of.exclude(pk__in=moved))
    for (_, code), cell in cells(found, list(of.filter(pk__in=moved))).items():
        for state in cell:
            result[code][state] = result[code].get(state, 0) + 1
    return result


def _counts(found: Matrix, of: QuerySet[Member]) -> dict[str, dict[Held, int]]:
    ids = of.order_by().values("pk")
    result: dict[str, dict[Held, int]] = {column.code: {} for column in found.columns}
    spoilt: Pairs = set()
    for state in SPOILING:
        places = pairs(found, state, ids)
        spoilt |= places
        for _, code in places:
            result[code][state] = result[code].get(state, 0) + 1
    for state in (Held.EVIDENCED, Held.VERIFIED):
        for code, count in _counted(rows_that_tell(found, state, ids)):
            result[code][state] = count
    signed, met = _signed_and_met(found, of, spoilt)
    for state, counted in ((Held.SIGNED, signed), (Held.MET, met)):
        for code, count in counted.items():
            result[code][state] = count
    return result


def _signed_and_met(
    found: Matrix, of: QuerySet[Member], spoilt: Pairs
) -> tuple[dict[str, int], dict[str, int]]:
    """Count who signed, and who also filed or owes no return, less those whose cell is spoilt.

    A breach or an exemption spoils a cell.
    """
    rows = rows_that_tell(found, Held.SIGNED, of.order_by().values("pk"))
    filed = Q(member__in=filed_in(found).values("member"))
    filed |= ~Q(member__in=owing_in(found).values("member"))
    plain = [one.code for one in found.columns if one.sign_keys and not one.return_keys]
    signed, met = {}, {}
    for code, count, with_return in _signed_counts(found, rows, filed):
        signed[code], met[code] = count, count if code in plain else with_return
    concerned = rows.filter(Q(code__in=plain) | filed, member__in={pk for pk, _ in spoilt})
    for _, code in set(concerned.values_list("member", "code")) & spoilt:
        met[code] -= 1
    return signed, met | _met_by_return(found, of, spoilt)


def _met_by_return(found: Matrix, of: QuerySet[Member], spoilt: Pairs) -> dict[str, int]:
    """Count who met what nobody signs: of those asked by their class, who filed.

    In two queries for each set of classes of which something is asked.
    """
    columns = [one for one in found.columns if one.return_keys and not one.sign_keys]
    filed = of.filter(Exists(filed_in(found).filter(member=OuterRef("pk")))).order_by()
    concerned = {pk for pk, _ in spoilt}
    met: dict[str, int] = {}
    counted: dict[Selection, tuple[int, set[int]]] = {}
    for one in columns:
        classes = one.requirement.applies_to
        if classes not in counted:
            asked = filed
            if classes != EVERYONE:
                asked = filed.placed(Kind.CLASS, classes, on=found.placed_on)
            few = set(asked.filter(pk__in=concerned).values_list("pk", flat=True))
            counted[classes] = asked.count(), few
        count, few = counted[classes]
        met[one.code] = count - sum((pk, one.code) in spoilt for pk in few)
    return met


def _signed_counts(found: Matrix, rows: QuerySet, filed: Q) -> Iterable[tuple[str, int, int]]:
    """Count by requirement whose signatures these are, and of whom ``filed`` holds too.

    A member has one state of one obligation on a day. So rows are counted by their key, which is
    much cheaper than telling members apart; but where several obligations ask for one signature.
    """
    several = any(len(column.sign_keys) > 1 for column in found.columns)
    name, of = ("code", "member") if several else ("key", "pk")
    code_of = {key: column.code for column in found.columns for key in column.sign_keys}
    grouped = (
        rows.order_by()
        .values_list(name)
        .annotate(count=Count(of, distinct=several), both=Count(of, distinct=several, filter=filed))
    )
    return [(code_of.get(key, key), count, both) for key, count, both in grouped]


def _counted(rows: QuerySet) -> Iterable[tuple[str, int]]:
    grouped = rows.order_by("code").values_list("code")
    return grouped.annotate(count=Count("member", distinct=True))
