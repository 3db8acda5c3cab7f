"""Provisional scores: shown to their members, contested, answered, and only then published."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.selectors import system_user
from kpis import services
from kpis.models import Contest, Scorecard, ScoreRun
from ledger.models import Entry
from members.models import Letter
from tests.conftest import everybody
from tests.factories import LAMPS, make_edition
from tests.kpis.filings import WEAK, file_return, period_of

pytestmark = pytest.mark.django_db
CONTESTED = LAMPS.replace(
    "scoring:\n", 'scoring:\n  contest: {within: {days: 14}, clause: "6.9"}\n', 1
)
UPHELD, REJECTED = Contest.Outcome.UPHELD, Contest.Outcome.REJECTED


@pytest.fixture
def edition(db):
    return make_edition(CONTESTED)


@pytest.fixture
def period(edition):
    return period_of(edition)


@pytest.fixture
def run(member, period, today) -> ScoreRun:
    file_return(member, period, WEAK)
    run = services.start_run(period=period, by=system_user(), on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
    run.refresh_from_db()
    return run


@pytest.fixture
def shown(run, people, today) -> ScoreRun:
    return services.show_run(run_id=run.pk, by=people.sam, on=today)


def contest(run, member, by, on, **fields):
    fields = {"of": "", "reasons": "The bank's list of 3 March shows it."} | fields
    return services.contest_score(run_id=run.pk, member=member, by=by, on=on, **fields)


def answer(found, by, on, outcome=REJECTED, answer="The list is of another year."):
    return services.answer_contest(
        contest_id=found.pk, outcome=outcome, answer=answer, by=by, on=on
    )


def publish(run, by, on):
    return services.publish_run(run_id=run.pk, by=by, on=on)


# Showing


def test_a_shown_run_says_until_when_it_can_be_contested(shown, today):
    assert (shown.shown_on, shown.contest_until) == (today, today + timedelta(days=14))
    entry = Entry.objects.get(event="kpis.run.shown")
    assert entry.data["contest_until"] == (today + timedelta(days=14)).isoformat()


def test_members_see_a_provisional_card_only_once_it_is_shown(run, member, people, today):
    def seen():
        cards = Scorecard.objects.filter(run=run, member=member)
        return {
            name
            for name, user in everybody(people).items()
            if user and cards.visible_to(user).exists()
        }

    before = seen()
    services.show_run(run_id=run.pk, by=people.sam, on=today)

    assert before == {"sam", "cam", "lou"}
    assert seen() - before == {"ada", "sid", "avi", "ann"}


def test_members_are_told_once_by_letters_that_wait(shown, member, work_due):
    work_due()
    work_due()

    letters = Letter.objects.filter(template="score-provisional", member=member)
    assert sorted(letters.values_list("to__name", "status")) == [("Ada", "held"), ("Sid", "held")]


@pytest.mark.parametrize("name", ["ada", "cam", "ann", "noor", "bea"])
def test_only_who_publishes_scores_shows_them(run, people, today, name):
    with pytest.raises(PermissionDenied):
        services.show_run(run_id=run.pk, by=getattr(people, name), on=today)


def test_a_run_is_shown_once(shown, people, today):
    with pytest.raises(services.CannotShow, match="was shown on"):
        services.show_run(run_id=shown.pk, by=people.sam, on=today)


# Contesting


def test_a_contest_keeps_who_said_what_of_which_card(shown, member, people, today):
    found = contest(shown, member, people.ada, today, of="fees-repaid")

    card = shown.cards.get(member=member)
    assert (found.digest, found.filed_by, found.asks) == (
        card.digest,
        people.ada,
        "Recruitment fees paid back",
    )
    entry = Entry.objects.get(event="kpis.score.contested")
    assert entry.data == {
        "member": member.code,
        "period": "2024",
        "run": shown.pk,
        "digest": card.digest,
        "of": "fees-repaid",
    }


@pytest.mark.parametrize("name", ["sam", "ann", "bea", "noor"])
def test_only_the_members_own_people_contest(shown, member, people, today, name):
    with pytest.raises(PermissionDenied):
        contest(shown, member, getattr(people, name), today)


def test_another_members_card_is_not_there(shown, member, people, today):
    with pytest.raises(PermissionDenied):
        contest(shown, member, people.eve, today)
    assert not Contest.objects.exists()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        pytest.param({"reasons": "  "}, "say what is wrong", id="without reasons"),
        pytest.param({"reasons": "x" * 10_001}, "10001 characters", id="too long"),
        pytest.param({"of": "no-such"}, "no part of the score", id="a part that is not there"),
    ],
)
def test_what_cannot_be_contested_says_why(shown, member, people, today, fields, says):
    with pytest.raises(services.CannotContest, match=says):
        contest(shown, member, people.ada, today, **fields)


def test_the_same_part_is_contested_once_until_it_is_answered(shown, member, people, today):
    first = contest(shown, member, people.ada, today)
    with pytest.raises(services.CannotContest, match="contested already"):
        contest(shown, member, people.sid, today)
    answer(first, people.sam, today)

    contest(shown, member, people.sid, today)


def test_the_time_ends_with_its_last_day(shown, member, people, today):
    last = today + timedelta(days=14)

    contest(shown, member, people.ada, last)
    with pytest.raises(services.CannotContest, match="ended on"):
        contest(shown, member, people.ada, last + timedelta(days=1), of="policy")


def test_what_was_not_shown_cannot_be_contested(run, member, people, today):
    with pytest.raises(ScoreRun.DoesNotExist):
        contest(run, member, people.ada, today)


# Answering


def test_an_answer_is_recorded_and_told(shown, member, people, today, work_due):
    found = answer(contest(shown, member, people.ada, today), people.sam, today)
    work_due()

    assert (found.outcome, found.answered_by) == (REJECTED, people.sam)
    assert Entry.objects.get(event="kpis.contest.answered").data["outcome"] == "rejected"
    letter = Letter.objects.filter(template="contest-answered").first()
    assert "The list is of another year." in letter.body


def test_an_answer_has_reasons_and_is_given_once(shown, member, people, today):
    found = contest(shown, member, people.ada, today)
    with pytest.raises(services.CannotContest, match="say why"):
        answer(found, people.sam, today, answer=" ")
    with pytest.raises(services.CannotContest, match="upheld or rejected"):
        answer(found, people.sam, today, outcome=Contest.Outcome.WITHDRAWN)
    answer(found, people.sam, today)
    with pytest.raises(services.CannotContest, match="it is rejected"):
        answer(found, people.sam, today)


@pytest.mark.parametrize("name", ["ada", "cam", "ann"])
def test_who_may_not_answer_is_refused(shown, member, people, today, name):
    found = contest(shown, member, people.ada, today)
    with pytest.raises(PermissionDenied):
        answer(found, getattr(people, name), today)


def test_a_contest_is_withdrawn_by_the_member(shown, member, people, today):
    found = contest(shown, member, people.ada, today)
    with pytest.raises(PermissionDenied):
        services.withdraw_contest(contest_id=found.pk, by=people.sam, on=today)

    services.withdraw_contest(contest_id=found.pk, by=people.sid, on=today)

    found.refresh_from_db()
    assert found.outcome == "withdrawn"


def test_the_database_refuses_an_answer_without_reasons(shown, member, people, today):
    found = contest(shown, member, people.ada, today)
    found.outcome, found.answered_by, found.answered_at = UPHELD, people.sam, found.filed_at
    with pytest.raises(IntegrityError, match="contest_answered_with_reasons"), transaction.atomic():
        found.save()


# Publishing


def test_nothing_is_published_before_it_was_shown(run, people, today):
    with pytest.raises(
        services.CannotPublish, match=r"14 days to contest it first \(clause 6\.9\)"
    ):
        publish(run, people.sam, today)


def test_nothing_is_published_while_it_can_be_contested(shown, people, today):
    last = today + timedelta(days=14)
    with pytest.raises(services.CannotPublish, match=f"can be contested until {last}"):
        publish(shown, people.sam, last)

    assert publish(shown, people.sam, last + timedelta(days=1)).status == "published"


def test_nothing_is_published_while_a_contest_has_no_answer(shown, member, people, today):
    after = today + timedelta(days=15)
    found = contest(shown, member, people.ada, today)
    with pytest.raises(services.CannotPublish, match=f"no answer yet: {member.code}"):
        publish(shown, people.sam, after)
    answer(found, people.sam, after)

    assert publish(shown, people.sam, after).status == "published"


def test_what_was_upheld_is_put_right_before_it_is_published(shown, member, people, today):
    after = today + timedelta(days=15)
    answer(contest(shown, member, people.ada, today), people.sam, after, UPHELD, "You are right.")

    with pytest.raises(services.CannotPublish, match=f"as it was: {member.code}"):
        publish(shown, people.sam, after)


# Pages


def page(client, user, address, **posted):
    client.force_login(user)
    if posted:
        return client.post(address, posted, follow=True)
    return client.get(address)


def test_the_way_of_a_contest_through_the_pages(client, run, member, people, today):
    card = run.cards.get(member=member)
    assert page(client, people.ada, f"/scorecards/{card.pk}/").status_code == 404
    said = page(client, people.sam, f"/runs/{run.pk}/").content.decode()
    assert "Show the scores to members" in said
    assert "Publish the scores" not in said

    page(client, people.sam, f"/runs/{run.pk}/show/", yes="1")
    said = page(client, people.ada, f"/scorecards/{card.pk}/").content.decode()
    assert "It can be contested until" in said
    posted = {"of": "policy", "reasons": "It was public since May."}
    said = page(client, people.ada, f"/scorecards/{card.pk}/contest/", **posted).content.decode()
    assert "It was public since May." in said

    said = page(client, people.sam, f"/runs/{run.pk}/").content.decode()
    assert "1 contest, 1 without an answer" in said
    found = Contest.objects.get()
    posted = {"outcome": "rejected", "answer": "The page is of June."}
    said = page(client, people.sam, f"/contests/{found.pk}/answer/", **posted).content.decode()
    assert "The page is of June." in said


def test_what_is_wrong_in_a_form_is_said_and_what_was_typed_stays(client, shown, member, people):
    card = shown.cards.get(member=member)
    address = f"/scorecards/{card.pk}/contest/"
    answer = page(client, people.ada, address, of="policy", reasons="")
    assert answer.status_code == 422
    assert "Why, and by which evidence it shows" in answer.content.decode()
    assert '<option value="policy" selected>' in answer.content.decode()
    assert page(client, people.ada, address, of="x", reasons="y").status_code == 422
    assert page(client, people.ada, address, of="", reasons="a\0b").status_code == 422


@pytest.mark.parametrize("act", ["answer", "withdraw"])
def test_another_members_contest_is_not_there(client, shown, member, people, today, act):
    found = contest(shown, member, people.ada, today)
    posted = {"outcome": "rejected", "answer": "No."}

    def status(user):
        return page(client, user, f"/contests/{found.pk}/{act}/", **posted).status_code

    assert status(people.eve) == 404
    assert status(people.noor) == 404
    assert status(people.ann) == 403


# API


def test_a_contest_through_the_api(client, run, member, people):
    shown = services.show_run(run_id=run.pk, by=people.sam, on=timezone.localdate())
    client.force_login(people.ada)
    given = {"member": member.code, "run": shown.pk, "of": "policy", "reasons": "It is public."}
    made = client.post("/api/v1/contests/", given, content_type="application/json")
    assert (made.status_code, made.json()["of"]) == (201, "policy")
    again = client.post("/api/v1/contests/", given, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "cannot_contest")
    address = f"/api/v1/contests/{made.json()['id']}"

    assert (
        client.post(f"{address}/answer/", {"outcome": "upheld", "answer": "x"}).status_code == 403
    )
    client.force_login(people.eve)
    assert client.get(f"{address}/").status_code == 404
    assert client.get("/api/v1/contests/").json()["results"] == []
    client.force_login(people.sam)
    answered = client.post(f"{address}/answer/", {"outcome": "upheld", "answer": "It is."})
    assert (answered.status_code, answered.json()["outcome"]) == (200, "upheld")
    assert len(client.get("/api/v1/contests/?open=true").json()["results"]) == 0
