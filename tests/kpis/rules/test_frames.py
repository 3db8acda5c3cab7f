"""Scoring on frames gives the bytes that scoring member by member gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from enum import StrEnum

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from kpis.rules import frames, stored
from kpis.rules.cards import Card, in_json
from kpis.rules.frames import known as of_editions
from kpis.rules.frames.known import known_of
from kpis.rules.frames.laid import OF_LEVELS, OF_PLACES, OF_SITES, OF_VALUES
from kpis.rules.gathering import NOT_JUDGED
from kpis.rules.scoring import Answer, MemberInputs, State
from rulebooks.rules.aggregation import WORDS
from rulebooks.rules.answers import MISSING, OfSite, With
from rulebooks.rules.document import Invalid
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.tree import Tree
from tests.kpis.rules import nodes as strategies_of_nodes
from tests.kpis.rules import strategies
from tests.kpis.rules.editions import CLAUSE, NUMBER, Plain, half_up, kpi, make_edition, node

SHA = "0" * 64
FIELDS = ("card", "inputs", "digest", "fingerprint", "band", "verdict")


def digits(number: D | None) -> str | None:
    if number is None:
        return None
    return f"{number.normalize():f}" if number.is_finite() else str(number)


def parts(answer: Answer) -> tuple:
    labels = in_json(list(answer.labels)) if answer.labels else None
    counts = in_json(dict(answer.counts)) if answer.counts else None
    numbers = map(digits, (answer.number, answer.numerator, answer.denominator))
    return (answer.state.value, *numbers, labels, counts)


def laid(members: list[MemberInputs], kpis: Mapping[str, Kpi], year: int = 2025) -> frames.Laid:
    """Lay members out as rows of tables hold them."""
    values, sites, levels = [], [], []
    places = sorted(
        {
            (row, held.site)
            for row, one in enumerate(members)
            for code, answer in one.answers.items()
            if code in kpis and not frames.needs_answers(kpis[code])
            for held in answer.read_with.sites
        }
    )
    for row, one in enumerate(members):
        for code, answer in one.answers.items():
            if code in kpis and frames.needs_answers(kpis[code]):
                values.append((row, code, *parts(answer)))  # there too, and not read there
            elif answer.read_with.year:
                sites += [
                    (places.index((row, s.site)), code, *parts(s.answer))
                    for s in answer.read_with.sites
                ]
            elif answer.read_with.remark != NOT_JUDGED:
                values.append((row, code, *parts(answer)))
        levels += [(row, code, level) for code, level in one.assurance.items()]
    more = {code for code, kpi in kpis.items() if frames.needs_answers(kpi)}
    return frames.Laid(
        more={code: [one.answers.get(code) for one in members] for code in more},
        members=[one.member for one in members],
        values=pl.DataFrame(values, OF_VALUES, orient="row"),
        places=pl.DataFrame(places, OF_PLACES, orient="row"),
        sites=pl.DataFrame(sites, OF_SITES, orient="row"),
        levels=pl.DataFrame(levels, OF_LEVELS, orient="row"),
        attributes=[dict(one.attributes) for one in members],
        years=[year] * len(members),
    )


def assert_same(edition, members) -> frames.Made:
    made = frames.score(edition, SHA, laid(members, edition.tree.kpis))
    wanted = stored.score(edition, SHA, members)
    found = {row["row"]: row for row in made.rows.iter_rows(named=True)}
    assert sorted([*found, *made.by_hand]) == list(range(len(members)))
    for place, row in found.items():
        for name in FIELDS:
            assert row[name] == getattr(wanted[place], name), name
        total = wanted[place].total
        assert row["total"] == (None if total is None else f"{total:f}")
        assert Card.read(row["card"]).compact() == row["card"]
    return made


def plainly(value):
    """Return what a part of an edition is made of, to be written as YAML again."""
    if isinstance(value, D):
        return Plain(f"{value:f}")
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Mapping):
        return {key: plainly(one) for key, one in value.items()}
    return [plainly(one) for one in value] if isinstance(value, list | tuple) else value


def dumped(part) -> dict:
    return plainly(part.model_dump(by_alias=True, exclude_unset=True))


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.__name__)
@given(data=st.data())
@settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_any_edition_and_any_answers_give_the_same_bytes(word, data):
    draw = data.draw
    kpis = [alone(draw(strategies.kpis(f"k{n}", "higher", draw(KINDS)))) for n in range(3)]
    made = draw(strategies_of_nodes.nodes(word, "n", Tree.of(kpis, [])))
    assume(made is not None)
    try:
        edition = make_edition(
            kpis=[dumped(one) for one in kpis], nodes=[dumped(made)], **scoring_of(made)
        )
    except Invalid:
        assume(False)
    assume(frames.suits(edition))
    members = [MemberInputs(f"M{n}", given_by(draw, kpis)) for n in range(draw(st.integers(1, 6)))]

    assert_same(edition, members)


KINDS = st.sampled_from(["number", "points", "yes_no", "labels", "choices", "ratio", "judgement"])


def alone(one) -> Kpi:
    """Return the same KPI where no earlier period says anything."""
    fields = one.model_dump(by_alias=True, exclude_unset=True)
    return Kpi.model_validate({**fields, "missing": one.policy, "cumulative": None})


def scoring_of(made) -> dict:
    if made.labelled:
        return {"verdict": "n"}
    return {} if made.rounding == "none" else {"total": "n"}


def given_by(draw, kpis) -> dict[str, Answer]:
    """Return answers, some of them off their scale, as rows of tables give them."""
    given = {}
    drawn = {one.code: draw(strategies.answers(one)) for one in kpis}
    by_site = {
        code: {held.site: held.answer for held in answer.read_with.sites}
        for code, answer in drawn.items()
    }
    places = sorted({site for held in by_site.values() for site in held})
    for one in kpis:
        answer = drawn[one.code]
        if one.per_site is not None:
            held = by_site[one.code]
            sites = tuple(OfSite(site, held.get(site, MISSING)) for site in places)
            given[one.code] = Answer(State.MISSING, read_with=With(year=2025, sites=sites))
        elif answer.state is State.NOT_APPLICABLE or draw(st.integers(0, 9)) == 0:
            given |= draw(st.sampled_from([{}, {one.code: STRANGE}]))
        elif one.is_asked or answer.state is not State.MISSING:
            given[one.code] = replace(answer, read_with=With())
        if not one.is_asked and one.code not in given:
            given[one.code] = Answer(State.MISSING, read_with=With(remark=NOT_JUDGED))
    return given


STRANGE = Answer(State.ANSWERED, D("9E+20"), labels=("nobody says so",))


RATIO = {"kind": "ratio", "numerator": "A", "denominator": "B", "max": 50, "times": 100}
ADDED = {"roll_up": "parts", "most_sites": 3, "clause": "1"}
AT_SITES = [
    kpi("a", RATIO, per_site=ADDED),
    kpi("own", NUMBER),
    kpi("b", RATIO, per_site=ADDED),
    kpi("zero", RATIO, per_site=ADDED, missing="zero"),
    kpi("refused", RATIO, per_site=ADDED, not_applicable="refused"),
    kpi("hours", NUMBER, per_site=ADDED | {"roll_up": "mean_of_applicable"}),
]


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_kpis_whose_sites_are_added_up_alike_give_the_same_bytes(data):
    codes = [one["code"] for one in AT_SITES]
    total = node("n", "mean_of_applicable", of=codes, rounding=half_up("0.1"))
    edition = make_edition(kpis=AT_SITES, nodes=[total], total="n")
    assert frames.suits(edition)
    members = [
        MemberInputs(f"M{n}", given_by(data.draw, edition.kpis))
        for n in range(data.draw(st.integers(1, 5)))
    ]

    assert_same(edition, members)


RATE = {"currency": "USD", "period": "2025", "rate": Plain("0.9")}
YEAR = {
    "about_from": date(2025, 1, 1),
    "about_until": date(2025, 12, 31),
    "opens_on": date(2026, 1, 1),
    "due_on": date(2026, 3, 31),
    "late_until": date(2026, 4, 30),
}
PERIOD = {"kind": "fixed_window", "code": "2025", "name": "2025", **YEAR, **CLAUSE}
MONEY = {"reporting": "EUR", "day": "closing", "source": "A bank", "rates": [RATE], **CLAUSE}


@pytest.mark.parametrize("kind", strategies.KINDS)
@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_answers_with_all_that_they_are_read_with_give_the_same_bytes(kind, data):
    draw, better = data.draw, "higher"
    kpis = [draw(strategies.kpis("k0", better, kind)), alone(draw(strategies.kpis("k1", better)))]
    of = node("n", "mean_of_applicable", of=["k0", "k1"], rounding=half_up("0.1"))
    try:
        edition = make_edition(
            kpis=[dumped(one) | {"unit": "EUR"} for one in kpis],
            nodes=[of],
            total="n",
            periods=[PERIOD],
            **({"currencies": MONEY} if "money" in {one.scale.kind for one in kpis} else {}),
        )
    except Invalid:
        assume(False)
    assume(frames.suits(edition))
    k0, k1 = edition.kpis
    assume(not frames.needs_answers(k1))
    members = []
    for n in range(draw(st.integers(1, 6))):
        answers = given_by(draw, [one for one in (k0, k1) if not frames.needs_answers(one)])
        if frames.needs_answers(k0):
            more = {"k0": draw(strategies.answers(k0))}
            answers |= draw(st.sampled_from([more, more, {}, {"k0": STRANGE}]))
        members.append(MemberInputs(f"M{n}", answers))

    assert_same(edition, members)


def test_what_is_known_of_an_edition_is_kept_beside_that_of_another():
    total = node("n", "mean_of_applicable", of=["a"], rounding=half_up("0.1"))
    one, other = (make_edition(kpis=[kpi("a", NUMBER)], nodes=[total], total="n") for _ in "12")
    known = known_of(one)

    assert known_of(other) is not known
    assert known_of(one) is known


def test_of_an_edition_of_which_too_much_is_known_all_is_forgotten_and_of_no_other(monkeypatch):
    total = node("n", "mean_of_applicable", of=["a"], rounding=half_up("0.1"))
    one, other = (make_edition(kpis=[kpi("a", NUMBER)], nodes=[total], total="n") for _ in "12")
    monkeypatch.setattr(of_editions, "_KNOWN", {})
    monkeypatch.setattr(of_editions, "MOST_EDITIONS", 2)
    monkeypatch.setattr(of_editions, "MOST_KNOWN", 0)
    known, full = known_of(one), known_of(other)
    full.left[()] = ()

    assert known_of(other) is not full
    assert known_of(one) is known


def test_numbers_in_steps_of_a_tenth_and_of_ten_hundredths_keep_their_digits():
    nodes = [
        node("n", "sum", of=["a"], rounding=half_up("0.1")),
        node("m", "sum", of=["a"], rounding=half_up("0.10")),
        node("t", "sum", of=["a"], rounding=half_up("10")),
    ]
    edition = make_edition(kpis=[kpi("a", NUMBER)], nodes=nodes, total="n")

    made = assert_same(edition, [MemberInputs("M1", {"a": Answer(State.ANSWERED, D(7))})])

    [card] = map(Card.read, made.rows["card"])
    assert [f"{line.published}" for line in card.lines] == ["7.0", "7.00", "10"]
