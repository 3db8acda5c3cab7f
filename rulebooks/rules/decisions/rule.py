"""Decision rules: what a vote has to reach, stage by stage, before it binds."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from rulebooks.rules.decisions.shares import Bar, Heads, Share
from rulebooks.rules.schema import Clause, Code, Part, Selection, Title, selects
from rulebooks.rules.terms import Term

HALF = Fraction(1, 2)
By = Literal["heads", "power"]
InOrOut = Literal["in", "out"]


class VotesCast(Part):
    """The base is the votes cast: for and against, with abstentions and spoilt ones in or out."""

    example: ClassVar[str] = "{of: votes_cast, abstentions: out, spoilt: out}"

    of: Literal["votes_cast"]
    abstentions: InOrOut
    spoilt: InOrOut


class ThosePresent(Part):
    """The base is everyone present, so whoever is there and does not vote for counts against."""

    example: ClassVar[str] = "{of: present}"

    of: Literal["present"]


class AllSeats(Part):
    """The base is all seats, so whoever is absent counts against."""

    example: ClassVar[str] = "{of: all_seats}"

    of: Literal["all_seats"]


Base = Annotated[VotesCast | ThosePresent | AllSeats, Field(discriminator="of")]


class EachChamber(Bar):
    """What each chamber has to reach by itself: a share of its own base, or a number of heads.

    ``among`` names the groups at the top that are asked; all of them, if it is left out.
    """

    example: ClassVar[str] = "{more_than: 1/2, among: [north, south]}"

    among: Selection = "all"

    def asks(self, group: str) -> bool:
        """Return whether ``group`` has to reach it."""
        return selects(self.among, group)


class Quorum(Part):
    """How many have to be there, of all and of each chamber, counted by heads or by power.

    Whoever is recused does not count among those who could be there, unless the rule's
    ``recusal`` says so.
    """

    example: ClassVar[str] = "{by: heads, overall: {at_least: 1/2}, each_chamber: {at_least: 1/3}}"

    by: By
    overall: Bar | None = None
    each_chamber: EachChamber | None = None

    @model_validator(mode="after")
    def asks_something(self) -> Quorum:
        """Refuse a quorum that asks for nobody."""
        if self.overall is None and self.each_chamber is None:
            raise ValueError("say overall, each_chamber or both; without a quorum leave it out")
        return self


class VoteStage(Part):
    """A vote: the base it is counted on, its threshold, and what each chamber has to reach.

    ``by`` counts the overall share by heads, or by the power of the groups. ``each_chamber`` is
    the second of a double majority, on the same base; ``support`` a share of all seats of each
    chamber. ``tie`` says what holds when as many are for as against.

    Source: docs/sources.md, vote.
    """

    example: ClassVar[str] = (
        "{kind: vote, code: vote, base: {of: votes_cast, abstentions: out, spoilt: out}, "
        "by: heads, threshold: {more_than: 1/2}, tie: fails, grade: Simple majority}"
    )

    kind: Literal["vote"]
    code: Code
    base: Base
    by: By
    threshold: Bar
    each_chamber: EachChamber | None = None
    support: EachChamber | None = None
    tie: Literal["fails", "passes", "chair_decides", "vote_again"] = "fails"
    grade: Title | None = None

    @model_validator(mode="after")
    def tie_matters(self) -> VoteStage:
        """Refuse a rule for ties where a tie is nothing special."""
        if self.tie != "fails" and (edge := self.threshold.more_than) != HALF:
            told = "its threshold" if edge is None else f"more than {edge}"
            raise ValueError(f"tie: only where the threshold is more_than: 1/2, not {told}")
        return self


class ConsensusStage(Part):
    """Consensus: nobody who is there votes against; abstentions do not stand in its way."""

    example: ClassVar[str] = "{kind: consensus, code: consensus, grade: Consensus}"

    kind: Literal["consensus"]
    code: Code
    grade: Title | None = None


class ReferralStage(Part):
    """No vote: the matter goes to a group or body for so long, and then to the next stage."""

    example: ClassVar[str] = "{kind: referral, code: talks, to: working-group, within: {weeks: 4}}"

    kind: Literal["referral"]
    code: Code
    to: Code
    within: Term | None = None


Stage = Annotated[VoteStage | ConsensusStage | ReferralStage, Field(discriminator="kind")]


class Proposers(Part):
    """How many different groups those who propose have to come from."""

    example: ClassVar[str] = "{groups: 3}"

    groups: Heads


class Recusal(Part):
    """What whoever steps aside for a conflict of interest does to quorum and base.

    ``seats: leave`` takes recused seats out of both, ``seats: stay`` keeps them in. When more than
    a share ``too_many`` of all seats is recused, the ``substitute`` body decides instead.
    """

    example: ClassVar[str] = "{seats: leave, too_many: 1/2, substitute: review-panel}"

    seats: Literal["leave", "stay"]
    too_many: Share | None = None
    substitute: Code | None = None

    @model_validator(mode="after")
    def both_or_none(self) -> Recusal:
        """Refuse a substitute that is never called, and a limit that calls nobody."""
        if (self.too_many is None) is not (self.substitute is None):
            raise ValueError("too_many and substitute belong together: say both or none")
        if self.too_many == 1:
            raise ValueError("too_many: 1 calls nobody; no more than all can be recused")
        return self


class Caps(Part):
    """How many votes one hand may hold: of one corporate group, and by proxy for others."""

    example: ClassVar[str] = "{per_corporate_group: 1, proxies: 5}"

    per_corporate_group: Heads | None = None
    proxies: Annotated[int, Field(ge=0, le=1_000_000, strict=True)] | None = None


class DecisionRule(Part):
    """A decision rule: stages tried one after the other until one carries, and what holds for all.

    A rule of one stage is a plain vote. With several, a stage that does not carry leads to the
    next; the grade says how a decision was reached, the first stage's being the best. ``results``
    says whether results are published as a total or by chamber.

    Source: docs/sources.md, stages.
    """

    example: ClassVar[str] = (
        "{code: simple, name: Simple majority, stages: [{kind: vote, code: vote, "
        "base: {of: votes_cast, abstentions: out, spoilt: out}, by: heads, "
        'threshold: {more_than: 1/2}}], results: by_chamber, clause: "8.1"}'
    )

    code: Code
    name: Title
    proposers: Proposers | None = None
    quorum: Quorum | None = None
    recusal: Recusal = Recusal(seats="leave")
    caps: Caps = Caps()
    stages: Annotated[tuple[Stage, ...], Field(min_length=1, max_length=10)]
    results: Literal["total", "by_chamber"]
    clause: Clause

    def with_groups_as_one(self) -> DecisionRule:
        """Return the rule where members of one corporate group have one vote together."""
        return self.model_copy(
            update={"caps": self.caps.model_copy(update={"per_corporate_group": 1})}
        )

    @model_validator(mode="after")
    def leads_to_a_decision(self) -> DecisionRule:
        """Refuse stages of one code, and a cascade that ends in talks."""
        codes = [stage.code for stage in self.stages]
        if len(set(codes)) != len(codes):
            raise ValueError(f"stages: {', '.join(codes)}: each stage has a code of its own")
        if self.stages[-1].kind == "referral":
            raise ValueError("stages: the last one is a referral; end with a vote or consensus")
        return self

    def stage(self, code: str) -> Stage:
        """Return the stage called ``code``.

        :raises KeyError: there is none.
        """
        return {stage.code: stage for stage in self.stages}[code]

    def after(self, stage: Stage) -> Stage | None:
        """Return the stage that follows, None after the last."""
        rest = self.stages[self.stages.index(stage) + 1 :]
        return rest[0] if rest else None

    def bars(self) -> Iterator[tuple[tuple[str | int, ...], Bar]]:
        """Yield every bar with its path in the rule."""
        if self.quorum is not None:
            for name in ("overall", "each_chamber"):
                if (bar := getattr(self.quorum, name)) is not None:
                    yield ("quorum", name), bar
        for index, stage in enumerate(self.stages):
            for name in ("threshold", "each_chamber", "support"):
                if (bar := getattr(stage, name, None)) is not None:
                    yield ("stages", index, name), bar
