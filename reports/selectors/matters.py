"""Breaches and cases of a member, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from accounts.models import User
from members.models import Member, Span
from reports.rules import words
from reports.rules.parts import Breach, Case, Named, Stretch
from reports.selectors.stands import Spans, stretch
from rulebooks.rules.ladder import Step
from rulebooks.rules.terms import add_days
from rulebooks.rules.timeline.changes import Kind
from suspensions.models import Breach as BreachRow
from suspensions.models import Case as CaseRow
from targets.rules import say_days_in


def breaches(member: Member, spans: Spans, *, by: User, at: datetime) -> Iterator[Breach]:
    """Yield the breaches that were put to the member, open ones first, as known at ``at``."""
    states = spans.by_key(Kind.BREACH)
    rows = BreachRow.objects.visible_to(by).filter(member=member, key__in=states)
    found = [
        _breach(row, now, at)
        for row in rows.select_related("edition", "case").order_by("raised_on", "pk")
        for now in [states[row.key][-1]]
        if now.state in words.OPEN_BREACHES or now.state == "dismissed"
    ]
    yield from sorted(found, key=lambda breach: breach.state not in words.OPEN_BREACHES)


def _breach(row: BreachRow, now: Span, at: datetime) -> Breach:
    code, _, about = row.key.partition(":")
    rule = next((r for r in row.edition.document.breaches if r.code == code), None)
    label, kind = words.state(now.state)
    contested = bool(row.contested_at and row.contested_at <= at)
    decided = bool(row.decided_at and row.decided_at <= at)
    return Breach(
        key=row.key,
        rule=Named(code, rule.title if rule else code, rule.clause if rule else ""),
        about=about,
        state=now.state,
        words=label,
        kind=kind,
        raised_on=row.raised_on,
        because=say_days_in(row.because),
        correct_until=rule and add_days(row.raised_on, rule.correction_days),
        contest=row.contest if contested else "",
        reason=row.reason if decided else "",
        case=row.case.code if row.case and row.case.opened_at <= at else None,
    )


def cases(member: Member, spans: Spans, *, by: User, at: datetime) -> Iterator[Case]:
    """Yield the cases of the member, open ones first."""
    stages = spans.by_key(Kind.CASE)
    clocks = [rows[-1] for rows in spans.by_key(Kind.CLOCK).values()]
    rows = CaseRow.objects.visible_to(by).filter(member=member, code__in=stages, opened_at__lte=at)
    found = [
        _case(row, stages[row.code][-1], [c for c in clocks if c.key.endswith(f":{row.code}")])
        for row in rows.select_related("edition").prefetch_related("breaches").order_by("pk")
    ]
    yield from sorted(found, key=lambda case: not case.open)


def _case(row: CaseRow, now: Span, clocks: list[Span]) -> Case:
    label, kind = words.state(now.state)
    step = row.aim
    return Case(
        code=row.code,
        step=Named(row.step, step.name, step.clause),
        edition=row.edition.code,
        stage=now.state,
        words=label,
        kind=kind,
        opened_on=row.opened_at.date(),
        open=now.state not in words.ENDED,
        clocks=tuple(_clock(clock) for clock in clocks if clock.state == "running"),
        breaches=tuple(sorted(breach.key for breach in row.stands_on)),
        departs=_departs(step),
    )


def _departs(step: Step) -> str:
    """Return what a step leaves out of due process, in a sentence; empty where it leaves none."""
    if step.departs is None:
        return ""
    left_out = "; ".join(step.departures)
    return f"{left_out} (clause {step.departs.clause}). {step.departs.because}"


def _clock(span: Span) -> Stretch:
    name = span.key.partition(":")[0]
    return stretch(span, (words.CLOCKS.get(name, f"The time to {name} runs"), "soon"))
