"""What no request may do: make the platform fail, or leave a private page behind."""

import base64
from datetime import date, timedelta

import pytest

from accounts import forms
from ledger.models import Entry
from targets import services
from targets.models import Period
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NOBODYS = ["/register/%00/", "/register/?after=%00", "/rulebook/%00/", "/api/v1/register/%00/"]
STAFFS = ["/members/%00/", "/members/?after=%00", "/periods/%00/", "/reports/%00/2025/"]


@pytest.mark.parametrize("address", NOBODYS)
def test_a_nul_in_an_address_is_refused_to_nobody_signed_in(client, edition, address):
    assert client.get(address).status_code in (400, 404)


@pytest.mark.parametrize("address", STAFFS)
def test_a_nul_in_an_address_is_refused_to_staff(client, people, edition, address):
    client.force_login(people.sam)

    assert client.get(address).status_code in (400, 404)


def test_a_nul_in_a_form_is_refused(client, people, member):
    client.force_login(people.ada)

    answer = client.post("/returns/start/", {"member": "\0", "period": "2025"})

    assert answer.status_code in (400, 404)


@pytest.mark.parametrize("position", [b"p=abc", b"p=\0", b"p=-1", "p=٣".encode()])
@pytest.mark.parametrize("listing", ["register", "members", "returns", "cases", "obligations"])
def test_a_cursor_that_is_no_place_is_not_found(client, people, edition, listing, position):
    client.force_login(people.sam)

    answer = client.get(f"/api/v1/{listing}/", {"cursor": base64.b64encode(position).decode()})

    assert answer.status_code == 404


def test_json_nested_too_deeply_is_refused(client, people, member):
    client.force_login(people.ada)

    answer = client.post("/api/v1/returns/", "[" * 50_000, content_type="application/json")

    assert answer.status_code == 400


def test_the_record_as_known_at_the_end_of_days(client, people, member):
    client.force_login(people.sam)

    assert client.get(f"/members/{member.code}/?known=9999-12-31").status_code == 200


def test_a_private_page_is_kept_nowhere(client, people, edition):
    client.force_login(people.sam)

    assert "no-store" in client.get("/")["Cache-Control"]


def test_signing_in_does_not_lead_back_to_signing_in(client, people):
    client.force_login(people.sam)

    assert client.get("/sign-in/?next=/sign-in/").url == "/"


@pytest.mark.parametrize("code", ["-1", "_", "-", "a b"])
def test_a_body_is_called_by_a_code(client, people, code):
    client.force_login(people.sam)

    answer = client.post("/bodies/new/", {"name": "Panel", "code": code})

    assert answer.status_code == 400
    assert "Begin with a letter or digit" in answer.content.decode()


def test_the_same_user_created_twice_at_once_is_one_user(client, people, monkeypatch):
    """The second of two forms finds the e-mail free and then taken."""
    client.force_login(people.sys)
    monkeypatch.setattr(forms.UserForm, "clean_email", lambda form: form.cleaned_data["email"])
    make_user("Twin")
    sent = {"name": "Twin", "email": "twin@people.example", "password": "a-long-one-4711"}

    answer = client.post("/users/new/", sent)

    assert answer.status_code == 200
    assert "signs in with this e-mail already" in answer.content.decode()


def test_an_extension_ends_within_a_year(client, people, member):
    services.on_edition_adopted(Entry.objects.get(event="rulebooks.edition.adopted"))
    with pytest.raises(services.CannotExtend, match="within a year"):
        services.grant_extension(
            member=member,
            period=Period.objects.get(code="2025"),
            until_on=date(2026, 3, 31) + timedelta(days=366),
            reason="Flood",
            by=people.sam,
            on=date(2026, 3, 1),
        )
