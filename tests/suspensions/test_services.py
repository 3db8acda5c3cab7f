from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.selectors import system_user
from governance.selectors import NotADecision
from ledger.models import Entry
from members.models import Fact, Letter, Span
from members.services import Statement, state_many
from rulebooks.rules import facts
from suspensions import services
from suspensions.models import Breach, Case, Paper
from suspensions.rules.procedure import IllegalAction
from tests.factories import make_member, state
from tests.suspensions.builders import (
    DAY,
    MISSED,
    STAGES,
    day_of,
    decide,
    make_breach,
    make_case,
)

pytestmark = pytest.mark.django_db


KEY = "no-return:2025"


def advance(on=DAY.raised, **more):
    return services.advance(by=system_user(), on=on, **more)


def stage(case, on):
    return Case.objects.with_stage(on).get(pk=case.pk).stage


def everything():
    return [m.objects.count() for m in (Entry, Fact, Letter, Breach, Case, Paper, Span)]


# The daily run


def test_a_missed_return_becomes_a_provisional_breach_with_its_proof(member):
    advance()

    breach = Breach.objects.with_state(DAY.raised).get(member=member, key=KEY)
    assert (breach.status, breach.state) == ("provisional", "provisional")
    assert (breach.arose_on, breach.raised_on) == (MISSED, DAY.raised)
    assert breach.because == "could be filed until 2026-04-30"
    assert breach.edition.code == "lamps-2024"
    assert breach.correct_until == DAY.raised + timedelta(days=14)
    stated = Fact.objects.get(member=member, kind="breach.raised", key=KEY)
    assert stated.about_on == DAY.raised


def test_a_breach_is_never_dated_before_the_run_that_raised_it(member):
    late = date(2026, 8, 15)

    advance(late, up_to=MISSED)

    assert Breach.objects.get(member=member, key=KEY).raised_on == late
    assert Fact.objects.get(member=member, kind="breach.raised", key=KEY).about_on == late
    clock = Span.objects.get(member=member, key=f"correction:{KEY}", state="running")
    assert (clock.from_on, clock.until_on) == (late, date(2026, 8, 30))


def test_a_hit_after_the_day_asked_for_is_left(member):
    advance(DAY.raised, up_to=date(2026, 4, 30))

    assert set(Breach.objects.values_list("key", flat=True)) == {"no-return:2024"}


def test_a_second_run_changes_nothing(member):
    first = advance()
    before = everything()

    second = advance()

    assert (first.raised, second.raised, second.reminded) == (4, 0, 0)
    assert everything() == before


def test_a_batch_is_one_entry_in_the_record_whatever_it_raises(member):
    advance()

    entry = Entry.objects.get(event="suspensions.breaches.raised")
    assert entry.data["count"] == Breach.objects.count()
    assert set(Fact.objects.filter(kind="breach.raised").values_list("entry", flat=True)) == {
        entry.pk
    }


def test_the_letter_is_held_and_says_what_by_when_and_what_follows(member, people):
    make_breach(member, people)

    letters = Letter.objects.filter(member=member, template="breach-raised", key__contains="2025")
    assert {letter.to for letter in letters} == {people.ada, people.sid}
    letter = letters[0]
    assert letter.status == Letter.Status.HELD
    for words in ("Ada & Co", "clause 7.1", "until 16 May 2026", "30 Apr 2026", "case officer"):
        assert words in letter.body


def test_quiet_hits_open_nothing(edition):
    """Imported, or before the obligation is enforced: no breach, no letter, no case."""
    member = make_member("Old Lamps", admitted_on=date(2020, 1, 1))
    advance(date(2024, 12, 31))

    assert Span.objects.filter(member=member, kind="breach", state="quiet").exists()
    assert (Breach.objects.count(), Letter.objects.count(), Case.objects.count()) == (0, 0, 0)


def test_each_member_is_reminded_once_of_a_return_due_soon(member, people):
    early, soon = date(2026, 3, 16), date(2026, 3, 17)
    assert advance(early, up_to=date(2025, 1, 1)).reminded == 0

    assert advance(soon, up_to=date(2025, 1, 1)).reminded == 2
    assert advance(soon + timedelta(days=1), up_to=date(2025, 1, 1)).reminded == 0
    letter = Letter.objects.get(template="return-due", to=people.ada)
    assert letter.status == Letter.Status.HELD
    assert "Year 2025 is due on 31 Mar 2026" in letter.subject
    assert "late until 30 Apr 2026" in letter.body


def test_who_has_filed_is_not_reminded_and_not_in_breach(member, people):
    state(member, facts.ReturnFiled(), date(2026, 2, 1), key="2025")

    advance(date(2026, 3, 20), up_to=date(2025, 1, 1))
    advance()

    assert not Letter.objects.filter(member=member, template="return-due").exists()
    assert not Breach.objects.filter(member=member, key="no-return:2025").exists()


def test_a_return_not_yet_enforced_reminds_nobody(edition, people):
    make_member("Old Lamps", representative=people.ada)

    assert advance(date(2024, 3, 25)).reminded == 0


def test_a_batch_takes_the_same_number_of_queries_however_many_members(edition):
    def queries(count):
        for number in range(count):
            make_member(f"Lamp {count} {number}")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            advance()
        return len(seen)

    queries(1)
    assert queries(12) == queries(2)


@pytest.mark.parametrize("who", ["ada", "bea", "ann", "noor", "pat", "lou"])
def test_only_staff_and_the_platform_run_it(member, people, who):
    with pytest.raises(PermissionDenied):
        services.advance(by=getattr(people, who), on=DAY.raised)


# A breach


def test_the_members_people_contest_within_their_time(member, people):
    breach = make_breach(member, people)

    services.contest(breach_id=breach.pk, text=" Filed it. ", by=people.ada, on=DAY.raised)

    breach.refresh_from_db()
    assert (breach.contest, breach.contested_by) == ("Filed it.", people.ada)
    assert "Filed" not in str(list(Entry.objects.values_list("data", flat=True)))


@pytest.mark.parametrize(
    ("text", "days", "says"),
    [
        ("Filed.", 15, "time to correct facts has run out"),
        ("  ", 1, "say which facts are wrong"),
    ],
)
def test_a_contest_in_vain(member, people, text, days, says):
    breach = make_breach(member, people)

    with pytest.raises(IllegalAction, match=says):
        services.contest(
            breach_id=breach.pk, text=text, by=people.ada, on=DAY.raised + timedelta(days=days)
        )


def test_a_breach_is_contested_once(member, people):
    breach = make_breach(member, people)
    services.contest(breach_id=breach.pk, text="One.", by=people.ada, on=DAY.raised)

    with pytest.raises(IllegalAction, match="contested on"):
        services.contest(breach_id=breach.pk, text="Two.", by=people.sid, on=DAY.raised)


@pytest.mark.parametrize("who", ["eve", "ann", "bea", "noor"])
def test_nobody_else_finds_the_breach(member, people, who):
    breach = make_breach(member, people)

    with pytest.raises(Breach.DoesNotExist):
        services.contest(breach_id=breach.pk, text="x", by=getattr(people, who), on=DAY.raised)


def test_an_officer_waits_until_the_time_has_run_out(member, people):
    breach = make_breach(member, people)
    last = DAY.lapsed - timedelta(days=1)

    with pytest.raises(IllegalAction, match="may correct facts until 2026-05-16"):
        services.confirm_breach(breach_id=breach.pk, reason="x", by=people.cam, on=last)
    services.confirm_breach(breach_id=breach.pk, reason="x", by=people.cam, on=DAY.lapsed)

    breach = Breach.objects.with_state(DAY.lapsed).get(pk=breach.pk)
    assert (breach.status, breach.state) == ("confirmed", "confirmed")


def test_an_officer_need_not_wait_for_a_member_that_has_answered(member, people):
    breach = make_breach(member, people)
    services.contest(breach_id=breach.pk, text="Filed it.", by=people.ada, on=DAY.raised)

    services.confirm_breach(breach_id=breach.pk, reason="Not so.", by=people.cam, on=DAY.raised)


def test_a_breach_whose_ground_fell_away_can_only_be_dismissed(member, people):
    breach = make_breach(member, people)
    state(member, facts.ReturnFiled(), date(2026, 3, 30), key="2025")

    with pytest.raises(IllegalAction, match="in review; allowed now: contest it, dismiss it"):
        services.confirm_breach(breach_id=breach.pk, reason="x", by=people.cam, on=DAY.lapsed)
    services.dismiss_breach(breach_id=breach.pk, reason="Filed.", by=people.cam, on=DAY.lapsed)


@pytest.mark.parametrize("act", [services.confirm_breach, services.dismiss_breach])
def test_a_breach_is_decided_once_with_a_reason_by_an_officer(member, people, act):
    breach = make_breach(member, people)

    with pytest.raises(IllegalAction, match="give the reason"):
        act(breach_id=breach.pk, reason=" ", by=people.cam, on=DAY.lapsed)
    with pytest.raises(PermissionDenied):
        act(breach_id=breach.pk, reason="x", by=people.sam, on=DAY.lapsed)
    act(breach_id=breach.pk, reason="x", by=people.cam, on=DAY.lapsed)
    before = everything()
    with pytest.raises(IllegalAction, match="cannot"):
        act(breach_id=breach.pk, reason="x", by=people.cam, on=DAY.lapsed)
    assert everything() == before


# A case


def test_a_case_is_opened_on_confirmed_breaches_and_aims_at_the_first_step(member, people):
    case = make_case(member, people)

    assert (case.code, case.step, stage(case, DAY.opened)) == ("C0001", "warning", "opened")
    assert Breach.objects.get(key="no-return:2025", member=member).case == case


def test_the_next_case_aims_at_the_next_step(member, people):
    make_case(member, people, "imposed")
    other = Breach.objects.get(member=member, key="no-return:2024")
    services.confirm_breach(breach_id=other.pk, reason="x", by=people.cam, on=DAY.told)

    with pytest.raises(IllegalAction, match="this case aims at suspension, not at warning"):
        services.open_case(breach_ids=[other.pk], step="warning", by=people.cam, on=DAY.told)
    case = services.open_case(breach_ids=[other.pk], by=people.cam, on=DAY.told)

    assert (case.code, case.step) == ("C0002", "suspension")


def test_a_case_needs_confirmed_breaches_of_one_member_not_yet_in_a_case(member, people):
    breach = make_breach(member, people)
    others = list(Breach.objects.exclude(member=member))

    def opening(*breaches):
        ids = [b.pk for b in breaches]
        return services.open_case(breach_ids=ids, by=people.cam, on=DAY.opened)

    for breaches, says in [([], "one or more"), ([breach], "is provisional"),
                           ([breach, *others], "of one member")]:  # fmt: skip
        with pytest.raises(IllegalAction, match=says):
            opening(*breaches)
    services.confirm_breach(breach_id=breach.pk, reason="x", by=people.cam, on=DAY.lapsed)
    opening(breach)
    with pytest.raises(IllegalAction, match="stands in C0001 already"):
        opening(breach)


def test_one_case_is_decided_before_the_next_is_opened(member, people):
    make_case(member, people, "notified")
    other = Breach.objects.get(member=member, key="no-return:2024")
    services.confirm_breach(breach_id=other.pk, reason="x", by=people.cam, on=DAY.served)

    with pytest.raises(IllegalAction, match="C0001 is notified and awaits its decision"):
        services.open_case(breach_ids=[other.pk], by=people.cam, on=DAY.served)


@pytest.mark.parametrize("at", STAGES)
def test_a_case_comes_to_each_stage(member, people, at):
    case = make_case(member, people, at)

    assert stage(case, day_of(at)) == at


def test_nothing_is_done_before_what_was_done(member, people):
    case = make_case(member, people, "notified")

    with pytest.raises(IllegalAction, match="cannot follow one of 2026-05-20"):
        services.serve_notice(case_id=case.pk, text="x", by=people.cam, on=DAY.opened)


def test_the_answer_clock_runs_from_the_recorded_service(member, people):
    make_case(member, people, "notified")

    clock = Span.objects.get(kind="clock", key="answer:C0001", state="running")
    assert (clock.from_on, clock.until_on) == (DAY.served, DAY.unanswered)
    assert clock.because == "2026-05-20 + 30 days = 2026-06-19"
    letter = Letter.objects.get(template="case-notice", to=people.ada)
    assert "answer until 19 Jun 2026" in letter.subject
    assert "clause 7.1" in letter.body


def test_a_member_answers_also_late_and_an_officer_may_take_its_paper(member, people):
    case = make_case(member, people, "unanswered")

    services.receive_answer(case_id=case.pk, text="Sorry.", by=people.cam, on=DAY.unanswered)

    assert stage(case, DAY.unanswered) == "answered"


# What a body decided


def carry_out(case, people, entry, on=DAY.told, **more):
    return services.carry_out(case_id=case.pk, decision=entry, by=people.cam, on=on, **more)


def test_a_decision_of_another_body_or_too_early_is_not_even_recorded(member, people):
    case = make_case(member, people, "notified")

    with pytest.raises(ValueError, match="awaits no decision: it is notified"):
        decide(case, people, "impose", DAY.unanswered - timedelta(days=1))
    with pytest.raises(ValueError, match="is for board to decide, not for panel"):
        decide(case, people, "impose", DAY.decided, body="panel")


def test_a_decision_counts_in_its_own_case_only(member, people):
    case = make_case(member, people, "unanswered")
    entry = decide(case, people, "impose", DAY.decided)
    other = make_member("Third Lamps", representative=people.noor)
    advance(DAY.raised)
    breach = Breach.objects.get(member=other, key="no-return:2025")
    services.confirm_breach(breach_id=breach.pk, reason="x", by=people.cam, on=DAY.lapsed)
    second = services.open_case(breach_ids=[breach.pk], by=people.cam, on=DAY.opened)
    services.serve_notice(case_id=second.pk, text="x", by=people.cam, on=DAY.served)

    with pytest.raises(IllegalAction, match=f"taken in C0001 about {member.code}"):
        carry_out(second, people, entry)


def test_only_a_decision_can_be_carried_out_and_not_before_it_was_taken(member, people):
    case = make_case(member, people, "unanswered")
    entry = decide(case, people, "impose", DAY.decided)

    with pytest.raises(NotADecision):
        carry_out(case, people, entry - 1)
    with pytest.raises(IllegalAction, match="dated 2026-06-25, after 2026-06-24"):
        carry_out(case, people, entry, on=DAY.decided - timedelta(days=1))
    with pytest.raises(IllegalAction, match="cannot hold from 2026-06-25: that is before"):
        carry_out(case, people, entry, effective_on=DAY.decided)
    assert stage(case, DAY.told) == "unanswered"


def test_a_decision_is_carried_out_once(member, people):
    case = make_case(member, people, "unanswered")
    entry = decide(case, people, "impose", DAY.decided)
    carry_out(case, people, entry)
    before = everything()

    with pytest.raises(IllegalAction, match="imposed on that day"):
        carry_out(case, people, entry)
    assert everything() == before


@pytest.mark.parametrize("who", ["sam", "pat", "bea", "ada", "lou"])
def test_only_the_case_officer_carries_out(member, people, who):
    case = make_case(member, people, "unanswered")
    entry = decide(case, people, "impose", DAY.decided)

    with pytest.raises(PermissionDenied):
        services.carry_out(case_id=case.pk, decision=entry, by=getattr(people, who), on=DAY.told)


def test_the_time_to_appeal_runs_from_the_day_the_member_is_told(member, people):
    case = make_case(member, people, "imposed")

    clock = Span.objects.get(kind="clock", key="appeal:C0001", state="running")
    assert (clock.from_on, clock.until_on) == (DAY.told, date(2026, 7, 27))
    assert stage(case, date(2026, 7, 26)) == "imposed"
    assert stage(case, date(2026, 7, 27)) == "final"


def test_an_appeal_comes_from_signatory_or_adviser_in_time(member, people):
    case = make_case(member, people, "imposed")

    with pytest.raises(PermissionDenied):
        services.file_appeal(case_id=case.pk, text="x", by=people.ada, on=DAY.appealed)
    with pytest.raises(IllegalAction, match="it is final"):
        services.file_appeal(case_id=case.pk, text="x", by=people.sid, on=date(2026, 7, 27))
    services.file_appeal(case_id=case.pk, text="x", by=people.avi, on=date(2026, 7, 26))


def test_nobody_judges_an_appeal_against_itself(member, people):
    case = make_case(member, people, "appealed")

    with pytest.raises(ValueError, match="another body decides the appeal"):
        decide(case, people, "upheld", DAY.heard)


def test_what_is_written_stays_out_of_the_record(member, people):
    make_case(member, people, "final")

    said = " ".join(str(entry.data) for entry in Entry.objects.all())
    for words in ("Ada", "We were late", "Because of", "disagree", "Looked"):
        assert words not in said


def test_an_act_that_fails_leaves_nothing_behind(member, people, monkeypatch):
    case = make_case(member, people, "unanswered")
    entry = decide(case, people, "impose", DAY.decided)
    before = everything()

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("members.services.letters.queue", fail)  # the last thing it does
    with pytest.raises(RuntimeError):
        carry_out(case, people, entry)
    assert everything() == before


def test_an_extension_granted_later_puts_the_breach_into_review(member, people):
    breach = make_breach(member, people)
    entry = Fact.objects.filter(member=member).last().entry
    what = facts.ExtensionGranted(until_on=date(2026, 6, 10))
    state_many([Statement(member, what, DAY.raised, "2025")], entry=entry)

    assert Breach.objects.with_state(DAY.lapsed).get(pk=breach.pk).state == "in_review"
