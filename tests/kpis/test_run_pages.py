"""Pages of runs and scorecards, tried by the whole cast."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.selectors import system_user
from kpis import services
from kpis.models import ScoreRun
from kpis.services import runs
from kpis.views import scorecards
from ledger.models import Entry
from targets.models import Period
from tests.conftest import everybody
from tests.factories import LAMPS, make_edition
from tests.kpis.filings import (
    GOOD,
    file_return,
    file_returns,
    many_members,
    period_of,
)

pytestmark = pytest.mark.django_db

STAFF = {"sam", "cam", "lou"}
OWN = {"ada", "sid", "avi"}


@pytest.fixture
def period(edition):
    return period_of(edition)


@pytest.fixture
def run(member, period, today):
    file_return(member, period)
    return scored(period, today)


@pytest.fixture
def card(run, member):
    return run.cards.get(member=member)


def scored(period, today) -> ScoreRun:
    run = services.start_run(period=period, by=system_user(), on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
    run.refresh_from_db()
    return run


def publish(run, people, today):
    return services.publish_run(run_id=run.pk, by=people.sam, on=today)


def statuses(client, people, address, method="get") -> dict[str, set[str]]:
    """Return who of the cast is answered with which status."""
    found = {}
    for name, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        status = getattr(client, method)(address).status_code
        found.setdefault(status, set()).add(name)
    return found


def others(people, *groups) -> set[str]:
    return set(vars(people)) - set().union(*groups)


# Who may


def test_runs_are_for_staff(client, people, run):
    assert statuses(client, people, "/runs/") == {
        200: STAFF,
        403: others(people, STAFF),
        302: {"nobody"},
    }


@pytest.mark.parametrize("page", ["", "progress/"])
def test_a_run_is_there_for_staff_only(client, people, run, page):
    assert statuses(client, people, f"/runs/{run.pk}/{page}") == {
        200: STAFF,
        404: others(people, STAFF),
        302: {"nobody"},
    }


def test_a_run_says_that_returns_are_still_taken(client, people, run, period):
    client.force_login(people.sam)
    address = f"/runs/{run.pk}/"
    assert "Returns are still taken" not in client.get(address).content.decode()

    Period.objects.filter(pk=period.pk).update(late_until=timezone.localdate())
    assert "Returns are still taken" in client.get(address).content.decode()
    # The other member of the cast owes a return and filed none.
    assert "1 of these members has not filed" in client.get(address).content.decode()


def test_starting_is_for_the_secretariat(client, people, member, period):
    found = statuses(client, people, "/runs/start/", "post")

    assert found == {302: {"sam", "nobody"}, 403: others(people, {"sam"})}
    assert not ScoreRun.objects.exists()  # no period was chosen


def test_publishing_is_for_the_secretariat(client, people, run):
    found = statuses(client, people, f"/runs/{run.pk}/publish/", "post")

    assert found == {
        302: {"sam", "nobody"},
        403: STAFF - {"sam"},
        404: others(people, STAFF),
    }
    assert Entry.objects.filter(event="kpis.run.published").count() == 1


def test_a_provisional_card_is_there_for_staff_only(client, people, card):
    assert statuses(client, people, f"/scorecards/{card.pk}/") == {
        200: STAFF,
        404: others(people, STAFF),
        302: {"nobody"},
    }


def test_a_published_card_is_there_for_the_member_its_auditor_and_staff(
    client, people, run, card, today
):
    publish(run, people, today)

    assert statuses(client, people, f"/scorecards/{card.pk}/") == {
        200: STAFF | OWN | {"ann"},
        404: others(people, STAFF, OWN, {"ann"}),
        302: {"nobody"},
    }


def test_the_list_of_scorecards_is_for_who_may_read_any_member(client, people, run):
    assert statuses(client, people, "/scorecards/") == {
        200: STAFF | OWN | {"ann", "eve"},
        403: others(people, STAFF, OWN, {"ann", "eve"}),
        302: {"nobody"},
    }


# What they show


def page(client, user, address) -> str:
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_period_is_scored_and_published_from_the_pages(client, people, member, period, today):
    file_return(member, period)
    client.force_login(people.sam)
    started = client.post("/runs/start/", {"period": "2024"})
    run = ScoreRun.objects.get()
    assert started.url == f"/runs/{run.pk}/"
    running = page(client, people.sam, started.url)
    assert "0 of 1 parts are scored" in running
    assert "Publish the scores" not in running

    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)

    assert client.get(f"{started.url}progress/").headers["HX-Refresh"] == "true"
    finished = page(client, people.sam, started.url)
    assert "Publish the scores of 2 members for Year 2024?" in finished
    client.post(f"{started.url}publish/")
    assert "published on" in page(client, people.sam, started.url)


@pytest.mark.parametrize(("who", "offered"), [("sam", True), ("cam", False)])
def test_only_who_may_publish_is_offered_it(client, people, run, who, offered):
    shown = page(client, getattr(people, who), f"/runs/{run.pk}/")
    assert ("Publish the scores" in shown) is offered


def test_a_refusal_is_a_sentence_on_the_page(client, people, run, period, today):
    services.start_run(period=period, by=people.sam, on=today)
    client.force_login(people.sam)

    shown = client.post("/runs/start/", {"period": "2024"}, follow=True).content.decode()

    assert "of period 2024 is going on." in shown


def test_a_run_with_answers_off_their_scale_names_the_cards_and_offers_no_publication(
    client, people, member, period, today
):
    file_return(member, period, GOOD | {"days-to-repay": 9999})
    run = scored(period, today)

    shown = page(client, people.sam, f"/runs/{run.pk}/")

    assert "1 card rests on an answer that is not on its scale" in shown
    assert run.cards.get(member=member).get_absolute_url() in shown
    assert "data-confirm" not in shown


def test_a_card_shows_receipt_grounds_bands_and_what_it_rests_on(
    client, people, member, period, today
):
    file_return(member, period, GOOD | {"papers-kept": None})
    run = publish(scored(period, today), people, today)
    card = run.cards.get(member=member)

    shown = page(client, people.ada, f"/scorecards/{card.pk}/")

    for words in (
        "Ada &amp; Co scored 87.5. Papers: Unknown. Published on",
        "Recruitment fees paid back",
        "30 of 40 (percent)",
        "knocked out: unknown",
        "Grounds prevail over the number, which alone would have given: Leading.",
        "The band is Failing.",
        "What kept it from “Improving”",
        "Were papers of workers kept at any site?: unknown (clause 5.4)",
        "1 of 2",
        card.fingerprint,
        card.digest,
        "Rulebook 2024 of the Fair Lamps Initiative",
    ):
        assert words in shown
    assert "you may not see" not in shown


def test_a_corrected_card_stays_and_names_the_one_that_stands(
    client, people, run, card, member, period, today
):
    publish(run, people, today)
    later = publish(scored(period, today), people, today)
    new = later.cards.get(member=member)

    shown = page(client, people.ada, f"/scorecards/{card.pk}/")

    assert f'<a href="/scorecards/{new.pk}/">corrected on' in shown
    client.force_login(people.ada)
    assert client.get(f"/scorecards/2024/{member.code}/").url == f"/scorecards/{new.pk}/"
    listed = page(client, people.ada, "/scorecards/")
    assert f"/scorecards/{new.pk}/" in listed
    assert f'"/scorecards/{card.pk}/"' not in listed


@pytest.mark.parametrize(
    ("who", "answer", "mark"),
    [
        ("ada", True, False),
        ("ann", False, True),
        ("sam", False, True),
        ("lou", True, False),
    ],
)
def test_what_is_for_counsel_is_marked_as_hidden_from_others(
    client, people, member, today, who, answer, mark
):
    text = LAMPS.replace("lamps-2024", "lamps-2025").replace(
        "in_force_from: 2023-01-01", "in_force_from: 2025-01-02"
    )
    fees = "confidentiality: secretariat_and_auditor\n    evidence: required"
    assert fees in text
    edition = make_edition(text.replace(fees, fees.replace("secretariat_and_auditor", "counsel")))
    period = period_of(edition)
    file_return(member, period)
    run = publish(scored(period, today), people, today)

    shown = page(client, getattr(people, who), run.cards.get(member=member).get_absolute_url())

    assert ("30 of 40" in shown) is answer
    assert ("seen by counsel" in shown) is mark
    assert "87.5" in shown


def test_the_list_is_filtered_and_paged_by_key(client, people, edition, today, monkeypatch):
    monkeypatch.setattr(scorecards, "PAGE", 3)
    period = period_of(edition)
    members = many_members(5)
    file_returns(members, period, [GOOD] * 4 + [{}])
    publish(scored(period, today), people, today)

    first = page(client, people.sam, "/scorecards/?period=2024")
    assert all(m.code in first for m in members[:3])
    assert members[3].code not in first
    rest = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = page(client, people.sam, f"/scorecards/{rest}")
    assert all(m.code in second for m in members[3:])
    assert members[2].code not in second
    failing = page(client, people.sam, "/scorecards/?band=failing&period=2024")
    assert "1 scorecard<" in failing
    assert page(client, people.sam, "/scorecards/?run=x&after=zz&band=%00")


def test_pages_take_as_many_queries_for_many_members_as_for_few(
    client, people, edition, today, monkeypatch
):
    counts = []
    for size, first, code in ((2, 6001, "2023"), (30, 7001, "2024")):
        monkeypatch.setattr(runs, "SHARD", 10)
        period = period_of(edition, code)
        file_returns(many_members(size, first=first), period, [GOOD] * size)
        run = publish(scored(period, today), people, today)
        card = run.cards.filter(of_return__isnull=False).order_by("pk").first()
        counts.append([])
        for address in (
            f"/scorecards/?period={code}",
            f"/scorecards/{card.pk}/",
            f"/runs/?period={code}",
            f"/runs/{run.pk}/",
        ):
            client.force_login(people.sam)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts[-1].append(len(queries))

    assert counts[0] == counts[1]
    assert max(counts[0]) <= 16
