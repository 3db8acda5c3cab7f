"""Two snapshots of a real list of commitments: counts by status as in the list itself."""

from collections import Counter
from datetime import date
from importlib import import_module

import pytest
from django.core import mail

from accounts.selectors import system_user
from kpis.rules.cells import day_of_file
from kpis.rules.stating import Setting
from kpis.services.imports import Imported, import_file
from members.models import Fact, Letter, Member, Span
from suspensions import services as suspensions
from suspensions.models import Breach, Case
from tests.data import data
from tests.kpis.imports.builders import ON

pytestmark = pytest.mark.django_db
OLD, NEW = "2023-09-22", "2023-11-23"
command = import_module("kpis.management.commands.import")


def bring(day: str) -> Imported:
    path = data(f"sbti/sbti_cta_{day}.xlsx")
    with path.open("rb") as stream:
        return import_file(
            profile=command.load("sbti-commitments"),
            stream=stream,
            setting=Setting(as_of=day_of_file(path.name)),
            by=system_user(),
            on=ON,
        )


def standing_facts() -> Counter:
    return Counter(Fact.objects.filter(corrected_by=None).values_list("kind", flat=True))


def states(on: date) -> Counter:
    """Return the commitments on a day by state and by what brought it about."""
    spans = Span.objects.in_force(on).filter(key__startswith="commitment:")
    return Counter(spans.values_list("state", "ground"))


def assert_as_the_newest_list():
    facts, now = standing_facts(), states(date(2023, 11, 23))
    assert facts["commitment.made"] == 3819
    assert facts["commitment.removed"] == 139
    assert facts["commitment.extended"] == 84
    assert facts["commitment.met"] == 55
    assert facts["target.set"] == 8058
    assert now["removed", "commitment.removed"] == 139
    assert now["met", "commitment.met"] == 55
    assert now["overdue", "commitment.made"] == 286  # active, and past their deadline
    removed = Fact.objects.filter(kind="commitment.removed", corrected_by=None)
    made = Fact.objects.filter(
        kind="commitment.made", corrected_by=None, data__due_on__lt="2023-11-23"
    )
    past = set(made.values_list("member", "key")) & set(removed.values_list("member", "key"))
    assert len(past) == 135


def assert_quiet():
    suspensions.advance(by=system_user(), on=ON)
    assert (Breach.objects.count(), Case.objects.count(), Letter.objects.count()) == (0, 0, 0)
    assert mail.outbox == []


def test_one_snapshot_and_the_same_again():
    done = bring(NEW)

    assert (done.rows, done.skipped) == (11_877, 0)
    assert (done.members_added, done.facts_added) == (6793, 12_155)
    assert_as_the_newest_list()
    again = bring(NEW)
    assert (again.rows, again.members_added, again.facts_added) == (11_877, 0, 0)
    assert_quiet()


@pytest.mark.slow
def test_two_snapshots_in_order_add_changes_only():
    first, second = bring(OLD), bring(NEW)

    assert (first.rows, first.facts_added) == (12_235, 12_533)
    assert (second.members_added, second.facts_added) == (717, 3640)
    assert (second.facts_corrected, second.facts_retracted) == (368, 1825)
    assert Member.objects.count() == first.members_added + second.members_added
    assert_as_the_newest_list()
    assert bring(OLD).note == "this file was imported before, and then the snapshot of 2023-11-23"
    assert_quiet()
