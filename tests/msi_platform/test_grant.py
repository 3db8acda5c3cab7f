import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from msi_platform.management.commands import grant

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_web():
    """Give the rights, then act as the role of web and worker until the test ends."""
    call_command("grant", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(f"set local role {grant.ROLE}")
        yield cursor
        cursor.execute("reset role")


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_entry set event = 'x'",
        "delete from ledger_entry",
        "update members_fact set kind = 'x'",
        "delete from members_signature",
        "truncate ledger_entry cascade",
        "alter table ledger_entry disable trigger all",
        "drop table ledger_entry cascade",
        "update django_migrations set name = 'x'",
        "create table mine (x int)",
    ],
)
def test_web_and_worker_cannot(as_web, statement):
    refusal = pytest.raises(ProgrammingError, match=r"permission denied|must be owner")

    with refusal, transaction.atomic():
        as_web.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "select count(*) from ledger_entry",
        "update ledger_due set attempts = 1",
        "delete from django_session",
        "select nextval('ledger_entry_id_seq')",
    ],
)
def test_web_and_worker_can(as_web, statement):
    as_web.execute(statement)


def test_twice_changes_nothing():
    call_command("grant", verbosity=0)
    before = rights()

    call_command("grant", verbosity=0)

    assert rights() == before


def rights():
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name, privilege_type from information_schema.table_privileges"
            " where grantee = %s order by 1, 2",
            [grant.ROLE],
        )
        return cursor.fetchall()


def test_every_table_is_reached_and_no_right_is_more_than_needed():
    call_command("grant", verbosity=0)

    given = rights()

    assert {table for table, _ in given} == grant.tables() | grant.READ
    assert {right for _, right in given} == {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_a_role_that_could_pass_by_its_grants_is_refused():
    call_command("grant", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(f"alter role {grant.ROLE} bypassrls")

    with pytest.raises(CommandError, match="take that away"):
        call_command("grant", verbosity=0)
