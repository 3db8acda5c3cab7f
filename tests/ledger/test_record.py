from datetime import date, timedelta
from typing import ClassVar

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, InternalError
from django.utils import timezone
from pydantic import ValidationError

from ledger import rules, selectors
from ledger import services as ledger
from ledger.models import Due, Entry
from tests.factories import make_user

pytestmark = pytest.mark.django_db


class KettleBoiled(rules.Event):
    code: ClassVar[str] = "tests.kettle.boiled"
    cups: int
    brand: rules.Code | None = None


@pytest.fixture
def user(db):
    return make_user("Kim")


@pytest.fixture
def entry(user, today):
    return ledger.record(KettleBoiled(cups=4), subject=user, actor=user, on=today)


def test_record_keeps_numbers_and_codes_and_no_name(entry, user):
    assert entry.data == {"cups": 4}
    assert (entry.subject, entry.actor) == (f"accounts.User:{user.pk}",) * 2


def test_an_entry_knows_the_transaction_that_wrote_it(entry):
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_xact_id()::text")
        current = int(cursor.fetchone()[0])

    entry.refresh_from_db()

    assert entry.tx == current


@pytest.mark.django_db(transaction=True)
def test_record_refuses_to_run_outside_a_transaction(today):
    user = make_user("Kim")

    with pytest.raises(RuntimeError, match="must run inside"):
        ledger.record(KettleBoiled(cups=1), subject=user, actor=user, on=today)


@pytest.mark.parametrize("brand", ["Kim & Sons", "kim@people.example", "a" * 81, "", "naïve"])
def test_no_event_takes_a_name_an_address_or_a_sentence(brand):
    with pytest.raises(ValidationError):
        KettleBoiled(cups=1, brand=brand)


@pytest.mark.parametrize(
    "sql",
    [
        "update ledger_entry set actor = 'x'",
        "delete from ledger_entry",
        "truncate ledger_entry cascade",
    ],
)
def test_entries_cannot_be_changed_or_removed(entry, sql):
    with (
        pytest.raises(InternalError, match="cannot be changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_the_web_role_may_only_add_entries(entry):
    """The trigger stops the owner too; the grants stop the web role before it comes to that."""
    with connection.cursor() as cursor:
        cursor.execute("create role reader_of_test")
        cursor.execute("grant select, insert on ledger_entry to reader_of_test")
        cursor.execute("set local role reader_of_test")
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute("update ledger_entry set actor = 'x'")
        cursor.execute("reset role")


def test_verify_finds_an_entry_whose_content_was_changed(entry):
    with connection.cursor() as cursor:
        cursor.execute("alter table ledger_entry disable trigger entry_is_kept")
        cursor.execute("update ledger_entry set effective_on = effective_on + 1")
        cursor.execute("alter table ledger_entry enable trigger entry_is_kept")

    assert list(selectors.damaged_entries()) == [entry]


def test_an_entry_read_back_has_the_hash_it_was_written_with(entry):
    assert list(selectors.damaged_entries()) == []


@pytest.fixture
def reaction(monkeypatch):
    """A table with one reaction, which keeps what it was given and fails while told to."""

    class Reaction:
        fails, seen = False, []

        def __call__(self, entry: Entry) -> None:
            self.seen.append(entry.pk)
            if self.fails:
                make_user("Half done")
                raise ValueError("not today")

    react = Reaction()
    react.seen = []
    monkeypatch.setattr(ledger, "reactions", lambda: {KettleBoiled.code: {"tests.pour": react}})
    return react


def test_a_reaction_is_due_with_the_entry_and_done_once(reaction, user, today):
    entry = ledger.record(KettleBoiled(cups=1), subject=user, actor=user, on=today)

    assert [due.reaction for due in Due.objects.open()] == ["tests.pour"]
    assert ledger.work_due(now=timezone.now()) == 1
    assert ledger.work_due(now=timezone.now()) == 0
    assert reaction.seen == [entry.pk]


def test_a_reaction_that_fails_is_undone_and_tried_again_later(reaction, user, today):
    ledger.record(KettleBoiled(cups=1), subject=user, actor=user, on=today)
    reaction.fails, now = True, timezone.now()

    assert ledger.work_due(now=now) == 0
    due = Due.objects.get()
    assert (due.attempts, due.problem) == (1, "ValueError")
    assert not type(user).objects.filter(name="Half done").exists()

    reaction.fails = False
    assert ledger.work_due(now=now) == 0
    assert ledger.work_due(now=now + timedelta(minutes=2)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"a": 1, "b": 2}, {"b": 2, "a": 1}, id="the order of keys does not matter"),
    ],
)
def test_the_canonical_form_is_one(one, other):
    assert rules.canonical(one) == rules.canonical(other)
    assert rules.canonical({"day": str(date(2026, 1, 1)), "ä": "ö"}) == (
        '{"day":"2026-01-01","ä":"ö"}'.encode()
    )
