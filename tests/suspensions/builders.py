"""Cases at any stage, brought there through the services."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from accounts.selectors import system_user
from governance import services as governance
from governance.models import Body
from suspensions import services
from suspensions.models import Breach, Case

MISSED = date(2026, 5, 1)  # the first day after the late window of 2025
DAY = SimpleNamespace(
    raised=date(2026, 5, 2),
    lapsed=date(2026, 5, 17),  # fourteen days to correct facts, then
    opened=date(2026, 5, 18),
    served=date(2026, 5, 20),
    answered=date(2026, 6, 1),
    unanswered=date(2026, 6, 20),  # thirty days, then
    decided=date(2026, 6, 25),
    told=date(2026, 6, 26),
    appealed=date(2026, 7, 10),
    heard=date(2026, 8, 1),
    lifted=date(2026, 9, 1),
)


def make_body(people: SimpleNamespace, code: str = "board") -> Body:
    return governance.create_body(code=code, name=f"The {code}", by=people.sam, on=date(2020, 1, 1))


def make_breach(member, people, *, state: str = "provisional") -> Breach:
    """Make the breach for the missed return of 2025."""
    if not Breach.objects.filter(member=member).exists():
        services.advance(by=system_user(), on=DAY.raised, up_to=MISSED)
    breach = Breach.objects.get(member=member, key="no-return:2025")
    decide = {"confirmed": services.confirm_breach, "dismissed": services.dismiss_breach}
    if state in decide:
        decide[state](breach_id=breach.pk, reason="Looked at it.", by=people.cam, on=DAY.lapsed)
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


def make_case(member, people, stage: str = "opened") -> Case:
    """Make a case at ``stage``. The day on which it is there is ``day_of(stage)``."""
    breach = make_breach(member, people, state="confirmed")
    case = services.open_case(breach_ids=[breach.pk], by=people.cam, on=DAY.opened)
    for act in PATHS[stage]:
        act(case, people)
    return case


def _serve(case, people):
    services.serve_notice(case_id=case.pk, text="Please answer.", by=people.cam, on=DAY.served)


def _answer(case, people):
    services.receive_answer(case_id=case.pk, text="We were late.", by=people.ada, on=DAY.answered)


def _carry_out(outcome):
    def act(case, people):
        entry = decide(case, people, outcome, DAY.decided)
        services.carry_out(case_id=case.pk, decision=entry, by=people.cam, on=DAY.told)

    return act


def _appeal(case, people):
    services.file_appeal(case_id=case.pk, text="We disagree.", by=people.sid, on=DAY.appealed)


def _hear(outcome):
    def act(case, people):
        entry = decide(case, people, outcome, DAY.heard, body="appeals")
        services.decide_appeal(case_id=case.pk, decision=entry, by=people.cam, on=DAY.heard)

    return act


def _lift(case, people):
    entry = decide(case, people, "lift", DAY.lifted)
    services.lift(case_id=case.pk, decision=entry, by=people.cam, on=DAY.lifted)


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


def day_of(stage: str) -> date:
    """Return the day on which a case made at ``stage`` stands there."""
    return {
        "opened": DAY.opened,
        "notified": DAY.served,
        "answered": DAY.answered,
        "unanswered": DAY.unanswered,
        "imposed": DAY.told,
        "dismissed": DAY.told,
        "appealed": DAY.appealed,
        "final": DAY.heard,
        "set_aside": DAY.heard,
        "lifted": DAY.lifted,
    }[stage]
