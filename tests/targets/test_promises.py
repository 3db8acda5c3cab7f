"""Targets of members' own: the floor, who decides, who reads them, baselines worked out anew."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from accounts.models import RoleHeld
from ledger.models import Entry
from members.models import Affiliation, CorporateGroup, Fact, GroupMembership
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import TargetApproved, unpack
from targets import selectors, services
from targets.models import MemberTarget
from targets.rules.ambition import NotAllowed, require_allowed, require_recalculated
from targets.rules.ties import Concerned, Decider, ties
from tests.conftest import everybody
from tests.factories import LONG_AGO, make_edition, make_member, make_organisation
from tests.targets.promises import FASTER, proposed, with_own_targets

case = pytest.param
DOCUMENT = Edition.load(with_own_targets())
RULE, KPI = DOCUMENT.own_target("own-days"), DOCUMENT.kpi("days-to-repay")


# Rules


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        case({"goal_value": D("70.5")}, "70.5 is not ambitious enough: the change is at least"
             " 30 % of the baseline, so 70 or less (clause 1.5)", id="just below the floor"),
        case({"goal_value": D(110)}, "2030: 110 is no improvement on 100: it is better when"
             " lower", id="the wrong way"),
        case({"goal_value": D(100)}, "2030: 100 is no improvement on 100: nothing is"
             " promised", id="reached at its baseline"),
        case({"baseline_value": D(0), "goal_value": D(0)}, "2030: 0 is no improvement on 0:"
             " nothing is promised", id="a baseline of zero"),
        case({"milestones": ((2027, D(80)), (2026, D(70)))},
             "2026: must lie after the year before 2027", id="milestones out of order"),
        case({"milestones": ((2027, D(120)),)},
             "2027: 120 is no improvement on 100: it is better when lower",
             id="a milestone off the direction"),
        case({"goal_year": 2033}, "it is due on 31 Dec 2032 or earlier (clause 1.5)",
             id="too late"),
        case({"goal_year": 2032, "baseline_year": 2022}, "it takes 10 years, and at most 8"
             " are allowed (clause 1.5)", id="too long"),
        case({"baseline_year": 2021, "goal_year": 2028}, "the baseline lies in 2022 or later"
             " (clause 1.5)", id="too old a baseline"),
        case({"due_on": date(2029, 6, 30)}, "the due day must lie in the goal's year, 2030",
             id="due in another year"),
        case({"goal_value": D("50.5")}, "50.5 in 2030: at most 0 decimals are kept",
             id="too fine"),
        case({"baseline_value": D(99999)}, "99999 in 2024: is not on the scale: 0 to 3650",
             id="off the scale"),
        case({"kpi": "policy"}, "'policy' is not set by members here; allowed:"
             " days-to-repay", id="another KPI"),
        case({"trajectory": "milestones"}, "a way from milestone to milestone names at least"
             " one", id="no milestone"),
    ],
)  # fmt: skip
def test_a_proposal_that_cannot_stand_is_told_why(changes, message):
    scale = KPI.scale.model_copy(update={"decimals": 1}) if "70.5" in str(changes) else KPI.scale
    kpi = KPI.model_copy(update={"scale": scale})

    with pytest.raises(NotAllowed) as refused:
        require_allowed(RULE, kpi, replace(FASTER, **changes))

    assert str(refused.value) == message


def test_exactly_at_the_floor_is_ambitious_enough():
    require_allowed(RULE, KPI, replace(FASTER, goal_value=D(70), milestones=((2027, D(85)),)))


@pytest.mark.parametrize(
    ("value", "because", "evidence", "message"),
    [
        case(105, "error", "Payroll", "105 differs from 100 by no more than 5 %, the"
             " threshold of clause 1.6: the baseline stays", id="exactly the threshold"),
        case(120, "method_change", "Payroll", "'method_change' is no reason for it; allowed:"
             " structural_change, error", id="no reason of the edition"),
        case(120, "error", " ", "say what shows that the baseline was another",
             id="no evidence"),
    ],
)  # fmt: skip
def test_a_baseline_stays_unless_the_edition_lets_it_be_worked_out_anew(
    value, because, evidence, message
):
    after = replace(FASTER, baseline_value=D(value))

    with pytest.raises(NotAllowed, match=message):
        require_recalculated(RULE, FASTER, after, because=because, evidence=evidence)


ABOUT = Concerned(
    member=1,
    organisation=10,
    chamber="companies",
    groups=frozenset({("group", 7)}),
    sectors=frozenset({"lamps"}),
)


@pytest.mark.parametrize(
    ("decider", "words"),
    [
        case(Decider(), (), id="nobody's"),
        case(Decider(organisations=frozenset({10})), ("belongs to the same organisation",),
             id="the same organisation"),
        case(Decider(groups=frozenset({("group", 7)})), ("belongs to the same corporate group",),
             id="the same group"),
        case(Decider(members=frozenset({1})), ("acts for the member",), id="a mandate"),
        case(Decider(audited=frozenset({1})), ("audits the member",), id="its auditor"),
        case(Decider(chambers=frozenset({"companies"})),
             ("stands for the same chamber, and so competes with it",), id="a competitor"),
        case(Decider(chambers=frozenset({"unions"})), (), id="another chamber"),
        case(Decider(sectors=frozenset({"lamps", "rugs"})),
             ("works in the same sector, and so competes with it",), id="a sector shared"),
        case(Decider(sectors=frozenset({"rugs"})), (), id="another sector"),
    ],
)  # fmt: skip
def test_who_has_a_tie(decider, words):
    assert ties(ABOUT, decider) == words


# Services


@pytest.fixture
def edition(people):
    return make_edition(with_own_targets(), by=people.sam)


pytestmark = pytest.mark.django_db


def test_a_target_is_proposed_and_approved_as_facts(people, member, today):
    target = proposed(member, people.ada, today, approved_by=people.sam)

    assert (target.code, target.outcome, target.role) == ("T1", "approved", "secretariat")
    kinds = list(Fact.objects.filter(key="T1").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["target.proposed", "target.approved"]
    fact = Fact.objects.get(kind="target.approved")
    assert unpack(fact.kind, fact.data) == TargetApproved(
        "own-days", "days-to-repay", 2024, D(100), 2030, D(60)
    )
    entries = Entry.objects.filter(event__startswith="targets.target")
    assert [e.event.rpartition(".")[2] for e in entries.order_by("pk")] == ["proposed", "approved"]


def test_a_refusal_gives_its_reason_and_nothing_is_decided_twice(people, member, today):
    target = proposed(member, people.ada, today)
    with pytest.raises(services.CannotDecide, match="give a reason"):
        services.refuse_target(target_id=target.pk, reason=" ", by=people.sam, on=today)

    services.refuse_target(target_id=target.pk, reason="Too vague.", by=people.sam, on=today)

    with pytest.raises(services.CannotDecide, match="T1 was refused already"):
        services.approve_target(target_id=target.pk, by=people.sam, on=today)
    assert selectors.standing_target(member, "days-to-repay") is None


def test_one_proposal_waits_at_a_time(people, member, today):
    proposed(member, people.ada, today)

    with pytest.raises(NotAllowed, match="T1 on the same KPI waits to be decided"):
        proposed(member, people.ada, today)


def test_a_revision_names_the_old_one_keeps_its_baseline_and_says_why(people, member, today):
    first = proposed(member, people.ada, today, approved_by=people.sam)
    for changes, message in (
        ({}, "T1 stands; say why another takes its place"),
        ({"reason": "Why", "baseline_value": D(90), "goal_value": D(40)}, "keeps the KPI"),
        ({"reason": "Why", "goal_value": D(80)}, "80 is not ambitious enough"),
    ):
        with pytest.raises(NotAllowed, match=message):
            proposed(member, people.ada, today, **changes)

    second = proposed(
        member,
        people.ada,
        today,
        reason="A plant closed.",
        goal_value=D(65),
        approved_by=people.sam,
    )

    assert second.revises == first
    assert selectors.standing_target(member, "days-to-repay") == second
    assert MemberTarget.objects.count() == 2


def test_a_baseline_is_worked_out_anew_and_the_old_target_stays_on_record(people, member, today):
    first = proposed(member, people.ada, today, approved_by=people.sam)
    anew = services.Anew("structural_change", "The contract of sale of a plant.")

    second = proposed(
        member, people.ada, today, reason="A plant was sold.", anew=anew,
        baseline_value=D(130), goal_value=D(75), approved_by=people.sam,
    )  # fmt: skip

    first.refresh_from_db()
    assert (first.baseline_value, second.baseline_value) == (100, 130)
    assert (second.because, second.revises) == ("structural_change", first)
    assert Fact.objects.get(kind="target.proposed", key="T2").data["because"] == second.because
    assert selectors.standing_target(member, "days-to-repay") == second


@pytest.mark.parametrize(
    ("changes", "anew", "message"),
    [
        case({"goal_value": D(100)}, None, "2030: 100 is no improvement on 100",
             id="a goal revised to the baseline"),
        case({"baseline_value": D(60)}, services.Anew("error", "Payroll"),
             "2030: 60 is no improvement on 60", id="a baseline worked out anew to the goal"),
        case({"baseline_value": D(50)}, services.Anew("error", "Payroll"),
             "2030: 60 is no improvement on 50", id="a baseline worked out anew beyond it"),
    ],
)  # fmt: skip
def test_no_revision_makes_a_target_equal_to_its_baseline(
    people, member, today, changes, anew, message
):
    first = proposed(member, people.ada, today, approved_by=people.sam)

    with pytest.raises(NotAllowed, match=message):
        proposed(member, people.ada, today, reason="It was wrong.", anew=anew, **changes)

    assert MemberTarget.objects.get() == first


def test_who_may_propose_and_who_may_decide(people, member, today):
    for who in (people.avi, people.ann, people.sam, people.eve, people.bea):
        with pytest.raises(PermissionDenied):
            proposed(member, who, today)
    target = proposed(member, people.ada, today)
    for who in (people.ada, people.sid, people.ann, people.noor):
        with pytest.raises(PermissionDenied):
            services.approve_target(target_id=target.pk, by=who, on=today)
    with pytest.raises(services.CannotDecide, match="lets the secretariat decide"):
        services.approve_target(target_id=target.pk, by=people.cam, on=today)


@pytest.mark.parametrize(
    ("tie", "words"),
    [
        case("same", "belongs to the same organisation", id="its own organisation"),
        case("other", "competes with it", id="a competitor's organisation"),
    ],
)
def test_staff_with_a_tie_do_not_decide(people, member, today, tie, words):
    target = proposed(member, people.ada, today)
    others = make_member("Third Lamps")
    organisation = (member if tie == "same" else others).organisation
    Affiliation.objects.create(user=people.sam, organisation=organisation)

    with pytest.raises(services.CannotDecide, match=words):
        services.approve_target(target_id=target.pk, by=people.sam, on=today)
    target.refresh_from_db()
    assert target.outcome == ""


def test_a_proposal_is_kept_as_it_was_made(people, member, today):
    target = proposed(member, people.ada, today, approved_by=people.sam)

    for change in ({"goal_value": D(90)}, {"outcome": "refused", "decision_reason": "x"}):
        with pytest.raises(DatabaseError, match="is kept as it is"), transaction.atomic():
            MemberTarget.objects.filter(pk=target.pk).update(**change)


def test_members_of_a_class_without_own_targets_set_none(people, edition, today):
    partner = make_member(
        "A union", member_class="partner", chamber="unions", representative=people.ada
    )

    with pytest.raises(NotAllowed, match="members of the class partner do not set own-days"):
        proposed(partner, people.ada, today)


# Who reads them

READERS = {"ada", "sid", "avi", "sam", "cam", "lou"}


def test_the_members_own_people_and_staff_read_it_and_no_auditor(people, member, today):
    proposed(member, people.ada, today, approved_by=people.sam)

    for name, user in everybody(people).items():
        reads = user is not None and MemberTarget.objects.visible_to(user).exists()
        told = user is not None and (
            Fact.objects.visible_to(user).filter(kind__startswith="target.").exists()
        )
        assert (reads, told) == (name in READERS, name in READERS), name


def test_a_staff_member_is_no_reader_once_the_role_has_ended(people, member, today):
    proposed(member, people.ada, today)
    RoleHeld.objects.filter(user=people.sam).update(until_on=LONG_AGO)
    del people.sam.roles

    assert not MemberTarget.objects.visible_to(people.sam).exists()


def test_staff_of_the_same_corporate_group_do_not_decide(people, member, today):
    target = proposed(member, people.ada, today)
    holding = make_organisation("The holding", sort="other")
    group = CorporateGroup.objects.create(name="A group")
    for organisation in (holding, member.organisation):
        GroupMembership.objects.create(
            organisation=organisation, group=group, from_on=LONG_AGO, source="Annual report"
        )
    Affiliation.objects.create(user=people.sam, organisation=holding)

    with pytest.raises(services.CannotDecide, match="belongs to the same corporate group"):
        services.approve_target(target_id=target.pk, by=people.sam, on=today)
