import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts import access, services
from accounts.models import RoleHeld, User
from accounts.rules import GRANTS, Permission, Role, allows
from accounts.selectors import system_user
from ledger.models import Entry

pytestmark = pytest.mark.django_db


def test_create_user_records_no_name(people, today):
    user = services.create_user(
        email="New.Person@people.example", name="New Person", password="pw", by=people.sys, on=today
    )

    entry = Entry.objects.get(event="accounts.user.created")
    assert (entry.subject, entry.data) == (f"accounts.User:{user.pk}", {})


def test_an_email_belongs_to_one_user_in_whatever_case(people, today):
    with pytest.raises(IntegrityError), transaction.atomic():
        services.create_user(
            email="ADA@People.Example", name="Other", password=None, by=people.sys, on=today
        )


def test_a_user_signs_in_with_the_email_in_any_case(client, people):
    assert client.login(username="ADA@people.example", password="pw")


@pytest.mark.parametrize("who", ["bea", "ada", "cam", "noor"])
def test_only_the_administrator_and_the_secretariat_manage_users(people, today, who):
    with pytest.raises(PermissionDenied):
        services.grant_role(
            user=people.eve, role=Role.SECRETARIAT, by=getattr(people, who), on=today
        )


def test_a_role_ends_on_its_last_day(people, today):
    services.grant_role(user=people.eve, role=Role.BOARD, by=people.sys, on=today)
    services.end_role(user=people.eve, role=Role.BOARD, by=people.sys, on=today)

    assert User.objects.get(pk=people.eve.pk).roles == frozenset()
    assert RoleHeld.objects.filter(user=people.eve).count() == 1


def test_a_role_granted_twice_is_recorded_once(people, today):
    for _ in range(2):
        services.grant_role(user=people.eve, role=Role.BOARD, by=people.sys, on=today)

    assert Entry.objects.filter(event="accounts.role.granted").count() == 1


def test_a_user_who_is_not_active_may_do_nothing(people):
    people.sam.is_active = False

    assert not access.can(people.sam, Permission.SCORE_RUN)


def test_every_role_has_its_line_in_the_table():
    assert set(GRANTS) == set(Role)


@pytest.mark.parametrize("role", [Role.BOARD, Role.APPEAL_PANEL, Role.PANEL_CLERK])
def test_a_seat_opens_no_member_data(role):
    assert not allows([role], Permission.MEMBER_VIEW_ALL)
    assert not allows([role], Permission.MEMBER_VIEW)


def test_the_system_administrator_reads_no_content():
    assert GRANTS[Role.SYSTEM_ADMINISTRATOR] == {Permission.USER_MANAGE, Permission.SYSTEM_OPERATE}


def test_nobody_can_sign_in_as_the_platform(client):
    assert not client.login(username=system_user().email, password="!")


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.LEGAL_COUNSEL, Role.PANEL_CLERK])
def test_an_administrator_cannot_make_an_account_that_reads_what_they_may_not(people, today, role):
    with pytest.raises(PermissionDenied):
        services.create_user(
            email="proxy@people.example",
            name="Proxy",
            password="pw",
            by=people.sys,
            on=today,
            role=role,
        )
    assert not User.objects.filter(email="proxy@people.example").exists()


def test_an_administrator_cannot_sign_in_as_staff_by_a_password_of_their_own(people, today):
    with pytest.raises(PermissionDenied):
        services.change_password(user=people.lou, password="x-4711-long", by=people.sys, on=today)


def test_the_secretariat_appoints_staff_and_not_itself(people, today):
    services.grant_role(user=people.eve, role=Role.CASE_OFFICER, by=people.sam, on=today)

    with pytest.raises(PermissionDenied):
        services.grant_role(user=people.sam, role=Role.LEGAL_COUNSEL, by=people.sam, on=today)
