"""What a member owes, has done and is told: for its own people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter

from accounts.models import User
from kpis import selectors as kpis
from kpis.models import Return, Scorecard, ScoreRun
from members.models import Condition, Letter, Member, Span
from members.rules import standing_words
from rulebooks.rules.timeline.changes import Kind
from suspensions.models import Breach, Case
from suspensions.rules.procedure import OPEN
from suspensions.rules.words import TIMES
from targets import selectors as targets
from targets.models import Period
from targets.rules import say_day

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that a member owes: a return, texts to sign that fall due on one day, a plan."""

    title: str
    words: str
    state: str
    due_on: date | None
    how: str
    clause: str
    what: str
    about_code: str
    of_return: Return | None


def owed(member: Member, *, user: User, on: date) -> list[Owed]:
    """Return what ``member`` owes today, the most pressing first."""
    found = _returns(member, user)
    return [
        Owed(
            title=thing.title,
            words=thing.duty.course.words,
            state=thing.duty.state,
            due_on=thing.duty.course.due_on,
            how=thing.duty.how,
            clause=thing.duty.clause,
            what=thing.duty.what,
            about_code=thing.duty.about_code,
            of_return=None if thing.duty.what == "signature" else found.get(thing.duty.about_code),
        )
        for thing in targets.owed_things(targets.obligations(member, on=on))
    ] + _plans(member, user, on)


def _plans(member: Member, user: User, on: date) -> list[Owed]:
    """Return the corrective action plans that a member has to hand in, as its cases say.

    Also while their time stands still; without a day where nobody knows until when.
    """
    clocks = Span.objects.visible_to(user).of(Kind.CLOCK)
    plans = clocks.filter(member=member, key__startswith="plan:")
    lapses = dict(plans.filter(state="lapsed", from_on__gt=on).values_list("key", "from_on"))
    last = {key: day - timedelta(days=1) for key, day in lapses.items()}
    rows = plans.in_force(on).filter(state__in=("running", "paused"))
    return [
        Owed(
            title=f"{TIMES['plan']}, in case {row.key.partition(':')[2]}",
            words=f"Due on {say_day(last[row.key])}" if row.key in last else "Stands still",
            state="open",
            due_on=last.get(row.key),
            how=row.because,
            clause=row.clause,
            what="plan",
            about_code=row.key.partition(":")[2],
            of_return=None,
        )
        for row in sorted(rows, key=lambda row: (last.get(row.key, date.max), row.pk))
    ]


def _returns(member: Member, user: User) -> dict[str, Return]:
    """Return the newest version of the member's return for each period, by the period's code."""
    rows = Return.objects.visible_to(user).latest().filter(member=member)
    return {row.period.code: row for row in rows.select_related("period")}


@dataclass(frozen=True, slots=True)
class Stands:
    """How a member stands: the word, its mark, and the span it rests on."""

    word: str
    look: str
    span: Span | None


def standing_of(member: Member, *, on: date) -> Stands:
    """Return how ``member`` stands on a day."""
    spans = Span.objects.in_force(on).of(Kind.STANDING).filter(member=member)
    span = spans.order_by("pk").first()
    return Stands(*standing_words(span.state if span else None), span)


def next_period(on: date) -> Period | None:
    """Return the period whose window opens next."""
    return Period.objects.filter(opens_on__gt=on).order_by("opens_on", "pk").first()


def published_cards(member: Member, *, user: User) -> list[Scorecard]:
    """Return the member's published scorecards that stand, the newest period first."""
    cards = Scorecard.objects.visible_to(user).standing().filter(member=member)
    cards = cards.select_related("period", "edition", "run").defer("card", "inputs")
    return list(cards.order_by("-period__about_from", "pk"))


def to_contest(member: Member, *, user: User, on: date) -> list[tuple[Scorecard, date]]:
    """Return the provisional cards that ``member`` can contest, and until when, by that day."""
    cards = Scorecard.objects.visible_to(user).filter(member=member)
    shown = cards.filter(run__status=ScoreRun.Status.PROVISIONAL, run__shown_on__isnull=False)
    rows = shown.select_related("period", "run").defer("card", "inputs").order_by("pk")
    found = {card.pk: kpis.contest_until(card.run, member) for card in rows}
    return sorted(
        ((card, until) for card in rows if (until := found[card.pk]) >= on), key=itemgetter(1)
    )


def returns(member: Member, *, user: User) -> list[Return]:
    """Return the newest version of each of the member's returns, the newest period first."""
    rows = Return.objects.visible_to(user).latest().filter(member=member)
    return list(rows.select_related("period", "filed_by").order_by("-period__about_from", "pk"))


def breaches(member: Member, *, user: User) -> list[Breach]:
    """Return the member's breaches, those that still wait for a word first."""
    rows = Breach.objects.visible_to(user).filter(member=member).select_related("edition")
    rows = rows.order_by("-raised_on", "-pk")
    return sorted(rows, key=lambda breach: breach.status != Breach.Status.PROVISIONAL)


def cases(member: Member, *, user: User, on: date) -> list[Case]:
    """Return the member's cases with stage and clock, those that go on first."""
    rows = Case.objects.visible_to(user).with_stage(on).filter(member=member)
    rows = rows.select_related("edition", "member__organisation").order_by("-opened_at", "-pk")
    return sorted(rows, key=lambda case: case.stage not in OPEN)


def letters(user: User, member: Member) -> list[Letter]:
    """Return the last letters that ``user`` was sent about ``member``."""
    sent = Letter.objects.visible_to(user).filter(to=user, member=member, status=Letter.Status.SENT)
    return list(sent.order_by("-pk")[:SHOWN])


def conditions(user: User, member: Member) -> list[Condition]:
    """Return the conditions of a member's admission that are not settled, the first due first."""
    rows = Condition.objects.visible_to(user).filter(member=member, outcome=Condition.Outcome.OPEN)
    return list(rows.order_by("due_on", "pk"))
