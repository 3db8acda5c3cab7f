"""A shard of members laid out as frames, read as whole columns: no object for an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import polars as pl

from kpis.rules.frames import Laid, needs_answers, waiting
from kpis.rules.frames.laid import OF_LEVELS, OF_PLACES, OF_SITES, OF_VALUES, OF_WORDS
from kpis.rules.gathering import year_about
from kpis.selectors.answers import effective_answers, fiscal_year_ends
from kpis.selectors.beside import CHECKED, attributes_of
from kpis.selectors.copying import read, read_columns
from kpis.selectors.packed import read_answers
from kpis.selectors.submissions import asks_submission
from members.models import Organisation
from rulebooks.rules.assurance import Assurance
from rulebooks.rules.edition import Edition
from targets.models import Period

WHOSE = "of_return_id"
MEMBERS = """
select m.id, m.code, r.id from members_member m
left join lateral (
    select id from kpis_return
    where member_id = m.id and period_id = %(period)s and status = 'filed'
    order by version desc limit 1
) r on true
where m.id = any(%(members)s::bigint[])
"""
# Numbers without needless zeros; what is empty is not sent.
WORDS = """
select distinct on (w.value_id) v.of_return_id, v.kpi, w.outcome,
    trim_scale(w.number), trim_scale(w.numerator), trim_scale(w.denominator),
    case when w.labels <> '{}' then array_to_json(w.labels) end,
    case when w.counts <> '{}' then w.counts end
from kpis_value v join kpis_verification w on w.value_id = v.id
where v.of_return_id = any(%(returns)s::bigint[]) order by w.value_id, w.id desc
"""
FILED = "of_return_id = any(%(returns)s::bigint[])"
PLACES = "select id, member_id, code from members_site where member_id = any(%(members)s::bigint[])"
EARNED = """
select of_return_id, kpi, 'evidence' as earned from kpis_evidence
where of_return_id = any(%(returns)s::bigint[])
union
select of_return_id, kpi, case when own then 'second_party' else 'audit' end from (
    select distinct on (w.value_id) v.of_return_id, v.kpi, w.outcome, w.marked_by_id in (
        select a.user_id from members_affiliation a
        join members_organisation o on o.id = a.organisation_id where o.sort = %(initiative)s
    ) as own
    from kpis_value v join kpis_verification w on w.value_id = v.id
    where v.of_return_id = any(%(returns)s::bigint[]) order by w.value_id, w.id desc
) latest where outcome = any(%(checked)s)
"""


def laid_out(member_ids: Sequence[int], *, period: Period) -> tuple[Laid, list[int | None]]:
    """Return these members laid out, in the order given, and the return of each that counts.

    The number of queries does not depend on how many members there are.
    """
    codes, returns = _members(member_ids, period)
    places, given = _places(returns), _given(returns)
    values = read_answers("kpis_value", FILED, given, places).select(list(OF_VALUES))
    words = _of_returns(WORDS, given, OF_WORDS, places)
    words = words.with_columns(pl.col("kpi").cast(values.schema["kpi"]))
    laid = Laid(codes, values, words)
    return completed(laid, member_ids, returns, period=period), returns


def completed(
    laid: Laid, member_ids: Sequence[int], returns: Sequence[int | None], *, period: Period
) -> Laid:
    """Return members laid out with all that the edition asks beside their values and words.

    Of what it does not ask nothing is read.
    """
    edition = period.edition.document
    asked = [kpi.code for kpi in edition.kpis if kpi.per_site]
    beside: dict[str, object] = {}
    if asked:
        given = _given(returns) | {"asked": asked}
        beside["places"], beside["sites"] = _sites(member_ids, given, _places(returns))
        beside["years"] = _years(member_ids, period, edition)
    if edition.assurance:
        beside["levels"] = _levels(edition.assurance, _given(returns), _places(returns))
    if more := [kpi.code for kpi in edition.kpis if needs_answers(kpi)]:
        held = effective_answers(member_ids, period=period, kpis=more)
        beside["more"] = {code: [held[pk].answers.get(code) for pk in member_ids] for code in more}
    laid = replace(laid, **beside)
    if edition.attributes_asked:
        laid = replace(laid, attributes=_attributes(member_ids, returns, laid, period))
    return laid


def _places(returns: Sequence[int | None]) -> pl.DataFrame:
    """Return in which row each return stands."""
    rows = pl.Series(range(len(returns)), dtype=pl.UInt32)
    return pl.DataFrame({WHOSE: pl.Series(returns, dtype=pl.Int64), "row": rows})


def _given(returns: Sequence[int | None]) -> dict[str, object]:
    return {"returns": _array(one for one in returns if one is not None)}


def _attributes(
    member_ids: Sequence[int], returns: Sequence[int | None], laid: Laid, period: Period
) -> list[dict[str, str | int]]:
    """Return what rules ask of each member; how its return came in depends on its answers."""
    edition, still = period.edition.document, set()
    if asks_submission(edition.attributes_asked):
        rows = zip(member_ids, returns, waiting(edition.kpis, laid), strict=True)
        still = {pk for pk, filed, waits in rows if waits and filed is not None}
    return attributes_of(member_ids, period=period, waiting=still)


def _members(member_ids: Sequence[int], period: Period) -> tuple[list[str], list[int | None]]:
    """Return the code of each member, and the return that counts, None where none was filed.

    :raises KeyError: there is no such member.
    """
    given = {"members": _array(member_ids), "period": period.pk}
    found = read(MEMBERS, given, {"id": pl.Int64, "code": pl.String, "return": pl.Int64})
    asked = pl.DataFrame({"id": pl.Series(member_ids, dtype=pl.Int64)})
    rows = asked.join(found, on="id", how="left", maintain_order="left")
    if strangers := rows.filter(pl.col("code").is_null())["id"].to_list():
        raise KeyError(strangers[0])
    return rows["code"].to_list(), rows["return"].to_list()


def _array(ids: Iterable[int]) -> str:
    """Return ids as PostgreSQL reads an array: of thousands, a list costs more to send."""
    return f"{{{','.join(map(str, ids))}}}"


def _of_returns(query: str, given: dict, schema: dict, places: pl.DataFrame) -> pl.DataFrame:
    """Return what stands in these returns, a row of ``schema`` each."""
    columns = {WHOSE: pl.Int64, **{name: kind for name, kind in schema.items() if name != "row"}}
    found = read_columns(query, given, columns)
    rows = found.select(WHOSE).join(places, on=WHOSE, how="left", maintain_order="left")
    return found.with_columns(row=rows["row"]).select(list(schema))


def _sites(
    member_ids: Sequence[int], given: dict, returns: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the sites that stand in a return, in order, and what they answer."""
    where = f"{FILED} and kpi = any(%(asked)s)"
    found = read_answers("kpis_sitevalue", where, given, returns, of="site_id")
    found = found.rename({"site_id": "id"})
    rows = pl.DataFrame(
        {
            "member": pl.Series(member_ids, dtype=pl.Int64),
            "row": pl.Series(range(len(member_ids)), dtype=pl.UInt32),
        }
    )
    known = {"id": pl.Int64, "member": pl.Int64, "site": pl.String}
    places = (
        read(PLACES, {"members": _array(member_ids)}, known)
        .join(found.select("id").unique(), on="id", how="semi")
        .join(rows, on="member")
        .sort("row", "site")
        .with_row_index("place")
    )
    known = places.select("id", "place")
    at = found.select("id").join(known, on="id", how="left", maintain_order="left")
    sites = found.with_columns(place=at["place"])
    return places.select(list(OF_PLACES)), sites.select(list(OF_SITES))


def _levels(assurance: Assurance, given: dict, places: pl.DataFrame) -> pl.DataFrame:
    """Return the level to which each answer was checked; not the lowest."""
    who = {"initiative": Organisation.Sort.INITIATIVE.value, "checked": [*map(str, CHECKED)]}
    columns = {"row": pl.UInt32, "kpi": pl.String, "earned": pl.String}
    earned = _of_returns(EARNED, given | who, columns, places)
    by_answer = earned.group_by("row", "kpi").agg(pl.col("earned").sort().str.join(" "))
    ways = by_answer["earned"].unique().to_list()
    levels = {way: assurance.earned(*way.split()) for way in ways}
    above = {way: level for way, level in levels.items() if assurance.place(level) > 0}
    level = pl.col("earned").replace_strict(above, default=None, return_dtype=pl.String)
    return by_answer.select("row", "kpi", level=level).drop_nulls().select(list(OF_LEVELS))


def _years(member_ids: Sequence[int], period: Period, edition: Edition) -> list[int]:
    """Return the year that the answers of each member are about."""
    ends = fiscal_year_ends(member_ids) if edition.fiscal_years else {}
    usual = year_about(edition, period.about_until, (12, 31))
    return [
        year_about(edition, period.about_until, ends[pk]) if pk in ends else usual
        for pk in member_ids
    ]
