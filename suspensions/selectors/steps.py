"""Steps that the rules propose and nobody has taken up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.models import User
from members.models import Member, Span
from rulebooks import selectors as rulebooks
from rulebooks.rules.ladder import Ladder, Step
from rulebooks.rules.timeline.changes import Kind
from suspensions.models import Breach


@dataclass(frozen=True, slots=True)
class StepDue:
    """A step that the rules propose to the body that decides, and since when."""

    span: Span
    step: Step

    @property
    def member(self) -> Member:
        return self.span.member


@dataclass(frozen=True, slots=True)
class FirstStep:
    """The first step of a ladder that waits, and the day on which it is or was due, if known."""

    step: Step
    on: date | None


def first_step(breach: Breach, *, on: date) -> FirstStep | None:
    """Return the step that a breach leads to once time has passed, None where nothing waits."""
    ladder = breach.edition.document.ladder_for(breach.rule)
    if ladder is None or not ladder.waits or breach.case is not None:
        return None
    step = ladder.step(ladder.start)
    now = _proposed(breach.member, ladder, step).in_force(on).order_by("from_on")
    since = now.values_list("from_on", flat=True).first()
    return FirstStep(step, since or step_due_on(breach.member, ladder, step, on=on))


def step_due_on(member: Member, ladder: Ladder, step: Step, *, on: date) -> date | None:
    """Return the next day on which the rules propose a step, None if no day leads to it."""
    found = _proposed(member, ladder, step).filter(from_on__gt=on).order_by("from_on")
    return found.values_list("from_on", flat=True).first()


def _proposed(member: Member, ladder: Ladder, step: Step) -> QuerySet[Span]:
    key = f"{ladder.code}:{step.code}"
    return Span.objects.of(Kind.STEP).filter(member=member, state="proposed", key=key)


def steps_due(user: User, *, on: date) -> QuerySet[Span]:
    """Return the spans of steps proposed on a day, of the members that ``user`` follows up."""
    return Span.objects.visible_to(user).in_force(on).of(Kind.STEP).filter(state="proposed")


def with_steps(spans: Iterable[Span]) -> Iterator[StepDue]:
    """Yield each of these spans with the step of the edition that it was derived from."""
    documents = {document.code: document for document in rulebooks.adopted_documents()}
    for span in spans:
        yield StepDue(span, documents[span.edition].step(span.key.partition(":")[2]))
