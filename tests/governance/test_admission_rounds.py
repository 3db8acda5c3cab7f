"""Votes on applications that decide nothing yet: the stages in their order, a substitute body."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from governance import selectors, services
from governance.models import AdmissionDecision, AdmissionRound
from governance.rules import NotAsked
from ledger.models import Entry
from tests.factories import make_edition, make_user
from tests.governance.test_rounds import CASCADE, REVIEW, SUBSTITUTE
from tests.governance.voting import vote, voting_lamps
from tests.members.applying import ADMISSION, checked, filed
from tests.suspensions.builders import DAY

pytestmark = pytest.mark.django_db
FILED, TODAY = timezone.localdate() - timedelta(days=40), timezone.localdate()
DECIDES = "decides: {measure: half-of-each, reinstatement: half-of-each}"


@pytest.fixture
def edition(people):
    text = voting_lamps(DAY.raised) + ADMISSION
    text = text.replace("appeal: {to: appeal-panel", "appeal: {to: appeals")
    head, _, tail = text.partition("    stages:\n      - kind: vote\n")
    text = head.rstrip() + SUBSTITUTE + CASCADE + tail
    text = text.replace(DECIDES, DECIDES.replace("}", ", admission: half-of-each}"))
    return make_edition(text.replace("\ndecision_rules:\n", REVIEW, 1), by=people.sam)


@pytest.fixture
def application(member, people):
    services.create_bodies(by=people.sam, on=FILED)
    made = filed(FILED)
    made.filed_at -= timedelta(days=40)
    made.save(update_fields=["filed_at"])
    checked(made, people.sam, TODAY)
    return made


NO_CONSENSUS = vote((2, 1), (3, 0), (3, 0), stage="consensus")
VOTED = vote((3, 0), (3, 0), (2, 1), stage="vote")
RECUSED = vote((0, 0), (2, 0), (3, 0), recused={"companies": 3, "unions": 1}, stage="consensus")
REVIEWED = vote((1, 0), (1, 0), (1, 0), stage="consensus")


def keep(application, people, cast, on=TODAY, by=None):
    return services.record_admission_round(
        application_id=application.pk, vote=cast, by=by or people.pat, on=on
    )


def decide(application, people, cast, on=TODAY):
    return services.record_admission(
        application_id=application.pk,
        outcome="admit",
        reasons="It meets them.",
        vote=cast,
        by=people.pat,
        on=on,
    )


def test_a_later_stage_is_not_voted_on_before_the_first(application, people):
    with pytest.raises(NotAsked, match=r"votes at stage consensus next in A.*, not at vote"):
        decide(application, people, VOTED)
    assert not AdmissionDecision.objects.exists()


def test_a_vote_that_did_not_carry_is_kept_and_the_next_stage_decides(application, people):
    early = TODAY - timedelta(days=11)
    kept = keep(application, people, NO_CONSENSUS, on=early)

    assert (kept.stage, kept.state, kept.then) == ("consensus", "next_stage", "talks")
    said = Entry.objects.get(pk=kept.entry_id).data
    assert (said["application"], said["counts"]["companies"][1]) == (application.code, 1)
    with pytest.raises(NotAsked, match="can be taken from"):
        decide(application, people, VOTED, on=TODAY - timedelta(days=5))
    decided = decide(application, people, VOTED)
    assert (decided.carried, decided.vote["stage"]) == (True, "vote")
    services.carry_out_admission(decision_id=decided.pk, by=people.sam, on=TODAY)
    application.refresh_from_db()
    assert application.outcome == "admitted"


def test_where_too_many_step_aside_the_substitute_decides_and_reads(application, people):
    rev, bo = make_user("Rev"), make_user("Bo")
    for code, user in (("review", rev), ("board", bo)):
        body = next(b for b, _ in selectors.bodies(on=TODAY) if b.code == code)
        services.give_seat(body=body, user=user, chamber="unions", by=people.sam, on=FILED)
    reads = {u.name: len(selectors.before_bodies_of(u, on=TODAY)) for u in (rev, bo)}
    assert reads == {"Rev": 0, "Bo": 1}

    keep(application, people, RECUSED)

    reads = {u.name: len(selectors.before_bodies_of(u, on=TODAY)) for u in (rev, bo)}
    assert reads == {"Rev": 1, "Bo": 0}
    with pytest.raises(NotAsked):
        decide(application, people, NO_CONSENSUS)
    decided = decide(application, people, REVIEWED)
    said = Entry.objects.get(pk=decided.entry_id).data
    assert (said["body"], said["instead_of"], said["rule"]) == ("review", "board", "half-of-each")
    services.carry_out_admission(decision_id=decided.pk, by=people.sam, on=TODAY)
    application.refresh_from_db()
    assert application.outcome == "admitted"


@pytest.mark.parametrize(
    ("cast", "says"),
    [
        pytest.param(vote((3, 0), (3, 0), (3, 0), stage="consensus"), "carried", id="it decides"),
        pytest.param(vote((1, 0), (3, 0), (0, 0), stage="consensus"), "quorum", id="no vote"),
        pytest.param(VOTED, "votes at stage consensus next", id="another stage"),
    ],
)
def test_a_vote_from_which_nothing_follows_is_not_kept(application, people, cast, says):
    entries = Entry.objects.count()

    with pytest.raises(NotAsked, match=says):
        keep(application, people, cast)
    assert (AdmissionRound.objects.count(), Entry.objects.count()) == (0, entries)


def test_only_the_clerk_keeps_it_and_only_once(application, people):
    with pytest.raises(PermissionDenied):
        keep(application, people, NO_CONSENSUS, by=people.sam)
    kept = keep(application, people, NO_CONSENSUS)
    with pytest.raises(NotAsked, match="votes at stage vote next"):
        keep(application, people, NO_CONSENSUS)
    with pytest.raises(IntegrityError), transaction.atomic():
        AdmissionRound.objects.filter(pk=kept.pk).update(state="passed")


def test_no_vote_is_kept_while_members_can_comment(member, people):
    services.create_bodies(by=people.sam, on=FILED)
    fresh = filed(TODAY)
    with pytest.raises(NotAsked, match="cannot be decided on yet"):
        keep(fresh, people, NO_CONSENSUS)


def test_the_clerk_keeps_a_vote_on_the_page_and_sees_it_before_the_next(
    application, people, client
):
    url = reverse("governance:record-admission", args=[application.pk])
    typed = {"taken_on": str(TODAY), "vote-stage": "consensus"}
    figures = {"companies": (2, 1), "unions": (3, 0), "civil-society": (3, 0)}
    for group, (in_favor, against) in figures.items():
        typed |= {f"vote-{group}.in_favor": in_favor, f"vote-{group}.against": against}
    client.force_login(people.pat)
    assert "it decides nothing yet" in client.post(url, typed | {"work_out": "1"}).content.decode()

    kept = client.post(url, typed | {"keep": "1"}, follow=True).content.decode()

    assert "The vote is recorded." in kept
    assert "Votes before this one" in kept
    again = client.post(url, typed | {"keep": "1"})
    assert again.status_code == 409
    assert "votes at stage vote next" in again.content.decode()


def test_the_list_asks_no_more_of_the_database_for_more_applications(application, people, client):
    client.force_login(people.pat)
    url = reverse("governance:admissions")
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for number in range(3):
        filed(FILED, name=f"Lamps {number}", email=f"head@lamps{number}.example")
    with CaptureQueriesContext(connection) as more:
        client.get(url)
    assert len(more) == len(one)
