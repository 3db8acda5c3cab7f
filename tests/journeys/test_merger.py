"""A member becomes part of another while a case against it is open: the case goes on."""

import pytest

from governance.models import Decision
from members import services as members
from members.models import Member, Span
from members.services import Choices
from suspensions import services
from suspensions.models import Case
from tests.suspensions.builders import DAY, decide, make_case

pytestmark = pytest.mark.django_db
FOLLOW = Choices("follow", "follow", "follow", history=True, reasons="One company from today.")


def state(member, kind, on, key=""):
    return Span.objects.in_force(on).get(member=member, kind=kind, key=key).state


@pytest.fixture
def other(member):
    return Member.objects.get(organisation__name="Other Lamps")


@pytest.fixture
def case(member, people):
    return make_case(member, people, "notified")


def test_a_merger_in_the_middle_of_a_case_does_not_end_it(member, other, case, people):
    """Opened before, answered by the other's people, decided, and the measure holds on both."""
    merged_on = DAY.served
    clock = Span.objects.in_force(merged_on).get(member=member, kind="clock", state="running")
    members.merge(member=member, into=other, choices=FOLLOW, by=people.sam, on=merged_on)

    assert state(member, "standing", merged_on) == "left"
    assert state(member, "case", merged_on, case.code) == "notified"
    after = Span.objects.in_force(merged_on).get(member=member, kind="clock", state="running")
    assert (after.key, after.until_on) == (clock.key, clock.until_on)
    assert Case.objects.visible_to(people.eve).filter(pk=case.pk).exists()

    services.receive_answer(case_id=case.pk, text="We answer.", by=people.eve, on=DAY.answered)
    entry = decide(case, people, "impose", DAY.decided)
    services.carry_out(case_id=case.pk, decision=entry, by=people.cam, on=DAY.told)

    assert Decision.objects.get().matter == case.code
    assert state(member, "case", DAY.told, case.code) == "imposed"
    assert state(other, "standing", DAY.told) != "good"
    assert not Span.objects.filter(member=other, kind="case").exists()


def test_a_case_that_stays_holds_nothing_against_the_other(member, other, case, people):
    stays = Choices("end", "stay", "stay", history=True, reasons="Only the site was bought.")
    members.merge(member=member, into=other, choices=stays, by=people.sam, on=DAY.served)

    services.receive_answer(case_id=case.pk, text="We answer.", by=people.eve, on=DAY.answered)
    entry = decide(case, people, "impose", DAY.decided)
    services.carry_out(case_id=case.pk, decision=entry, by=people.cam, on=DAY.told)

    assert state(other, "standing", DAY.told) == "good"


def test_whoever_is_to_answer_in_an_open_case_has_to_read_it(member, other, case, people):
    hidden = Choices("end", "stay", "stay", history=False, reasons="Only the site was bought.")

    with pytest.raises(members.CannotChange, match=f"a case is open about {member.code}"):
        members.merge(member=member, into=other, choices=hidden, by=people.sam, on=DAY.served)
    assert state(member, "standing", DAY.served) == "good"


def test_a_withdrawal_does_not_end_an_open_case(member, case, people):
    """Notice is given in the middle of it, the last day passes, and it is decided all the same."""
    members.give_notice(member=member, by=people.sid, on=DAY.served)

    assert state(member, "standing", DAY.answered) == "left"
    services.receive_answer(case_id=case.pk, text="We answer.", by=people.ada, on=DAY.answered)
    assert state(member, "case", DAY.answered, case.code) == "answered"
    entry = decide(case, people, "impose", DAY.decided)
    services.carry_out(case_id=case.pk, decision=entry, by=people.cam, on=DAY.told)
    assert state(member, "case", DAY.told, case.code) == "imposed"


def test_the_page_of_the_case_says_that_its_member_leaves(client, member, other, case, people):
    client.force_login(people.cam)
    with_text = "whoever acts for"
    before = client.get(case.get_absolute_url()).content.decode()
    members.merge(member=member, into=other, choices=FOLLOW, by=people.sam, on=DAY.served)

    page = client.get(case.get_absolute_url()).content.decode()

    assert with_text not in before
    assert with_text in page
    assert other.code in page
