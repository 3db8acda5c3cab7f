"""What an edition changes, and how each part of it came about, on their pages."""

from datetime import date

import pytest
from django.urls import reverse

from rulebooks import services
from rulebooks.rules.edition import Edition
from rulebooks.rules.reading.comparison import compare
from rulebooks.rules.reading.methodology import history
from tests.factories import LAMPS, next_lamps

MAKING = """applies_to: [full], making: {proposed_by: Trade unions,
    drafted_by: {companies: 2, unions: 3}, review_on: 2029-01-01, clause: "10.4",
    consultations: [{name: Round one, from: 2025-01-01, until: 2025-02-01, responses: 42}],
    vote: {body: Assembly, on: 2025-10-12, in_favor: 61, against: 4, abstained: 7}}}"""
OLD = Edition.load(LAMPS)


def new(*changes):
    text = next_lamps()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return text


def test_two_that_say_the_same_differ_in_nothing():
    assert not compare(OLD, OLD)


def test_what_is_signed_again_is_named_with_by_whom():
    told = compare(OLD, Edition.load(new(("No worker pays for", "No worker ever pays for"))))

    assert told.signed == (("No fees", "Full member"),)
    assert told.broken == ()
    assert "What members sign" in dict(told.groups)


def test_a_kpi_that_is_changed_breaks_its_series():
    same = "was: [fees-repaid, policy, days-to-repay, papers-kept, open-claims]"
    told = compare(
        OLD,
        Edition.load(
            new(
                (same, "was: [policy, days-to-repay, papers-kept, open-claims]"),
                ("continuity:\n", 'continuity:\n  - {as: changed, what: kpi, was: [fees-repaid], '
                                  'clause: "10"}\n'),
                ("max: 1000000000", "max: 2000000000"),
            )
        ),
    )  # fmt: skip

    assert told.broken == ("Recruitment fees paid back",)
    assert told.declared
    changes = dict(told.groups)["What is asked"]
    assert ("scale, max", "1000000000", "2000000000") in {
        (change.what, change.before, change.after) for change in changes
    }


def test_a_history_goes_back_to_where_a_thing_began():
    line = [OLD, Edition.load(next_lamps())]

    assert [(p.edition, p.code, p.word) for p in history(line, "requirement", "R1")] == [
        ("lamps-2026", "R1", "in other words; the series goes on"),
        ("lamps-2024", "R1", "new"),
    ]
    assert [p.word for p in history(line[:1], "kpi", "policy")] == ["new"]


@pytest.mark.django_db
def test_the_pages_are_public_and_show_a_draft_to_nobody_else(client, edition, people):
    services.draft_edition(text=next_lamps(), by=people.sam, on=date(2026, 3, 2))
    for page in ("changes", "methodology", "beside"):
        url = reverse(f"rulebooks:{page}", args=["lamps-2024"])
        assert client.get(url).status_code == 200
        draft = reverse(f"rulebooks:{page}", args=["lamps-2026"])
        assert client.get(draft).status_code == 404
        client.force_login(people.noor)
        assert client.get(draft).status_code == 404
        client.force_login(people.lou)
        assert client.get(draft).status_code == 200
        client.logout()


@pytest.mark.django_db
def test_the_methodology_names_who_made_a_requirement(client, edition, people):
    text = new(("applies_to: [full]}", MAKING))
    services.draft_edition(text=text, by=people.sam, on=date(2026, 3, 2))
    client.force_login(people.sam)
    page = client.get(reverse("rulebooks:methodology", args=["lamps-2026"])).content.decode()

    for words in (
        "Trade unions",
        "2 of Companies, 3 of Trade unions",
        "42 responses",
        "61 in favor",
        "1 Jan 2029",
        "In other words",
    ):
        assert words in page


@pytest.mark.django_db
def test_any_two_editions_can_be_compared(client, edition, people, django_assert_max_num_queries):
    services.draft_edition(text=next_lamps(), by=people.sam, on=date(2026, 3, 2))
    client.force_login(people.sam)
    url = reverse("rulebooks:changes", args=["lamps-2024"])

    assert "Choose the edition" in client.get(url).content.decode()
    assert client.get(url, {"since": "none-of-these"}).status_code == 404
    back = client.get(url, {"since": "lamps-2026"}).content.decode()
    assert "Before" in back
    for page in ("edition", "beside", "changes", "methodology"):
        with django_assert_max_num_queries(24):
            client.get(reverse(f"rulebooks:{page}", args=["lamps-2026"]))
