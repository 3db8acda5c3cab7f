"""Places among members are read off stored cards as they follow from the cards themselves."""

from decimal import Decimal as D

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.rules import stored
from kpis.rules.frames import reading
from kpis.rules.scoring import Answer, MemberInputs, State, cohort, score
from tests.kpis.rules.editions import CLAUSE, Plain, half_up, kpi, make_edition, node

NODES = ("test-2025", "exact", "total")  # the first is called as the edition is
SHOWN = {"mode": "half_up", "step": Plain("1")}


def words(of: str) -> list[dict]:
    common = {"of": of, "highest_first": True, **CLAUSE}
    return [
        {"code": f"{of}-rank", "op": "competition_rank", **common},
        {"code": f"{of}-five", "op": "competition_rank", "rounding": half_up("5"), **common},
        {"code": f"{of}-quarter", "op": "quartile", **common},
        {"code": f"{of}-above", "op": "share_above", "shown": SHOWN, **common},
    ]


EDITION = make_edition(
    kpis=[kpi(code, missing="not_scored" if code == "b" else "leave_out") for code in "abc"],
    nodes=[
        node("test-2025", "sum", of=["a", "b"], rounding=half_up("0.5")),
        node("exact", "mean_of_applicable", of=["a", "b", "c"], rounding="none"),
        node("total", "mean_of_applicable", of=["a", "c"], rounding=half_up("0.1")),
    ],
    total="total",
    caps=[
        {
            "code": "most",
            "title": "Most",
            "when": {"node": "test-2025", "from": 120},
            "at_most": Plain("60.0"),
            **CLAUSE,
        }
    ],
    knock_outs=[
        {
            "code": "out",
            "title": "Out",
            "when": {"node": "test-2025", "below": 10},
            "result": "not_scored",
            **CLAUSE,
        }
    ],
    cohort=[word for of in NODES for word in words(of)],
)
NUMBERS = st.one_of(st.none(), st.sampled_from([0, 5, 50, 100]), st.integers(0, 1000))


@settings(max_examples=60, deadline=None)
@given(
    given_by=st.lists(st.fixed_dictionaries(dict.fromkeys("abc", NUMBERS)), min_size=1, max_size=9),
    first=st.integers(0, 9),
)
def test_places_are_those_of_the_cards(given_by, first):
    inputs = [
        MemberInputs(
            f"M{place}",
            {
                code: Answer(State.ANSWERED, D(tenths) / 10)
                for code, tenths in numbers.items()
                if tenths is not None
            },
        )
        for place, numbers in enumerate(given_by)
    ]
    cards = score(EDITION, inputs)
    told = [
        card.canonical().decode() if place < first else card.compact()
        for place, card in enumerate(cards)
    ]

    for word in EDITION.cohort:
        held = reading.lines(pl.Series(told, dtype=pl.String), word.of)
        found = reading.places(word, held).to_list()
        wanted = cohort(EDITION, cards)[word.code]
        assert dict(zip(wanted, found, strict=True)) == wanted


def test_totals_that_stand_beside_cards_are_read_with_their_zeros():
    word = next(word for word in EDITION.cohort if word.code == "total-rank")
    totals = pl.Series(["50.000000000000", None, "49.9", "50", "60.1"])

    assert reading.places(word, totals).to_list() == [2, None, 4, 2, 1]


CODES = st.text(st.sampled_from('aZ0~, "\\\n\x7fäß€'), max_size=4)


@given(rows=st.lists(st.tuples(CODES, st.sampled_from(["0f", "1e"]))))
def test_the_fingerprint_of_a_run_is_that_of_its_members_one_by_one(rows):
    codes, prints = ([row[place] for row in rows] for place in (0, 1))
    columns = pl.Series(codes, dtype=pl.String), pl.Series(prints, dtype=pl.String)

    found = reading.fingerprint_of_run("e" * 64, *columns)

    assert found == stored.fingerprint_of_run("e" * 64, rows)
