"""How a story is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from rulebooks.rules.answers import Answer, OfSite, State, With
from rulebooks.rules.document import Fault
from rulebooks.rules.facts import KINDS, UnknownFact, What, unpack
from rulebooks.rules.schema import Code, Day, Number, Part, Text, Title
from suspensions.rules.replay import RelativePath
from suspensions.rules.stories.expectations import Expected, Key

ANSWER_FIELDS = tuple(field.name for field in fields(Answer) if field.name != "read_with")
SITES = "sites"


class Said(Part):
    """One dated fact. ``says`` holds the fields of its kind; ``name`` lets a counter-check name it.

    ``imported: true`` makes it one that came with old records and has no consequences.
    """

    example: ClassVar[str] = (
        "{on: 2024-01-15, fact: case.opened, key: c-1, says: {edition: e-2024, step: warning}}"
    )

    on: Day
    fact: str
    key: Key | Literal[""] = ""
    says: Mapping[str, Any] = {}
    name: Code | None = None
    imported: bool = False

    def what(self) -> What:
        """Return what the fact says.

        :raises UnknownFact: no fact of that kind, or with those fields, exists.
        """
        return unpack(self.fact, _plain(self.says))

    def faults(self) -> Iterator[Fault]:
        """Yield what no fact is or says."""
        if self.fact not in KINDS:
            yield Fault(("fact",), f"is no kind of fact; allowed: {', '.join(sorted(KINDS))}")
            return
        try:
            self.what()
        except UnknownFact as error:
            named = [field.name for field in fields(KINDS[self.fact])]
            yield Fault(("says",), f"{error}; allowed: {', '.join(named) or 'no fields'}")


class Change(Part):
    """One change of the edition: what stands ``at`` a place becomes ``to``, or goes.

    A place is written as the way to it; parts of a list are named by their code, or counted from 0.
    """

    example: ClassVar[str] = "{at: [scoring, nodes, total, rounding, step], to: 1}"

    at: Annotated[tuple[str | int, ...], Field(min_length=1)]
    to: Any = None
    remove: bool = False


class Counter(Part):
    """A counter-check: a variation under which the expectations that it names must fail.

    The variation changes the edition, adds or leaves out facts, or answers otherwise. ``gives``
    says what comes about instead.
    """

    example: ClassVar[str] = "{title: n/a counted as 0, answers: {a: not met}, fails: [total]}"

    title: Title
    edition: tuple[Change, ...] = ()
    facts: tuple[Said, ...] = ()
    without: tuple[Code, ...] = ()
    answers: Mapping[Code, Any] = {}
    assurance: Mapping[Code, Code] = {}
    attributes: Mapping[Code, str | int] = {}
    numbers: Mapping[Code, Number] = {}
    fails: Annotated[tuple[Code, ...], Field(min_length=1)]
    gives: tuple[Expected, ...] = ()

    def varies(self) -> bool:
        """Return whether anything is varied at all."""
        scored = (self.answers, self.assurance, self.attributes, self.numbers)
        return any(map(bool, (self.edition, self.facts, self.without, *scored)))


class Case(Part):
    """One member, or one assessment: what is given, and what must follow.

    ``answers`` are answers to KPIs, ``assurance`` how far each was checked, ``attributes`` what is
    asked of the member itself. ``numbers`` are numbers of nodes that are given instead of being
    computed: what was published of them only as a number.
    """

    code: Code
    title: Title
    source: Text | None = None
    facts: tuple[Said, ...] = ()
    answers: Mapping[Code, Any] = {}
    assurance: Mapping[Code, Code] = {}
    attributes: Mapping[Code, str | int] = {}
    numbers: Mapping[Code, Number] = {}
    expect: Annotated[tuple[Expected, ...], Field(min_length=1)]
    counter: tuple[Counter, ...] = ()

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong between parts that are right."""
        yield from _said_faults(self.facts, ("facts",))
        codes = [one.code for one in self.expect if one.code is not None]
        for place, one in enumerate(self.expect):
            if one.code is not None and codes.count(one.code) > 1:
                yield Fault(("expect", place, "code"), "stands twice; name each once")
        for place, counter in enumerate(self.counter):
            if not counter.varies():
                yield Fault(("counter", place), "varies nothing; change edition, facts or answers")
            yield from _said_faults(counter.facts, ("counter", place, "facts"))
            for index, code in enumerate(counter.fails):
                if code not in codes:
                    allowed = ", ".join(codes) or "none has a code"
                    where = ("counter", place, "fails", index)
                    yield Fault(where, f"is no expectation of this case; allowed: {allowed}")


class Story(Part):
    """Facts and answers of members, played against an edition."""

    format: Literal[1]
    kind: Literal["facts"]
    title: Title
    source: Text
    edition: RelativePath
    earlier: tuple[RelativePath, ...] = ()
    initiative: tuple[Said, ...] = ()
    cases: Annotated[tuple[Case, ...], Field(min_length=1)]

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong between parts that are right."""
        yield from _said_faults(self.initiative, ("initiative",))
        codes = [case.code for case in self.cases]
        for place, case in enumerate(self.cases):
            if case.code in codes[:place]:
                yield Fault(("cases", place, "code"), "stands twice; name each case once")
            names = {said.name for said in (*self.initiative, *case.facts) if said.name}
            for fault in (*case.faults(), *_unnamed(case, names)):
                yield Fault(("cases", place, *fault.path), fault.message)


def _unnamed(case: Case, names: set[str]) -> Iterator[Fault]:
    for place, counter in enumerate(case.counter):
        for index, name in enumerate(counter.without):
            if name not in names:
                allowed = ", ".join(sorted(names)) or "no fact has a name"
                where = ("counter", place, "without", index)
                yield Fault(where, f"is no named fact; allowed: {allowed}")


def _said_faults(said: tuple[Said, ...], where: tuple[str | int, ...]) -> Iterator[Fault]:
    for place, one in enumerate(said):
        for fault in one.faults():
            yield Fault((*where, place, *fault.path), fault.message)


def answer(written: Any) -> Answer:
    """Return the answer that a story writes: a number, a label, a list of labels, or its fields.

    ``{state: not_applicable}`` is an answer too, and ``{numerator: 3, denominator: 4}``. What
    sites answer is ``{sites: {plant-1: 40, plant-2: {state: missing}}}``.

    :raises ValueError: it is none of them; the message says what is allowed.
    """
    if isinstance(written, bool) or written is None:
        raise ValueError('write a label such as "yes" in quotes, a number, or {state: missing}')
    if isinstance(written, int | Decimal):
        return Answer(State.ANSWERED, number=Decimal(written))
    if isinstance(written, str):
        return Answer(State.ANSWERED, labels=(written,))
    if isinstance(written, list):
        return Answer(State.ANSWERED, labels=tuple(map(str, written)))
    if SITES in written:
        return _answer_of_sites(written)
    return _answer_of_fields(written)


def _answer_of_sites(written: Mapping[str, Any]) -> Answer:
    sites = written[SITES]
    if len(written) > 1 or not isinstance(sites, Mapping) or not sites:
        raise ValueError("sites stand alone: {sites: {plant-1: 40, plant-2: {state: missing}}}")
    given = tuple(OfSite(str(site), _of_site(site, said)) for site, said in sites.items())
    return Answer(State.MISSING, read_with=With(sites=given))


def _of_site(site: str, written: Any) -> Answer:
    try:
        made = answer(written)
    except ValueError as error:
        raise ValueError(f"site {site}: {error}") from None
    if made.read_with.sites:
        raise ValueError(f"site {site}: a site has no sites")
    return made


def _answer_of_fields(written: Mapping[str, Any]) -> Answer:
    if strays := [name for name in written if name not in ANSWER_FIELDS]:
        raise ValueError(f"{strays[0]!r} is no field; allowed: {', '.join(ANSWER_FIELDS)}")
    given = {name: _field(value) for name, value in written.items() if name != "state"}
    state = written.get("state", State.ANSWERED)
    if state not in tuple(State):
        raise ValueError(f"{state!r} is no state; allowed: {', '.join(State)}")
    return Answer(State(state), **given)


def _field(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _plain(value: Any) -> Any:
    """Return what a story says as plain JSON, in which a fact is stored."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return f"{value:f}" if isinstance(value, Decimal) else value
