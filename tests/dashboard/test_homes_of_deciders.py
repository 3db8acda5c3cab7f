"""What waits for those who decide on applications, record and carry out, stands on their home."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.rules import Role
from dashboard import selectors
from governance import services as governance
from governance.models import Body, Seat
from members import services as members
from members.models import Application, ClassRequest
from tests.factories import make_edition, make_member, make_user, moment
from tests.members import applying
from tests.members.applying import JOINING

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def application(people, today):
    make_edition(JOINING, by=people.sam)
    made = applying.filed(today)
    applying.checked(made, people.sam, today)
    Application.objects.update(filed_at=moment(today - timedelta(days=15)))
    return Application.objects.get()


@pytest.fixture
def home(client):
    def home(user):
        client.force_login(user)
        return client.get("/").content.decode()

    return home


def test_who_sits_on_the_body_that_decides_is_told_of_the_application(
    application, people, today, home
):
    body, _ = Body.objects.get_or_create(code="board", defaults={"name": "The board"})
    sitting = make_user("Siw", Role.BOARD)
    assert "Applications before your body" not in home(sitting)

    Seat.objects.create(body=body, user=sitting, chamber="companies", from_on=today)

    text = home(sitting)
    assert "Applications before your body" in text
    assert "New Lamps" in text
    assert "Waits for a decision" in text


def test_the_clerk_is_told_until_it_is_recorded_and_the_secretariat_from_then_on(
    application, people, today, home
):
    assert application.code in home(people.pat)
    assert "1 thing awaits" in home(people.pat)
    assert "application waits for a decision" in home(people.sam)

    made = applying.decided(application, people.pat, "admit", today)

    assert application.code not in home(people.pat)
    text = home(people.sam)
    assert "recorded decision on an application waits to be carried out" in text
    assert "application waits for a decision" not in text

    governance.carry_out_admission(decision_id=made.pk, by=people.sam, on=today)

    assert selectors.waiting(people.sam, on=today).to_carry_out == 0


def test_the_secretariat_is_told_who_asks_for_another_class(application, people, today, home):
    for name in ("Ada & Co", "Lux"):
        signs = make_user(f"Signs for {name}")
        members.ask_for_class(
            member=make_member(name, signatory=signs), member_class="partner", chamber="unions",
            from_on=today, reason="We became a union.", by=signs, on=today,
        )  # fmt: skip
        said = "request for another class or chamber by Ada &amp; Co"
        assert (said in home(people.sam)) is (name == "Ada & Co")

    text = home(people.sam)

    assert "requests for another class or chamber, the first by Ada &amp; Co" in text
    first = ClassRequest.objects.earliest("pk").member
    assert f'href="{reverse("members:membership", args=[first.code])}"' in text
