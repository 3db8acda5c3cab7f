"""Packed answers are those that stand in the rows of the table, of whatever kind."""

from decimal import Decimal as D

import polars as pl
import pytest
from django.db import connection

from kpis.models import SiteValue, Value
from kpis.selectors.copying import read_columns
from kpis.selectors.packed import read_answers
from members.models import Site
from tests.factories import LAMPS, make_edition
from tests.kpis.filings import file_returns, many_members, period_of

pytestmark = pytest.mark.django_db
OF_RETURNS = "of_return_id = any(%(returns)s)"
NAMES = ("row", "kpi", "state", "number", "numerator", "denominator", "labels", "counts")
TEXTS = dict.fromkeys(NAMES[1:], pl.String)
PLAIN = """
select array_position(%(returns)s, of_return_id::int), {of} kpi, state,
    trim_scale(number), trim_scale(numerator), trim_scale(denominator),
    case when labels <> '{{}}' then array_to_json(labels) end,
    case when counts <> '{{}}' then counts end
from {table} where of_return_id = any(%(returns)s)
"""
RATIO = {"numerator": D("0.10"), "denominator": D(3)}
ALONE = (  # what a scale asks for
    {"number": D("12.300000")},
    {"number": D(-7)},
    {"number": D(0)},
    {"number": D("1E23")},
    RATIO,
    {"numerator": D(-1), "denominator": D(0)},
    {"labels": ["yes"]},
    {"labels": [""]},
    {"labels": ["m"]},
    {"labels": ['a "quote", \\ and ünusual']},
    {"labels": ["two\nlines"]},
    {"labels": ["two\nlines", 'a "quote", \\ and ünusual', ""]},
    {"counts": {"minor": 3, "ma\njor": 0}},
)
TOGETHER = (  # what none asks for
    {},
    {"number": D(1), **RATIO},
    {"number": D(1), "labels": ["yes"]},
    {"labels": ["yes"], "counts": {"minor": 1}},
    {**RATIO, "labels": ["yes"]},
    {**RATIO, "counts": {"minor": 1}},
    {"number": D(1), **RATIO, "labels": ["no"], "counts": {"minor": 1}},
)
SILENT = ("missing", "unknown", "not_applicable")


@pytest.fixture
def returns(people):
    period = period_of(make_edition(LAMPS, by=people.sam))
    return file_returns(many_members(5), period, [{}] * 5)


def stated():
    yield from (("answered", parts) for parts in (*ALONE, *TOGETHER))
    yield from ((state, {}) for state in SILENT)


def rows_of(found, *more):
    return sorted(
        map(repr, found.select(more + NAMES).with_columns(pl.col("kpi").cast(str)).rows())
    )


def in_rows(table, of_returns, of=()):
    numbers = dict.fromkeys(("row", *of), pl.Int64)
    query = PLAIN.format(table=table, of="".join(f"{name}, " for name in of))
    found = read_columns(query, {"returns": of_returns}, numbers | TEXTS)
    return rows_of(found, *of)


def packed(table, of_returns, **asked):
    places = pl.DataFrame(
        {"of_return_id": of_returns, "row": range(1, len(of_returns) + 1)},
        {"of_return_id": pl.Int64, "row": pl.Int64},
    )
    return read_answers(table, OF_RETURNS, {"returns": of_returns}, places, **asked)


def test_answers_of_every_kind_are_read_as_they_stand(returns):
    several = list(stated())
    Value.objects.bulk_create(
        Value(member=one.member, of_return=one, kpi=f"kpi-{(place + n) % 30}", state=state, **parts)
        for n, one in enumerate(returns[:3])
        for place, (state, parts) in enumerate(several[n:])
    )
    pks = [one.pk for one in returns[:4]]

    found = packed("kpis_value", pks)

    assert found.height == 3 * len(several) - 3
    assert rows_of(found) == in_rows("kpis_value", pks)


@pytest.mark.parametrize("place", range(len(list(stated()))))
def test_an_answer_alone_is_read_as_it_stands(returns, place):
    state, parts = list(stated())[place]
    Value.objects.create(
        member=returns[1].member, of_return=returns[1], kpi="policy", state=state, **parts
    )
    pks = [one.pk for one in returns]

    assert rows_of(packed("kpis_value", pks)) == in_rows("kpis_value", pks)


def test_what_is_not_a_number_is_read_as_it_stands(returns):
    [one, *_] = returns
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into kpis_value (member_id, of_return_id, kpi, state, number, labels, counts,"
            " note) values (%s, %s, 'policy', 'answered', 'NaN', '{}', '{}', '')",
            [one.member_id, one.pk],
        )

    assert packed("kpis_value", [one.pk])["number"].to_list() == ["NaN"]


def test_nothing_is_read_of_returns_without_answers(returns):
    found = packed("kpis_value", [one.pk for one in returns])

    assert (found.height, found.columns) == (0, list(NAMES))
    assert found.schema["number"] == pl.String
    assert packed("kpis_value", []).height == 0


def test_answers_of_sites_are_read_with_whose_they_are(returns):
    for one in returns[:2]:
        places = [Site.objects.create(member=one.member, code=code) for code in "ab"]
        SiteValue.objects.bulk_create(
            SiteValue(
                member=one.member, of_return=one, site=at, kpi=f"kpi-{n}", state=state, **parts
            )
            for at in places
            for n, (state, parts) in enumerate(stated())
        )
    pks = [one.pk for one in returns]

    found = packed("kpis_sitevalue", pks, of="site_id")

    assert found["site_id"].n_unique() == 4
    assert rows_of(found, "site_id") == in_rows("kpis_sitevalue", pks, ("site_id",))


def test_a_code_that_holds_what_stands_between_codes_is_refused(returns):
    Value.objects.create(member=returns[0].member, of_return=returns[0], kpi="a,b", state="missing")

    with pytest.raises(ValueError, match="2 texts have 1 lines"):
        packed("kpis_value", [returns[0].pk])
