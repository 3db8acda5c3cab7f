"""Votes: ballots that were counted, and what must come of them under a decision rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from rulebooks.rules.checks.electorates import electorate_faults
from rulebooks.rules.decisions import (
    Body,
    DecisionRule,
    Electorate,
    Miscounted,
    NotAVote,
    Outcome,
    State,
    Tally,
    Unseated,
    outcome,
    percent,
)
from rulebooks.rules.document import Document, Fault, Invalid
from rulebooks.rules.schema import Code, NotNegative, Part, Text, Title
from suspensions.rules.replay import RelativePath
from suspensions.rules.stories.counting import COUNTER, Checked, Played
from suspensions.rules.stories.expectations import Mark

Heads = Annotated[int, Field(ge=0, le=1_000_000, strict=True)]


class Votes(Part):
    """The votes that one group cast: for, against, abstained and spoilt."""

    example: ClassVar[str] = "{for: 107, against: 90, abstained: 17}"

    for_: Heads = Field(default=0, alias="for")
    against: Heads = 0
    abstained: Heads = 0
    spoilt: Heads = 0

    def tally(self) -> Tally:
        """Return them as the rules count them."""
        return Tally(self.for_, self.against, self.abstained, self.spoilt)


class Came(Part):
    """What must come of a vote: its state, overall share, grade, what is next, what failed.

    Only what is written is compared. ``percent`` is the overall share of those for, with as many
    decimals as are written; ``failing`` lists every ground that fails, such as ``threshold`` or
    ``chamber north``.
    """

    example: ClassVar[str] = "{code: approved, state: passed, percent: 54.3, mark: published}"

    code: Code | None = None
    mark: Mark
    source: Text | None = None
    state: Literal[tuple(state.value for state in State)] | None = None
    percent: NotNegative | None = None
    grade: Title | None = None
    next: Code | None = None
    failing: tuple[Title, ...] | None = None

    @model_validator(mode="after")
    def expects_something(self) -> Came:
        """Refuse an expectation of nothing."""
        if not self._asked():
            raise ValueError("say what must come: state, percent, grade, next or failing")
        return self

    def _asked(self) -> dict[str, object]:
        names = ("state", "percent", "grade", "next", "failing")
        return {name: got for name in names if (got := getattr(self, name)) is not None}

    def found(self, came: Outcome) -> str | None:
        """Return what came instead, None when the expectation holds."""
        asked = self._asked()
        told = {name: _told(came, name, self.percent) for name in asked}
        wrong = [f"{name} {_shown(told[name])}" for name in asked if told[name] != asked[name]]
        return ", ".join(wrong) or None

    def __str__(self) -> str:
        return ", ".join(f"{name} {_shown(value)}" for name, value in self._asked().items())


class OtherRule(Part):
    """A counter-check: another rule under which the expectations that it names must fail."""

    example: ClassVar[str] = "{title: all ballots as base, rule: all-ballots, fails: [approved]}"

    title: Title
    rule: Code
    stage: Code | None = None
    fails: Annotated[tuple[Code, ...], Field(min_length=1)]
    gives: tuple[Came, ...] = ()


class VoteCase(Part):
    """One vote: by whom, under which rule, how it was cast, and what must come of it.

    ``seats``, ``present`` and ``recused`` are numbers by group; ``seats`` is for groups whose
    number the body leaves open. ``stage`` is the first of the rule where it is left out.
    """

    code: Code
    title: Title
    source: Text | None = None
    body: Code
    rule: Code
    stage: Code | None = None
    seats: Mapping[Code, Heads] = {}
    votes: Mapping[Code, Votes]
    present: Mapping[Code, Heads] | None = None
    recused: Mapping[Code, Heads] = {}
    proposers: tuple[Code, ...] | None = None
    casting: Literal["in_favor", "against"] | None = None
    expect: Annotated[tuple[Came, ...], Field(min_length=1)]
    counter: tuple[OtherRule, ...] = ()


class VotesReplay(Part):
    """Votes, played against the decision rules that stand here or in an edition."""

    format: Literal[1]
    kind: Literal["votes"]
    title: Title
    source: Text
    edition: RelativePath | None = None
    bodies: tuple[Body, ...] = ()
    decision_rules: tuple[DecisionRule, ...] = ()
    cases: Annotated[tuple[VoteCase, ...], Field(min_length=1)]

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong between parts that are right."""
        for name in ("bodies", "decision_rules", "cases"):
            codes = [part.code for part in getattr(self, name)]
            for place, code in enumerate(codes):
                if code in codes[:place]:
                    yield Fault((name, place, "code"), "stands twice; name each once")
        for place, body in enumerate(self.bodies):
            yield from electorate_faults(("bodies", place), body, None)
        for place, case in enumerate(self.cases):
            yield from _case_faults(("cases", place), case)


@dataclass(frozen=True)
class Assembly:
    """The bodies and rules of a replay, its own before those of its edition."""

    bodies: Mapping[str, Body]
    rules: Mapping[str, DecisionRule]

    @classmethod
    def of(
        cls, bodies: Sequence[Body] = (), decision_rules: Sequence[DecisionRule] = ()
    ) -> Assembly:
        """Return what ``bodies`` and ``decision_rules`` name; the last of one code holds."""
        return cls({b.code: b for b in bodies}, {r.code: r for r in decision_rules})


def play(document: Document, replay: VotesReplay, assembly: Assembly, played: Played) -> Played:
    """Return ``played`` with what came of every vote.

    :raises Invalid: a vote names what does not exist, or its figures cannot be.
    """
    for place, case in enumerate(replay.cases):
        try:
            played.checked += _checked(case, assembly)
        except _Unplayable as error:
            fault = Fault(("cases", place, *error.path), str(error))
            raise Invalid([document.place(fault)]) from None
    return played


class _Unplayable(ValueError):
    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        self.path = path
        super().__init__(message)


def _checked(case: VoteCase, assembly: Assembly) -> Iterator[Checked]:
    came = _came(case, assembly, case.rule, case.stage, ())
    for one in case.expect:
        yield Checked(case.code, one.mark, str(one), one.found(came))
    for place, counter in enumerate(case.counter):
        where = ("counter", place)
        other = _came(case, assembly, counter.rule, counter.stage or case.stage, where)
        named = [one for one in case.expect if one.code in counter.fails]
        wrong = [f"{one.code} fails without the variation" for one in named if one.found(came)]
        wrong += [f"{one.code} does not fail" for one in named if one.found(other) is None]
        wrong += [f"gives {got}, not {one}" for one in counter.gives if (got := one.found(other))]
        yield Checked(case.code, COUNTER, counter.title, "; ".join(wrong) or None)


def _came(
    case: VoteCase, assembly: Assembly, rule: str, stage: str | None, where: tuple[str | int, ...]
) -> Outcome:
    for path, code, known in (
        (("body",), case.body, assembly.bodies),
        ((*where, "rule"), rule, assembly.rules),
    ):
        if code not in known:
            raise _Unplayable(path, f"{code!r} is not known; allowed: {', '.join(known)}")
    try:
        return outcome(
            assembly.rules[rule],
            Electorate.of(assembly.bodies[case.body].groups, case.seats),
            {code: votes.tally() for code, votes in case.votes.items()},
            case.recused,
            case.present,
            stage=stage,
            proposers=case.proposers,
            casting=case.casting,
        )
    except (Miscounted, NotAVote, Unseated) as error:
        raise _Unplayable((*where, "rule") if where else ("votes",), str(error)) from None


def _case_faults(path: tuple[str | int, ...], case: VoteCase) -> Iterator[Fault]:
    codes = [one.code for one in case.expect if one.code is not None]
    for place, one in enumerate(case.expect):
        if one.code is not None and codes.count(one.code) > 1:
            yield Fault((*path, "expect", place, "code"), "stands twice; name each once")
    for place, counter in enumerate(case.counter):
        for index, code in enumerate(counter.fails):
            if code not in codes:
                allowed = ", ".join(codes) or "none has a code"
                where = (*path, "counter", place, "fails", index)
                yield Fault(where, f"is no expectation of this case; allowed: {allowed}")


def _told(came: Outcome, name: str, wanted: Decimal | None) -> object:
    if name == "failing":
        return tuple(" ".join(filter(None, (g.asked, g.group))) for g in came.failing)
    if name == "percent":
        share = next((g.share for g in came.grounds if g.asked == "threshold"), None)
        places = -wanted.as_tuple().exponent
        return None if share is None else Decimal(percent(share, max(0, places))[:-2])
    value = getattr(came, name)
    return value.value if isinstance(value, State) else value


def _shown(value: object) -> str:
    return (", ".join(map(str, value)) or "nothing") if isinstance(value, tuple) else str(value)
