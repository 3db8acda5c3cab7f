"""The demo is acted out through the services; what it leaves must be worth seeing."""

from collections import Counter
from datetime import date
from hashlib import sha256

import pytest

from accounts.selectors import system_user
from kpis.models import Return, Scorecard, Verification
from ledger.models import Due
from members import selectors
from members.models import Application, Condition, Fact, Letter, Member, Span
from msi_platform.demo import world
from msi_platform.demo.calendar import Calendar
from msi_platform.demo.story import Story
from reports.models import Publication
from rulebooks.rules.continuity import continuity_faults
from rulebooks.rules.differences import differences
from rulebooks.rules.edition import Edition
from suspensions.models import Breach, Case
from targets import selectors as fees

TODAY = date(2026, 11, 22)


CHANGES = [
    "member.absorbed",
    "member.class_changed",
    "member.merged",
    "member.renamed",
    "withdrawal.notified",
]


@pytest.mark.parametrize("today", [TODAY, date(2027, 1, 31), date(2028, 2, 29), date(2028, 4, 15)])
def test_the_edition_of_the_demo_holds_on_any_day(today):
    calendar = Calendar(today)

    edition = Edition.load(calendar.edition_text())

    opened = [p for p in edition.periods if p.opens_on <= today <= p.late_until]
    assert [p.code for p in opened] == [calendar.windows[-1].code]
    assert len(edition.periods) == 4


def stages_of_applications() -> dict[str, str]:
    found = Application.objects.exclude(email="").filter(filed_at__isnull=False)
    return {one.name: selectors.course_of(one, on=TODAY).stage.value for one in found}


@pytest.mark.parametrize("today", [TODAY, date(2027, 1, 31), date(2028, 2, 29)])
def test_the_second_edition_of_the_demo_asks_for_one_text_anew(today):
    calendar = Calendar(today)
    first, second = (
        Edition.load(text) for text in (calendar.edition_text(), calendar.next_edition_text())
    )

    assert continuity_faults(first, second) == []
    assert [d.code for d in differences(first, second) if d.is_signed_again] == ["good-faith"]
    said = calendar.next_legal_text().decode()
    assert second.requirement("good-faith").text in said
    assert sha256(said.encode()).hexdigest() == second.legal_text.sha256


@pytest.mark.django_db
def test_the_demo_has_one_of_everything():
    Story(TODAY).play(lambda year: None)

    standing = Counter(
        Member.objects.with_standing(TODAY).values_list("organisation__name", "standing")
    )
    assert standing[world.SUSPENDED, "suspended"] == 1
    assert standing[world.APPEALING, "warned"] == 1
    assert len(standing) == 61
    assert Span.objects.filter(state="quiet", member__organisation__country="Denmark").exists()
    stages = dict(Case.objects.with_stage(TODAY).values_list("member__organisation__name", "stage"))
    assert stages == {world.SUSPENDED: "final", world.APPEALING: "appealed"}
    contested = Breach.objects.get(member__organisation__name=world.CONTESTED)
    assert (contested.status, bool(contested.contest)) == ("provisional", True)
    assert Breach.objects.filter(status="dismissed").count() == 1
    assert Return.objects.filter(status="draft").count() == 1
    assert set(Verification.objects.values_list("outcome", flat=True)) == {
        "verified",
        "adjusted",
        "unsupported",
    }
    assert len(set(Scorecard.objects.values_list("band", flat=True))) == 4
    assert stages_of_applications() == {
        world.APPLICANT: "checked",
        "Ostrava Sensors": "decided_next",
        "Quayside Boards": "admitted",
        "Ravel Displays": "appealed",
        "Selby Power": "refused",
    }
    assert Application.objects.drafts().get().name == "Penrose Audio"
    condition = Condition.objects.get()
    assert (condition.member.name, condition.outcome) == ("Quayside Boards", "")
    assert Letter.objects.filter(status="held").exists()
    published = Publication.objects.filter(withdrawn_at=None, sort="standing")
    assert [line.member.name for line in published] == [world.SUSPENDED]
    assert not Due.objects.open().exists()
    assert [one.kind for one in Fact.objects.filter(kind__in=CHANGES).order_by("kind")] == CHANGES
    assert {one.name for one in selectors.unreachable(system_user(), on=TODAY)} >= {world.SUSPENDED}
    assert fees.arrears(system_user(), on=TODAY).count() == 4
    leaving = Member.objects.get(organisation__name=world.APPEALING)
    assert selectors.notice_of(leaving, on=TODAY) is not None
    assert selectors.open_cases(leaving, on=TODAY)
