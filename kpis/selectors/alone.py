"""One member laid out: what many are read by in several statements, read in one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from kpis.rules.frames import Laid
from kpis.rules.frames.laid import OF_VALUES, OF_WORDS
from kpis.selectors.copying import rows
from kpis.selectors.laying import completed
from members.models import Member
from targets.models import Period

# Of the newest version that was filed its values, and the latest word on each. Numbers without
# needless zeros; what is empty is null.
PARTS = """
trim_scale({a}.number)::text, trim_scale({a}.numerator)::text, trim_scale({a}.denominator)::text,
case when {a}.labels <> '{{}}' then array_to_json({a}.labels)::text end,
case when {a}.counts <> '{{}}' then {a}.counts::text end
"""
FILED = f"""
select r.id, v.kpi, v.state, w.outcome, {PARTS.format(a="v")}, {PARTS.format(a="w")}
from (
    select id from kpis_return
    where member_id = %(member)s and period_id = %(period)s and status = 'filed'
    order by version desc limit 1
) r
left join kpis_value v on v.of_return_id = r.id
left join lateral (
    select outcome, number, numerator, denominator, labels, counts from kpis_verification
    where value_id = v.id order by id desc limit 1
) w on true
"""
ROW = 0


def laid_alone(member: Member, *, period: Period) -> tuple[Laid, int | None]:
    """Return what ``laid_out`` does of this member alone: the same frames, and its return."""
    given = {"member": member.pk, "period": period.pk}
    found = [[cell or None for cell in row] for row in rows(FILED, given)]
    of_return = int(found[0][0]) if found else None
    held = [row for row in found if row[1] is not None]
    laid = Laid(
        members=[member.code],
        values=_frame(((ROW, kpi, *row[:1], *row[2:7]) for _, kpi, *row in held), OF_VALUES),
        words=_frame(
            ((ROW, kpi, *row[1:2], *row[7:]) for _, kpi, *row in held if row[1] is not None),
            OF_WORDS,
        ),
    )
    return completed(laid, [member.pk], [of_return], period=period), of_return


def _frame(given: Iterable[Sequence], schema: dict) -> pl.DataFrame:
    """Return rows as a frame, made column by column."""
    columns = list(zip(*given, strict=True)) or [()] * len(schema)
    kinds = zip(schema.items(), columns, strict=True)
    return pl.DataFrame([pl.Series(name, held, dtype=kind) for (name, kind), held in kinds])
