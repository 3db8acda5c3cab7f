"""Cases at any stage, brought there through the services."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

from accounts.selectors import system_user
from governance import services as governance
from governance.models import Body
from suspensions import services
from suspensions.models import Breach, Case
from tests.factories import LAMPS

# The edition with a matter to judge, and findings to watch.
RECORDING = LAMPS.replace(
    "\nbreaches:\n",
    """
judgements:
  - {code: good-faith, title: Effort in good faith, outcomes: [shown, not shown], clause: "5.2"}

breaches:
  - code: unfair
    title: No effort in good faith
    detector: {kind: recorded, judgement: good-faith, outcomes: [not shown]}
    correction_days: 14
    clause: "5.2"
  - code: unsafe
    title: A finding stays open
    detector: {kind: open_finding, severities: [priority, grave], within: {days: 7}}
    correction_days: 14
    clause: "5.3"
""",
    1,
)
MISSED = date(2026, 5, 1)  # the first day after the late window of 2025


def course(raised: date) -> SimpleNamespace:
    """The days of a case whose breach was raised on a day."""
    days = {
        "raised": 0,
        "lapsed": 15,  # fourteen days to correct facts, then
        "opened": 16,
        "served": 18,
        "answered": 30,
        "unanswered": 49,  # thirty days, then
        "decided": 54,
        "told": 55,
        "appealed": 69,
        "heard": 91,
        "lifted": 122,
    }
    return SimpleNamespace(**{name: raised + timedelta(days=n) for name, n in days.items()})


DAY = course(date(2026, 5, 2))


def lamps_missed_on(day: date) -> str:
    """The edition whose period 2025, alone, was missed on a day."""
    last = day - timedelta(days=1)
    return (
        LAMPS.replace("opens_on: 2026-01-15", f"opens_on: {last - timedelta(days=60)}")
        .replace("due_on: 2026-03-31", f"due_on: {last}")
        .replace("late_until: 2026-04-30", f"late_until: {last}")
        .replace("enforced_from: 2025-01-01", f"enforced_from: {last}")
        .replace("time_zone: Europe/Berlin", "time_zone: UTC")
    )


def make_body(people: SimpleNamespace, code: str = "board") -> Body:
    return governance.create_body(code=code, name=f"The {code}", by=people.sam, on=date(2020, 1, 1))


def make_breach(member, people, *, state: str = "provisional", day=DAY) -> Breach:
    """Make the breach for the missed return of 2025."""
    if not Breach.objects.filter(member=member).exists():
        services.advance(by=system_user(), on=day.raised)
    breach = Breach.objects.get(member=member, key="no-return:2025")
    decide = {"confirmed": services.confirm_breach, "dismissed": services.dismiss_breach}
    if state in decide:
        decide[state](breach_id=breach.pk, reason="Looked at it.", by=people.cam, on=day.lapsed)
    breach.refresh_from_db()
    return breach


def decide(case: Case, people, outcome: str, on: date, *, body: str = "board") -> int:
    """Record a body's decision, and return the number of its ledger entry."""
    decision = governance.record_decision(
        member=case.member,
        body=make_body(people, body),
        matter=case.code,
        outcome=outcome,
        reasons=f"Because of {outcome}.",
        by=people.pat,
        on=on,
    )
    return decision.entry_id


STAGES = (
    "opened", "notified", "answered", "unanswered", "imposed", "dismissed", "appealed", "final",
    "set_aside", "lifted",
)  # fmt: skip


def make_case(member, people, stage: str = "opened", day=DAY) -> Case:
    """Make a case at ``stage``. The day on which it is there is ``day_of(stage)``."""
    breach = make_breach(member, people, state="confirmed", day=day)
    case = services.open_case(breach_ids=[breach.pk], by=people.cam, on=day.opened)
    for act in PATHS[stage]:
        act(case, people, day)
    return case


def _serve(case, people, day=DAY):
    services.serve_notice(case_id=case.pk, text="Please answer.", by=people.cam, on=day.served)


def _answer(case, people, day=DAY):
    services.receive_answer(case_id=case.pk, text="We were late.", by=people.ada, on=day.answered)


def _carry_out(outcome):
    def act(case, people, day=DAY):
        entry = decide(case, people, outcome, day.decided)
        services.carry_out(case_id=case.pk, decision=entry, by=people.cam, on=day.told)

    return act


def _appeal(case, people, day=DAY):
    services.file_appeal(case_id=case.pk, text="We disagree.", by=people.sid, on=day.appealed)


def _hear(outcome):
    def act(case, people, day=DAY):
        entry = decide(case, people, outcome, day.heard, body="appeals")
        services.decide_appeal(case_id=case.pk, decision=entry, by=people.cam, on=day.heard)

    return act


def _lift(case, people, day=DAY):
    entry = decide(case, people, "lift", day.lifted)
    services.lift(case_id=case.pk, decision=entry, by=people.cam, on=day.lifted)


IMPOSED = (_serve, _carry_out("impose"))
PATHS = {
    "opened": (),
    "notified": (_serve,),
    "answered": (_serve, _answer),
    "unanswered": (_serve,),
    "imposed": IMPOSED,
    "dismissed": (_serve, _carry_out("dismiss")),
    "appealed": (*IMPOSED, _appeal),
    "final": (*IMPOSED, _appeal, _hear("upheld")),
    "set_aside": (*IMPOSED, _appeal, _hear("set_aside")),
    "lifted": (*IMPOSED, _lift),
}


def day_of(stage: str, day=DAY) -> date:
    """Return the day on which a case made at ``stage`` stands there."""
    return {
        "opened": day.opened,
        "notified": day.served,
        "answered": day.answered,
        "unanswered": day.unanswered,
        "imposed": day.told,
        "dismissed": day.told,
        "appealed": day.appealed,
        "final": day.heard,
        "set_aside": day.heard,
        "lifted": day.lifted,
    }[stage]
