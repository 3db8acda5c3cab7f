"""What happened before, and the way back: read by staff and the deciding body, by nobody else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance import services as governance
from suspensions import selectors
from tests.conftest import everybody
from tests.factories import make_edition, make_member
from tests.suspensions.builders import course, day_of, lamps_missed_on, make_body, make_case

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
WAY = (
    "        standing: warned\n        reinstatement: {{needs: [cure_evidence], wait: {{days: 20}},"
    ' history_weighed: {weighed}, probation: {{days: 90}}, clause: "8.6"}}\n'
)
WAIT = {"cure_evidence": "wait: {days: 20}, ", "": ""}  # nothing asked for, nothing to wait for


def case_at(people, stage, *, weighed="true", needs="cure_evidence"):
    days = course(TODAY - (day_of(stage) - day_of("opened")) - (course(TODAY).opened - TODAY))
    text = lamps_missed_on(days.raised)
    way = WAY.format(weighed=weighed).replace("cure_evidence", needs)
    text = text.replace(
        "        standing: warned\n", way.replace("wait: {days: 20}, ", WAIT[needs]), 1
    )
    make_edition(text, by=people.sam)
    member = make_member("Ada & Co", representative=people.ada, signatory=people.sid)
    return make_case(member, people, stage, days)


def readers(people, case):
    url, found = reverse("suspensions:history", args=[case.code]), {}
    for who, user in everybody(people).items():
        client = Client()
        if user:
            client.force_login(user)
        found[who] = client.get(url).status_code
    return found


@pytest.mark.parametrize(
    ("stage", "weighed", "reads"),
    [
        pytest.param("imposed", "true", {"sam", "cam", "lou", "pat"}, id="the body is asked"),
        pytest.param("imposed", "false", {"sam", "cam", "lou"}, id="no history is weighed"),
        pytest.param("notified", "true", {"sam", "cam", "lou"}, id="the body is not asked yet"),
    ],
)
def test_the_history_is_for_staff_and_the_deciding_body(people, stage, weighed, reads):
    found = readers(people, case_at(people, stage, weighed=weighed))

    assert {who for who, status in found.items() if status == 200} == reads
    assert found["nobody"] == 302
    others = {status for who, status in found.items() if who not in {*reads, "nobody"}}
    assert others == {404}


def seat(people, who, code="board"):
    body = make_body(people, code)
    governance.give_seat(body=body, user=who, chamber="", by=people.sam, on=TODAY)


STAFF = {"sam", "cam", "lou"}


@pytest.mark.parametrize(
    ("stage", "weighed", "needs", "reads"),
    [
        pytest.param("imposed", "true", "", STAFF | {"pat", "bea", "eve"}, id="all is there"),
        pytest.param("imposed", "true", "cure_evidence", STAFF | {"pat"}, id="it still waits"),
        pytest.param("imposed", "false", "", STAFF, id="no history is weighed"),
        pytest.param("notified", "true", "", STAFF, id="the body is not asked yet"),
    ],
)
def test_who_sits_on_the_body_reads_it_while_the_question_is_before_them(
    client, people, stage, weighed, needs, reads
):
    case = case_at(people, stage, weighed=weighed, needs=needs)
    for who in (people.bea, people.eve, people.ada):  # Ada belongs to the member
        seat(people, who)
    seat(people, people.apa, "council")

    found = readers(people, case)

    assert {who for who, status in found.items() if status == 200} == reads
    url = reverse("suspensions:history", args=[case.code])
    for who in ("bea", "apa"):
        client.force_login(getattr(people, who))
        assert (url in client.get("/").content.decode()) is (who in reads)


def test_a_seat_opens_it_no_more_once_the_body_has_answered_or_the_seat_has_ended(people):
    case = case_at(people, "imposed", needs="")
    seat(people, people.bea)
    seat(people, people.eve)
    held = people.eve.seats.get()
    governance.end_seat(seat_id=held.pk, by=people.sam, on=TODAY)
    assert selectors.may_weigh(people.bea, case, on=TODAY)
    assert not selectors.may_weigh(people.eve, case, on=TODAY)

    governance.record_decision(
        member=case.member, body=make_body(people), matter=case.code, outcome="lift",
        reasons="It was made good.", by=people.pat, on=TODAY,
    )  # fmt: skip

    assert not selectors.may_weigh(people.bea, case, on=TODAY)
    assert selectors.cases_to_weigh(people.bea, on=TODAY) == []


def test_it_holds_breaches_cases_and_decisions_with_days_and_clauses(people):
    case = case_at(people, "imposed")

    told = [(past.what, past.how, past.clause) for past in
            selectors.history_to_weigh(case.member, on=TODAY)]  # fmt: skip

    assert ("Case C0001: Warning", "Measure imposed", "8.1") in told
    assert ("Decision of The board in C0001", "The measure is imposed", "8.1") in told
    assert [how for what, how, clause in told if clause == "7.1"] == ["Confirmed"]


def test_the_page_of_the_case_says_what_is_missing_on_the_way_back(people):
    case = case_at(people, "imposed")
    client = Client()
    client.force_login(people.ada)
    page = client.get(case.get_absolute_url()).content.decode()

    assert "The way back" in page
    assert "Cure evidence" in page
    assert "Waiting until" in page
    assert "What happened before" not in page
    first = selectors.gone(case, on=TODAY)["in_force_since"] + timedelta(days=20)
    told = {line.words: line.done for line in selectors.way_back(_today(case), on=TODAY)}
    assert told == {"cure evidence": False, f"waiting until {first}": False}


def _today(case):
    return type(case).objects.with_stage(TODAY).get(pk=case.pk)
