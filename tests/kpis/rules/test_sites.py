"""Answers of sites: rolled up into one answer, exactly, and told on the trace."""

from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction as F
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.rules import exact, stored
from kpis.rules.inputs import frame
from kpis.rules.receipts import as_plain, receipt
from kpis.rules.scoring import Answer, MemberInputs, NotAnAnswer, State, redact, score, trace
from rulebooks.rules.answers import STATES, OfSite, With
from rulebooks.rules.document import Invalid
from rulebooks.rules.tree import Tree
from tests.kpis.rules import strategies
from tests.kpis.rules.editions import NUMBER, POINTS, half_up, kpi, make_edition, node

YES_NO = {"kind": "yes_no"}
SHARE = {"kind": "ratio", "numerator": "Repaid", "denominator": "Found", "max": 1000, "times": 100}
DAYS = {**NUMBER, "points": [{"upto": 10, "points": 100}, {"upto": 30, "points": 50}]}
UNKNOWN, MISSING, OUT = map(Answer, (State.UNKNOWN, State.MISSING, State.NOT_APPLICABLE))


def per_site(way: str, most: int = 5) -> dict:
    return {"roll_up": way, "most_sites": most, "clause": "4.2"}


def answered(given) -> Answer:
    if isinstance(given, Answer):
        return given
    if isinstance(given, tuple):
        return Answer(State.ANSWERED, numerator=D(given[0]), denominator=D(given[1]))
    if given in ("yes", "no"):
        return Answer(State.ANSWERED, labels=(given,))
    return Answer(State.ANSWERED, number=D(str(given)))


def sites(*given, state=State.MISSING) -> Answer:
    held = tuple(OfSite(f"s-{n}", answered(one)) for n, one in enumerate(given, start=1))
    return Answer(state, read_with=With(sites=held))


def edition_of(way: str, scale: dict, most: int = 5, **fields):
    return make_edition(
        kpis=[kpi("a", scale, per_site=per_site(way, most), **fields)],
        nodes=[node("n", "sum", of=["a"], rounding=half_up("0.1"))],
    )


LOWER, ZERO, NEEDED = {"direction": "lower"}, {"missing": "zero"}, {"missing": "not_scored"}


@pytest.mark.parametrize(
    ("way", "scale", "fields", "given", "gives", "remark"),
    [
        pytest.param("sum", NUMBER, {}, (10, "0.5", 0), F(21, 2), "the sum of 3 sites",
                     id="numbers are added"),
        pytest.param("sum", NUMBER, {}, (10, OUT, UNKNOWN), 10,
                     "the sum of 1 site; s-3 left out: no answer",
                     id="what does not apply is left out in silence, no answer is told"),
        pytest.param("sum", NUMBER, ZERO, (10, MISSING), 10, "the sum of 1 site; s-2 counted as 0",
                     id="a silent site adds 0"),
        pytest.param("sum", NUMBER, NEEDED, (10, MISSING), None, "not answered for s-2 of 2 sites",
                     id="a silent site leaves no number where all are needed"),
        pytest.param("sum", NUMBER, {}, (OUT, OUT), None, "applies to no site",
                     id="it applies to no site"),
        pytest.param("sum", NUMBER, NEEDED, (OUT, OUT), None, "applies to no site",
                     id="where it applies to no site nothing is needed"),
        pytest.param("sum", NUMBER, {}, (), None, None, id="a member without sites is missing"),
        pytest.param("sum", NUMBER, ZERO, (), 0, None,
                     id="a member without sites counts as missing does"),
        pytest.param("sum", DAYS, LOWER, (6, 6), 50, "the sum of 2 sites",
                     id="points are given for the sum, not added"),
        pytest.param("parts", SHARE, {}, ((1, 2), (30, 100)), F(3100, 102),
                     "the parts of 2 sites, added", id="a large site weighs more than a small one"),
        pytest.param("parts", SHARE, {}, ((0, 7), OUT, (7, 7)), 50, "the parts of 2 sites, added",
                     id="a site without anything to count is left out of both parts"),
        pytest.param("parts", SHARE, ZERO, ((7, 7), MISSING), 0, "not answered for s-2 of 2 sites",
                     id="a silent site has no denominator, so the whole counts as 0"),
        pytest.param("worst", NUMBER, {}, (10, 5, 7), 5, "the worst of 3 sites: s-2",
                     id="the lowest where higher is better"),
        pytest.param("worst", NUMBER, LOWER, (10, 5, 7), 10, "the worst of 3 sites: s-1",
                     id="the highest where lower is better"),
        pytest.param("worst", NUMBER, {}, (5, 5), 5, "the worst of 2 sites: s-1",
                     id="of two that are as bad the first by code"),
        pytest.param("worst", DAYS, LOWER, (6, 28), 50, "the worst of 2 sites: s-2",
                     id="the worst by its points"),
        pytest.param("worst", SHARE, {}, ((1, 3), (333, 1000)), F(333, 10),
                     "the worst of 2 sites: s-2", id="shares are compared without rounding"),
        pytest.param("worst", YES_NO, {}, ("yes", "no", "yes"), 0, "the worst of 3 sites: s-2",
                     id="one no is a no"),
        pytest.param("worst", YES_NO, LOWER, ("no", "no"), 1, "the worst of 2 sites: s-1",
                     id="where no is better, all said no"),
        pytest.param("worst", YES_NO, ZERO, ("yes", UNKNOWN), 0, "not answered for s-2 of 2 sites",
                     id="an unknown site counts as the worst"),
        pytest.param("worst", POINTS, {}, (90, 30, 100), 30, "the worst of 3 sites: s-2",
                     id="the fewest points"),
        pytest.param("mean_of_applicable", NUMBER, {}, (10, 5, 5, OUT), F(20, 3),
                     "the mean of 3 sites", id="a mean is a fraction, never rounded"),
        pytest.param("mean_of_applicable", NUMBER, ZERO, (10, MISSING), 5,
                     "the mean of 2 sites; s-2 counted as 0", id="a silent site lowers the mean"),
        pytest.param("mean_of_applicable", {**DAYS}, {**LOWER, **ZERO}, (6, MISSING), 0,
                     "not answered for s-2 of 2 sites",
                     id="0 days would earn the most, so silence is not counted as 0 days"),
    ],
)  # fmt: skip
def test_answers_of_sites_are_rolled_up(way, scale, fields, given, gives, remark):
    edition = edition_of(way, scale, **fields)
    one = MemberInputs("M1", {"a": sites(*given)})

    [card] = score(edition, [one])

    assert card.line("n").exact == gives
    assert [said.says for said in card.remarks if said.code == "a"] == ([remark] if remark else [])
    assert exact.lines(edition.tree, one)["n"] == card.line("n")


def test_a_site_without_an_answer_is_a_knock_out_where_the_kpi_says_so():
    edition = edition_of("sum", NUMBER, missing="knock_out")

    [card] = score(edition, [MemberInputs("M1", {"a": sites(3, UNKNOWN)})])

    assert [tuple(ground) for ground in card.knock_outs] == [("a", "missing")]


@pytest.mark.parametrize(
    ("way", "scale", "given", "told"),
    [
        pytest.param("sum", NUMBER, sites(1, 2, 3, 4, 5, 6),
                     "a: is answered for 6 sites; clause 4.2 allows at most 5",
                     id="too many sites"),
        pytest.param("sum", NUMBER, sites(1, 200), "a: site s-2: 200 is not on the scale: 0 to 100",
                     id="one site is off the scale"),
        pytest.param("sum", NUMBER, answered(7), "a: is answered per site; give the answers of its",
                     id="one answer for all sites"),
        pytest.param("sum", NUMBER, sites(7, state=State.NOT_APPLICABLE), "a: is answered per site",
                     id="it does not apply, and a site answers"),
        pytest.param("worst", YES_NO, sites("yes", 7), "a: site s-2: needs one of: yes, no",
                     id="a number for a yes"),
        pytest.param("sum", NUMBER,
                     Answer(State.MISSING, read_with=With(sites=(OfSite("s", OUT),) * 2)),
                     "a: site s stands 2 times; give each site once", id="a site twice"),
    ],
)  # fmt: skip
def test_what_sites_cannot_answer_is_refused(way, scale, given, told):
    with pytest.raises(NotAnAnswer, match="member M1") as refused:
        score(edition_of(way, scale), [MemberInputs("M1", {"a": given})])

    assert told in str(refused.value)


def test_answers_of_sites_to_a_kpi_that_asks_for_one_answer_are_refused():
    edition = make_edition(kpis=[kpi("a")], nodes=[node("n", "sum", of=["a"])])

    with pytest.raises(NotAnAnswer, match="a: is not answered per site; give one answer"):
        score(edition, [MemberInputs("M1", {"a": sites(1, 2)})])


@pytest.mark.parametrize(
    ("way", "scale", "fields", "place", "told"),
    [
        pytest.param("mean_of_applicable", SHARE, {}, "roll_up", "say parts, which adds",
                     id="a mean of percentages"),
        pytest.param("sum", SHARE, {}, "roll_up", "say parts, which adds",
                     id="a sum of percentages"),
        pytest.param("sum", YES_NO, {}, "roll_up", "only answers on a scale of numbers fit; say "
                     "worst", id="a sum of yes and no"),
        pytest.param("parts", NUMBER, {}, "roll_up", "only a ratio has parts to add; say sum, "
                     "mean_of_applicable or worst", id="the parts of a number"),
        pytest.param("mean_of_applicable", POINTS, {}, "roll_up", "say worst",
                     id="a mean of points that were awarded"),
        pytest.param("worst", {"kind": "findings", "points": {"minor": 1}}, LOWER, "roll_up",
                     "answers on a scale findings cannot be rolled up; ask for one answer",
                     id="findings are one list"),
        pytest.param("worst", NUMBER, {"direction": "none"}, "roll_up",
                     "direction none does not say which site is worst", id="the worst of nothing"),
        pytest.param("sum", {**NUMBER, "max": 9 * 10**16}, {"most": 100}, "most_sites",
                     "too many sites for so wide a scale: at most 18 digits",
                     id="a sum that no column holds"),
        pytest.param("sum", NUMBER, {"most": 0}, "most_sites", "greater than or equal to 1",
                     id="no site at all"),
        pytest.param("sum", NUMBER, {"cumulative": {"over": "year", "gaps": "no_sum"}},
                     "cumulative", "answers of sites are not added up over periods",
                     id="over sites and periods"),
        pytest.param("sum", NUMBER, {"missing": {"carry_forward": 1, "otherwise": "leave_out"}},
                     "missing", "answers of sites are not carried forward; allowed: zero",
                     id="carried forward"),
        pytest.param("sum", NUMBER, {"not_applicable": "needs_approval"}, "not_applicable",
                     "nobody approves what does not apply to one site", id="approval by site"),
        pytest.param("sum", NUMBER, {"evidence": "required"}, "evidence",
                     "evidence is attached to one answer", id="evidence for many answers"),
    ],
)  # fmt: skip
def test_a_roll_up_that_cannot_work_is_refused_at_its_place(way, scale, fields, place, told):
    with pytest.raises(Invalid) as refused:
        edition_of(way, scale, **fields)

    problem = refused.value.problems[0]
    assert told in problem.message
    assert place in str(problem)
    assert problem.line > 1


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_every_way_gives_the_same_in_fractions_and_columns_whatever_the_order(data):
    draw = data.draw
    kind = draw(st.sampled_from(sorted(strategies.ROLL_UPS)))
    better = draw(st.sampled_from(["higher", "lower"]))
    made = draw(strategies.kpis("a", better, kind).filter(lambda one: one.per_site))
    given = [draw(strategies.of_sites(made)) for _ in range(draw(st.integers(1, 6)))]

    wide = rows_of(made, given)

    assert wide == [by_itself(made, one) for one in given]
    random = Random(draw(st.integers()))
    shuffled = [replace(one, read_with=With(sites=mixed(one, random))) for one in given]
    assert rows_of(made, shuffled) == wide
    assert [made.exact(one) for one in shuffled] == [made.exact(one) for one in given]
    assert all(made.counted(made.counted(one)) == made.counted(one) for one in given)


def mixed(answer: Answer, random: Random) -> tuple[OfSite, ...]:
    held = list(answer.read_with.sites)
    random.shuffle(held)
    return tuple(held)


def rows_of(made, given) -> list[tuple]:
    members = [MemberInputs(str(n), {"a": one}) for n, one in enumerate(given)]
    return [row[1:] for row in frame(Tree.of([made], []), members).iter_rows()]


def by_itself(made, answer: Answer) -> tuple:
    counted, scale = made.counted(answer), made.counting_scale
    blank = (None,) * len(scale.parts)
    parts = scale.integers(counted) if counted.state is State.ANSWERED else blank
    return (STATES.index(counted.state), *parts)


def test_up_to_the_most_sites_on_the_widest_scale_no_digit_is_lost():
    most = 9 * 10**13
    edition = edition_of("sum", {**NUMBER, "max": most, "decimals": 0}, most=100_000)
    one = MemberInputs("M1", {"a": sites(*[most] * 100_000)})

    [card] = score(edition, [one])

    assert "n" in edition.tree.columnar
    assert card.line("n").exact == most * 100_000


def test_the_trace_lists_each_site_and_then_what_they_come_to():
    edition = edition_of("parts", SHARE, confidentiality="secretariat_and_auditor")
    one = MemberInputs("M1", {"a": sites((1, 2), UNKNOWN, (3, 4))})
    [card] = score(edition, [one])

    lines = trace(edition, card, one)

    told = [(line.kind, line.title, line.says, line.number) for line in lines][1:5]
    assert told == [
        ("input", "a", "4 of 6; the parts of 2 sites, added; s-2 left out: no answer", F(200, 3)),
        ("site", "s-1", "1 of 2", 50),
        ("site", "s-2", "unknown", None),
        ("site", "s-3", "3 of 4", 75),
    ]
    [heading] = as_plain(receipt(edition, lines))
    assert [line["label"] for line in heading["lines"]][:4] == ["a", "s-1", "s-2", "s-3"]
    hidden = [line for line in redact(lines, {"public"}) if line.kind == "withheld"]
    assert all(line.number is None for line in hidden)
    assert len(hidden) == 5
    assert as_plain(receipt(edition, redact(lines, {"public"})))


def test_what_sites_answered_is_stored_with_the_card_and_gives_it_again():
    edition = edition_of("mean_of_applicable", NUMBER)
    one = MemberInputs("M1", {"a": sites(10, 5, 5, OUT)})

    again = stored.read(stored.write(one, {}))

    assert score(edition, [again]) == score(edition, [one])
    backwards = replace(
        one.answers["a"], read_with=With(sites=one.answers["a"].read_with.sites[::-1])
    )
    [first, second] = (
        stored.score(edition, "0" * 64, [member])[0]
        for member in (one, MemberInputs("M1", {"a": backwards}))
    )
    assert first == second


def test_too_many_sites_are_set_aside_on_the_card_so_that_all_others_are_scored():
    edition = edition_of("sum", NUMBER, most=1)

    [card] = stored.score(edition, "0" * 64, [MemberInputs("M1", {"a": sites(1, 2)})])

    told = "is answered for 2 sites; clause 4.2 allows at most 1"
    assert stored.read_problems(card.inputs) == {"a": told}
