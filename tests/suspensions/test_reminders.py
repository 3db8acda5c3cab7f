"""Reminders as the edition has them: once each, of what is still owed, of nothing old."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from accounts.selectors import system_user
from ledger import services as ledger
from ledger.models import Entry
from members import events
from members import services as members
from members.models import Letter, Span
from members.rules import Source
from members.services import Statement
from rulebooks.rules import facts
from rulebooks.rules.document import Invalid
from rulebooks.rules.edition import Edition
from suspensions import services
from targets.models import Period
from targets.services import grant_extension
from tests.factories import make_edition, make_member, state

pytestmark = pytest.mark.django_db

FIRST_MONTH = (Path(__file__).parents[2] / "rulebooks/editions/first-month.yaml").read_text()
DUE = date(2027, 2, 28)  # of 2026, since 2027 has no 29 February
MONTH, WEEK, LATE = date(2027, 1, 28), date(2027, 2, 21), date(2027, 3, 3)


@pytest.fixture
def edition(people):
    return make_edition(FIRST_MONTH, by=people.sam)


@pytest.fixture
def harbour(edition, people, work_due):
    work_due()
    return make_member(
        "Harbour",
        admitted_on=date(2026, 2, 1),
        member_class="member",
        chamber="harbours",
        representative=people.ada,
    )


def advance(on):
    return services.advance(by=system_user(), on=on).reminded


def letters():
    return [letter.key.split(":")[4] for letter in Letter.objects.order_by("pk")]


def test_29_february_is_the_28th_and_the_obligation_says_why(harbour):
    spans = Span.objects.filter(member=harbour, key="progress:year.2026").order_by("from_on")

    assert {span.due_on for span in spans} == {DUE}
    assert "2027 has no 29 February" in spans.get(state="overdue").because


def test_each_reminder_is_written_once(harbour):
    days = [MONTH - timedelta(1), MONTH, MONTH + timedelta(1), WEEK, WEEK, DUE, LATE, LATE]

    assert [advance(day) for day in days] == [0, 1, 0, 1, 0, 0, 1, 0]
    assert letters() == ["month", "week", "late"]
    assert Letter.objects.filter(status="held").count() == 3
    assert Entry.objects.filter(event="suspensions.reminders.queued").count() == 3


def test_a_run_that_comes_late_writes_the_newest_alone(harbour):
    assert advance(WEEK + timedelta(days=2)) == 1
    assert letters() == ["week"]


def test_nobody_is_reminded_of_what_is_done(harbour):
    state(harbour, facts.ReturnFiled(), date(2027, 1, 10), "year.2026")

    assert advance(MONTH) == 0


def test_a_day_that_moved_is_reminded_of_anew(harbour, people):
    advance(WEEK)
    grant_extension(
        member=harbour,
        period=Period.objects.get(code="year.2026"),
        until_on=DUE + timedelta(days=30),
        reason="Flood",
        by=people.sam,
        on=WEEK,
    )

    assert advance(WEEK + timedelta(days=1)) == 0
    assert advance(DUE + timedelta(days=23)) == 1
    assert letters() == ["week", "week"]
    assert "30 Mar 2027" in Letter.objects.last().subject


def test_what_was_late_when_the_member_was_brought_in_is_quiet(edition, people, work_due):
    work_due()
    brought = make_member(
        "Brought in", admitted_on=date(2020, 1, 1), member_class="member", chamber="harbours"
    )
    brought.mandates.create(
        user=people.ada, post="representative", capacity="Manager", from_on=date(2020, 1, 1)
    )
    with transaction.atomic():
        entry = ledger.record(
            events.FactCorrected(fact_id=0), subject=brought, actor=system_user(), on=DUE
        )
        said = Statement(
            member=brought,
            what=facts.MemberAdmitted("member", "harbours"),
            about_on=date(2020, 1, 1),
            corrects=brought.facts.get(kind="member.admitted").pk,
        )
        members.state_many([said], entry=entry, source=Source.IMPORTED)
    late = date(2026, 3, 3)  # three days after 28 February 2026, long before it was brought in

    assert Span.objects.in_force(late).filter(member=brought, state="overdue").exists()
    assert advance(late) == 0


def test_nothing_is_reminded_of_before_it_is_enforced(people, work_due):
    text = FIRST_MONTH.replace("enforced_from: 2026-01-01", "enforced_from: 2028-01-01")
    make_edition(text, by=people.sam)
    work_due()
    make_member(member_class="member", chamber="harbours", representative=people.ada)

    assert advance(MONTH) == 0


@pytest.mark.parametrize(
    ("was", "instead", "says"),
    [
        ("before: {months: 1}, ", "", "say either `before` or `after`"),
        ("before: {months: 1}, ", "before: {days: 1}, after: {days: 1}, ", "say either"),
        ("code: month, ", "code: month, applies_to: [none], ", "none"),
        ("code: week", "code: month", "month"),
    ],
    ids=["no time", "two times", "of what is not owed", "twice"],
)
def test_a_reminder_that_cannot_be_is_refused_where_it_stands(was, instead, says):
    assert FIRST_MONTH.count(was) == 1

    with pytest.raises(Invalid) as refused:
        Edition.load(FIRST_MONTH.replace(was, instead))

    assert "reminders[" in str(refused.value)
    assert says in str(refused.value)
