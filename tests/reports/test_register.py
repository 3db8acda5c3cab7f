"""The public register: what enters it, by whose act, and what leaves it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InternalError, transaction

from accounts.selectors import system_user
from ledger.models import Entry
from members import services as members
from reports import selectors, services
from reports.models import Publication
from reports.services import reactions
from rulebooks.rules import facts
from tests.conftest import everybody
from tests.factories import LAMPS, make_edition, make_member, make_organisation, moment, state
from tests.kpis.filings import GOOD, WEAK, file_return, period_of
from tests.reports.conftest import impose, publish
from tests.suspensions.builders import DAY, PATHS, make_case

pytestmark = pytest.mark.django_db
PRIVATE = LAMPS.replace(
    "{membership: public, standing: public", "{membership: members, standing: members"
)
OPEN = LAMPS.replace("scorecard: member", "scorecard: public")
PROMPT = LAMPS.replace(
    "published: once_final",
    "published: once_decided\n"
    '        departs: {from: [publication], because: Buyers must know., clause: "9"}',
)


@pytest.fixture
def edition(people):
    """An edition under which measures may be published as soon as they are decided."""
    return make_edition(PROMPT, by=people.sam)


def lines(**fields) -> list[tuple[str, str]]:
    found = Publication.objects.visible_to(system_user()).filter(**fields).order_by("pk")
    return [(line.sort, line.state) for line in found]


def admit(people, today, name="New Lamps"):
    application = members.file_application(
        organisation=make_organisation(name),
        member_class="full",
        chamber="companies",
        statement="",
        by=people.sam,
        on=today,
    )
    return members.admit(application_id=application.pk, by=people.sam, on=today)


def test_a_member_enters_when_it_is_admitted(edition, people, today, work_due):
    member = admit(people, today)
    work_due()

    assert lines(member=member) == [("membership", "full")]
    entry = Entry.objects.get(event="members.member.admitted")
    reactions.on_member_admitted(entry)
    assert lines(member=member) == [("membership", "full")]
    assert "New Lamps" not in str([e.data for e in Entry.objects.all()])


def test_nobody_enters_where_members_are_not_public(people, today, work_due):
    make_edition(PRIVATE, by=people.sam)
    member = admit(people, today)
    work_due()

    assert lines() == []
    with pytest.raises(services.NotPublic, match="keeps membership to the members"):
        services.publish_membership(member=member, by=people.sam, on=today)


def test_those_who_were_members_before_enter_by_one_act(member, people, today):
    assert services.publish_memberships(by=people.sam, on=today) == 2
    with pytest.raises(services.NothingToPublish, match="every member"):
        services.publish_memberships(by=people.sam, on=today)
    assert Entry.objects.get(event="reports.memberships.published").data == {"count": 2}


@pytest.mark.parametrize("stage", ["imposed", "final", "appealed", "unanswered"])
def test_nothing_adverse_enters_without_an_act(edition, member, people, stage, work_due):
    services.publish_memberships(by=people.sam, on=DAY.opened)
    file_return(member, period_of(edition), WEAK)
    make_case(member, people, stage)
    work_due()

    assert {sort for sort, _ in lines(member=member)} == {"membership"}


def test_a_measure_in_force_is_published_by_an_act(story, people, today):
    impose(story.member, story.case, today)

    line = services.publish_standing(member=story.member, by=people.sam, on=today)

    assert (line.state, line.since_on, line.content["words"]) == ("warned", today, "Warned")
    with pytest.raises(services.NothingToPublish, match="published already"):
        services.publish_standing(member=story.member, by=people.sam, on=today)
    entry = Entry.objects.get(event="reports.line.published")
    assert (entry.data["sort"], entry.data["state"]) == ("standing", "warned")
    assert entry.actor == f"accounts.User:{people.sam.pk}"


def test_there_is_nothing_to_publish_against_a_member_in_good_standing(member, people, today):
    with pytest.raises(services.NothingToPublish, match="none is in force"):
        services.publish_standing(member=member, by=people.sam, on=today)


def test_a_measure_is_not_published_where_standing_is_not_public(people, today):
    make_edition(PRIVATE, by=people.sam)
    member = make_member("Ada & Co")
    with pytest.raises(services.NotPublic):
        services.publish_standing(member=member, by=people.sam, on=today)


def test_a_measure_waits_until_it_is_final(people, today):
    make_edition(by=people.sam)
    member = make_member("Ada & Co", representative=people.ada, signatory=people.sid)
    make_case(member, people, "imposed")
    with pytest.raises(services.NothingToPublish, match="waits until it is final"):
        services.publish_standing(member=member, by=people.sam, on=DAY.told)

    final = DAY.told + timedelta(days=31)
    line = services.publish_standing(member=member, by=people.sam, on=final)
    assert (line.state, line.since_on) == ("warned", DAY.told)


@pytest.mark.parametrize("end", ["lifted", "set_aside", "appealed"])
def test_a_published_measure_leaves_by_itself_once_it_no_longer_holds(
    member, people, end, work_due
):
    case = make_case(member, people, "imposed")
    services.publish_standing(member=member, by=people.sam, on=DAY.told)
    for act in PATHS[end][len(PATHS["imposed"]) :]:
        act(case, people, DAY)
    work_due()

    assert lines(member=member, sort="standing") == []
    gone = Publication.objects.get(member=member, sort="standing")
    assert gone.withdrawn_by == system_user()
    assert Entry.objects.filter(event="reports.line.withdrawn").count() == 1


def test_a_graver_measure_takes_the_place_of_a_lighter_one_by_a_new_act_only(story, people, today):
    impose(story.member, story.case, today)
    services.publish_standing(member=story.member, by=people.sam, on=today)
    later = date(2026, 9, 1)
    opened = facts.CaseOpened(edition=story.case.edition.code, step="suspension")
    state(story.member, opened, later, "C0008")
    what = facts.DecisionTaken(outcome="impose", effective_on=later)
    state(story.member, what, later, "C0008")

    kept = services.withdraw_what_no_longer_holds(member=story.member, by=system_user(), on=later)
    assert kept == []
    assert [d.span.state for d in selectors.differences(on=later)] == ["suspended"]

    services.publish_standing(member=story.member, by=people.sam, on=later)
    assert lines(sort="standing") == [("standing", "suspended")]
    assert selectors.differences(on=later) == []


def test_who_left_leaves_the_register(member, people, today, work_due):
    services.publish_memberships(by=people.sam, on=today)
    members.leave(member=member, by=people.sam, on=today)
    work_due()

    assert lines(member=member) == []


def test_scores_enter_by_an_act_where_scorecards_are_public(people, today):
    edition = make_edition(OPEN, by=people.sam)
    member, period = make_member("Ada & Co"), period_of(edition)
    make_member("Silent Lamps")
    file_return(member, period, GOOD)
    publish(period, people.sam, today)
    services.publish_memberships(by=people.sam, on=today)
    assert lines(sort="score") == []

    assert services.publish_scores(period=period, by=people.sam, on=today) == 2

    line = Publication.objects.get(member=member, sort="score")
    assert (line.content["total"], line.content["band"], line.about) == ("87.5", "Leading", "2024")
    with pytest.raises(services.NothingToPublish):
        services.publish_scores(period=period, by=people.sam, on=today)
    publish(period, people.sam, today)
    assert services.publish_scores(period=period, by=people.sam, on=today) == 2
    assert services.withdraw_scores(period=period, by=people.sam, on=today) == 2
    assert lines(sort="score") == []


def test_scores_stay_with_the_member_where_the_edition_says_so(story, people, today):
    with pytest.raises(services.NotPublic, match="keeps scorecards to the member"):
        services.publish_scores(period=story.period, by=people.sam, on=today)


def test_only_the_secretariat_publishes_and_withdraws(story, people, today):
    impose(story.member, story.case, today)
    line = services.publish_membership(member=story.member, by=people.sam, on=today)
    for name, user in everybody(people).items():
        if user is None or name == "sam":
            continue
        by = {"by": user, "on": today}
        for act, fields in (
            (services.publish_membership, {"member": story.member}),
            (services.publish_memberships, {}),
            (services.publish_standing, {"member": story.member}),
            (services.publish_scores, {"period": story.period}),
            (services.withdraw_scores, {"period": story.period}),
            (services.withdraw, {"publication_id": line.pk}),
            (services.withdraw_what_no_longer_holds, {"member": story.member}),
        ):
            with pytest.raises(PermissionDenied):
                act(**fields, **by)


def test_what_was_published_cannot_be_rewritten(member, people, today):
    line = services.publish_membership(member=member, by=people.sam, on=today)

    for change in ({"content": {}}, {"state": "partner"}, {"published_at": moment(today)}):
        with pytest.raises(InternalError, match="only be withdrawn"), transaction.atomic():
            Publication.objects.filter(pk=line.pk).update(**change)
    services.withdraw(publication_id=line.pk, by=people.sam, on=today)
    with pytest.raises(InternalError), transaction.atomic():
        Publication.objects.filter(pk=line.pk).update(withdrawn_at=None, withdrawn_by=None)
    with pytest.raises(Publication.DoesNotExist):
        services.withdraw(publication_id=line.pk, by=people.sam, on=today)


def with_notices(*notices: str) -> str:
    return PROMPT.replace(
        "scorecard: member,", f"scorecard: member, notices: [{', '.join(notices)}],"
    )


def test_a_measure_that_the_notices_keep_is_not_published(people, today, measure_under):
    member = measure_under(
        "{event: measure, audience: public, what: name, standings: [excluded], clause: '9.2'}"
    )

    refused = r"keeps standing to the members of a member that is warned \(clause 9\)"
    with pytest.raises(services.NotPublic, match=refused):
        services.publish_standing(member=member, by=people.sam, on=DAY.told)
    assert lines(member=member, sort="standing") == []


def test_a_measure_is_not_published_before_its_embargo_is_over(people, today, measure_under):
    member = measure_under(
        "{event: measure, audience: public, what: name, embargo: {days: 10}, clause: '9.2'}"
    )

    first = DAY.told + timedelta(days=11)
    refused = rf"lets this be published from {first}: an embargo of 10 days \(clause 9.2\)"
    with pytest.raises(services.NotPublic, match=refused):
        services.publish_standing(member=member, by=people.sam, on=first - timedelta(days=1))
    line = services.publish_standing(member=member, by=people.sam, on=first)
    assert line.content["published_under"] == "9.2"


@pytest.fixture
def measure_under(people):
    """Make a member with a measure in force under an edition with these notices."""

    def make(*notices):
        make_edition(with_notices(*notices), by=people.sam)
        member = make_member("Ada & Co", signatory=people.sid)
        make_case(member, people, "imposed")
        return member

    return make
