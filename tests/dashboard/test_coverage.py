"""What covers what: the page of an edition, for everybody who may read it."""

import pytest

from rulebooks import services as rulebooks
from tests.conftest import everybody
from tests.factories import LAMPS, LONG_AGO

pytestmark = pytest.mark.django_db


def test_everybody_sees_what_covers_what_of_an_adopted_edition(client, people, edition):
    for user in everybody(people).values():
        client.logout()
        if user:
            client.force_login(user)
        shown = client.get(f"/rulebook/{edition.code}/coverage/").content.decode()
        assert 'role="img"' in shown
        assert "All fees paid back by 2028" in shown


def test_a_hole_is_said_in_the_status_the_list_the_picture_and_the_table(client, people):
    text = LAMPS.replace("    requirement: R2\n", "").replace("lamps-2024", "lamps-2027", 1)
    draft = rulebooks.draft_edition(text=text, by=people.sam, on=LONG_AGO)
    client.force_login(people.sam)

    shown = client.get(f"/rulebook/{draft.code}/coverage/").content.decode()

    assert "1 hole in what covers what" in shown
    assert shown.count("no KPI or evidence can show it") == 3
    assert "<polygon" in shown


def test_a_draft_is_covered_for_those_only_who_may_read_it(client, people, edition):
    text = LAMPS.replace("lamps-2024", "lamps-2027", 1)
    draft = rulebooks.draft_edition(text=text, by=people.sam, on=LONG_AGO)

    for name, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        answer = client.get(f"/rulebook/{draft.code}/coverage/")
        reads = client.get(f"/rulebook/{draft.code}/").status_code
        assert answer.status_code == reads, name


def test_the_edition_and_its_methodology_lead_to_it(client, edition):
    for page in ("", "methodology/"):
        shown = client.get(f"/rulebook/{edition.code}/{page}").content.decode()
        assert f"/rulebook/{edition.code}/coverage/" in shown
