from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.selectors import system_user
from ledger.models import Entry
from members import selectors, services
from members.models import Affiliation, Contact, Letter, Member
from members.services import Person
from tests.factories import make_edition, make_member, make_user
from tests.members.belonging import EDITION

pytestmark = pytest.mark.django_db
MIA = Person("Mia Main", "mia@lamps.example", "+49 30 1")
FIN = Person("Finn Finance", "finn@lamps.example")


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def edition(people):
    return make_edition(EDITION, by=people.sam)


def name(member, people, today, person=MIA, role="main"):
    return services.name_contact(member=member, role=role, person=person, by=people.ada, on=today)


def unreached(people, today):
    return {m.name: m.since for m in selectors.unreachable(people.sam, on=today)}


def alone(people, today):
    return {m.name: m.since for m in selectors.without_anybody_acting(people.sam, on=today)}


def test_a_contact_needs_no_account_and_the_ledger_knows_a_number_only(member, people, today):
    contact = name(member, people, today)

    entry = Entry.objects.get(event="members.contact.named")
    assert entry.data == {"member": member.code, "role": "main", "contact_id": contact.pk}
    assert "Mia" not in str([entry.data for entry in Entry.objects.all()])
    assert name(member, people, today) == contact


def test_a_role_that_the_edition_does_not_name_is_refused(member, people, today):
    with pytest.raises(services.NoSuchRole, match="allowed: finance, main"):
        name(member, people, today, role="boss")


@pytest.mark.parametrize("who", ["eve", "bea", "ann", "noor", "avi", "sys"])
def test_only_the_member_and_the_secretariat_name_contacts(member, people, today, who):
    with pytest.raises((PermissionDenied, Member.DoesNotExist)):
        services.name_contact(
            member=member, role="main", person=MIA, by=getattr(people, who), on=today
        )


def test_a_member_without_a_main_contact_is_noticed_until_one_is_named(member, people, today):
    before = unreached(people, today)
    name(member, people, today)

    assert before[member.name] == member.admitted_on
    assert member.name not in unreached(people, today)


def test_a_contact_whose_mail_came_back_leaves_the_member_unreachable_since_then(
    member, people, today
):
    contact = name(member, people, today)

    for day in (today, today + timedelta(days=3)):
        services.mark_unreachable(contact_id=contact.pk, by=people.sam, on=day)

    assert unreached(people, today + timedelta(days=5))[member.name] == today


def test_a_contact_whose_account_is_closed_is_noticed(member, people, today):
    closed = make_user("Cleo", is_active=False)
    name(member, people, today, Person("Cleo", "cleo@lamps.example", user=closed))

    assert member.name in unreached(people, today)


def test_where_no_main_contact_is_named_for_a_class_whoever_acts_is_the_contact(people, today):
    main = "{code: main, name: Main contact, main: true"
    assert main in EDITION
    make_edition(EDITION.replace(main, f"{main}, applies_to: [full]", 1), by=people.sam)
    partner = make_member("Quiet Partner", member_class="partner", representative=people.ada)
    assert partner.name not in unreached(people, today)

    mandate = partner.mandates.get()
    services.end_mandate(mandate_id=mandate.pk, by=people.sam, on=today)

    assert unreached(people, today)[partner.name] == today


def test_a_member_for_whom_nobody_acts_is_noticed_although_it_has_a_contact(
    member, people, today, client
):
    name(member, people, today)
    assert alone(people, today) == {}
    for mandate in member.mandates.all():
        services.end_mandate(mandate_id=mandate.pk, by=people.sam, on=today)

    assert alone(people, today) == {member.name: today}
    assert member.name not in unreached(people, today)
    client.force_login(people.sam)
    assert "member has nobody who acts for it" in client.get("/").content.decode()
    page = client.get("/members/unreachable/?without=acts").content.decode()
    assert "1 member without a representative or signatory" in page
    assert member.code in page


def test_the_list_of_whom_nobody_reaches_is_read_in_pages_without_a_gap(
    member, people, client, monkeypatch
):
    monkeypatch.setattr("members.views.membership.PAGE", 2)
    for number in range(5):
        make_member(f"Silent {number}", admitted_on=date(2022, 1, 1 + number // 2))
    client.force_login(people.sam)

    seen, query = [], ""
    while query is not None:
        context = client.get(f"/members/unreachable/{query}").context
        assert context["count"] == 7
        seen += [(row.since, row.pk) for row in context["rows"]]
        query = context["next_url"]

    assert seen == sorted(seen)
    assert len(set(seen)) == 7
    for odd in ("?after=2026-02-30.1", "?after=x", "?after=", "?after=2020-01-01.9" + "9" * 30):
        assert len(client.get(f"/members/unreachable/{odd}").context["rows"]) == 2
    assert client.get("/members/unreachable/?without=x").status_code == 404


def test_who_has_left_is_not_asked_for_a_contact(member, people, today):
    services.leave(member=member, by=people.sam, on=today)

    assert member.name not in unreached(people, today)


def test_the_last_of_a_required_role_is_handed_over_and_not_just_ended(member, people, today):
    contact = name(member, people, today)

    with pytest.raises(services.NeedsSuccessor):
        services.end_contact(contact_id=contact.pk, by=people.ada, on=today)
    later = today + timedelta(days=1)
    heir = services.hand_over(contact_id=contact.pk, person=FIN, by=people.ada, on=later)

    contact.refresh_from_db()
    assert (contact.until_on, heir.from_on, heir.role) == (later, later, "main")
    assert member.name not in unreached(people, later)


def test_an_ended_contact_can_be_erased_and_one_in_force_cannot(member, people, today):
    contact = name(member, people, today, FIN, "finance")
    with pytest.raises(services.NeedsSuccessor, match="in force"):
        services.erase_contact(contact_id=contact.pk, by=people.ada, on=today)
    services.end_contact(contact_id=contact.pk, by=people.ada, on=today)

    for _ in range(2):
        services.erase_contact(contact_id=contact.pk, by=people.sam, on=today)

    contact.refresh_from_db()
    assert (contact.name, contact.email, contact.user) == ("", "", None)
    assert Entry.objects.filter(event="members.contact.erased").count() == 1


def test_contacts_are_read_by_the_member_its_auditor_and_staff_alone(member, people, today):
    name(member, people, today)

    read = {who for who, user in vars(people).items() if Contact.objects.visible_to(user).exists()}
    assert read == {"ada", "sid", "avi", "ann", "sam", "cam", "lou"}


def queue(template, member, today):
    letters = services.letters.queue(
        template, member=member, key="K", on=today, context={"contact": "office@x.example"}
    )
    return {letter.recipient.email for letter in letters}


@pytest.mark.parametrize(
    ("template", "named", "to"),
    [
        pytest.param("edition-adopted", [], {"ada", "sid"}, id="nobody named: who acts"),
        pytest.param("edition-adopted", ["main"], {"mia"}, id="the main contact"),
        pytest.param("edition-adopted", ["finance"], {"ada", "sid"}, id="no role of theirs"),
        pytest.param("return-due", ["main", "finance"], {"finn"}, id="the role named for it"),
        pytest.param("breach-raised", ["main"], {"ada", "sid"}, id="a breach: who acts"),
    ],
)
def test_letters_go_to_the_role_else_the_main_contact_else_to_who_acts(
    member, people, today, template, named, to, monkeypatch
):
    monkeypatch.setattr("members.services.letters._write", lambda *a, **k: ("About", "Text\n"))
    for role in named:
        name(member, people, today, MIA if role == "main" else FIN, role)

    assert {email.partition("@")[0] for email in queue(template, member, today)} == to


def test_a_letter_reaches_who_has_no_account_and_none_goes_to_who_was_erased(
    member, people, today, monkeypatch
):
    monkeypatch.setattr("members.services.letters._write", lambda *a, **k: ("About", "Text\n"))
    contact = name(member, people, today)
    queue("edition-adopted", member, today)
    services.letters.release(
        letter_ids=Letter.objects.values_list("pk", flat=True), by=people.sam, on=today
    )
    services.hand_over(contact_id=contact.pk, person=FIN, by=people.ada, on=today)
    services.erase_contact(contact_id=contact.pk, by=people.ada, on=today)

    services.letters.send_next(by=system_user())

    assert mail.outbox == []
    assert Letter.objects.get().status == Letter.Status.DISCARDED


def test_ending_an_affiliation_asks_for_a_successor_and_hands_over(member, people, today):
    heir = make_user("Hera")
    person = Person("Ada", people.ada.email, user=people.ada)
    contact = name(member, people, today, person)
    given = {"user": people.ada, "organisation": member.organisation, "by": people.sam, "on": today}

    with pytest.raises(services.NeedsSuccessor, match="holds 2 posts and roles"):
        services.end_affiliation(successor=None, **given)
    services.end_affiliation(successor=heir, **given)

    assert not Affiliation.objects.filter(user=people.ada).exists()
    assert member.mandates.in_force(today).filter(user=heir, post="representative").exists()
    assert not member.mandates.in_force(today).filter(user=people.ada).exists()
    contact.refresh_from_db()
    assert contact.until_on == today
    assert member.contacts.in_force(today).get().user == heir


def test_finding_who_cannot_be_reached_costs_the_same_for_many(
    member, people, today, django_assert_max_num_queries
):
    for number in range(5):
        make_member(f"Silent {number}")

    with django_assert_max_num_queries(3):
        found = list(selectors.unreachable(people.sam, on=today))

    assert len(found) == 7


def test_a_role_handed_to_who_holds_it_already_is_held_once(member, people, today):
    first, second = name(member, people, today), name(member, people, today, person=FIN)
    later = today + timedelta(days=3)
    shouted = Person("Finn F.", "FINN@lamps.example")

    held = services.hand_over(contact_id=first.pk, person=shouted, by=people.ada, on=later)

    assert held == second
    in_force = member.contacts.in_force(later).filter(role="main")
    assert list(in_force.values_list("pk", flat=True)) == [second.pk]
    again = services.hand_over(contact_id=second.pk, person=FIN, by=people.ada, on=later)
    assert again == second
    assert member.contacts.in_force(later).filter(role="main").count() == 1
    assert Entry.objects.filter(event="members.contact.ended").count() == 1
