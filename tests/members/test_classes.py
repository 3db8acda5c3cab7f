from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from ledger.models import Entry
from members import selectors, services
from members.models import Fact, Member, Span
from targets.models import Period
from targets.selectors import open_window

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def change(member, people, today, *, to=("partner", "unions"), days=0):
    return services.change_class(
        member=member,
        member_class=to[0],
        chamber=to[1],
        from_on=today + timedelta(days=days),
        by=people.sam,
        on=today,
    )


def spans(member, kind):
    found = Span.objects.filter(member=member, kind=kind).order_by("from_on")
    return list(found.values_list("state", "from_on", "until_on"))


def test_a_class_change_holds_from_its_day_and_is_kept_with_the_member_then(member, people, today):
    change(member, people, today, days=10)

    day = today + timedelta(days=10)
    assert spans(member, "class")[-1] == ("partner", day, None)
    assert spans(member, "chamber")[-1] == ("unions", day, None)
    member.refresh_from_db()
    assert member.member_class == "full"
    services.keep_places(None, on=day)
    member.refresh_from_db()
    assert (member.member_class, member.chamber) == ("partner", "unions")
    assert services.keep_places(None, on=day) == 0


def test_it_is_recorded_by_codes_and_changes_what_is_to_sign(member, people, today):
    change(member, people, today)

    entry = Entry.objects.get(event="members.class.changed")
    assert entry.data == {
        "member": member.code,
        "member_class": "partner",
        "chamber": "unions",
        "from_on": today.isoformat(),
    }
    member.refresh_from_db()
    assert [r.code for r in selectors.unsigned(member, on=today)] == ["R2"]


def test_as_known_the_day_before_nothing_had_changed(member, people, today):
    change(member, people, today)

    found, _ = selectors.spans_of(member, reader=people.sam, known_on=today - timedelta(days=1))

    assert [span.state for span in found if span.kind == "class"] == []


@pytest.mark.parametrize(
    ("to", "days", "says"),
    [
        pytest.param(("gold", "unions"), 0, "choose one of full, partner", id="no such class"),
        pytest.param(("partner", "companies"), 0, "open to unions", id="no such chamber in it"),
        pytest.param(("partner", ""), 0, "not to no chamber", id="no chamber"),
        pytest.param(("full", "companies"), 0, "already", id="where it is"),
        pytest.param(("partner", "unions"), -1, "has passed", id="a day that has passed"),
        pytest.param(("partner", "unions"), 3_653, "too far ahead", id="a day too far ahead"),
    ],
)
def test_a_place_that_is_not_open_is_refused_and_nothing_is_written(
    member, people, today, to, days, says
):
    facts, entries = Fact.objects.count(), Entry.objects.count()

    with pytest.raises(selectors.NoSuchPlace, match=says):
        change(member, people, today, to=to, days=days)

    assert (Fact.objects.count(), Entry.objects.count()) == (facts, entries)


def test_a_return_whose_window_had_opened_is_still_taken(member, people, today, work_due):
    work_due()
    period, opened = Period.objects.get(code="2026"), date(2027, 1, 20)
    services.change_class(
        member=member,
        member_class="partner",
        chamber="unions",
        from_on=opened,
        by=people.sam,
        on=today,
    )
    services.keep_places(None, on=opened)
    member.refresh_from_db()

    assert member.member_class == "partner"
    assert open_window(member, period, on=opened).due_on == date(2027, 3, 31)


def test_twice_changes_once(member, people, today):
    change(member, people, today)

    with pytest.raises(selectors.NoSuchPlace, match="already"):
        change(member, people, today)


@pytest.mark.parametrize("who", ["ada", "sid", "eve", "bea", "ann", "noor", "sys"])
def test_only_the_secretariat_changes_a_class(member, people, today, who):
    with pytest.raises(PermissionDenied):
        services.change_class(
            member=Member.objects.get(pk=member.pk),
            member_class="partner",
            chamber="unions",
            from_on=today,
            by=getattr(people, who),
            on=today,
        )
