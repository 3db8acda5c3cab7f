"""Notice of withdrawal: who is written to, and what follows once its last day is over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.selectors import system_user
from governance import services as governance
from ledger.models import Entry
from members import services
from members.models import Letter, Member
from reports import services as reports
from reports.models import Publication
from rulebooks.rules.document import Invalid
from rulebooks.rules.edition import Edition
from suspensions import services as suspensions
from tests.factories import make_edition, make_member, make_user
from tests.members.belonging import EDITION
from tests.members.test_successions import CHOSEN

pytestmark = pytest.mark.django_db
TELLS = EDITION.replace("{months: 3}, clause", "{months: 3}, tells: [secretariat, board], clause")

BODIES = """
bodies:
  - code: board
    name: Board
    seats: [{chamber: companies, count: 3, empty: blocks}]
    clause: "2.5"
"""


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def edition(people):
    return make_edition(EDITION, by=people.sam)


def told(template: str) -> set[str]:
    return set(Letter.objects.filter(template=template).values_list("to__name", flat=True))


def ended(member: Member, on: date) -> int:
    return services.end_withdrawn(by=system_user(), on=on)


def test_the_home_of_a_member_says_that_notice_was_given(member, people, today, client):
    client.force_login(people.sid)
    said = "Notice of withdrawal was given"
    assert said not in client.get("/").content.decode()

    services.give_notice(member=member, by=people.sid, on=today)

    assert said in client.get("/").content.decode()


def test_a_notice_is_answered_and_the_secretariat_is_told(member, people, today, work_due):
    services.give_notice(member=member, by=people.sid, on=today)
    work_due()

    assert told("withdrawal-received") == {"Ada", "Sid"}
    assert told("withdrawal-told") == {"Sam"}
    letter = Letter.objects.filter(template="withdrawal-received").first()
    assert letter.status == "held"
    assert "clause 2.6" in letter.body
    work_due()
    assert Letter.objects.filter(template="withdrawal-received").count() == 2


def test_those_whom_the_edition_names_are_told(people, today, work_due):
    make_edition(TELLS, by=people.sam)
    board = governance.create_body(code="board", name="Board", by=people.sam, on=today)
    seated = make_user("Bo")
    governance.give_seat(body=board, user=seated, chamber="", by=people.sam, on=today)
    member = make_member("Leaving", signatory=people.sid)
    services.give_notice(member=member, by=people.sid, on=today)
    work_due()

    assert told("withdrawal-told") == {"Sam", "Bo"}


def test_a_notice_taken_back_is_told_to_the_same(member, people, today, work_due):
    services.give_notice(member=member, by=people.sid, on=today)
    services.revoke_notice(member=member, by=people.sid, on=today)
    work_due()

    assert told("withdrawal-taken-back") == {"Ada", "Sid"}
    bodies = Letter.objects.filter(template="withdrawal-told").values_list("subject", flat=True)
    assert sorted(bodies) == ["Ada & Co does not withdraw after all", "Ada & Co withdraws"]
    last = today + timedelta(days=400)
    assert ended(member, last) == 0


def test_an_edition_cannot_tell_a_body_that_it_does_not_have():
    wrong = TELLS.replace("[secretariat, board]", "[nobody]") + BODIES
    with pytest.raises(Invalid, match="nobody"):
        Edition.load(wrong)


def test_the_end_is_recorded_once_its_last_day_is_over(member, people, today, work_due):
    reports.publish_memberships(by=people.sam, on=today)
    services.give_notice(member=member, by=people.sid, on=today)
    last = date.fromisoformat(
        Entry.objects.get(event="members.withdrawal.notified").data["last_on"]
    )

    assert ended(member, last) == 0
    assert [ended(member, last + timedelta(days=n)) for n in (1, 2)] == [1, 0]
    entry = Entry.objects.get(event="members.withdrawal.ended")
    assert (entry.data["member"], entry.effective_on) == (member.code, last + timedelta(days=1))
    work_due()
    assert not Publication.objects.filter(member=member, withdrawn_at=None).exists()
    assert told("withdrawal-ended") == {"Ada", "Sid"}


def test_the_daily_run_ends_what_was_withdrawn_from(member, people, today, work_due):
    services.give_notice(member=member, by=people.sid, on=today)
    work_due()
    suspensions.advance(by=system_user(), on=today + timedelta(days=120))

    assert Entry.objects.filter(event="members.withdrawal.ended").count() == 1


def test_a_merged_member_leaves_the_register(member, people, today, work_due):
    other = Member.objects.get(organisation__name="Other Lamps")
    reports.publish_memberships(by=people.sam, on=today)
    services.merge(member=member, into=other, choices=CHOSEN, by=people.sam, on=today)
    work_due()

    listed = Publication.objects.filter(withdrawn_at=None, sort="membership")
    assert list(listed.values_list("member", flat=True)) == [other.pk]


def test_only_the_daily_run_ends_memberships(member, people, today):
    with pytest.raises(PermissionDenied):
        services.end_withdrawn(by=people.sid, on=today)
