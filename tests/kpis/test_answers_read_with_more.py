"""Answers that are read with earlier ones, rates, approvals and judgements, from form to card."""

from datetime import date
from fractions import Fraction as F

import pytest
from django.core.exceptions import PermissionDenied

from kpis import selectors, services
from kpis.access import EVERY_CLASS
from kpis.models import Value
from kpis.rules import stored
from kpis.rules.gathering import NOT_JUDGED, REFUSED, WAITS
from kpis.rules.marks import Mark
from kpis.rules.reading import Typed
from kpis.rules.scoring import Card
from kpis.services import cards
from ledger import services as ledger
from ledger.models import Entry
from members import events
from members import services as members
from rulebooks.rules import facts
from rulebooks.rules.answers import State
from targets.models import Period
from tests.factories import LONG_AGO, make_edition
from tests.kpis.drafts import COMPLETE, filed
from tests.kpis.filings import GOOD, file_return, period_of, tamper
from tests.kpis.imports.builders import LONG, LONG_HEADER, csv_of, run
from tests.kpis.more_kpis import MORE, with_more

pytestmark = pytest.mark.django_db

TYPED = COMPLETE | {
    "certified": Typed(numerator="5", denominator="10"),
    "audit": Typed(counts=(("critical", "0"), ("major", "2"), ("minor", "3"))),
    "spent": Typed(number="100", labels=("USD",)),
    "trained": Typed(number="40"),
}
NOT_HERE = TYPED | {"audit": Typed(instead="not_applicable", note="No site of our own")}


@pytest.fixture
def edition(people):
    return make_edition(with_more(), by=people.sam)


@pytest.fixture
def periods(edition, member, work_due):
    work_due()
    return {code: period_of(edition, code) for code in ("2023", "2024", "2025")}


def answers(member, period):
    return selectors.effective_answers([member.pk], period=period)[member.pk].answers


def card_of(member, period) -> Card:
    return Card.read(selectors.score_now(member, period).card)


def said(card: Card) -> dict[str, str]:
    return {remark.code: remark.says for remark in card.remarks}


def publish(period, people, today):
    run = services.start_run(period=period, by=people.sam, on=today)
    services.work_open_shards(run_id=run.pk, by=people.sam, on=today)
    return services.publish_run(run_id=run.pk, by=people.sam, on=today)


def test_what_is_typed_is_kept_and_counts(member, people, today, periods):
    signed = filed(member, people, today, typed=TYPED)

    kept = {value.kpi: value.answer for value in signed.values_reported.all()}
    assert kept["audit"].counts == (("critical", 0), ("major", 2), ("minor", 3))
    assert (kept["spent"].number, kept["spent"].labels) == (100, ("USD",))
    assert kept["effort"].state is State.MISSING  # not asked of the member, and there to be judged
    card = card_of(member, signed.period)
    assert card.line("per-worker").exact == F(80, 40)
    assert card.line("rest").exact == 77  # 100 - 2 × 10 - 3 × 1
    assert said(card) == {
        "certified": "no baseline: nothing was answered for 2024",
        "effort": NOT_JUDGED,
    }


def test_a_change_is_read_against_the_answer_of_the_period_before(member, periods):
    file_return(member, periods["2024"], GOOD | {"certified": ("3", "10")})
    file_return(member, periods["2025"], GOOD | MORE)

    card = card_of(member, periods["2025"])

    assert card.line("rest").exact == 20 + 77
    assert "certified" not in said(card)


def test_periods_of_a_cycle_are_added_up_and_said(member, periods):
    for code, trained in (("2023", 10), ("2024", 30), ("2025", 40)):
        file_return(member, periods[code], GOOD | MORE | {"trained": trained})

    card = card_of(member, periods["2025"])

    assert card.line("per-worker").exact == F(80, 80)
    assert said(card)["trained"] == "the sum of 3 periods"


def test_only_a_published_answer_is_carried_forward(member, people, today, periods):
    silent = {code: answer for code, answer in MORE.items() if code != "spent"}
    file_return(member, periods["2024"], GOOD | MORE)
    file_return(member, periods["2025"], GOOD | silent)

    before = card_of(member, periods["2025"])
    publish(periods["2024"], people, today)
    after = card_of(member, periods["2025"])

    assert said(before)["per-worker"] == "spent has no number"
    assert said(after)["spent"] == "carried forward from 2024"
    assert after.line("per-worker").exact == F(90, 80)  # 100 USD at the rate of 2024; 40 + 40


def test_division_by_zero_is_stated_on_the_card(member, periods):
    file_return(member, periods["2025"], GOOD | MORE | {"trained": 0})

    card = card_of(member, periods["2025"])

    assert card.line("per-worker").exact is None
    assert said(card)["per-worker"] == "division by zero, at character 9 of the formula"


@pytest.mark.parametrize("way", ["on frames", "by hand"])
def test_an_earlier_answer_that_is_no_number_is_read_as_none_and_said(
    member, people, today, periods, monkeypatch, way
):
    if way == "by hand":
        monkeypatch.setattr(cards.frames, "suits", lambda edition: False)
    for code in ("2023", "2024", "2025"):
        file_return(member, periods[code], GOOD | MORE)
    tamper("""
        update kpis_value v set numerator = numerator * 'NaN', number = number * 'NaN'
        from kpis_return r join targets_period p on p.id = r.period_id
        where r.id = v.of_return_id and p.code = '2024' and v.kpi in ('certified', 'trained')
    """)

    run = services.start_run(period=periods["2025"], by=people.sam, on=today)
    services.work_open_shards(run_id=run.pk, by=people.sam, on=today)

    run.refresh_from_db()
    assert run.status == "provisional"
    stands = run.cards.get(member=member)
    assert "NaN" not in stands.card
    card = Card.read(stands.card)
    assert said(card)["certified"] == "the answer for 2024 gives no share"
    assert said(card)["trained"] == "the sum of 2 periods"
    assert card.line("rest").exact == 77


def test_a_card_made_again_from_what_is_stored_is_the_same(member, periods):
    for code in ("2024", "2025"):
        file_return(member, periods[code], GOOD | MORE)
    made = selectors.score_now(member, periods["2025"])

    again = stored.score(
        periods["2025"].edition.document,
        periods["2025"].edition.sha256,
        [stored.read(made.inputs)],
    )[0]

    assert again == made
    assert "1 USD = 0.8 EUR, average rate of 2025, A central bank" in made.inputs


@pytest.mark.parametrize("who", ["sam", "ann"])
def test_who_does_not_have_it_counts_as_missing_until_somebody_approves(
    member, people, today, periods, who
):
    signed = filed(member, people, today, typed=NOT_HERE)
    before = card_of(member, signed.period)

    services.mark_values(
        return_id=signed.pk,
        marks={"audit": Mark("approved", "It only trades")},
        by=getattr(people, who),
        on=today,
    )

    assert said(before)["audit"] == WAITS
    assert answers(member, signed.period)["audit"].state is State.NOT_APPLICABLE
    assert "audit" not in said(card_of(member, signed.period))
    entry = Entry.objects.get(event="kpis.values.marked")
    assert entry.data["outcomes"] == ["approved"]
    assert "trades" not in str(entry.data)


def test_refused_it_stays_missing_and_a_later_word_counts(member, people, today, periods):
    signed = filed(member, people, today, typed=NOT_HERE)
    for outcome, by in (("refused", people.sam), ("approved", people.ann), ("refused", people.sam)):
        services.mark_values(
            return_id=signed.pk, marks={"audit": Mark(outcome, "Because")}, by=by, on=today
        )

    assert answers(member, signed.period)["audit"].state is State.MISSING
    assert said(card_of(member, signed.period))["audit"] == REFUSED


@pytest.mark.parametrize(
    ("kpi", "mark", "who", "told"),
    [
        pytest.param("audit", Mark("approved"), "sam", "Say why it does not apply", id="no reason"),
        pytest.param("audit", Mark("verified"), "ann", "approved, refused", id="not its word"),
        pytest.param("policy", Mark("approved", "x"), "ann", "verified, adjusted",
                     id="a value cannot be approved"),
        pytest.param("effort", Mark("judged", "", Typed(labels=("improving",))), "sam",
                     "Give the reasons", id="a judgement without reasons"),
        pytest.param("effort", Mark("judged", "x"), "sam", "Give the value", id="without a label"),
        pytest.param("effort", Mark("judged", "x", Typed(labels=("fine",))), "sam",
                     "'fine' is not on the scale", id="another label"),
    ],
)  # fmt: skip
def test_a_word_that_cannot_stand_is_refused(member, people, today, periods, kpi, mark, who, told):
    signed = filed(member, people, today, typed=NOT_HERE)

    with pytest.raises(services.BadMarks, match=told):
        services.mark_values(
            return_id=signed.pk, marks={kpi: mark}, by=getattr(people, who), on=today
        )


@pytest.mark.parametrize(
    ("kpi", "mark", "who"),
    [
        pytest.param("policy", Mark("verified"), "sam", id="the secretariat verifies nothing"),
        pytest.param("effort", Mark("judged", "x", Typed(labels=("improving",))), "ann",
                     id="the edition names another judge"),
    ],
)  # fmt: skip
def test_whose_word_it_is_not_is_refused(member, people, today, periods, kpi, mark, who):
    signed = filed(member, people, today, typed=TYPED)

    with pytest.raises(PermissionDenied):
        services.mark_values(
            return_id=signed.pk, marks={kpi: mark}, by=getattr(people, who), on=today
        )


def test_a_judgement_counts_and_its_reasons_stay_beside_it(member, people, today, periods):
    signed = filed(member, people, today, typed=TYPED)
    mark = Mark("judged", "Two programs grew", Typed(labels=("improving",)))

    services.mark_values(return_id=signed.pk, marks={"effort": mark}, by=people.sam, on=today)

    assert card_of(member, signed.period).line("rest").exact == 177
    line = next(
        line for line in selectors.sheet(signed, kpis=["effort"]) if line.kpi.code == "effort"
    )
    assert (line.adjusted, line.last_mark.reason) == ("improving", "Two programs grew")


def test_the_member_is_not_asked_for_a_judgement(member, people, today, periods):
    with pytest.raises(services.NoSuchKpi, match="effort"):
        filed(member, people, today, typed=TYPED | {"effort": Typed(labels=("improving",))})


def test_the_year_of_a_value_follows_the_members_fiscal_year(member, people, today, periods):
    entry = ledger.record(
        events.LettersReleased(count=1), subject=member, actor=people.sam, on=LONG_AGO
    )
    what = facts.MemberDescribed(year_ends="06-30")
    members.state(what, member=member, about_on=LONG_AGO, entry=entry)

    assert selectors.fiscal_year_ends([member.pk]) == {member.pk: (6, 30)}


def test_each_kind_of_answer_is_imported(member, periods):
    rows = [
        ("certified", "5", "10"),
        ("audit", "critical 0, major 2", ""),
        ("spent", "100 USD", ""),
        ("effort", "improving", ""),
        ("trained", "40", ""),
    ]
    file = csv_of(LONG_HEADER, *[("Ada & Co", "2024", *row) for row in rows])

    run(LONG, file)
    again = run(LONG, csv_of(LONG_HEADER, *[("Ada & Co", "2024", *row) for row in rows]))

    kept = {value.kpi: value.answer for value in Value.objects.all()}
    assert kept["audit"].counts == (("critical", 0), ("major", 2), ("minor", 0))
    assert kept["spent"].labels == ("USD",)
    assert kept["effort"].labels == ("improving",)
    assert again.returns_filed == 0
    assert Period.objects.get(code="2024").about_until == date(2024, 12, 31)


def test_how_a_return_came_in_is_a_word_that_rules_read(member, people, today, periods):
    def how() -> str:
        [(_, inputs)] = selectors.scored_inputs([member.pk], period=periods["2025"]).values()
        return inputs.attributes["came-in"]

    assert how() == "missing"
    signed = filed(member, people, today, typed=NOT_HERE)
    assert how() == "under_verification"
    assert card_of(member, periods["2025"]).line("how").label == "Under verification"
    marks = {
        "audit": Mark("approved", "It only trades"),
        "effort": Mark("judged", "Two programs grew", Typed(labels=("improving",))),
    }
    services.mark_values(return_id=signed.pk, marks=marks, by=people.sam, on=today)
    assert how() == "on_time"
    entry = ledger.record(
        events.LettersReleased(count=1), subject=member, actor=people.sam, on=today
    )
    members.state(
        facts.ReturnFoundIncomplete(), member=member, about_on=today, entry=entry, key="2025"
    )
    assert how() == "incomplete"


def test_the_receipt_shows_formula_rate_baseline_and_remark(member, periods):
    file_return(member, periods["2024"], GOOD | {"certified": ("3", "10")})
    file_return(member, periods["2025"], GOOD | MORE | {"trained": 0})
    made = selectors.score_now(member, periods["2025"])

    shown = selectors.reading(
        periods["2025"].edition.document, made.card, made.inputs, allowed=EVERY_CLASS
    )

    lines = {line.code: line for line in shown.receipt}
    assert lines["per-worker"].note == "formula: spent / trained"
    assert lines["per-worker"].lines[-1].note == "division by zero, at character 9 of the formula"
    spent, trained, _ = lines["per-worker"].lines
    assert "100 USD; 1 USD = 0.8 EUR, average rate of 2025, A central bank" in spent.note
    assert trained.figure == 0
    assert "2024: 3 of 10" in lines["rest"].lines[0].note
    assert lines["rest"].lines[2].note == f"missing; {NOT_JUDGED}; left out"
