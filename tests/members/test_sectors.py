"""Sectors: named by applicants, kept with members, and what they tell of who competes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from governance import services as governance
from ledger.models import Entry
from members import selectors, services
from members.models import InSector, Objection
from members.services.applying import Incomplete
from targets import selectors as targets
from targets.models import MemberTarget
from tests.factories import make_edition, make_member, make_organisation
from tests.members import applying
from tests.members.applying import JOINING, comment
from tests.targets.promises import proposed, with_own_targets

pytestmark = pytest.mark.django_db
SECTORS = """
sectors:
  - {code: lamps, name: Lamps, clause: "2.4"}
  - {code: rugs, name: Rugs, clause: "2.4"}
"""
BY_SECTOR = (
    JOINING.replace("competitors: same_class", "competitors: same_sector").replace(
        "    sites: required\n", "    sectors: required\n    sites: required\n"
    )
    + SECTORS
)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def edition(people):
    return make_edition(BY_SECTOR, by=people.sam)


def works_in(member, people, today, *sectors):
    return services.set_sectors(
        organisation=member.organisation,
        sectors=sectors,
        source="Its site",
        by=people.sam,
        on=today,
    )


def filed(today, *sectors, **content):
    application = applying.begin(today)
    applying.fill(application, today, sectors=list(sectors), **content)
    act = {"application_id": application.pk, "by": applying.holder(application), "on": today}
    return services.applying.file_draft(**act)


def test_an_applicant_that_names_no_sector_is_told_so(edition, today):
    with pytest.raises(Incomplete, match="sectors in which you work"):
        filed(today)
    with pytest.raises(Incomplete, match="sectors in which you work"):
        filed(today, "trains")
    assert filed(today, "lamps").filed_at


@pytest.mark.parametrize(
    ("sectors", "competitor", "words"),
    [
        (["lamps", "rugs"], True, ["works in the same sector"]),
        (["rugs"], False, []),
        ([], False, []),
    ],
)
def test_a_comment_is_marked_by_the_sector(member, people, today, sectors, competitor, words):
    if sectors:
        works_in(member, people, today, *sectors)
    made = comment(filed(today, "lamps"), member, people.ada, today)

    assert (made.competitor, made.declared, made.marked) == (competitor, False, words)
    assert Entry.objects.get(event="members.application.commented").data["competitor"] is competitor


@pytest.mark.parametrize("how", ["typed", "matched", "is the owner"])
def test_a_member_of_the_applicants_group_is_marked_as_interested(member, people, today, how):
    group = {"typed": "LUMEN holding", "is the owner": "ADA and Co."}.get(how, "none")
    application = filed(today, "lamps", group=group)
    join = {"group": "Lumen Holding", "source": "Report", "from_on": today, "by": people.sam}
    if how == "matched":
        organisation = make_organisation("New Lamps")
        services.join_group(organisation=organisation, on=today, **join)
        act = {"application_id": application.pk, "by": people.sam, "on": today}
        services.scrutiny.match(organisation=organisation, **act)
    if how != "is the owner":
        services.join_group(organisation=member.organisation, on=today, **join)
    made = comment(application, member, people.ada, today)

    assert (made.of_the_group, made.competitor) == (True, False)
    assert made.marked == ["of the same corporate group"]


def test_the_commenter_does_not_learn_the_applicants_sector(member, people, today, client):
    works_in(member, people, today, "lamps")
    application = filed(today, "lamps")
    comment(application, member, people.ada, today)

    client.force_login(people.ada)
    page = client.get(reverse("members:comment", args=[application.pk])).content.decode()
    assert "same sector" not in page
    assert "Competitor</span>" not in page
    client.force_login(people.sam)
    page = client.get(reverse("members:application", args=[application.pk])).content.decode()
    assert "works in the same sector" in page
    assert "Lamps (lamps)" in page


def test_sectors_become_the_members_on_admission(edition, people, today):
    application = filed(today, "lamps")
    applying.checked(application, people.sam, today)
    later = today + timedelta(days=20)
    decided = applying.decided(application, people.pat, "admit", later)
    governance.carry_out_admission(decision_id=decided.pk, by=people.sam, on=later)

    application.refresh_from_db()
    held = selectors.sectors_named(application.organisation, on=later)
    assert [(name, row.source) for name, row in held] == [
        ("Lamps", f"Application {application.code}")
    ]


def test_sectors_are_dated_and_changed_once(member, people, today):
    works_in(member, people, today, "lamps")
    works_in(member, people, today, "lamps")
    later = today + timedelta(days=5)
    works_in(member, people, later, "rugs")

    assert Entry.objects.filter(event="members.sectors.set").count() == 2
    spans = InSector.objects.order_by("pk").values_list("sector", "from_on", "until_on")
    assert list(spans) == [("lamps", today, later), ("rugs", later, None)]
    organisation = [member.organisation_id]
    assert selectors.sectors_of(organisation, on=today) == {"lamps"}
    assert selectors.sectors_of(organisation, on=later) == {"rugs"}


def test_a_sector_that_the_edition_lacks_and_a_missing_source_are_refused(member, people, today):
    with pytest.raises(services.NoSuchSector, match="allowed: lamps, rugs"):
        works_in(member, people, today, "trains")
    given = {"organisation": member.organisation, "sectors": ["lamps"], "on": today}
    with pytest.raises(services.NoSuchSector, match="name the source"):
        services.set_sectors(source=" ", by=people.sam, **given)
    with pytest.raises(PermissionDenied):
        services.set_sectors(source="It says so", by=people.ada, **given)
    assert not InSector.objects.exists()


def test_the_secretariat_sets_them_on_the_page_of_the_membership(member, people, client):
    client.force_login(people.sam)
    url = reverse("members:change", args=[member.code, "sectors"])
    sent = {"sectors": ["lamps"], "source": "Its site", "confirm": "yes"}
    page = client.post(url, sent, follow=True).content.decode()

    assert "Lamps (lamps), since" in page
    client.force_login(people.ada)
    assert client.post(url, sent).status_code == 403


def test_a_program_reads_the_sectors_of_a_member_that_it_may_read(member, people, today, client):
    works_in(member, people, today, "lamps")
    url = f"/api/v1/members/{member.code}/sectors/"
    client.force_login(people.ada)
    assert [row["sector"] for row in client.get(url).json()] == ["lamps"]
    client.force_login(people.eve)
    assert client.get(url).status_code == 404


def test_who_works_in_the_same_sector_does_not_approve_a_target(people, today):
    make_edition(with_own_targets("{body: board}") + SECTORS, by=people.sam)
    member = make_member("Ada & Co", representative=people.ada)
    board = governance.create_body(code="board", name="Board", by=people.sam, on=today)
    governance.give_seat(
        body=board, user=people.bea, chamber="civil-society", by=people.sam, on=today
    )
    firm = make_organisation("Bea Consulting")
    services.affiliate(user=people.bea, organisation=firm, by=people.sam, on=today)
    target = proposed(member, people.ada, today)
    reads = MemberTarget.objects.visible_to(people.bea)
    assert target in reads
    assert targets.deciding(target, people.bea, on=today).may

    works_in(member, people, today, "lamps")
    services.set_sectors(
        organisation=firm, sectors=["lamps"], source="Its site", by=people.sam, on=today
    )

    assert target not in reads.all()
    assert "works in the same sector" in targets.deciding(target, people.bea, on=today).why_not


def test_a_comment_from_before_grounds_were_kept_says_what_it_can(member, people, today):
    made = comment(filed(today, "lamps"), member, people.ada, today, competitor=True)
    Objection.objects.filter(pk=made.pk).update(grounds=[])

    assert Objection.objects.get(pk=made.pk).marked == ["as it says itself"]
