"""Clocks, hearings, cures, automatic steps, steps further, and the way back: by the services."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from members.models import Letter, Member
from suspensions import selectors, services
from suspensions.models import Breach, Case, Paper
from suspensions.rules.procedure import IllegalAction
from tests.factories import LAMPS, make_edition, make_member
from tests.suspensions.builders import DAY, decide, make_breach, make_case

pytestmark = pytest.mark.django_db


def on_warning(*lines):
    """The edition whose first step says more."""
    said = "".join(f"        {line}\n" for line in lines)
    return LAMPS.replace("        standing: warned\n", f"        standing: warned\n{said}", 1)


def world(people, text):
    make_edition(text, by=people.sam)
    return make_member(
        "Ada & Co", representative=people.ada, signatory=people.sid, adviser=people.avi
    )


def stage(case, on):
    return Case.objects.with_stage(on).get(pk=case.pk).stage


def standing(member, on):
    return Member.objects.with_standing(on).get(pk=member.pk).standing


PAUSING = LAMPS.replace("    start: warning", "    pauses: [agreement]\n    start: warning")


def test_a_clock_stands_still_and_runs_on(people):
    member = world(people, PAUSING)
    case = make_case(member, people, "notified")
    stop, go = DAY.served + timedelta(days=5), DAY.served + timedelta(days=15)

    named = {"case_id": case.pk, "text": "Both sides talk.", "by": people.cam}
    services.pause_clocks(ground="agreement", on=stop, **named)
    assert selectors.stands_still(case, on=stop)
    with pytest.raises(IllegalAction, match="stand still already"):
        services.pause_clocks(ground="agreement", on=stop, **named)
    services.resume_clocks(on=go, **named)

    assert stage(case, DAY.unanswered) == "notified"
    assert stage(case, DAY.unanswered + timedelta(days=10)) == "unanswered"
    assert Paper.objects.filter(case=case, sort=Paper.Sort.CLOCK).count() == 2
    assert Letter.objects.filter(template="case-clock").exists()


@pytest.mark.parametrize(
    ("ground", "text", "says"),
    [
        pytest.param("court_order", "x", "allows agreement", id="a ground the ladder lacks"),
        pytest.param("appeal", "x", "allows agreement", id="what is a fact of its own"),
        pytest.param("agreement", " ", "nothing is written", id="no reason"),
    ],
)
def test_a_pause_needs_its_ground_and_reason(people, ground, text, says):
    case = make_case(world(people, PAUSING), people, "notified")

    with pytest.raises(IllegalAction, match=says):
        services.pause_clocks(
            case_id=case.pk, ground=ground, text=text, by=people.cam, on=DAY.served
        )
    with pytest.raises(PermissionDenied):
        services.pause_clocks(
            case_id=case.pk, ground="agreement", text="x", by=people.sam, on=DAY.served
        )


def test_more_time_is_given_by_decision_and_only_more(people, member):
    case = make_case(member, people, "notified")
    named = {"case_id": case.pk, "clock": "answer", "text": "Long papers.", "by": people.cam}
    later = DAY.unanswered + timedelta(days=20)

    with pytest.raises(IllegalAction, match="runs until"):
        services.extend_clock(until_on=DAY.answered, on=DAY.served, **named)
    with pytest.raises(IllegalAction, match="the time to answer runs"):
        services.extend_clock(until_on=later, on=DAY.served, **named | {"clock": "appeal"})
    services.extend_clock(until_on=later, on=DAY.served, **named)

    assert stage(case, later) == "notified"
    assert stage(case, later + timedelta(days=1)) == "unanswered"


ORAL = LAMPS.replace("hearing: written", "hearing: oral")


def test_who_was_promised_a_hearing_is_heard_before_the_decision(people):
    case = make_case(world(people, ORAL), people, "answered")
    entry = decide(case, people, "impose", DAY.decided)
    with pytest.raises(IllegalAction, match="promises an oral hearing"):
        services.carry_out(case_id=case.pk, decision=entry, by=people.cam, on=DAY.told)

    named = {"case_id": case.pk, "text": "Heard in the morning.", "by": people.cam}
    with pytest.raises(IllegalAction, match="no form of hearing"):
        services.record_hearing(form="by phone", on=DAY.told, **named)
    services.record_hearing(form="oral", on=DAY.told, **named)

    assert stage(case, DAY.told) == "heard"
    services.carry_out(case_id=case.pk, decision=entry, by=people.cam, on=DAY.told)
    assert stage(case, DAY.told) == "imposed"


AUTOMATIC = on_warning("acts: automatic").replace(
    "        published: once_final\n        next: suspension",
    "        published: once_final\n"
    '        departs: {from: [body], because: A date alone is at stake., clause: "8.1"}\n'
    "        next: suspension",
)


def test_an_automatic_step_still_needs_its_act_and_every_notice_says_what_it_leaves_out(people):
    case = make_case(world(people, AUTOMATIC), people, "unanswered")

    with pytest.raises(IllegalAction, match="apply the automatic step"):
        services.apply_step(case_id=case.pk, reasons="x", by=people.cam, on=DAY.answered)
    services.apply_step(case_id=case.pk, reasons="Nothing came.", by=people.cam, on=DAY.unanswered)

    assert stage(case, DAY.unanswered) == "imposed"
    assert standing(case.member, DAY.unanswered) == "warned"
    for template in ("case-notice", "case-measure"):
        body = Letter.objects.filter(template=template).first().body
        assert "A date alone is at stake." in body
        assert "no body decides that could decide otherwise" in body


def test_a_proposal_is_not_applied_without_a_body(people, member):
    case = make_case(member, people, "unanswered")

    with pytest.raises(IllegalAction, match="for board to decide"):
        services.apply_step(case_id=case.pk, reasons="x", by=people.cam, on=DAY.unanswered)


CURING = on_warning("cure: triggering_failure").replace(
    "        standing: suspended\n",
    "        standing: suspended\n        when: {after: {days: 30}}\n",
)


def test_what_is_made_good_closes_the_case_and_ends_the_measure(people):
    member = world(people, CURING)
    case = make_case(member, people, "imposed")
    breach = Breach.objects.get(case=case)
    cured = DAY.told + timedelta(days=10)
    assert standing(member, cured) == "warned"

    with pytest.raises(IllegalAction, match="say what shows"):
        services.record_cure(breach_id=breach.pk, reason=" ", by=people.cam, on=cured)
    services.record_cure(breach_id=breach.pk, reason="Filed.", by=people.cam, on=cured)

    assert standing(member, cured) == "good"
    assert stage(case, cured) == "cured"
    with pytest.raises(IllegalAction, match="it is cured"):
        services.record_cure(breach_id=breach.pk, reason="x", by=people.cam, on=cured)


def test_what_is_not_made_good_in_time_goes_a_step_further(people):
    member = world(people, CURING)
    case = make_case(member, people, "imposed")
    due = DAY.told + timedelta(days=30)
    with pytest.raises(IllegalAction, match="no step after warning"):
        services.escalate(case_id=case.pk, by=people.cam, on=due - timedelta(days=1))

    further = services.escalate(case_id=case.pk, by=people.cam, on=due)

    assert (further.step, further.follows) == ("suspension", case)
    assert list(further.stands_on) == list(Breach.objects.filter(case=case))
    assert not selectors.steps_proposed(member, case.ladder, on=due)
    services.serve_notice(case_id=further.pk, text="Answer.", by=people.cam, on=due)
    assert stage(further, due) == "notified"


SERIOUS = LAMPS.replace("    start: warning", "    serious_cases: [suspension]\n    start: warning")


@pytest.mark.parametrize(
    ("step", "reasons", "says"),
    [
        pytest.param("exclusion", "x", "allowed: warning, suspension", id="not at every step"),
        pytest.param("suspension", " ", "say why", id="not without reasons"),
    ],
)
def test_a_serious_case_enters_further_up_only_as_the_ladder_says(people, step, reasons, says):
    breach = make_breach(world(people, SERIOUS), people, state="confirmed")
    named = {"breach_ids": [breach.pk], "by": people.cam, "on": DAY.opened}

    with pytest.raises(IllegalAction, match=says):
        services.open_case(step=step, reasons=reasons, **named)
    assert not Case.objects.exists()
    case = services.open_case(step="suspension", reasons="Workers were hurt.", **named)

    assert case.step == "suspension"
    assert Paper.objects.get(case=case).sort == Paper.Sort.SERIOUS


WAY_BACK = on_warning(
    "reinstatement: {needs: [cure_evidence, new_commitment], wait: {days: 20},"
    ' probation: {days: 90}, clause: "8.6"}'
)


def test_the_way_back_is_gone_step_by_step_and_ends_in_probation(people):
    member = world(people, WAY_BACK)
    case = make_case(member, people, "imposed")
    entry = decide(case, people, "lift", DAY.lifted)
    lift = {"case_id": case.pk, "decision": entry, "by": people.cam, "on": DAY.lifted}
    with pytest.raises(IllegalAction, match=r"8\.6: needs cure evidence, new commitment"):
        services.lift(**lift)

    on = DAY.told + timedelta(days=3)
    services.renew_commitment(case_id=case.pk, text="On time from now.", by=people.sid, on=on)
    breach = Breach.objects.get(case=case)
    services.record_cure(breach_id=breach.pk, reason="Filed.", by=people.cam, on=on)
    services.lift(**lift)

    assert standing(member, DAY.lifted) == "probation"
    assert standing(member, DAY.lifted + timedelta(days=90)) == "probation"
    assert standing(member, DAY.lifted + timedelta(days=91)) == "good"
