import pytest
from django.urls import reverse

from accounts.rules import Role
from dashboard.rules import NAVIGATION, Home, homes
from members.rules import Post
from tests.conftest import everybody
from tests.factories import make_mandate, make_member, make_user
from tests.kpis.imports.builders import csv_of, run

pytestmark = pytest.mark.django_db
OLD_SIGNATURES = """
format: 1
code: old-signatures
title: Signatures
source: Old files of the office
file: {kind: csv}
member: {by: name, column: Name, unknown: refuse}
into:
  kind: facts
  facts:
    - kind: requirement.signed
      key: {fixed: R1}
      about_on: {column: On}
      data: {edition: {fixed: lamps-2024}, text_sha256: text}
"""

SAYS = {
    "ada": "What you owe",
    "sid": "Sign 2 requirements",
    "avi": "What you owe",
    "eve": "Other Lamps",
    "sam": "What waits",
    "cam": "What waits for you",
    "lou": "decide none of it",
    "pat": "Matters awaiting a decision",
    "bea": "A seat opens no member",
    "apa": "A seat opens no member",
    "ann": "Members you audit",
    "aud": "You are assigned to no member today",
    "noor": "what has been published",
    "dot": "Personal data held here",
    "sys": "Processes",
    "nobody": "What members sign",
}


def home(client, user, query=""):
    client.logout()
    if user:
        client.force_login(user)
    return client.get("/" + query)


@pytest.fixture
def ready(member, work_due):
    work_due()
    return member


@pytest.mark.parametrize("who", SAYS)
def test_each_of_the_cast_has_a_home_that_says_what_it_is_for(client, ready, people, who):
    answer = home(client, everybody(people)[who])

    assert answer.status_code == 200
    assert SAYS[who] in answer.content.decode()


@pytest.mark.parametrize("who", ["bea", "apa", "noor", "dot", "sys", "nobody", "eve"])
def test_a_home_shows_nothing_of_a_member_one_may_not_read(client, ready, people, who):
    answer = home(client, everybody(people)[who]).content.decode()

    assert "Ada &amp; Co" not in answer
    assert ready.code not in answer


def test_for_whom_one_acts_stands_on_every_page(client, ready, people):
    client.force_login(people.sid)

    for url in ("/", reverse("rulebooks:editions"), reverse("members:inbox")):
        assert "for Ada &amp; Co, signatory" in client.get(url).content.decode()


def test_who_acts_for_several_members_chooses(client, ready, people):
    other = make_member("Zeta Lamps")
    make_mandate(other, people.ada, Post.SIGNATORY)
    client.force_login(people.ada)
    assert "for Ada &amp; Co, representative" in client.get("/").content.decode()

    client.post(reverse("dashboard:act-for"), {"member": other.code})

    assert "for Zeta Lamps, signatory" in client.get(reverse("members:inbox")).content.decode()


def test_nobody_acts_for_a_member_without_a_mandate(client, ready, people):
    client.force_login(people.eve)

    answer = client.post(reverse("dashboard:act-for"), {"member": ready.code}, follow=True)

    assert "You hold no mandate" in answer.content.decode()
    assert "for Other Lamps" in answer.content.decode()


def test_somebody_with_two_roles_has_two_homes(client, ready):
    both = make_user("Both", Role.SECRETARIAT, Role.BOARD)

    assert "?as=body" in home(client, both).content.decode()
    assert "A seat opens no member" in home(client, both, "?as=body").content.decode()
    assert "What waits" in home(client, both, "?as=machine").content.decode()


def test_somebody_without_any_role_is_told_what_comes_next(client, ready):
    assert "You hold no role today" in home(client, make_user("New")).content.decode()


def test_every_home_has_its_navigation():
    assert set(NAVIGATION) == set(Home)
    assert all(len(NAVIGATION[home]) <= 5 for home in (Home.MEMBER, Home.AUDITOR, Home.CLERK))
    assert homes([], acts=False) == (Home.NEWCOMER,)


def test_every_word_of_the_navigation_leads_to_a_page():
    for word in {word for words in NAVIGATION.values() for word in words}:
        assert reverse(word.name).startswith(word.under)


@pytest.mark.parametrize("who", ["sam", "cam", "ann", "bea", "dot", "sys"])
def test_a_home_takes_as_many_queries_for_ten_members_as_for_two(
    client, ready, people, who, django_assert_max_num_queries
):
    user = everybody(people)[who]
    home(client, user)
    with django_assert_max_num_queries(200) as few:
        home(client, user)
    for number in range(8):
        make_member(f"Lamps {number}", auditor=people.ann, representative=people.eve)

    with django_assert_max_num_queries(len(few.captured_queries)):
        home(client, user)


def test_the_overview_of_a_member_is_for_those_who_may_read_it(client, ready, people):
    url = reverse("dashboard:member", args=[ready.code])
    seen = {}
    for who, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        seen[who] = client.get(url).status_code

    readers = {"sam", "cam", "lou", "ada", "sid", "avi", "ann"}
    assert {who for who, status in seen.items() if status == 200} == readers
    assert seen["nobody"] == 302
    assert seen["eve"] == seen["bea"] == seen["aud"] == seen["sys"] == 404


def test_the_overview_says_nothing_of_cases_to_an_auditor(client, ready, people):
    url = reverse("dashboard:member", args=[ready.code])
    client.force_login(people.ann)
    assert "Breaches" not in client.get(url).content.decode()

    client.force_login(people.ada)
    assert "Breaches" in client.get(url).content.decode()


def test_the_overview_shows_what_was_signed_and_where_imported_facts_come_from(
    client, ready, people
):
    run(OLD_SIGNATURES, csv_of(("Name", "On"), (ready.name, "2023-02-01")))
    client.force_login(people.ada)

    text = client.get(reverse("dashboard:member", args=[ready.code])).content.decode()

    assert "Standing since 2022" in text
    assert "imported: Old files of the office" in text
    assert "1 fact<" in text
    assert "1 Feb 2023 to 1 Feb 2023" in text
    assert "not signed" in text, "the second requirement"
    assert "Sid" in text


def test_a_home_offers_applicants_only_to_whom_they_are_told(client, member, people):
    for user in (people.ada, people.sid, people.avi):
        client.force_login(user)
        offered = "/applicants/" in client.get("/").content.decode()
        assert client.get("/applicants/").status_code == (200 if offered else 403)
    client.force_login(people.ada)
    assert "/applicants/" in client.get("/").content.decode()
