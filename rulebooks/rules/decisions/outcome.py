"""What a vote comes to: carried, failed, tied, without a quorum, or on to the next stage."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from rulebooks.rules.decisions import grounds
from rulebooks.rules.decisions.ballots import Cast, Count, Numbers, Tally, count
from rulebooks.rules.decisions.electorate import Electorate, Group
from rulebooks.rules.decisions.grounds import Ground
from rulebooks.rules.decisions.rule import ConsensusStage, DecisionRule, Stage, VoteStage

Casting = Literal["in_favor", "against"]


class NotAVote(ValueError):
    """The stage takes no vote, or the rule asks for something that was not said."""


class State(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_QUORATE = "not_quorate"
    TIED = "tied"
    NEXT_STAGE = "next_stage"
    SUBSTITUTE = "substitute"
    INADMISSIBLE = "inadmissible"


@dataclass(frozen=True, slots=True)
class ChamberResult:
    """The votes of one group at the top, as they may be published."""

    group: str
    tally: Tally
    seats: int
    present: int
    recused: int


@dataclass(frozen=True)
class Outcome:
    """What follows from a vote, and every ground for it with its figures.

    ``next`` is the stage that follows, or the body that decides instead. ``place`` counts grades
    from 1, the best, to ``places``.
    """

    state: State
    rule: str
    stage: str
    clause: str
    grounds: tuple[Ground, ...]
    chambers: tuple[ChamberResult, ...]
    notes: tuple[str, ...]
    results: Literal["total", "by_chamber"]
    grade: str | None = None
    place: int = 1
    places: int = 1
    next: str | None = None

    @property
    def failing(self) -> tuple[Ground, ...]:
        """Return every ground that did not hold."""
        return tuple(ground for ground in self.grounds if not ground.held)

    @property
    def passed(self) -> bool:
        """Return whether the decision binds."""
        return self.state is State.PASSED

    @property
    def total(self) -> Tally:
        """Return the votes of all."""
        return sum((one.tally for one in self.chambers), Tally())


def outcome(
    rule: DecisionRule,
    electorate: Electorate,
    ballots: Cast,
    recusals: Numbers | Collection[str] | None = None,
    present: Numbers | Collection[str] | None = None,
    *,
    stage: str | None = None,
    proposers: Collection[str] | None = None,
    casting: Casting | None = None,
) -> Outcome:
    """Return what ``ballots``, or counts by group, come to under ``rule``.

    ``stage`` is the first one where none is named. ``proposers`` are the groups of those who
    proposed; ``casting`` is what the chair said on a tie. All that failed is told, also what a
    missing quorum makes idle.

    :raises Miscounted: the figures cannot be.
    :raises NotAVote: the stage takes no vote, or the rule asks for proposers and none are named.
    """
    at = _stage(rule, stage)
    counted = count(rule, electorate, ballots, recusals, present)
    found = _grounds(rule, at, electorate.groups, counted, proposers)
    tie = isinstance(at, VoteStage) and grounds.is_tied(at, electorate.groups, counted)
    if tie:
        found = [_broken(ground, at, casting) for ground in found]
    place, places = _grade(rule, at)
    state, then = _state(rule, at, found, open_tie=tie and _is_open(at, casting))
    return Outcome(
        state=state,
        rule=rule.code,
        stage=at.code,
        clause=rule.clause,
        grounds=tuple(found),
        chambers=tuple(_result(group, counted) for group in electorate.groups),
        notes=counted.notes,
        results=rule.results,
        grade=at.grade if state is State.PASSED else None,
        place=place,
        places=places,
        next=then,
    )


def _stage(rule: DecisionRule, code: str | None) -> VoteStage | ConsensusStage:
    stages = {stage.code: stage for stage in rule.stages}
    if code is not None and code not in stages:
        raise NotAVote(f"{rule.code} has no stage {code!r}; its stages: {', '.join(stages)}")
    stage = rule.stages[0] if code is None else stages[code]
    if stage.kind == "referral":
        then = rule.after(stage).code
        raise NotAVote(f"{stage.code} is a referral to {stage.to}, no vote; then comes {then}")
    return stage


def _grounds(
    rule: DecisionRule,
    stage: VoteStage | ConsensusStage,
    groups: Sequence[Group],
    counted: Count,
    proposers: Collection[str] | None,
) -> list[Ground]:
    found: list[Ground] = []
    if rule.proposers is not None:
        if proposers is None:
            raise NotAVote(f"{rule.code} asks of which groups those are who propose; name them")
        found.append(grounds.proposed(rule.proposers, frozenset(proposers)))
    if (few := grounds.recused(rule.recusal, counted)) is not None:
        found.append(few)
    found += grounds.quorate(rule, groups, counted)
    found += grounds.unblocked(groups, counted)
    if isinstance(stage, ConsensusStage):
        return [*found, grounds.unopposed(counted)]
    return [*found, *grounds.reached(stage, groups, counted)]


def _is_open(stage: VoteStage, casting: Casting | None) -> bool:
    return stage.tie == "vote_again" or (stage.tie == "chair_decides" and casting is None)


def _broken(ground: Ground, stage: VoteStage, casting: Casting | None) -> Ground:
    """Return the ground of the threshold as the rule for ties leaves it."""
    if ground.asked != "threshold":
        return ground
    said = {
        "fails": (False, "a tie fails"),
        "passes": (True, "a tie passes"),
        "vote_again": (False, "a tie is voted on again"),
        "chair_decides": {
            None: (False, "the chair decides the tie"),
            "in_favor": (True, "the chair decided the tie in favor"),
            "against": (False, "the chair decided the tie against"),
        }.get(casting),
    }[stage.tie]
    held, words = said
    return Ground("threshold", held, f"{ground.words}; {words}", None, ground.share,
                  ground.heads, ground.of)  # fmt: skip


def _state(
    rule: DecisionRule, stage: Stage, found: list[Ground], *, open_tie: bool
) -> tuple[State, str | None]:
    """Return the state, and the stage or body that comes next."""
    failed = {ground.asked for ground in found if not ground.held}
    following = rule.after(stage)
    if "proposers" in failed:
        return State.INADMISSIBLE, None
    if "recusal" in failed:
        return State.SUBSTITUTE, rule.recusal.substitute
    if failed & {"quorum", "empty"}:
        return State.NOT_QUORATE, None
    if not failed:
        return State.PASSED, None
    if open_tie and failed == {"threshold"}:
        return State.TIED, stage.code
    if following is not None:
        return State.NEXT_STAGE, following.code
    return State.FAILED, None


def _grade(rule: DecisionRule, stage: Stage) -> tuple[int, int]:
    votes = [one for one in rule.stages if one.kind != "referral"]
    return votes.index(stage) + 1, len(votes)


def _result(group: Group, counted: Count) -> ChamberResult:
    leaves = [counted.leaves[leaf.code] for leaf in group.leaves()]
    return ChamberResult(
        group.code,
        sum((leaf.tally for leaf in leaves), Tally()),
        sum(leaf.seats for leaf in leaves),
        sum(leaf.present for leaf in leaves),
        sum(leaf.recused for leaf in leaves),
    )
