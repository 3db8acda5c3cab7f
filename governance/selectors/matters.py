"""Which matters await a body, and what a body decided."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from governance import events
from governance.models import Body, Decision, Round
from governance.rules import ASKED, Decided, Outcome, Question, rounds, voting
from governance.rules.rounds import Earlier, Turn
from ledger.models import Entry
from members import selectors as members
from members.models import Fact, Member, Span
from rulebooks import selectors as rulebooks
from rulebooks.rules import decisions as rules
from rulebooks.rules.decisions import State
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import CaseOpened
from rulebooks.rules.ladder import Step
from rulebooks.rules.timeline.changes import Kind


class NotADecision(LookupError):
    """The ledger entry records no decision of a body."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a clerk may know of a case: its code, whose it is, what is asked, and since when."""

    code: str
    member: Member
    stage: str
    since: date
    step: Step
    edition: Edition  # the one that the case began under
    earlier: tuple[Earlier, ...] = ()  # votes on what is asked that decided nothing
    imposed_by: str = ""  # the body that decided on the measure, once one has

    @property
    def question(self) -> Question | None:
        return ASKED.get(self.stage)

    @property
    def proof(self) -> str:
        """The standard of proof that the edition asks for, as decisions print it."""
        for standard in self.edition.standards_of_proof:
            if self.question and standard.question == self.question.code:
                return f"Standard of proof (clause {standard.clause}): {standard.printed}"
        return ""

    def rule_for(self, body: str) -> rules.DecisionRule | None:
        """Return the decision rule by which a body answers what is asked, if there is one."""
        return self.question and voting.rule_for(
            self.edition, body, self.question.code, instead_of=self.instead_of(body)
        )

    def instead_of(self, body: str) -> str | None:
        """Return the body that ``body`` stands in for, because its vote called it."""
        return rounds.stood_in_for(body, self.earlier)

    def turn(self, body: str) -> Turn | None:
        """Return the stage at which a body votes next, None where it votes by no rule."""
        rule = self.rule_for(body)
        return rule and rounds.turn(rule, body, self.earlier, holidays=self.edition.closed_days)

    @property
    def decided_by(self) -> str:
        """The body that answers; of an appeal, the one that decided first and does not hear it."""
        if self.question is not None and self.question.first_instance:
            return rounds.decider(self.step.decided_by, self.earlier)
        return self.imposed_by or self.step.decided_by

    @property
    def deciders(self) -> tuple[str, ...] | None:
        """The bodies that may answer; null for any but the one that decided first."""
        if self.question is None or self.question.first_instance:
            return self.question and (self.decided_by,)
        hearing = voting.deciders(self.edition, self.step, self.question)
        called = [v.then for v in self.earlier if v.state is State.SUBSTITUTE]
        return (called[-1],) if called else hearing


def matters_awaiting(*, on: date) -> list[Matter]:
    """Return the matters in which a body is asked something on ``on``, the oldest first."""
    decided = _answered()
    found = _matters(Span.objects.filter(state__in=ASKED), on=on)
    return [
        m for m in found if not {(m.code, outcome) for outcome in m.question.outcomes} & decided
    ]


def matter(code: str, *, on: date) -> Matter | None:
    """Return a matter as it stood on ``on``, None when no case of that code was open then."""
    return next(iter(_matters(Span.objects.filter(key=code), on=on)), None)


def awaited(code: str, *, on: date) -> Matter | None:
    """Return a matter in which a body is asked something on ``on``, None when it has answered."""
    found = matter(code, on=on)
    if found is None or found.question is None:
        return None
    answers = Decision.objects.filter(matter=code, outcome__in=found.question.outcomes)
    return None if answers.exists() else found


def _answered() -> set[tuple[str, str]]:
    return set(Decision.objects.values_list("matter", "outcome"))


def _matters(spans: Iterable[Span], *, on: date) -> list[Matter]:
    rows = list(
        spans.in_force(on)
        .of(Kind.CASE)
        .select_related("member__organisation")
        .order_by("from_on", "key")
    )
    codes = [row.key for row in rows]
    steps, votes, imposed = _steps(codes), _earlier(codes), _imposed_by(codes)
    return [
        Matter(
            row.key,
            row.member,
            row.state,
            row.from_on,
            *steps[row.key],
            earlier=tuple(votes[row.key, _asked(row.state)]),
            imposed_by=imposed.get(row.key, ""),
        )
        for row in rows
        if row.key in steps
    ]


def _asked(stage: str) -> str:
    return ASKED[stage].code if stage in ASKED else ""


def _earlier(cases: list[str]) -> dict[tuple[str, str], list[Earlier]]:
    """Return the votes in each case that decided nothing, by what was asked, the oldest first."""
    found: dict[tuple[str, str], list[Earlier]] = defaultdict(list)
    rows = Round.objects.filter(matter__in=cases).select_related("body").order_by("taken_on", "pk")
    for row in rows:
        found[row.matter, row.question].append(row.earlier)
    return found


def _imposed_by(cases: list[str]) -> dict[str, str]:
    """Return the body that imposed the measure of each case, as far as one has."""
    rows = Decision.objects.filter(matter__in=cases, outcome=Outcome.IMPOSE)
    return dict(rows.values_list("matter", "body__code"))


def _steps(cases: list[str]) -> dict[str, tuple[Step, Edition]]:
    """Return the step of a ladder that each case aims at, and the edition it began with."""
    editions = {document.code: document for document in rulebooks.adopted_documents()}
    opened = Fact.objects.filter(kind=CaseOpened.kind, key__in=cases, corrected_by=None)
    return {
        fact.key: (document.step(fact.data["step"]), document)
        for fact in opened
        for document in [editions[fact.data["edition"]]]
    }


def decision(entry_id: int) -> Decided:
    """Return what a ledger entry says a body decided: about whom, in which matter, what and when.

    :raises NotADecision: there is no such entry, or it records another act.
    """
    entry = Entry.objects.filter(pk=entry_id, event=events.DecisionRecorded.code).first()
    if entry is None:
        raise NotADecision(f"entry {entry_id} of the ledger is not the decision of a body")
    said = events.DecisionRecorded(**entry.data)
    return Decided(
        member=said.member,
        body=said.body,
        matter=said.matter,
        outcome=Outcome(said.outcome),
        taken_on=entry.effective_on,
    )


def bodies(*, on: date) -> list[tuple[Body, dict[str, list[str]]]]:
    """Return every body with the names of those who sit on it, by chamber."""
    found = []
    for body in Body.objects.order_by("name", "pk").prefetch_related("seats__user"):
        chambers: dict[str, list[str]] = {}
        for seat in sorted(body.seats.all(), key=lambda s: (s.chamber, s.user.name, s.pk)):
            if seat.from_on <= on and (seat.until_on is None or on < seat.until_on):
                chambers.setdefault(seat.chamber, []).append(seat)
        found.append((body, chambers))
    return found


def missing_bodies(*, on: date) -> list[rules.Body]:
    """Return the bodies that the edition of a day names and that are not there."""
    document = rulebooks.current_document(on)
    there = set(Body.objects.values_list("code", flat=True))
    return [body for body in document.bodies if body.code not in there] if document else []


def stated_seats(code: str, *, on: date) -> dict[str, int] | None:
    """Return how many seats the edition of a day gives each chamber on a body.

    A seat of no chamber is the independent chair's. None: the edition does not say.
    """
    document = rulebooks.current_document(on)
    body = next((b for b in document.bodies if b.code == code), None) if document else None
    if body is None or not body.seats:
        return None
    chair = {"": 1} if body.chair is not None and body.chair.independent else {}
    return {seats.chamber: seats.count for seats in body.seats} | chair


def edition_of_resolutions(on: date) -> Edition | None:
    """Return the edition of a day that says who decides on editions, None where none does."""
    return rulebooks.current_document(on) if rulebooks.deciders_on_editions(on) else None


def membership_deciders(*, on: date) -> dict[str, str]:
    """Return the body that decides on each change of a membership, where the edition names one."""
    document = rulebooks.current_document(on)
    belonging = document.belonging if document else None
    parts = {
        "class_change": belonging and belonging.class_change,
        "merger": belonging and belonging.merger,
    }
    return {matter: part.decided_by for matter, part in parts.items() if part and part.decided_by}


def group_seats(body: Body, user: User, *, on: date) -> list[tuple[str, int, int]]:
    """Return, for each corporate group that a user belongs to, its name, seats held and allowed.

    Nothing where the edition of the day sets no limit. Who is in no group is one of its own.
    """
    document = rulebooks.current_document(on)
    stated = next((b for b in document.bodies if b.code == body.code), None) if document else None
    if stated is None or stated.seats_per_corporate_group is None:
        return []
    sitting = [seat.user for seat in body.seats.filter(until_on=None).select_related("user")]
    groups = members.groups_of_users([user, *sitting], on=on)
    own = sorted(groups[user.pk])
    names = members.group_names(own)
    held = Counter(group for one in sitting for group in groups[one.pk])
    return [(names[group], held[group], stated.seats_per_corporate_group) for group in own]


def body_names() -> dict[str, str]:
    """Return the name of each body by its code."""
    return dict(Body.objects.values_list("code", "name"))
