"""The API of runs and scorecards, tried by the whole cast."""

import pytest

from accounts.selectors import system_user
from kpis import services
from tests.conftest import everybody
from tests.kpis.filings import GOOD, file_return, period_of
from tests.msi_platform.asking import described

pytestmark = pytest.mark.django_db

STAFF = {"sam", "cam", "lou"}
OWN = {"ada", "sid", "avi", "ann"}


@pytest.fixture
def run(member, edition, people, today):
    period = period_of(edition)
    file_return(member, period, GOOD | {"fees-repaid": ("1", "3")})
    run = services.start_run(period=period, by=system_user(), on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
    run.refresh_from_db()
    return run


@pytest.fixture
def card(run, member):
    return run.cards.get(member=member)


def found(client, people, address) -> dict:
    """Return what each of the cast is answered: how many rows, or the status of a refusal."""
    answers = {}
    for name, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        response = client.get(f"/api/v1/{address}")
        rows = response.json().get("results") if response.status_code == 200 else None
        answers[name] = response.status_code if rows is None else len(rows)
    return answers


def test_runs_are_listed_for_staff(client, people, run):
    answers = found(client, people, "runs/?period=2024")

    assert {name for name, rows in answers.items() if rows == 1} == STAFF
    assert answers["ada"] == answers["noor"] == 0
    assert answers["nobody"] == 403


def test_one_run_says_what_it_came_to(client, people, run, member):
    client.force_login(people.sam)

    shown = client.get(f"/api/v1/runs/{run.pk}/").json()

    assert (shown["status"], shown["members"], shown["root"]) == ("provisional", 2, run.root)
    assert shown["cohort"]["rank"][member.code] == 1


def test_provisional_cards_are_listed_for_staff_by_run(client, people, run):
    answers = found(client, people, f"scorecards/?run={run.pk}")

    assert {name for name, rows in answers.items() if rows == 2} == STAFF
    assert answers["ada"] == 0
    assert set(found(client, people, "scorecards/").values()) == {0, 403}


def test_published_cards_are_listed_for_whom_they_concern(client, people, run, today):
    services.publish_run(run_id=run.pk, by=people.sam, on=today)

    answers = found(client, people, "scorecards/?period=2024")

    assert {name for name, rows in answers.items() if rows == 2} == STAFF
    assert {name for name, rows in answers.items() if rows == 1} == OWN | {"eve"}
    assert found(client, people, "scorecards/?band=leading")["sam"] == 0


def test_one_card_is_found_by_whom_it_concerns(client, people, run, card, today):
    address = f"scorecards/{card.pk}/"
    assert {n for n, status in found(client, people, address).items() if status == 200} == STAFF

    services.publish_run(run_id=run.pk, by=people.sam, on=today)

    answers = found(client, people, address)
    assert {name for name, status in answers.items() if status == 200} == STAFF | OWN
    assert answers["eve"] == 404


def test_a_card_of_a_member_who_filed_nothing_says_so_as_described(client, people, run):
    client.force_login(people.sam)

    rows = client.get(f"/api/v1/scorecards/?run={run.pk}").json()["results"]

    assert sorted(str(row["return_version"]) for row in rows) == ["1", "None"]
    for name in ("ScorecardOut", "ScorecardWithTraceOut"):
        part = described()["components"]["schemas"][name]["properties"]["return_version"]
        assert part["nullable"] is True


def test_one_card_comes_with_its_trace(client, people, card):
    client.force_login(people.sam)

    shown = client.get(f"/api/v1/scorecards/{card.pk}/").json()

    assert (shown["total"], shown["band"], shown["verdict"]) == (
        "66.7",
        "improving",
        "Kept by workers",
    )
    total = shown["reading"]["trace"][0]
    assert [line["figure"] for line in total["lines"]] == ["100/3", "100", "100", "200/3", "66.7"]
    assert shown["reading"]["hidden"] == 0
    assert shown["fingerprint"] == card.fingerprint


def test_one_card_says_what_kept_it_from_the_next_band(client, people, card):
    client.force_login(people.sam)

    short = client.get(f"/api/v1/scorecards/{card.pk}/").json()["reading"]["shortfall"]

    assert (short["next_band"], short["needs"], short["lacks"]) == ("leading", "from 75", "8.3")
    assert [one["requirement"] for one in short["requirements"]] == ["R1"]
    assert [one["code"] for one in short["requirements"][0]["answers"]] == ["fees-repaid"]
    assert short["hidden"] == 0


def test_a_card_is_read_only(client, people, card):
    client.force_login(people.sam)
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(f"/api/v1/scorecards/{card.pk}/").status_code == 405
