"""The clerk's page of changes of membership, tried by the whole cast."""

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.models import MembershipDecision
from ledger.models import Entry
from members import services
from members.models import Fact
from members.selectors import NotDecided
from tests.conftest import everybody
from tests.factories import make_edition
from tests.members.belonging import EDITION, with_rules
from tests.suspensions.builders import make_body

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
URL = "/matters/memberships/"
BY_BOARD = '{decided_by: board, clause: "2.6"}'


@pytest.fixture
def edition(people):
    return make_edition(with_rules(class_change=BY_BOARD), by=people.sam)


@pytest.fixture
def asked(member, people):
    make_body(people)
    return services.ask_for_class(
        member=member, member_class="partner", chamber="unions", from_on=TODAY,
        reason="We are a union now.", by=people.sid, on=TODAY,
    )  # fmt: skip


@pytest.fixture
def send(client, people):
    def as_clerk(url=URL, **data):
        client.force_login(people.pat)
        return client.post(url, data) if data else client.get(url)

    return as_clerk


def good(member, **other):
    said = {"matter": "class_change", "member": member.code.lower(), "outcome": "agreed"}
    return said | {"taken_on": TODAY.isoformat(), "reasons": "Heard both."} | other


@pytest.mark.parametrize("how", ["get", "post"])
def test_only_the_clerk_opens_it(asked, member, people, client, how):
    seen = {}
    for who, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        seen[who] = getattr(client, how)(URL, good(member) if how == "post" else {}).status_code

    assert seen.pop("pat") == {"get": 200, "post": 302}[how]
    assert seen.pop("nobody") == 302
    assert set(seen.values()) == {403}
    assert MembershipDecision.objects.count() == (how == "post")


def test_the_clerk_sees_what_is_asked_and_not_why(asked, send):
    page = send().content.decode()

    assert "1 change of membership awaits a body" in page
    assert "Ada &amp; Co" in page
    assert "Trade unions" in page
    assert "We are a union now" not in page
    assert "1 awaits a decision" in send("/matters/").content.decode()


def test_a_decision_is_recorded_and_the_secretariat_names_its_number(asked, member, people, send):
    assert send(**good(member)).url == URL

    decided = MembershipDecision.objects.get()
    assert (decided.outcome, decided.body.code, decided.taken_on) == ("agreed", "board", TODAY)
    assert "Heard" not in str([entry.data for entry in Entry.objects.all()])
    page = send().content.decode()
    assert "Nothing waits." in page
    assert f"number {decided.entry_id} of the record" in page
    services.change_class(
        member=member, member_class="partner", chamber="unions", from_on=TODAY,
        decision=decided.entry_id, by=people.sam, on=TODAY,
    )  # fmt: skip
    assert Fact.objects.filter(kind="member.class_changed", member=member).exists()
    with pytest.raises(NotDecided, match="was carried out already"):
        services.change_class(
            member=member, member_class="full", chamber="companies", from_on=TODAY,
            decision=decided.entry_id, by=people.sam, on=TODAY,
        )  # fmt: skip


def test_the_same_twice_is_refused(asked, member, send):
    send(**good(member))

    again = send(**good(member))

    assert again.status_code == 409
    assert "is recorded already" in again.content.decode()
    assert MembershipDecision.objects.count() == 1


def test_a_request_after_a_refusal_waits_anew(asked, member, people, send):
    send(**good(member, outcome="refused"))
    services.decline_class(request_id=asked.pk, answer="Not yet.", by=people.sam, on=TODAY)
    assert "Nothing waits." in send().content.decode()

    services.ask_for_class(
        member=member, member_class="partner", chamber="unions", from_on=TODAY,
        reason="Once more.", by=people.sid, on=TODAY,
    )  # fmt: skip

    assert "1 change of membership awaits" in send().content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("member", "M9999"),
        ("member", "\0"),
        ("member", "x" * 20_001),
        ("matter", "merger"),  # left to the secretariat by this edition
        ("outcome", "perhaps"),
        ("taken_on", (TODAY + timedelta(days=1)).isoformat()),
        ("taken_on", "2026-02-30"),
        ("reasons", "  "),
        ("reasons", "x" * 20_001),
    ],
)
def test_bad_input_is_refused_on_the_page(asked, member, send, field, value):
    answer = send(**good(member) | {field: value})

    assert answer.status_code == 400
    assert not MembershipDecision.objects.exists()


def test_a_body_that_is_not_here_yet_is_named(member, send):
    answer = send(**good(member))

    assert answer.status_code == 409
    assert "there is no such body here yet" in answer.content.decode()


def test_where_no_body_is_named_the_page_is_empty_and_says_so(people, send):
    make_edition(EDITION, by=people.sam)

    page = send().content.decode()

    assert "leaves changes of membership to the secretariat" in page
    assert "Record a decision" not in page
