import io

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import RoleHeld, User
from accounts.rules import Role
from ledger.models import Entry
from tests.conftest import everybody

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"


@pytest.fixture(autouse=True)
def no_attempts_yet():
    cache.clear()


def sign_in(client, email="ada@people.example", password="pw", **fields):
    return client.post(SIGN_IN, {"username": email, "password": password, **fields})


def test_signing_in_leads_home_and_out_again_to_the_door(client, people):
    assert sign_in(client).headers["Location"] == "/"
    assert client.get("/").context["user"] == people.ada

    assert client.post("/sign-out/").headers["Location"] == SIGN_IN
    assert not client.get("/").context["user"].is_authenticated


def test_signing_out_takes_a_post(client, people):
    client.force_login(people.ada)

    assert client.get("/sign-out/").status_code == 405


@pytest.mark.parametrize(
    ("wanted", "leads"),
    [
        ("/members/M0001/?on=2026-01-01", "/members/M0001/?on=2026-01-01"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\\elsewhere.example", "/"),
    ],
)
def test_signing_in_leads_nowhere_else(client, people, wanted, leads):
    assert sign_in(client, next=wanted).headers["Location"] == leads


def test_who_is_signed_in_already_goes_on(client, people):
    client.force_login(people.ada)

    assert client.get(SIGN_IN + "?next=/rulebook/").headers["Location"] == "/rulebook/"


def test_a_page_that_needs_signing_in_comes_back_after_it(client, people):
    asked = client.get("/letters/").headers["Location"]

    assert asked == "/sign-in/?next=/letters/"
    assert 'name="next" value="/letters/"' in client.get(asked).content.decode()


@pytest.mark.parametrize(
    ("email", "password"),
    [("ada@people.example", "wrong"), ("nobody@people.example", "pw"), ("no address", "pw")],
)
def test_a_wrong_sign_in_does_not_say_which_part_is_wrong(client, people, email, password):
    answer = sign_in(client, email, password)

    assert answer.status_code == 200
    assert "Not signed in" in answer.content.decode() or "valid" in answer.content.decode()
    assert "password" in answer.content.decode()
    assert f'value="{email}"' in answer.content.decode()


def test_after_five_failures_one_waits_even_with_the_right_password(client, people):
    for _ in range(5):
        assert "do not belong together" in sign_in(client, password="no").content.decode()

    answer = sign_in(client, "ADA@people.example").content.decode()
    assert "5 attempts for this e-mail failed. You can try again in 15 minutes" in answer
    assert sign_in(client, "eve@people.example").status_code == 302


def test_a_success_forgets_the_failures_before(client, people):
    for _ in range(4):
        sign_in(client, password="no")
    sign_in(client)
    client.logout()

    for _ in range(5):
        answer = sign_in(client, password="no")
    assert "do not belong together" in answer.content.decode()


def test_somebody_inactive_does_not_sign_in(client, people):
    User.objects.filter(pk=people.ada.pk).update(is_active=False)

    assert sign_in(client).status_code == 200


PAGES = ["users", "create-user"]


@pytest.mark.parametrize("page", PAGES)
def test_users_are_for_the_administrator_and_the_secretariat(client, people, page):
    url, seen = reverse(f"accounts:{page}"), {}
    for who, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        seen[who] = client.get(url).status_code

    assert {who for who, status in seen.items() if status == 200} == {"sys", "sam"}
    assert seen.pop("nobody") == 302
    assert set(seen.values()) == {200, 403}


@pytest.fixture
def admin(client, people):
    client.force_login(people.sys)
    return client


NEW = {"name": "New Person", "email": "new@people.example", "role": "ngo", "password": "long-w0rds"}


def test_the_administrator_creates_a_user_with_a_role(admin, people):
    admin.post(reverse("accounts:create-user"), NEW)

    user = User.objects.get(email="new@people.example")
    assert (user.name, user.roles) == ("New Person", {Role.NGO})
    assert user.check_password("long-w0rds")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("email", "ADA@people.example", "signs in with this e-mail already"),
        ("password", "short", "too short"),
        ("password", "password", "too common"),
        ("role", "system", "not one of the available choices"),
        ("name", "", "required"),
    ],
)
def test_a_user_that_cannot_be_created_is_not_and_nothing_typed_is_lost(
    admin, people, field, value, says
):
    before = User.objects.count()
    answer = admin.post(reverse("accounts:create-user"), NEW | {field: value}).content.decode()

    assert says in answer
    assert User.objects.count() == before
    assert 'value="new@people.example"' in answer or field == "email"


def test_a_role_is_given_and_ended(admin, people):
    url = reverse("accounts:grant-role", args=[people.eve.pk])
    admin.post(url, {"role": "board"})
    held = RoleHeld.objects.get(user=people.eve, until_on=None)
    assert held.role == "board"

    admin.post(reverse("accounts:end-role", args=[held.pk]))
    assert not RoleHeld.objects.filter(user=people.eve, until_on=None).exists()
    assert admin.post(reverse("accounts:end-role", args=[held.pk])).status_code == 404


@pytest.mark.parametrize("who", ["sys", "eve"])
def test_the_administrator_cannot_give_a_role_that_reads_content(admin, people, who):
    person = getattr(people, who)
    before = User.objects.get(pk=person.pk).roles

    answer = admin.post(
        reverse("accounts:grant-role", args=[person.pk]), {"role": "secretariat"}, follow=True
    )

    assert "There is no such role" in answer.content.decode()
    assert User.objects.get(pk=person.pk).roles == before


def test_one_changes_ones_own_password_knowing_the_old_one(client, people):
    client.force_login(people.ada)
    url = reverse("accounts:password")

    assert (
        "not the password until now"
        in client.post(url, {"old": "no", "new": "long-w0rds"}).content.decode()
    )
    assert client.post(url, {"old": "pw", "new": "long-w0rds"}).status_code == 302
    assert client.get(url).status_code == 200  # this session goes on
    assert User.objects.get(pk=people.ada.pk).check_password("long-w0rds")
    assert Entry.objects.get(event="accounts.password.set").data == {}


def test_the_administrator_sets_a_password_for_somebody_and_not_for_the_platform(admin, people):
    url = reverse("accounts:reset-password", args=[people.ada.pk])
    admin.post(url, {"new": "long-w0rds"})
    assert User.objects.get(pk=people.ada.pk).check_password("long-w0rds")

    platform = User.objects.get(roles_held__role=Role.SYSTEM)
    assert admin.get(reverse("accounts:reset-password", args=[platform.pk])).status_code == 404


def test_the_users_page_takes_as_many_queries_for_many(admin, people, django_assert_num_queries):
    url = reverse("accounts:users")
    admin.get(url)
    with django_assert_num_queries(9):
        assert "Ada" in admin.get(url).content.decode()


def test_the_first_administrator_is_created_by_command(db, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("long-w0rds\n"))
    call_command("create_administrator", "root@people.example", "Root")

    user = User.objects.get(email="root@people.example")
    assert user.roles == {Role.SYSTEM_ADMINISTRATOR}
    assert user.check_password("long-w0rds")


def test_an_administrator_with_a_poor_password_is_refused_in_one_line(db, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("1234\n"))

    with pytest.raises(CommandError, match=r"First password: .*too short") as refused:
        call_command("create_administrator", "root@people.example", "Root")
    assert refused.value.returncode == 1
    assert "\n" not in str(refused.value)
    assert not User.objects.filter(email="root@people.example").exists()
