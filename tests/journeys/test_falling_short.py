"""What follows when a member falls short: each act by the person whose act it is."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.selectors import system_user
from governance import services as governance
from ledger import services as ledger
from ledger.models import Entry
from members import events
from members import services as members
from members.models import Letter, Member, Span
from members.rules import Source
from members.services import Statement
from rulebooks.rules import facts
from suspensions import services
from suspensions.models import Breach, Case
from suspensions.rules.procedure import IllegalAction
from tests.factories import LAMPS, make_edition, make_member, make_organisation
from tests.suspensions.builders import decide

pytestmark = pytest.mark.django_db

KEY = "no-return:2025"


def advance(on):
    return services.advance(by=system_user(), on=on)


def standing(member, on):
    return Member.objects.with_standing(on).get(pk=member.pk).standing


def right(member, name, on):
    spans = Span.objects.in_force(on).filter(member=member, kind="right", key=name)
    return spans.get().state


def stage(case, on):
    return Case.objects.with_stage(on).get(pk=case.pk).stage


@pytest.fixture
def late(people):
    """Ada's member has filed every return but that of 2025, under a ladder that suspends first."""
    make_edition(LAMPS.replace("    start: warning", "    start: suspension").replace(
        LAMPS[LAMPS.index("      - code: warning") : LAMPS.index("      - code: suspension")], ""
    ), by=people.sam)  # fmt: skip
    member = make_member(
        "Ada & Co", representative=people.ada, signatory=people.sid, adviser=people.avi
    )
    with_return(member, "2024", date(2025, 3, 1))
    return member


def with_return(member, period, on):
    event = events.FactCorrected(fact_id=0)
    entry = ledger.record(event, subject=member, actor=system_user(), on=on)
    members.state(facts.ReturnFiled(), member=member, about_on=on, entry=entry, key=period)


def test_a_return_that_was_filed_after_all(late, people):
    assert advance(date(2026, 4, 30)).raised == 0
    assert advance(date(2026, 5, 1)).raised == 1
    breach = Breach.objects.get(member=late)
    assert Letter.objects.filter(template="breach-raised", status="held").count() == 2

    services.contest(
        breach_id=breach.pk, text="It went by post.", by=people.ada, on=date(2026, 5, 4)
    )
    with_return(late, "2025", date(2026, 3, 30))
    services.dismiss_breach(
        breach_id=breach.pk, reason="Received in March.", by=people.cam, on=date(2026, 5, 6)
    )

    assert advance(date(2026, 6, 1)).raised == 0
    assert standing(late, date(2027, 1, 1)) == "good"
    assert not Case.objects.exists()


def confirmed_case(late, people):
    advance(date(2026, 5, 2))
    breach = Breach.objects.get(member=late)
    services.confirm_breach(
        breach_id=breach.pk, reason="Nothing came.", by=people.cam, on=date(2026, 5, 17)
    )
    case = services.open_case(breach_ids=[breach.pk], by=people.cam, on=date(2026, 5, 18))
    services.serve_notice(case_id=case.pk, text="Notice.", by=people.cam, on=date(2026, 5, 20))
    return case


def suspended_case(late, people):
    case = confirmed_case(late, people)
    with pytest.raises(ValueError, match="awaits no decision"):
        decide(case, people, "impose", date(2026, 6, 19))  # the last day to answer
    entry = decide(case, people, "impose", date(2026, 6, 20))
    services.carry_out(
        case_id=case.pk,
        decision=entry,
        effective_on=date(2026, 7, 1),
        by=people.cam,
        on=date(2026, 6, 22),
    )
    return case


def test_from_a_missed_return_to_suspension_and_back(late, people):
    case = suspended_case(late, people)

    assert [standing(late, date(2026, m, d)) for m, d in ((6, 30), (7, 1))] == ["good", "suspended"]
    assert right(late, "vote", date(2026, 7, 1)) == "lost"
    assert [right(late, "label", date(2026, m, d)) for m, d in ((7, 31), (8, 1))] == [
        "held",
        "lost",
    ]
    assert stage(case, date(2026, 7, 22)) == "imposed"
    assert stage(case, date(2026, 7, 23)) == "final"

    entry = decide(case, people, "lift", date(2026, 9, 1))
    services.lift(case_id=case.pk, decision=entry, by=people.cam, on=date(2026, 9, 2))

    assert standing(late, date(2026, 9, 1)) == "suspended"
    assert standing(late, date(2026, 9, 2)) == "good"
    assert right(late, "vote", date(2026, 9, 2)) == right(late, "label", date(2026, 9, 2)) == "held"
    assert stage(case, date(2026, 9, 2)) == "lifted"


def test_an_appeal_rests_the_measure_and_sets_it_aside(late, people):
    case = suspended_case(late, people)

    services.file_appeal(case_id=case.pk, text="We object.", by=people.sid, on=date(2026, 7, 10))
    assert standing(late, date(2026, 7, 9)) == "suspended"
    assert standing(late, date(2026, 7, 10)) == "good"
    assert right(late, "vote", date(2026, 7, 10)) == "held"
    with pytest.raises(IllegalAction, match="upheld or set_aside"):
        services.lift(
            case_id=case.pk,
            decision=Entry.objects.filter(event="governance.decision.recorded").get().pk,
            by=people.cam,
            on=date(2026, 7, 11),
        )
    entry = decide(case, people, "set_aside", date(2026, 8, 1), body="appeals")
    services.decide_appeal(case_id=case.pk, decision=entry, by=people.cam, on=date(2026, 8, 3))

    assert stage(case, date(2026, 8, 3)) == "set_aside"
    for day in (date(2026, 8, 2), date(2026, 8, 3), date(2027, 8, 3)):
        assert standing(late, day) == "good"
        assert right(late, "label", day) == "held"
    told = Letter.objects.filter(template="appeal-decided", to=people.sid).get()
    assert "the measure is set aside" in told.subject


def test_an_appeal_that_fails_brings_the_measure_back(late, people):
    case = suspended_case(late, people)
    services.file_appeal(case_id=case.pk, text="We object.", by=people.avi, on=date(2026, 7, 10))
    entry = decide(case, people, "upheld", date(2026, 8, 1), body="appeals")
    services.decide_appeal(case_id=case.pk, decision=entry, by=people.cam, on=date(2026, 8, 3))

    assert [standing(late, date(2026, 8, d)) for d in (2, 3)] == ["good", "suspended"]
    assert stage(case, date(2026, 8, 3)) == "final"


def test_each_act_is_one_entry_by_the_person_who_did_it(late, people):
    suspended_case(late, people)

    acts = Entry.objects.filter(event__regex=r"^(suspensions|governance)\.").order_by("pk")
    said = [(entry.event, int(entry.actor.partition(":")[2])) for entry in acts]
    assert said == [
        ("suspensions.breaches.raised", system_user().pk),
        ("suspensions.breach.confirmed", people.cam.pk),
        ("suspensions.case.opened", people.cam.pk),
        ("suspensions.notice.served", people.cam.pk),
        ("governance.body.created", people.sam.pk),
        ("governance.decision.recorded", people.pat.pk),
        ("suspensions.decision.carried_out", people.cam.pk),
    ]


def test_a_quiet_start(people):
    """An initiative comes with ten years of imported history: nothing opens, nothing is sent."""
    make_edition(by=people.sam)
    today = timezone.localdate()
    entry = ledger.record(events.FactCorrected(fact_id=0), subject=people.sam, actor=people.sam,
                          on=today)  # fmt: skip
    statements = []
    for number in range(30):
        member = Member.objects.create(
            code=f"M{number:04d}",
            organisation=make_organisation(),
            member_class="full",
            chamber="companies",
            admitted_on=date(2020, 1, 1),
        )
        members.give_mandate(member=member, user=people.ada, post=members.mandates.Post.SIGNATORY,
                             capacity="CEO", by=people.sam, on=today)  # fmt: skip
        admitted = facts.MemberAdmitted("full", "companies")
        statements.append(Statement(member, admitted, date(2020, 1, 1)))
        score = facts.ScorePublished("lamps-2024", {}, {"papers": "No - kept by the employer"})
        statements += [Statement(member, score, date(y + 1, 6, 1), str(y)) for y in (2023, 2024)]
    members.state_many(statements, entry=entry, source=Source.IMPORTED)

    done = advance(today)

    hits = Span.objects.filter(kind="breach", from_on__lte=today)
    assert hits.filter(state="quiet").count() >= 90
    assert not hits.exclude(state="quiet").exists()
    assert (done.raised, Breach.objects.count(), Case.objects.count()) == (0, 0, 0)
    assert not Letter.objects.exists()


def test_bodies_that_sit_on_a_case_are_told_apart(late, people):
    case = confirmed_case(late, people)
    panel = governance.create_body(code="appeals", name="Appeals", by=people.sam,
                                   on=date(2026, 1, 1))  # fmt: skip

    with pytest.raises(ValueError, match="for board to decide"):
        governance.record_decision(
            member=late, body=panel, matter=case.code, outcome="impose", reasons="x",
            by=people.pat, on=date(2026, 6, 20) + timedelta(days=1),
        )  # fmt: skip
