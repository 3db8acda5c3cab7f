from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from governance import rules as governance_rules
from governance import services as governance
from members import selectors, services
from tests.factories import LAMPS, make_edition, make_mandate, make_member, make_user
from tests.members.belonging import EDITION

pytestmark = pytest.mark.django_db
BOARD = """bodies:
  - code: board
    name: The board
    seats: [{chamber: companies, count: 3, empty: blocks}]
    seats_per_corporate_group: 1
    clause: "2.5"
  - {code: appeals, name: Appeals, seats: [{chamber: unions, count: 1, empty: blocks}], clause: "9"}
"""


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def join(member, people, today, group="Bright Holding", days=0):
    return services.join_group(
        organisation=member.organisation,
        group=group,
        source="Annual report 2025, page 40",
        from_on=today - timedelta(days=days),
        by=people.sam,
        on=today,
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param(EDITION, 2, id="one group"),
        pytest.param(LAMPS, 3, id="the edition says nothing"),
    ],
)
def test_members_of_a_group_count_as_one_where_the_edition_says(people, today, text, count):
    make_edition(text, by=people.sam)
    members = [make_member(f"Lamps {n}") for n in range(3)]
    for member in members[:2]:
        join(member, people, today)

    ids = [member.pk for member in members]
    assert selectors.count_as_one(ids, "disclosure", on=today) == count


def test_a_group_counts_from_its_first_day_to_its_last(edition, people, today):
    member = make_member()
    held = join(member, people, today, days=10)

    services.leave_group(membership_id=held.pk, until_on=today, by=people.sam, on=today)

    groups = [
        selectors.group_of(member.organisation, on=today - timedelta(days=days))
        for days in (11, 10, 1, 0)
    ]
    assert groups == [None, held.group, held.group, None]


def test_an_organisation_is_in_one_group_at_a_time(edition, people, today):
    member = make_member()
    held = join(member, people, today)

    assert join(member, people, today) == held
    with pytest.raises(services.InAnotherGroup, match="Bright Holding since"):
        join(member, people, today, group="Other Holding")


@pytest.mark.parametrize(
    ("group", "source", "days"), [("", "x", 0), ("G", " ", 0), ("G", "x", 1)]
)  # fmt: skip
def test_a_group_has_a_name_a_source_and_a_day_that_has_come(
    edition, people, today, group, source, days
):
    with pytest.raises(ValueError, match=r"name the group|has not come"):
        services.join_group(
            organisation=make_member().organisation,
            group=group,
            source=source,
            from_on=today + timedelta(days=days),
            by=people.sam,
            on=today,
        )


def test_only_the_secretariat_records_groups(edition, people, today):
    with pytest.raises(PermissionDenied):
        services.join_group(
            organisation=make_member().organisation,
            group="G",
            source="x",
            from_on=today,
            by=people.ada,
            on=today,
        )


def sit(body, user, people, today):
    return governance.give_seat(body=body, user=user, chamber="companies", by=people.sam, on=today)


def test_one_corporate_group_holds_no_more_seats_than_it_may(people, today):
    make_edition(LAMPS + BOARD, by=people.sam)
    body = governance.create_body(code="board", name="The board", by=people.sam, on=today)
    members = [make_member(f"Lamps {n}") for n in range(3)]
    users = [make_user() for _ in members]
    for member, user in zip(members, users, strict=True):
        make_mandate(member, user)
    for member in members[:2]:
        join(member, people, today)
    sit(body, users[0], people, today)

    with pytest.raises(governance_rules.NoSeat, match="Bright Holding may hold 1 seat"):
        sit(body, users[1], people, today)

    assert sit(body, users[2], people, today).user == users[2]
    assert sit(body, users[0], people, today).user == users[0]
