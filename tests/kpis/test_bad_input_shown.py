"""What no score can be made of is told alike on card, page, API, console and in the report.

Each test scores two members in one run: one whose input is bad, and one who is as if alone.
"""

import json
import re
from decimal import Decimal as D
from html import unescape
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.selectors import system_user
from kpis import selectors, services
from kpis.models import Scorecard, ScoreRun
from kpis.rules.scoring import Card
from kpis.services import cards
from members.models import Member
from reports import selectors as reports
from reports.selectors import paper
from rulebooks.rules import facts
from targets.models import MemberTarget
from tests.factories import LAMPS, LONG_AGO, make_edition, moment, state
from tests.kpis.filings import GOOD, file_return, period_of, tamper

pytestmark = pytest.mark.django_db

KPIS = """
  - code: hours
    title: Weeks of more than 60 hours
    unit: weeks
    scale:
      kind: trajectory
      min: 0
      max: 1000
      decimals: 0
      baseline: {year: 2022, value: 100}
      goal: {year: 2026, value: 0}
      own: own-hours
    direction: lower
    missing: MISSING
    confidentiality: aggregate
    clause: "5.6"
member_targets:
  - code: own-hours
    title: Fewer long weeks
    kpis: [hours]
    floor: {change: {percent: 10}, clause: "1.5"}
    approved_by: {role: secretariat}
    clause: "1.4"

targets:
"""
NODES = """  nodes:
    - code: per-claim
      title: Points for each claim
      op: formula
      unit: days
      direction: lower
      formula: "days-to-repay / open-claims"
      rounding: {mode: half_up, step: 0.01}
      clause: "6.5"
    - code: on-course
      title: On course
      op: sum
      of: [hours]
      rounding: {mode: half_up, step: 0.01}
      clause: "6.6"
"""
CLAIMS = "    direction: none\n    missing: not_scored\n    confidentiality: counsel"
GIVEN = GOOD | {"hours": 80, "open-claims": 8}  # 12.5 for each claim; 20 of 50 due by 2024


def text_of_edition(missing: str) -> str:
    assert LAMPS.count("\ntargets:\n") == LAMPS.count(CLAIMS) == LAMPS.count("  nodes:\n") == 1
    text = LAMPS.replace("\ntargets:\n", KPIS.replace("MISSING", missing)).replace(
        "  nodes:\n", NODES
    )
    return text.replace(
        CLAIMS, "    direction: lower\n    missing: leave_out\n    confidentiality: public"
    )


@pytest.fixture
def missing() -> str:
    return "leave_out"


@pytest.fixture
def text(missing) -> str:
    return text_of_edition(missing)


@pytest.fixture
def edition(people, text):
    return make_edition(text, by=people.sam)


@pytest.fixture
def period(edition):
    return period_of(edition)


@pytest.fixture
def other(member) -> Member:
    return Member.objects.exclude(pk=member.pk).get()


@pytest.fixture(autouse=True, params=["on frames", "by hand"])
def way(request, monkeypatch):
    if request.param == "by hand":
        monkeypatch.setattr(cards.frames, "suits", lambda edition: False)


@pytest.fixture
def scored(member, other, period, today):
    """Score both in a run that ends, the other as if alone; return the card of the first."""

    def score() -> Scorecard:
        run = services.start_run(period=period, by=system_user(), on=today)
        services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
        run.refresh_from_db()
        assert (run.status, run.cards.count()) == ("provisional", 2)
        beside = Card.read(run.cards.get(member=other).card)
        assert beside.remarks == ()
        numbers = [
            beside.line(code).published for code in ("recruitment", "per-claim", "on-course")
        ]
        assert numbers == [D("87.5"), D("12.5"), D("0.4")]
        return run.cards.get(member=member)

    file_return(other, period, GIVEN)
    return score


@pytest.fixture
def told(client, people, today):
    """Return what is told of a card to the member itself: a text for each place."""

    def tell(card: Scorecard) -> dict[str, str]:
        who = people.sam if card.run.status == "provisional" else people.ada
        client.force_login(who)
        of_api = client.get(f"/api/v1/scorecards/{card.pk}/").json()["reading"]
        out = StringIO()
        words = ("--period", "2024", "--member", card.member.code, "--as", who.email)
        call_command("score", *words, "--explain", stdout=out)
        found = {
            "page": client.get(f"/scorecards/{card.pk}/").content.decode(),
            "API": " ".join(said_in(of_api)),
            "console": out.getvalue(),
        }
        if card.run.status == "published":
            report = reports.accountability(
                card.member, card.period, by=who, on=today, at=timezone.now()
            )
            found["report"] = paper.html_of(report)
        return {place: plain(text) for place, text in found.items()}

    return tell


def said_in(value) -> list[str]:
    """Return every text in a JSON value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for one in value for text in said_in(one)]
    return [] if value is None else [str(value)]


def plain(text: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def published(card: Scorecard, people, today) -> Scorecard:
    services.publish_run(run_id=card.run_id, by=people.sam, on=today)
    return Scorecard.objects.get(pk=card.pk)


def says(card: Scorecard) -> dict[str, str]:
    return {remark.code: remark.says for remark in Card.read(card.card).remarks}


def own_target(member, edition, people, *points) -> MemberTarget:
    """Keep an approved target that could not be proposed today, as an older one may stand."""
    (base_year, base), *milestones, (goal_year, goal) = points
    return MemberTarget.objects.create(
        member=member,
        code="T1",
        edition=edition,
        rule="own-hours",
        kpi="hours",
        baseline_year=base_year,
        baseline_value=D(base),
        baseline_source="Payroll",
        milestones=[[year, str(value)] for year, value in milestones],
        goal_year=goal_year,
        goal_value=D(goal),
        trajectory="straight_line",
        role="secretariat",
        proposed_at=moment(LONG_AGO),
        proposed_by=people.ada,
        outcome="approved",
        decided_at=moment(LONG_AGO),
        decided_by=people.sam,
    )


EQUAL = "the member's own target equals its baseline: there is no way to measure"
BACK = "the member's own target is no way from its baseline to what is better"
LEAVES = "the member's own line leaves the scale"


@pytest.mark.parametrize(
    ("points", "why"),
    [
        pytest.param([(2022, 80), (2026, 80)], EQUAL, id="equal"),
        pytest.param([(2022, 60), (2026, 80)], BACK, id="worse"),
        pytest.param([(2022, 80), (2022, 70), (2026, 60)], BACK, id="two values in a year"),
        pytest.param([(2022, 80), (2024, "NaN"), (2026, 60)], LEAVES, id="no number"),
        pytest.param([(2022, 80), (2026, "123456789012345678")], LEAVES, id="beyond the scale"),
    ],
)
@pytest.mark.parametrize("hours", [0, 80, 1000])
def test_a_target_that_leads_nowhere_is_stated_whatever_was_answered(
    scored, told, member, edition, period, people, today, points, why, hours
):
    own_target(member, edition, people, *points)
    file_return(member, period, GIVEN | {"hours": hours})

    card = published(scored(), people, today)

    content = Card.read(card.card)
    assert says(card) == {"hours": why}
    assert (content.line("on-course").number, content.total) == (None, D("87.5"))
    places = told(card)
    assert list(places) == ["page", "API", "console", "report"]
    for text in places.values():
        assert f"not enough data; {why}; left out" in text
    assert selectors.score_now(member, period).card == card.card


@pytest.mark.parametrize(
    ("points", "why"),
    [
        pytest.param([(2022, 80), (2026, 80)], EQUAL, id="equal"),
        pytest.param([(2022, 60), (2026, 80)], BACK, id="worse"),
        pytest.param([(2022, 80), (2022, 70), (2026, 60)], BACK, id="two values in a year"),
    ],
)
def test_the_page_of_such_a_target_says_the_same_and_not_how_far_it_is(
    client, scored, member, edition, period, people, today, points, why
):
    own_target(member, edition, people, *points)
    file_return(member, period, GIVEN | {"hours": 70})
    published(scored(), people, today)
    client.force_login(people.ada)

    page = plain(client.get(f"/members/{member.code}/targets/").content.decode())

    assert why in page
    assert "was due" not in page
    assert "on the way or ahead" not in page
    assert "behind" not in page.lower()


@pytest.mark.parametrize(
    ("missing", "chosen", "band"),
    [
        pytest.param("knock_out", "left out, and a knock-out", "failing", id="knock-out"),
        pytest.param("not_scored", "nothing above it is scored", "leading", id="not scored"),
    ],
)
def test_what_becomes_of_it_is_the_choice_of_the_edition_for_missing_data(
    scored, told, member, edition, period, people, chosen, band
):
    own_target(member, edition, people, (2022, 80), (2026, 80))
    file_return(member, period, GIVEN)

    card = scored()

    assert (says(card), card.band) == ({"hours": EQUAL}, band)
    for text in told(card).values():
        assert f"not enough data; {EQUAL}; {chosen}" in text


def test_a_target_that_was_only_imported_is_read_by_no_score(scored, member, period):
    imported = facts.TargetApproved("own-hours", "hours", 2022, D(80), 2026, D(80))
    state(member, imported, LONG_AGO, key="T9")
    file_return(member, period, GIVEN)

    card = scored()

    assert says(card) == {}
    assert Card.read(card.card).line("on-course").published == D("0.4")  # on the edition's line


def test_a_division_by_zero_is_stated(scored, told, member, period, people, today):
    file_return(member, period, GIVEN | {"open-claims": 0})

    card = published(scored(), people, today)

    why = "division by zero, at character 17 of the formula"
    assert says(card) == {"per-claim": why}
    assert card.total == D("87.5")
    for text in told(card).values():
        assert why in text


HUGE = "9" * 24 + "." + "9" * 12  # the most that can be stored
SPOILT = "update kpis_value set {set} where kpi = '{kpi}' and member_id = {member}"


@pytest.mark.parametrize(
    ("kpi", "spoil", "title", "why", "counts"),
    [
        pytest.param("days-to-repay", "number = 'NaN'", "Days from finding", "needs a number",
                     "missing; left out", id="NaN"),
        pytest.param("days-to-repay", "number = -1", "Days from finding",
                     "-1 is not on the scale: 0 to 3650", "missing; left out", id="below"),
        pytest.param("days-to-repay", f"number = {HUGE}", "Days from finding",
                     f"{HUGE} is not on the scale: 0 to 3650", "missing; left out", id="huge"),
        pytest.param("fees-repaid", "numerator = 'NaN'", "Recruitment fees",
                     "needs two numbers: Paid back, Found", "missing; counts as 0", id="half NaN"),
        pytest.param("fees-repaid", "denominator = 0", "Recruitment fees",
                     "30 of 0 is not on the scale: 0 to 1000000000, of more than 0",
                     "missing; counts as 0", id="of nothing"),
        pytest.param("hours", "number = 'NaN'", "Weeks of more", "needs a number",
                     "missing; left out", id="NaN on a line"),
    ],
)  # fmt: skip
def test_an_answer_that_is_no_number_of_its_scale_is_stated(
    client, scored, told, member, period, people, today, kpi, spoil, title, why, counts
):
    file_return(member, period, GIVEN)
    tamper(SPOILT.format(set=spoil, kpi=kpi, member=member.pk))

    card = scored()

    assert json.loads(card.inputs)["problems"] == {kpi: why}
    assert "NaN" not in card.card
    places = told(card)
    for text in places.values():
        assert f"{why}, so it counts as {counts}" in text
        assert "NaN" not in text
    assert f"{title}" in places["page"].split("They count as missing here")[1].split(why)[0]
    with pytest.raises(services.CannotPublish, match=f"not on its scale for {member.code};"):
        services.publish_run(run_id=card.run_id, by=people.sam, on=today)


def test_an_answer_to_what_the_edition_does_not_ask_is_stated_to_who_may_see_all(
    scored, told, member, period
):
    file_return(member, period, GIVEN)
    tamper(SPOILT.format(set="kpi = 'gone'", kpi="open-claims", member=member.pk))

    card = scored()

    assert json.loads(card.inputs)["problems"] == {"gone": "the edition has no such KPI"}
    places = told(card)
    assert "1 that you may not see" in places["page"]
    assert "problem not shown here: 1" in places["console"]
    assert not any("gone" in text for text in places.values())


def test_a_kpi_without_any_data_is_missing_on_every_card(told, member, other, period, today):
    without = {code: given for code, given in GIVEN.items() if code != "hours"}
    for one in (member, other):
        file_return(one, period, without)

    run = services.start_run(period=period, by=system_user(), on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)

    run.refresh_from_db()
    assert run.status == "provisional"
    for card in run.cards.all():
        assert Card.read(card.card).line("on-course").number is None
        assert card.total == D("87.5")
        for text in told(card).values():
            assert "Weeks of more than 60 hours" in text
            assert "missing; left out" in text


def test_a_member_without_any_data_is_scored_as_the_edition_says_and_told_so(
    scored, told, member, people, today
):
    card = published(scored(), people, today)

    assert (card.total, card.band, card.of_return) == (D(0), "failing", None)
    assert [ground.state for ground in Card.read(card.card).knock_outs] == ["missing"]
    places = told(card)
    for text in places.values():
        assert "missing; counts as 0" in text
        assert "missing; left out" in text
        assert "knocked out: missing" in text
    assert "Return none was filed" in places["page"]
    assert "return none was filed" in places["console"]
    assert "no return had been filed" in places["report"]


def test_a_period_in_which_nobody_filed_has_a_card_for_each_who_owed(
    told, member, other, period, today
):
    run = services.start_run(period=period, by=system_user(), on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)

    run.refresh_from_db()
    assert (run.status, run.cards.count()) == ("provisional", 2)
    for card in run.cards.all():
        for text in told(card).values():
            assert "missing; counts as 0" in text


def test_a_period_that_concerns_nobody_has_no_run_and_says_why(client, edition, people):
    period_of(edition)
    client.force_login(people.sam)
    why = "no member owes or filed a return for period 2024"

    page = client.post("/runs/start/", {"period": "2024"}, follow=True).content.decode()
    with pytest.raises(CommandError) as refused:
        call_command("score", "--period", "2024")

    assert f"Not started: {why}." in page
    assert (str(refused.value), refused.value.returncode) == (why, 1)
    assert not ScoreRun.objects.exists()


PRODUCT = " * ".join(["open-claims"] * 19)  # of 10^17 nineteen times: no float is as large
BEYOND = """  nodes:
    - code: product
      title: Product
      op: formula
      unit: claims
      direction: lower
      formula: "PRODUCT"
      rounding: {mode: half_up, step: 0.000000000001}
      clause: "6.7"
"""
OF_PRODUCT = "    node: product\n    unit: claims\n    direction: higher\n"


def beyond_any_float() -> str:
    text = text_of_edition("leave_out").replace("max: 100000, ", "max: 100000000000000000, ")
    text = text.replace("  nodes:\n", BEYOND.replace("PRODUCT", PRODUCT), 1)
    text = text.replace("    kpi: fees-repaid\n    baseline:", OF_PRODUCT + "    baseline:", 1)
    return text.replace("  total: recruitment\n", "  total: product\n", 1)


@pytest.mark.parametrize("text", [pytest.param(beyond_any_float(), id="")])
def test_a_number_beyond_any_float_is_published_in_full_and_the_others_are_as_they_were(
    client, told, member, other, edition, people, today
):
    for code in ("2023", "2024"):
        period = period_of(edition, code)
        file_return(member, period, GIVEN | {"open-claims": 10**17})
        file_return(other, period, GIVEN | {"open-claims": 2})
        run = services.start_run(period=period, by=system_user(), on=today)
        services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
        services.publish_run(run_id=run.pk, by=people.sam, on=today)

    of_member, of_other = (run.cards.get(member=one) for one in (member, other))
    assert of_member.total == D(f"1E{17 * 19}")
    assert of_other.total == 2**19
    assert f"{of_member.content.total:f}" == "1" + "0" * 323 + "." + "0" * 12
    for text in told(of_member).values():
        assert "1" + "0" * 323 in text.replace(" ", "")
    client.force_login(people.ada)
    for url in ("/", f"/members/{member.code}/", "/scorecards/", "/results/", "/targets/"):
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert not re.search(r"\b(nan|inf)\b", answer.content.decode(), re.IGNORECASE), url
