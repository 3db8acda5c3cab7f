"""Units, currencies, fiscal years, and lines to a goal."""

from datetime import date
from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from rulebooks.rules.currencies import Currencies, FiscalYears
from rulebooks.rules.document import Invalid
from rulebooks.rules.scales import Direction
from rulebooks.rules.scales.trajectories import Point, due_on_line, line_problem
from rulebooks.rules.units import PLAIN, measure
from tests.kpis.rules.editions import Plain, kpi, make_edition, node

PERIOD = {
    "kind": "fixed_window",
    "code": "2025",
    "name": "2025",
    "about_from": "2025-01-01",
    "about_until": "2025-12-31",
    "opens_on": "2026-01-01",
    "due_on": "2026-03-31",
    "late_until": "2026-04-30",
    "clause": "1",
}
USD = {"currency": "USD", "period": "2025", "rate": Plain("0.8")}
MONEY = {
    "reporting": "EUR",
    "day": "closing",
    "source": "A central bank",
    "rates": [USD],
    "clause": "1",
}
AMOUNT = {"kind": "money", "currencies": ["EUR", "USD"], "min": 0, "max": 1000, "decimals": 2}


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        pytest.param("t", "t", None, id="the same"),
        pytest.param("widgets", "widgets", None, id="a word of its own, the same"),
        pytest.param("widgets", "Widgets", "widgets does not go with Widgets", id="another word"),
        pytest.param("percent", "t", "percent does not go with t", id="a share and a mass"),
        pytest.param("kWh", "GJ", "kWh and GJ are both energy", id="the same dimension"),
    ],
)
def test_units_go_together_or_not(one, other, told):
    problem = measure(one).mismatch(measure(other))

    assert (problem is None) if told is None else problem.startswith(told)


def test_units_of_products_and_quotients():
    assert measure("t").over(measure("t")).bare() == ((), ())
    assert measure("t").times(measure("km")).bare() == (("km", "t"), ())
    assert str(measure("t").over(measure("people"))) == "t / people"
    assert measure("t").times(PLAIN).bare() == measure("t").bare()
    assert measure("t").over(measure("km")).over(measure("t")).bare() == ((), ("km",))


def test_a_rate_is_data_with_its_source():
    rates = Currencies.model_validate({**MONEY, "rates": [{**USD, "rate": D("0.8")}]})

    assert rates.rate("EUR", "2025") == (1, "")
    assert rates.rate("USD", "2025") == (
        D("0.8"),
        "1 USD = 0.8 EUR, closing rate of 2025, A central bank",
    )
    assert rates.rate("USD", "2024") == (None, "")


def amounts(kpi_fields: dict, **currencies: object) -> object:
    scale = {**AMOUNT, **kpi_fields.pop("scale", {})}
    return make_edition(
        kpis=[kpi("spent", scale, **{"unit": "EUR", **kpi_fields})],
        nodes=[node("n", "sum", of=["spent"])],
        periods=[PERIOD],
        currencies={**MONEY, **currencies},
    )


@pytest.mark.parametrize(
    ("kpi_fields", "currencies", "told"),
    [
        pytest.param({"unit": "USD"}, {}, "kpis[0].unit: amounts are scored in EUR", id="the unit"),
        pytest.param({"scale": {"currencies": ["GBP"]}}, {}, "GBP has no rate; known: EUR, USD",
                     id="a currency without a rate"),
        pytest.param({"scale": {"currencies": ["EUR", "EUR"]}}, {}, "names a currency twice",
                     id="a currency twice"),
        pytest.param({"scale": {"currencies": ["euro"]}}, {}, "kpis[0].scale.currencies[0]",
                     id="no code of a currency"),
        pytest.param({}, {"rates": [USD, USD]}, "USD has a rate for 2025 already",
                     id="two rates for one period"),
        pytest.param({}, {"rates": [{**USD, "period": "2031"}]}, "'2031' is no period",
                     id="a rate for no period"),
        pytest.param({}, {"rates": [{**USD, "currency": "EUR"}]}, "EUR is the reporting currency",
                     id="a rate of the reporting currency"),
        pytest.param({}, {"rates": [{**USD, "rate": 0}]}, "rate", id="a rate of nothing"),
        pytest.param({}, {"rates": [{**USD, "rate": Plain("0.000000001")}]}, "rate",
                     id="a rate with nine decimals"),
    ],
)  # fmt: skip
def test_a_mistake_about_money_is_told(kpi_fields, currencies, told):
    with pytest.raises(Invalid) as refused:
        amounts(dict(kpi_fields), **currencies)

    assert any(told in str(problem) for problem in refused.value.problems)


def test_money_needs_currencies():
    with pytest.raises(Invalid, match="an amount of money needs the edition's currencies"):
        make_edition(kpis=[kpi("spent", AMOUNT, unit="EUR")], nodes=[])


@pytest.mark.parametrize(
    ("about", "ends", "first", "last"),
    [
        pytest.param("ending_in_period_year", (12, 31), "2025-01-01", "2025-12-31", id="calendar"),
        pytest.param("ending_in_period_year", (3, 31), "2024-04-01", "2025-03-31", id="to March"),
        pytest.param("ended_before_period_end", (3, 31), "2024-04-01", "2025-03-31", id="ended"),
        pytest.param("ending_in_period_year", (2, 29), "2024-03-01", "2025-02-28", id="leap day"),
    ],
)
def test_a_period_is_about_a_fiscal_year(about, ends, first, last):
    years = FiscalYears(about=about, clause="1")

    assert years.span(date(2025, 12, 31), ends=ends) == (
        date.fromisoformat(first),
        date.fromisoformat(last),
    )


def test_a_period_that_ends_in_summer_is_about_the_year_that_had_ended():
    june = date(2025, 6, 30)
    ended = FiscalYears(about="ended_before_period_end", clause="1")
    ending = FiscalYears(about="ending_in_period_year", clause="1")

    assert ended.span(june, ends=(9, 30))[1] == date(2024, 9, 30)
    assert ending.span(june, ends=(9, 30))[1] == date(2025, 9, 30)
    assert ended.span(june, ends=(6, 30))[1] == june


def line(*points: tuple[int, int]) -> list[Point]:
    return [Point(year=year, value=D(value)) for year, value in points]


@pytest.mark.parametrize(
    ("year", "due"),
    [
        pytest.param(2019, F(30), id="before the baseline year the baseline"),
        pytest.param(2020, F(30), id="in the baseline year"),
        pytest.param(2023, F(42), id="on the way to the milestone"),
        pytest.param(2025, F(50), id="at the milestone"),
        pytest.param(2028, F(50 + 40 * F(3, 5)), id="on the way to the goal"),
        pytest.param(2040, F(90), id="after the last year the goal"),
    ],
)
def test_what_is_due_lies_on_the_lines_between_milestones(year, due):
    assert due_on_line(line((2020, 30), (2025, 50), (2030, 90)), year) == due


@pytest.mark.parametrize(
    ("points", "told"),
    [
        pytest.param(((2020, 30), (2030, 30)), "30 is no improvement on 30", id="nothing"),
        pytest.param(((2020, 30), (2020, 40)), "must lie after the baseline year 2020",
                     id="no year between"),
        pytest.param(((2020, 30), (2025, 20), (2030, 40)), "20 is no improvement on 30",
                     id="a milestone that goes back"),
        pytest.param(((2020, 30), (2031, 35), (2030, 40)), "must lie after the year before 2031",
                     id="a milestone after the goal"),
    ],
)  # fmt: skip
def test_a_line_that_leads_nowhere_is_refused(points, told):
    assert told in line_problem(line(*points), Direction.HIGHER)[-1]
