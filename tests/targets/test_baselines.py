"""The baseline of a collective target is worked out anew: for a cause, above a threshold, by staff.

Both ways are shown, and what was published stays.
"""

from decimal import Decimal as D
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.rules import Permission, Role, allows
from accounts.selectors import system_user
from kpis import selectors as kpis
from kpis import services as scoring
from kpis.models import Scorecard
from ledger.models import Entry
from rulebooks.rules.edition import Edition
from targets import selectors, services
from targets.models import NewBaseline
from targets.rules.baselines import NotAllowed, change_in_percent, rebased, require_significant
from tests.conftest import everybody
from tests.factories import LAMPS, make_edition
from tests.kpis.filings import GOOD, file_returns, many_members, period_of

pytestmark = pytest.mark.django_db
case = pytest.param

GOAL = "    goal: {year: 2028, value: 100}\n"
RULE = "    recalculation: {reasons: [structural_change, error], above_percent: 5, clause: '1.3'}\n"
PAGE = "/targets/all-fees-repaid/baseline/"
SAID = {"because": "error", "evidence": "Two fees of 2022 were counted twice."}


def text_with(goal: str = GOAL, rule: str = RULE, text: str = LAMPS) -> str:
    assert text.count(GOAL) == 1
    text = text.replace("confidentiality: secretariat_and_auditor", "confidentiality: aggregate")
    return text.replace(GOAL, goal + rule)


@pytest.fixture
def edition(people):
    return make_edition(text_with(), by=people.sam)


def recalculate(people, today, value=50, target="all-fees-repaid", **changes):
    given = SAID | changes
    return services.recalculate_baseline(
        target=target, value=D(value), by=people.sam, on=today, **given
    )


# The threshold


@pytest.mark.parametrize(
    ("before", "after", "percent"),
    [
        case("40", "42", "5.00", id="more"),
        case("40", "35", "-12.50", id="less"),
        case("3", "4", "33.33", id="rounded"),
        case("-10", "-5", "50.00", id="of a value below zero"),
        case("0", "5", None, id="from nothing"),
    ],
)
def test_by_how_much_a_baseline_moved(before, after, percent):
    assert change_in_percent(D(before), D(after)) == (None if percent is None else D(percent))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        case({"value": 42}, "42 differs from 40 by no more than 5 %, the threshold of clause 1.3",
             id="exactly the threshold"),
        case({"value": 40}, "differs from 40 by no more", id="the same value"),
        case({"because": "method_change"}, "is no reason for it; allowed: structural_change, error",
             id="no reason of the edition"),
        case({"evidence": " "}, "say what shows", id="no evidence"),
        case({"target": "nothing"}, "is no target of lamps-2024; allowed: all-fees-repaid",
             id="no such target"),
        case({"value": 100}, "the way fails, goal.value: .* it is reached at its baseline",
             id="reached at its baseline"),
        case({"value": 110}, "the way fails, goal.value: .* is no improvement on 110",
             id="beyond the goal"),
    ],
)  # fmt: skip
def test_what_the_edition_does_not_let_is_refused_and_nothing_is_written(
    edition, people, today, changes, says
):
    entries = Entry.objects.count()

    with pytest.raises(NotAllowed, match=says):
        recalculate(people, today, **changes)

    assert (NewBaseline.objects.count(), Entry.objects.count()) == (0, entries)


def test_without_a_rule_the_baseline_stays_until_the_next_edition(people, today):
    make_edition(text_with(rule=""), by=people.sam)

    with pytest.raises(NotAllowed, match="lets no baseline be worked out anew"):
        recalculate(people, today)


def test_from_nothing_any_change_is_above_the_threshold():
    rule = Edition.load(text_with()).targets[0].recalculation

    require_significant(rule, D(0), D("0.1"), because="error", evidence="x")
    with pytest.raises(NotAllowed, match="0 differs from 0"):
        require_significant(rule, D(0), D(0), because="error", evidence="x")


@pytest.mark.parametrize(
    ("goal", "value", "says"),
    [
        case("    goal: {year: 2028, percent: 50}\n", 0,
             "goal.percent: the baseline is 0, and a change in percent of nothing is nothing",
             id="a goal in percent of a baseline of zero"),
        case("    milestones: [{year: 2025, value: 60}]\n    goal: {year: 2028, value: 100}\n", 70,
             "milestones.0.value: .* no improvement on 70", id="a milestone that lies behind"),
    ],
)  # fmt: skip
def test_where_the_way_fails_from_there_it_says_at_which_place(goal, value, says):
    document = Edition.load(text_with(goal))

    with pytest.raises(NotAllowed, match=says):
        rebased(document, document.targets[0], D(value))


# The act


def test_it_is_kept_with_cause_evidence_and_size_and_recorded_without_words(edition, people, today):
    made = recalculate(people, today)

    assert (made.before, made.value, made.change) == (40, 50, D("25.00"))
    assert (made.above_percent, made.clause, made.number) == (5, "1.3", 1)
    entry = Entry.objects.get(event="targets.baseline.recalculated")
    assert entry.data == {
        "edition": "lamps-2024", "target": "all-fees-repaid", "number": 1, "because": "error",
        "before": "40", "value": "50", "above_percent": "5",
    }  # fmt: skip
    with pytest.raises(DatabaseError, match="kept as it is"), transaction.atomic():
        NewBaseline.objects.update(value=60)


def test_a_second_one_is_held_against_the_first_and_all_lines_are_kept(edition, people, today):
    recalculate(people, today)
    with pytest.raises(NotAllowed, match="51 differs from 50"):
        recalculate(people, today, value=51)
    recalculate(people, today, value=60)

    lines = selectors.lines_of(edition.document)["all-fees-repaid"]

    assert [one.baseline.value for one in (*lines.earlier, lines.newest)] == [40, 50, 60]
    assert lines.newest.goal_value == 100


def test_a_goal_in_percent_follows_its_baseline(people, today):
    edition = make_edition(text_with("    goal: {year: 2028, percent: 50}\n"), by=people.sam)
    recalculate(people, today)

    lines = selectors.lines_of(edition.document)["all-fees-repaid"]

    assert (lines.adopted.goal_value, lines.newest.goal_value) == (60, 75)


# What was published stays


@pytest.fixture
def published(people, member, edition, today):
    period = period_of(edition)
    filers = [member, *many_members(5)]
    file_returns(filers, period, [GOOD | {"fees-repaid": ("4", "5")}] * 6)

    def publish():
        run = scoring.start_run(period=period, by=system_user(), on=today)
        scoring.work_open_shards(run_id=run.pk, by=system_user(), on=today)
        scoring.publish_run(run_id=run.pk, by=people.sam, on=today)

    return period, publish


def test_what_was_published_keeps_its_line_and_its_cards(published, edition, people, today):
    period, publish = published
    publish()
    cards = list(Scorecard.objects.order_by("pk").values())
    (before,) = kpis.aims(edition.document, period, sees_all=False)

    recalculate(people, today)

    (after,) = kpis.aims(edition.document, period, sees_all=False)
    assert (after.due, after.reached, after.target) == (before.due, before.reached, before.target)
    assert after.due == Fraction(60)  # from 40 in 2022 to 100 in 2028, in 2024
    assert after.due_anew == 50 + Fraction(50, 3)
    assert list(Scorecard.objects.order_by("pk").values()) == cards


def test_what_is_published_later_is_told_against_the_new_line(published, edition, people, today):
    period, publish = published
    recalculate(people, today)
    publish()

    (aim,) = kpis.aims(edition.document, period, sees_all=False)

    assert (aim.due, aim.due_anew) == (50 + Fraction(50, 3), None)


# The page


def test_both_ways_are_shown_to_everybody(client, published, edition, people, today):
    published[1]()
    plain = client.get("/targets/").content.decode()
    recalculate(people, today)

    page = client.get("/targets/").content.decode()

    assert "50 instead of 40" in page
    assert "Error: Two fees of 2022 were counted twice." in page
    assert "as adopted: 40" in page
    assert "60 was due, ↑ +20; 66.7 from the new baseline" in page
    assert page.count("<line") > plain.count("<line")  # the way before is drawn too
    assert "Work the baseline out anew" not in page


def test_a_target_without_the_rule_says_that_its_baseline_stays(client, people):
    make_edition(text_with(rule=""), by=people.sam)

    assert "Its baseline stays until the next edition." in client.get("/targets/").content.decode()
    client.force_login(people.sam)
    assert client.get(PAGE).status_code == 404


def test_only_the_secretariat_works_a_baseline_out_anew(client, edition, people, today):
    for name, user in everybody(people).items():
        client.logout()
        if user is not None:
            client.force_login(user)
        expected = 200 if name == "sam" else 302 if user is None else 403
        assert client.get(PAGE).status_code == expected, name
        if name not in ("sam", "nobody"):
            with pytest.raises(PermissionDenied):
                services.recalculate_baseline(
                    target="all-fees-repaid", value=D(50), by=user, on=today, **SAID
                )
    holders = {role for role in Role if allows([role], Permission.TARGET_RECALCULATE)}
    assert holders == {Role.SECRETARIAT}


def test_it_is_worked_out_anew_on_the_page(client, edition, people):
    client.force_login(people.sam)
    assert "Work the baseline out anew" in client.get("/targets/").content.decode()

    refused = client.post(PAGE, {"value": "41", **SAID})
    assert "Nothing was changed: 41 differs from 40 by no more than 5 %" in refused.content.decode()
    assert 'value="41"' in refused.content.decode()
    missing = client.post(PAGE, {"value": "x", "because": "method_change"})
    assert set(missing.context["form"].errors) == {"value", "because", "evidence"}

    assert client.post(PAGE, {"value": "50", **SAID}).url == "/targets/"
    assert NewBaseline.objects.get().recorded_by == people.sam


def test_the_page_takes_as_many_queries_with_more_baselines(
    client, published, edition, people, today
):
    published[1]()
    recalculate(people, today)
    client.get("/targets/")
    with CaptureQueriesContext(connection) as few:
        client.get("/targets/")
    recalculate(people, today, value=60)
    recalculate(people, today, value=70)
    with CaptureQueriesContext(connection) as more:
        client.get("/targets/")
    assert len(more) == len(few)
