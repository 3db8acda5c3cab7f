"""What a case stands on, and how it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from governance import selectors as governance
from governance.models import Decision
from governance.rules import ASKED
from members.models import Fact, Member, Span
from rulebooks.rules import reading
from rulebooks.rules.breaches import BreachRule
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import PlanReceived
from rulebooks.rules.ladder import Ladder, Step
from rulebooks.rules.timeline.changes import Kind
from suspensions.models import Breach, Case, Paper
from suspensions.rules.procedure import MEASURE_IMPOSED
from suspensions.rules.words import AHEAD, EVENTS, STAGES, TIMES, Clock, case_clock


def next_case_code() -> str:
    """Return the next free code of a case: C0001, C0002, …"""
    last = Case.objects.filter(code__regex=r"^C[0-9]{4,}$").order_by("-pk").first()
    return f"C{(int(last.code[1:]) if last else 0) + 1:04d}"


def steps_in_force(member: Member, *, on: date) -> list[str]:
    """Return the steps that were imposed on a member and still hold, or rest under an appeal."""
    cases = Case.objects.filter(member=member).with_stage(on)
    return list(cases.filter(stage__in=MEASURE_IMPOSED).values_list("step", flat=True))


def stands_still(case: Case, *, on: date) -> bool:
    """Return whether a clock of the case stands still on a day."""
    paused = Span.objects.in_force(on).of(Kind.CLOCK).filter(member=case.member_id, state="paused")
    return any(case.code in span.key.split(":")[1:2] for span in paused)


def steps_proposed(member: Member, ladder: Ladder, *, on: date) -> list[str]:
    """Return the steps of a ladder that the rules propose on a day, by counts or by time."""
    spans = Span.objects.in_force(on).of(Kind.STEP).filter(member=member, state="proposed")
    found = spans.filter(key__startswith=f"{ladder.code}:").values_list("key", flat=True)
    return [key.partition(":")[2] for key in found]


@dataclass(frozen=True, slots=True)
class Ground:
    """One breach as a case or its own page shows it: what is said, what shows it, the answer."""

    breach: Breach
    rule: BreachRule
    about: str
    proof: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a timeline."""

    on: date
    text: str
    kind: str
    ahead: bool


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All that the page of a case shows."""

    case: Case
    step: Step
    body: str
    clock: Clock
    grounds: tuple[Ground, ...]
    papers: tuple[Paper, ...]
    moments: tuple[Moment, ...]
    rights: tuple[Span, ...]
    times: tuple[Span, ...]
    told: tuple[str, ...]

    @property
    def pairs(self) -> list[tuple[Paper, ...]]:
        """The papers two by two: a notice and its answer, a decision and the appeal against it."""
        return [self.papers[at : at + 2] for at in range(0, len(self.papers), 2)]


def told_on_entry(case: Case) -> tuple[str, ...]:
    """Return, in words, who gets which letter when the step of a case holds."""
    names = {body.code: body.name for body in case.edition.document.bodies}
    return tuple(letter.in_words(names) for letter in case.aim.on_entry.letters)


def plan_received(case: Case) -> date | None:
    """Return the day on which the member handed in the corrective action plan of a case."""
    told = Fact.objects.filter(member=case.member_id, kind=PlanReceived.kind, key=case.code)
    return told.values_list("about_on", flat=True).first()


FACTS = {
    "submission.filed": "The return was filed",
    "score.published": "The score was published",
    "extension.granted": "An extension was granted",
    "requirement.signed": "The requirement was signed",
    "member.admitted": "The member was admitted",
}


def case_file(case: Case, *, on: date) -> CaseFile:
    """Return all that the page of a case shows; ``case`` comes with its stage on that day."""
    document, step = case.edition.document, case.aim
    body = governance.body_names().get(step.decided_by, step.decided_by)
    clock = case_clock(
        case.stage,
        since=case.stage_since,
        step=step,
        body=body,
        until=case.due_on,
        because=case.clock_because or "",
    )
    breaches = case.stands_on.select_related("edition", "decided_by", "contested_by")
    return CaseFile(
        case=case,
        step=step,
        body=body,
        clock=clock,
        grounds=grounds(breaches.order_by("arose_on", "pk")),
        papers=tuple(case.papers.select_related("written_by").order_by("on", "pk")),
        moments=_moments(case, on),
        rights=_rights(case, document, on),
        times=_times(case, on),
        told=told_on_entry(case),
    )


def grounds(breaches: Iterable[Breach]) -> tuple[Ground, ...]:
    """Return breaches with their rule, what they are about in words, and what proves them."""
    breaches = list(breaches)
    wanted = {pk for breach in breaches for pk in breach.facts}
    facts = {fact.pk: fact for fact in Fact.objects.filter(pk__in=wanted)}
    return tuple(_ground(breach, facts) for breach in breaches)


def _ground(breach: Breach, facts: dict[int, Fact]) -> Ground:
    document = breach.edition.document
    used = (facts[pk] for pk in breach.facts if pk in facts)
    return Ground(
        breach=breach,
        rule=document.breach(breach.rule),
        about=reading.about_words(breach.about, document),
        proof=(breach.because, *(f"{_said(fact)}, entry {fact.entry_id}" for fact in used)),
    )


def _said(fact: Fact) -> str:
    return f"{FACTS.get(fact.kind, fact.kind)} on {fact.about_on}"


def _moments(case: Case, on: date) -> tuple[Moment, ...]:
    """Return what happened in a case and what comes if nothing more does, newest first."""
    spans = Span.objects.of(Kind.CASE).filter(member=case.member_id, key=case.code)
    return tuple(
        Moment(
            on=span.from_on,
            text=AHEAD.get(span.state, "") if span.from_on > on else EVENTS[span.state],
            kind=STAGES[span.state][1],
            ahead=span.from_on > on,
        )
        for span in spans.order_by("-from_on")
    )


def _times(case: Case, on: date) -> tuple[Span, ...]:
    """Return the clocks of a case that run or stand still, each with what it measures."""
    spans = Span.objects.in_force(on).of(Kind.CLOCK)
    found = spans.filter(member=case.member_id, state__in=("running", "paused")).order_by("key")
    times = tuple(span for span in found if case.code in span.key.split(":")[1:2])
    for span in times:
        span.name = TIMES.get(span.key.partition(":")[0], "Time")
    return times


def _rights(case: Case, document: Edition, on: date) -> tuple[Span, ...]:
    """Return the rights that the member has lost or is to lose, each with its name."""
    names = {right.code: right.name for right in document.rights}
    spans = Span.objects.of(Kind.RIGHT).filter(
        Q(until_on=None) | Q(until_on__gt=on), member=case.member_id, state="lost"
    )
    found = tuple(spans.order_by("from_on", "key"))
    for span in found:
        span.name = names.get(span.key, span.key)
    return found


def decision_to_carry_out(case: Case) -> Decision | None:
    """Return the recorded decision that a case waits for somebody to carry out, if there is one."""
    question = ASKED.get(case.stage or "")
    if question is None:
        return None
    found = Decision.objects.filter(matter=case.code, outcome__in=question.outcomes)
    return found.select_related("body").order_by("-pk").first()


def ready_for_case(breach: Breach) -> list[Breach]:
    """Return the member's confirmed breaches that stand in no case, this one first."""
    free = Breach.objects.filter(
        member=breach.member_id, status=Breach.Status.CONFIRMED, case=None
    ).select_related("edition")
    return sorted(free, key=lambda other: (other.pk != breach.pk, other.pk))
