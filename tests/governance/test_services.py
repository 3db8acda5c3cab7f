from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from governance import selectors, services
from governance.models import Body, Decision, Seat
from governance.rules import NotAsked, Outcome
from ledger.models import Entry
from tests.suspensions.builders import DAY, make_body, make_case

pytestmark = pytest.mark.django_db


def record(case, people, **more):
    named = {
        "member": case.member,
        "body": make_body(people),
        "matter": case.code,
        "outcome": "impose",
        "reasons": "No return came.",
        "by": people.pat,
        "on": DAY.decided,
    }
    return services.record_decision(**named | more)


def test_a_decision_is_recorded_without_its_reasons(member, people):
    case = make_case(member, people, "unanswered")

    decision = record(case, people)

    assert (decision.reasons, decision.recorded_by) == ("No return came.", people.pat)
    assert decision.entry.data == {
        "member": member.code,
        "body": "board",
        "matter": "C0001",
        "outcome": "impose",
    }
    assert decision.entry.effective_on == DAY.decided


def test_what_was_decided_is_read_back_from_the_record(member, people):
    decision = record(make_case(member, people, "unanswered"), people)

    decided = selectors.decision(decision.entry_id)

    assert (decided.member, decided.body, decided.matter) == (member.code, "board", "C0001")
    assert (decided.outcome, decided.taken_on) == (Outcome.IMPOSE, DAY.decided)


def test_another_entry_is_no_decision(member, people):
    with pytest.raises(selectors.NotADecision):
        selectors.decision(Entry.objects.earliest("pk").pk)
    with pytest.raises(selectors.NotADecision):
        selectors.decision(0)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"outcome": "upheld"}, "decided as impose or dismiss", id="not asked"),
        pytest.param({"matter": "C0009"}, "no matter C0009", id="no such matter"),
        pytest.param({"on": DAY.served}, "awaits no decision", id="before the time to answer ran"),
        pytest.param({"on": date(2026, 1, 1)}, "no matter C0001", id="before the case began"),
        pytest.param({"reasons": "  "}, "states its reasons", id="no reasons"),
    ],
)
def test_a_decision_that_is_not_awaited_is_refused(member, people, change, says):
    case = make_case(member, people, "unanswered")

    with pytest.raises(NotAsked, match=says):
        record(case, people, **change)
    assert not Decision.objects.exists()


def test_a_matter_is_about_its_own_member(member, people):
    case = make_case(member, people, "unanswered")
    other = type(member).objects.exclude(pk=member.pk).get()

    with pytest.raises(NotAsked, match=f"no matter C0001 about {other.code}"):
        record(case, people, member=other)


def test_each_question_is_decided_once(member, people):
    case = make_case(member, people, "unanswered")
    decision = record(case, people)

    with pytest.raises(NotAsked, match="has been decided"):
        record(case, people, outcome="dismiss")
    decision.pk, decision.outcome = None, "dismiss"
    with pytest.raises(IntegrityError), transaction.atomic():
        decision.save(force_insert=True)


@pytest.mark.parametrize("who", ["sam", "cam", "bea", "apa", "ada", "lou", "noor", "sys"])
def test_only_the_clerk_records(member, people, who):
    case = make_case(member, people, "unanswered")

    with pytest.raises(PermissionDenied):
        record(case, people, by=getattr(people, who))


def test_matters_await_until_they_are_decided(member, people):
    case = make_case(member, people, "unanswered")

    assert selectors.matters_awaiting(on=DAY.served) == []
    (matter,) = selectors.matters_awaiting(on=DAY.decided)
    assert (matter.code, matter.member, matter.step.name) == ("C0001", member, "Warning")
    record(case, people)
    assert selectors.matters_awaiting(on=DAY.decided) == []


def test_bodies_and_seats(people, edition, today):
    body = make_body(people)
    assert make_body(people) == body

    seat = services.give_seat(body=body, user=people.bea, chamber="unions", by=people.sam, on=today)
    again = services.give_seat(
        body=body, user=people.bea, chamber="unions", by=people.sam, on=today
    )
    assert seat == again
    assert selectors.bodies(on=today) == [(body, {"unions": [seat]})]
    services.end_seat(seat_id=seat.pk, by=people.sam, on=date(2026, 4, 1))
    assert selectors.bodies(on=date(2026, 4, 1)) == [(body, {})]
    with pytest.raises(Seat.DoesNotExist):
        services.end_seat(seat_id=seat.pk, by=people.sam, on=date(2026, 4, 1))
    assert Entry.objects.filter(event__startswith="governance.").count() == 3


@pytest.mark.parametrize("who", ["cam", "pat", "bea", "ada", "sys"])
def test_only_the_secretariat_manages_bodies(people, today, who):
    by = getattr(people, who)
    with pytest.raises(PermissionDenied):
        services.create_body(code="board", name="Board", by=by, on=today)
    body = make_body(people)
    with pytest.raises(PermissionDenied):
        services.give_seat(body=body, user=people.bea, chamber="", by=by, on=today)
    with pytest.raises(PermissionDenied):
        services.end_seat(seat_id=1, by=by, on=today)
    assert Body.objects.count() == 1
