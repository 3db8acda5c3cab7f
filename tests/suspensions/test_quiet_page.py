"""What would have fired: imported years lead to a page, and to nothing else."""

from datetime import date

import pytest

from accounts.selectors import system_user
from members.models import Letter, Span
from suspensions import services as suspensions
from suspensions.models import Breach, Case
from tests.conftest import everybody
from tests.kpis.imports.builders import csv_of, run

pytestmark = pytest.mark.django_db
PAGE, API = "/would-have-fired/", "/api/v1/would-have-fired/"
LIST = """
format: 1
code: old-members
title: Members of the old list
file: {kind: csv}
member:
  by: name
  column: Name
  unknown: {member_class: full, chamber: companies, admitted_on: {column: Joined}, admitted: true}
into: {kind: facts}
"""
STAFF = {"sam", "cam", "lou"}


@pytest.fixture
def old_members(member):
    """Two imported members that filed nothing for the years of the edition."""
    run(LIST, csv_of(("Name", "Joined"), ("Fig Ltd", "2015-01-01"), ("Elm Ltd", "2016-01-01")))
    return list(Span.objects.filter(state="quiet").values_list("member__organisation__name", "key"))


def test_imported_years_open_nothing_and_write_nothing(old_members, work_due):
    assert ("Fig Ltd", "no-return:2023") in old_members

    work_due()
    suspensions.advance(on=date(2026, 3, 2), by=system_user())

    raised = Breach.objects.filter(member__organisation__name__in=("Fig Ltd", "Elm Ltd"))
    letters = Letter.objects.filter(member__organisation__name__in=("Fig Ltd", "Elm Ltd"))
    assert (raised.count(), letters.count(), Case.objects.count()) == (0, 0, 0)


def test_the_page_says_rule_member_day_clause_and_where_it_would_have_led(
    old_members, people, client
):
    client.force_login(people.cam)

    text = client.get(PAGE).content.decode()

    assert "Fig Ltd" in text
    assert "Elm Ltd" in text
    assert "No annual return" in text or "No return" in text
    assert "clause" in text
    assert "Nothing was opened" in text


def test_a_member_and_a_rule_narrow_the_page(old_members, people, client):
    client.force_login(people.cam)
    code = Span.objects.filter(member__organisation__name="Fig Ltd").values_list(
        "member__code", flat=True
    )[0]

    text = client.get(PAGE, {"member": code, "rule": "no-return"}).content.decode()

    assert "Fig Ltd" in text
    assert "Elm Ltd" not in text
    assert "Nothing would have fired" in client.get(PAGE, {"rule": "no-such"}).content.decode()
    assert client.get(PAGE, {"rule": "a\0b", "before": "x"}).status_code == 200


def test_only_who_follows_up_for_the_initiative_sees_the_page(old_members, people, client):
    for name, user in everybody(people).items():
        client.logout()
        if user is not None:
            client.force_login(user)
        expected = 200 if name in STAFF else 403 if user else 302
        assert client.get(PAGE).status_code == expected, name
        answer = client.get(API)
        assert answer.status_code == (200 if user else 403), name
        if user and name not in STAFF:
            assert answer.json()["results"] == [], name


def test_the_api_lists_the_same(old_members, people, client):
    client.force_login(people.cam)

    found = client.get(API, {"rule": "no-return"}).json()["results"]

    assert {(row["member_name"], row["key"]) for row in found} == {
        pair for pair in old_members if pair[1].startswith("no-return:")
    }


def test_the_page_asks_as_many_questions_for_many_hits_as_for_few(
    old_members, people, client, django_assert_max_num_queries
):
    client.force_login(people.cam)
    client.get(PAGE)
    rows = [(f"Oak {n}", "2015-01-01") for n in range(30)]
    with django_assert_max_num_queries(14) as few:
        client.get(PAGE)
    run(LIST.replace("old-members", "more"), csv_of(("Name", "Joined"), *rows))
    with django_assert_max_num_queries(14) as many:
        client.get(PAGE)

    assert len(few) == len(many)
