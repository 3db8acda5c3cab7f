"""What kept a card from the next band: all of it, and nothing that gives an answer away."""

from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from kpis.rules.figures import in_short
from kpis.rules.scoring import MemberInputs, score
from kpis.rules.shortfalls import as_plain, shortfall
from rulebooks.rules.answers import Answer, State
from tests.kpis.rules.editions import Plain, kpi, node
from tests.kpis.rules.test_grounds import (
    HALF,
    LABELLED,
    NOT_FREE,
    band,
    edition,
    inputs,
    number,
)

EVERYTHING = ("public", "aggregate", "secretariat_and_auditor", "counsel")
PUBLIC = ("public",)
REQUIREMENTS = [
    {"code": "R1", "title": "First", "text": "First.", "clause": "3.1"},
    {"code": "R2", "title": "Second", "text": "Second.", "clause": "3.2"},
]
ASKED = [
    kpi("a", requirement="R1"),
    kpi("b", requirement="R2"),
    kpi("freedom", LABELLED, confidentiality="counsel"),
]


def of(made, given, allowed=EVERYTHING):
    card = score(made, [given])[0]
    return shortfall(made, card, given, allowed=allowed)


def listed(found):
    return {one.code: [short.code for short in one.answers] for one in found.requirements}


def test_the_next_band_says_what_it_needs_and_how_far_the_number_is():
    found = of(edition(kpis=ASKED, requirements=REQUIREMENTS), inputs(40, 50))

    assert (found.band, found.needs) == ("fair", "from 50 up to 69.5")
    assert (found.number, found.lacks) == (D("45.0"), D("5.0"))


def test_every_answer_that_is_short_stands_under_its_requirement():
    found = of(edition(kpis=ASKED, requirements=REQUIREMENTS), inputs(40, 50))

    assert listed(found) == {"R1": ["a"], "R2": ["b"]}
    first = found.requirements[0].answers[0]
    assert (first.number, first.best, first.share) == ("40", "100", "0.5")


def test_an_answer_that_gives_the_best_there_is_is_not_short():
    found = of(edition(kpis=ASKED, requirements=REQUIREMENTS), inputs(100, 10))

    assert listed(found) == {"R2": ["b"]}


def test_what_does_not_apply_is_not_short_and_what_is_missing_is():
    given = inputs(40, 50)
    away = MemberInputs("M1", {"a": number(40), "b": Answer(State.NOT_APPLICABLE)})
    made = edition(kpis=ASKED, requirements=REQUIREMENTS)

    assert listed(of(made, away)) == {"R1": ["a"]}
    silent = of(made, MemberInputs("M1", {"a": given.answers["a"]}))
    assert [s.says for r in silent.requirements for s in r.answers] == ["", "missing"]


def test_the_best_band_lacks_nothing():
    assert of(edition(kpis=ASKED, requirements=REQUIREMENTS), inputs(90, 90)) is None


def test_an_edition_without_bands_has_no_next_one():
    assert of(edition(bands=None), inputs(10, 10)) is None


def test_a_ground_holds_back_whatever_the_number():
    given = inputs(90, 90, "not met")
    found = of(edition(knock_outs=[NOT_FREE]), given)

    assert (found.band, found.lacks) == ("fair", D("20.5"))
    assert [(one.title, one.clause) for one in found.held_back] == [("not free", "k")]


def test_a_reader_never_learns_that_a_hidden_answer_is_short():
    nodes = [node("total", "mean_of_applicable", of=["a", "b", "freedom"], rounding=HALF)]
    made = edition(kpis=ASKED, nodes=nodes, requirements=REQUIREMENTS, knock_outs=[NOT_FREE])
    told = [as_plain(of(made, inputs(40, 40, answer), PUBLIC)) for answer in ("not met", "partly")]

    for one in told:
        assert one["hidden"] == 1
        assert "freedom" not in str(one)
        assert "not free" not in str(one)
    assert [one["code"] for r in told[0]["requirements"] for one in r["answers"]] == ["a", "b"]


def test_where_lower_is_better_the_next_band_lies_below():
    nodes = [node("total", "sum", of=["a", "b"], rounding=HALF)]
    kpis = [kpi("a", direction="lower"), kpi("b", direction="lower"), kpi("freedom", LABELLED)]
    bands = {
        "of": "total",
        "bands": [band("few", below="10"), band("many", from_="10")],
    }
    made = edition(kpis=kpis, nodes=nodes, bands=bands)
    found = of(made, inputs(0, 30))

    assert (found.band, found.lacks) == ("few", D("20.0"))
    assert listed(found) == {"": ["b"]}
    assert found.requirements[0].answers[0].best == "0"


def test_an_end_that_is_not_included_counts_as_its_end():
    bands = {"of": "total", "bands": [band("low", upto="50"), band("high", above="50")]}
    found = of(edition(bands=bands), inputs(50, 50))

    assert (found.band, found.needs, found.lacks) == ("high", "above 50", D("0.0"))


def test_as_plain_has_numbers_in_full():
    weights = {"a": Plain("2"), "b": Plain("1")}
    nodes = [node("total", "weighted_mean", weights=weights, divide_by="weights", rounding=HALF)]
    made = edition(kpis=ASKED, nodes=nodes, requirements=REQUIREMENTS)
    plain = as_plain(of(made, inputs("12.5", 0)))

    first = plain["requirements"][0]["answers"][0]
    assert (first["number"], first["best"], first["share"]) == ("12.5", "100", "2/3")
    assert as_plain(None) is None


# As a page shows it


@pytest.mark.parametrize(
    ("number", "places", "beside", "told"),
    [
        ("62.5", 1, [], "62.5"),
        ("0.125", 1, [], "0.125"),
        ("13/7", 1, ["2"], "≈ 1.9"),
        ("13/7", 0, ["2"], "≈ 1.9"),
        ("13/7", 2, ["2"], "≈ 1.86"),
        ("199/100000", 1, [], "≈ 0.002"),
        ("1999999/1000000", 1, ["2"], "1.999999"),
        ("2999999/1500000", 1, ["2"], "≈ 1.999999"),
        ("-1/3", 1, [], "≈ -0.3"),
        ("1/3000", 1, [], "≈ 0.0003"),
        ("100", 1, ["100"], "100"),
    ],
)
def test_a_number_is_read_as_a_decimal_that_passes_for_no_other(number, places, beside, told):
    assert in_short(F(number), places, apart_from=[F(one) for one in beside]) == told


def test_answers_that_are_short_are_shown_as_decimals_and_told_in_full():
    weights = {"a": Plain("2"), "b": Plain("1")}
    nodes = [node("total", "weighted_mean", weights=weights, divide_by="weights", rounding=HALF)]
    made = edition(kpis=ASKED, nodes=nodes, requirements=REQUIREMENTS)
    found = of(made, inputs("12.5", 0))

    [(_, [first]), (_, [second])] = found.shown
    assert (first.gives, first.at_best, first.part) == ("12.5", "100", "≈ 66.7 %")
    assert (second.gives, second.part) == ("0", "≈ 33.3 %")
    assert as_plain(found)["requirements"][0]["answers"][0]["share"] == "2/3"


def test_an_answer_that_is_not_there_says_so():
    made = edition(kpis=ASKED, requirements=REQUIREMENTS)
    found = of(made, MemberInputs("M1", {"a": number(40)}))

    assert [one.gives for _, answers in found.shown for one in answers] == ["40", "missing"]
