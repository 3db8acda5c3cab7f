"""What happened before, and the way back: read by staff and the deciding body, by nobody else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from suspensions import selectors
from tests.conftest import everybody
from tests.factories import make_edition, make_member
from tests.suspensions.builders import course, day_of, lamps_missed_on, make_case

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
WAY = (
    "        standing: warned\n        reinstatement: {{needs: [cure_evidence], wait: {{days: 20}},"
    ' history_weighed: {weighed}, probation: {{days: 90}}, clause: "8.6"}}\n'
)


def case_at(people, stage, *, weighed="true"):
    days = course(TODAY - (day_of(stage) - day_of("opened")) - (course(TODAY).opened - TODAY))
    text = lamps_missed_on(days.raised)
    text = text.replace("        standing: warned\n", WAY.format(weighed=weighed), 1)
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
