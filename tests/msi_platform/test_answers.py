"""What no request may do: make the platform fail, or leave a private page behind."""

import base64
from datetime import date, timedelta

import pytest

from accounts import forms
from ledger.models import Entry
from rulebooks import services as rulebooks
from targets import services
from targets.models import Period
from tests.factories import LAMPS, LONG_AGO, make_user
from tests.kpis.filings import period_of
from tests.members import applying

pytestmark = pytest.mark.django_db
NOBODYS = ["/register/%00/", "/register/?after=%00", "/rulebook/%00/", "/api/v1/register/%00/"]
PAGED = [
    *("/users/", "/outbox/", "/letters/", "/breaches/", "/cases/", "/returns/", "/runs/"),
    *("/scorecards/", "/matrix/", "/periods/2025/", "/members/", "/register/", "/reports/"),
    *("/obligations/", "/members/unreachable/"),
]
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


@pytest.mark.parametrize(
    "position", [b"p=abc", b"p=\0", b"p=-1", "p=٣".encode(), b"p=" + b"9" * 5000]
)
@pytest.mark.parametrize("listing", ["register", "members", "returns", "cases", "obligations"])
def test_a_cursor_that_is_no_place_is_not_found(client, people, edition, listing, position):
    client.force_login(people.sam)

    answer = client.get(f"/api/v1/{listing}/", {"cursor": base64.b64encode(position).decode()})

    assert answer.status_code == 404


@pytest.mark.parametrize("address", PAGED)
def test_a_page_after_no_row_is_shown(client, people, member, edition, address):
    period_of(edition, "2025")
    client.force_login(people.sam)
    for number in ("9" * 5000, "9" * 40, "-1", "٣", "²", "0"):
        for place in ("after", "before"):
            assert client.get(address, {place: number}).status_code == 200, (place, number)


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 19, "٣", ""])
def test_a_form_names_a_row_by_a_number_of_it_or_none(client, people, edition, number):
    application = applying.begin(date(2026, 3, 2))
    client.force_login(people.sam)

    chosen = client.post(f"/applications/{application.pk}/organisation/", {"organisation": number})
    ticked = client.post("/outbox/decide/", {"letter": number, "act": "discard"})

    assert chosen.status_code == 404
    assert "nothing has changed" in client.get(ticked.url).content.decode()


def test_an_edition_is_adopted_by_no_decision_of_an_endless_number(client, people, edition):
    text = LAMPS.replace("lamps-2024", "lamps-2027", 1)
    draft = rulebooks.draft_edition(text=text, by=people.sam, on=LONG_AGO)
    client.force_login(people.sam)

    answer = client.post(f"/rulebook/{draft.code}/adopt/", {"decision": "9" * 5000})

    assert answer.status_code == 302
    assert "is not adopted" in client.get(answer.url).content.decode()


@pytest.mark.parametrize("after", ["x", "9" * 40, "1e400", "members", "../x"])
def test_signing_in_leads_to_no_address_that_is_none(client, people, after):
    sent = {"username": "ada@people.example", "password": "pw", "next": after}

    assert client.post("/sign-in/", sent).url == "/"
    assert client.get("/sign-in/", {"next": after}).url == "/"


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
