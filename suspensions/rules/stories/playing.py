"""Play a story: what follows from its facts and answers, beside what it expects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from kpis.rules import scoring
from kpis.rules.scoring import Card, MemberInputs, NotAnAnswer
from rulebooks.rules.document import Document, Fault, Invalid
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import Fact
from rulebooks.rules.timeline import timeline
from rulebooks.rules.timeline.changes import Change
from suspensions.rules.stories.counting import COUNTER, Checked, Played
from suspensions.rules.stories.expectations import Expectation, World
from suspensions.rules.stories.schema import Case, Counter, Said, Story, answer
from suspensions.rules.stories.variations import NoSuchPlace, asked_as, varied, with_numbers

LONG_AFTER = datetime.max.replace(tzinfo=UTC)
Place = tuple[str | int, ...]


class Unplayable(ValueError):
    """A part of a story does not fit its edition."""

    def __init__(self, path: Place, message: str) -> None:
        self.fault = Fault(path, message)
        super().__init__(message)


@dataclass(frozen=True)
class Rulebook:
    """The edition of a story, the plain values it was read from, and the editions before it."""

    edition: Edition
    plain: Any
    earlier: tuple[Edition, ...] = ()

    @property
    def all(self) -> tuple[Edition, ...]:
        """Return every edition, the earlier ones first."""
        return (*self.earlier, self.edition)

    def varied(self, counter: Counter) -> Rulebook:
        """Return the rulebook as a counter-check changes it."""
        if not counter.edition:
            return self
        return Rulebook(varied(self.plain, counter.edition), self.plain, self.earlier)


@dataclass(frozen=True)
class Inputs:
    """What is given about one case."""

    facts: tuple[Said, ...]
    initiative: tuple[Said, ...]
    answers: Mapping[str, Any]
    numbers: Mapping[str, Decimal]
    attributes: Mapping[str, str | int]
    assurance: Mapping[str, str]

    @classmethod
    def of(cls, story: Story, case: Case) -> Inputs:
        """Return what a story gives about a case."""
        beside = case.attributes, case.assurance
        return cls(case.facts, story.initiative, case.answers, case.numbers, *beside)

    def varied(self, counter: Counter) -> Inputs:
        """Return the same as a counter-check varies it."""

        def kept(said: Iterable[Said]) -> tuple[Said, ...]:
            return tuple(one for one in said if one.name not in counter.without or not one.name)

        return Inputs(
            (*kept(self.facts), *counter.facts),
            kept(self.initiative),
            {**self.answers, **counter.answers},
            {**self.numbers, **counter.numbers},
            {**self.attributes, **counter.attributes},
            {**self.assurance, **counter.assurance},
        )


def play(document: Document, story: Story, rulebook: Rulebook) -> Played:
    """Return what came of a story.

    :raises Invalid: with the line and column of everything that does not fit the edition.
    """
    faults = list(_faults(story, rulebook.edition))
    played = Played(
        story.title,
        story.kind,
        story.source,
        tuple(edition.code for edition in rulebook.all),
        any(getattr(edition, "illustrative", False) for edition in rulebook.all),
    )
    for place, case in enumerate(story.cases) if not faults else ():
        try:
            played.checked += _case(story, case, rulebook)
        except Unplayable as error:
            faults.append(Fault(("cases", place, *error.fault.path), error.fault.message))
    if faults:
        raise Invalid([document.place(fault) for fault in faults])
    return played


def _faults(story: Story, edition: Edition) -> Iterator[Fault]:
    for place, case in enumerate(story.cases):
        for name, expected in (
            (("expect",), case.expect),
            *((("counter", n, "gives"), one.gives) for n, one in enumerate(case.counter)),
        ):
            for index, one in enumerate(expected):
                for fault in one.faults(edition):
                    yield Fault(("cases", place, *name, index, *fault.path), fault.message)


def _case(story: Story, case: Case, rulebook: Rulebook) -> Iterator[Checked]:
    given = Inputs.of(story, case)
    world = follows(given, rulebook, case.code, ())
    for expected in case.expect:
        yield Checked(case.code, expected.mark, str(expected), expected.found(world))
    for place, counter in enumerate(case.counter):
        where: Place = ("counter", place)
        try:
            other = rulebook.varied(counter)
        except NoSuchPlace as error:
            raise Unplayable((*where, "edition"), str(error)) from None
        elsewhere = follows(given.varied(counter), other, case.code, where)
        yield _counter(case, counter, world, elsewhere)


def _counter(case: Case, counter: Counter, world: World, elsewhere: World) -> Checked:
    """Return whether all that a counter-check names holds as given and fails as varied."""
    named = [one for one in case.expect if one.code in counter.fails]
    wrong = [*_not_failing(named, world, elsewhere)]
    for one in counter.gives:
        if (found := one.found(elsewhere)) is not None:
            wrong.append(f"gives {found}, not {one}")
    return Checked(case.code, COUNTER, counter.title, "; ".join(wrong) or None)


def _not_failing(named: Sequence[Expectation], world: World, elsewhere: World) -> Iterator[str]:
    for one in named:
        if one.found(world) is not None:
            yield f"{one.code} fails without the variation"
        elif one.found(elsewhere) is None:
            yield f"{one.code} does not fail"


def follows(given: Inputs, rulebook: Rulebook, code: str, where: Place) -> World:
    """Return what follows from what is given.

    :raises Unplayable: an answer does not fit the edition.
    """
    return World(changes(given, rulebook), _card(given, rulebook.edition, code, where))


def changes(
    given: Inputs, rulebook: Rulebook, *, recorded_at: datetime | None = None
) -> tuple[Change, ...]:
    """Return the timeline of a case, by the rules alone.

    A fact counts as recorded on the day that it is about, unless a moment is given for all.
    """
    about_all = _stated(given.initiative, 1, recorded_at)
    about_one = _stated(given.facts, 1 + len(about_all), recorded_at)
    return timeline(rulebook.all, about_all, about_one, known_at=LONG_AFTER)


def _stated(said: Sequence[Said], first: int, recorded_at: datetime | None) -> list[Fact]:
    return [
        Fact(
            id=first + place,
            what=one.what(),
            key=one.key,
            about_on=one.on,
            recorded_at=recorded_at or _moment(one.on),
            imported=one.imported,
        )
        for place, one in enumerate(said)
    ]


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _card(given: Inputs, edition: Edition, code: str, where: Place) -> Card | None:
    if not given.answers and not given.numbers:
        return None
    try:
        asked = with_numbers(edition, given.numbers)
    except NoSuchPlace as error:
        raise Unplayable((*where, "numbers"), str(error)) from None
    written = [
        *(("numbers", node, asked_as(node), number) for node, number in given.numbers.items()),
        *(("answers", kpi, kpi, value) for kpi, value in given.answers.items()),
    ]
    answers = {}
    for name, code_there, kpi, value in written:
        try:
            answers[kpi] = answer(value)
            problem = _problem(asked, kpi, answers[kpi])
        except ValueError as error:
            problem = str(error)
        if problem:
            raise Unplayable((*where, name, code_there), problem)
    inputs = MemberInputs(code, answers, dict(given.attributes), dict(given.assurance))
    try:
        return scoring.score(asked, [inputs])[0]
    except NotAnAnswer as error:
        raise Unplayable((*where, "attributes"), str(error)) from None


def _problem(edition: Edition, kpi: str, given: Any) -> str | None:
    asked = {one.code: one for one in edition.kpis}
    if kpi not in asked:
        return f"is no KPI that is asked here; allowed: {', '.join(asked)}"
    return asked[kpi].problem(given)
