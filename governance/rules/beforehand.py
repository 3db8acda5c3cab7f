"""What a vote needs, told before anybody votes: who may vote, the quorum and the majority."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rulebooks.rules.decisions import Body, DecisionRule, Group, VoteStage
from rulebooks.rules.decisions.rule import By, EachChamber
from rulebooks.rules.decisions.shares import Bar
from rulebooks.rules.reading.decisions import TIES, proposers

Line = tuple[str, list[str]]  # what is asked, and each part of it in words
BASES = {"votes_cast": "the votes cast", "present": "those there", "all_seats": "all who may vote"}
IF = {
    "votes_cast": ", if all vote for or against",
    "present": ", if all are there",
    "all_seats": "",
}


def needed(
    body: Body, rule: DecisionRule, voters: Mapping[str, int], names: Mapping[str, str]
) -> list[Line]:
    """Return what ``rule`` asks of a vote of ``body``, with the heads that it comes to.

    ``voters`` says how many may vote in each group of which that is known, see
    ``groups.may_vote``; nobody is taken to be recused. Where groups weigh, no heads are told.
    """
    asked = _Asked(body.groups, voters, names)
    found = [("May vote", [*asked.may_vote(rule.caps.per_corporate_group)])]
    if rule.proposers is not None:
        found.append(("Proposed by", [proposers(rule.proposers)]))
    if rule.quorum is not None:
        found.append(("Quorum", [*asked.quorum(rule)]))
    stages = [stage for stage in rule.stages if stage.kind != "referral"]
    for stage in stages:
        name = f"Majority: {stage.grade or stage.code}" if len(stages) > 1 else "Majority"
        if isinstance(stage, VoteStage):
            found.append((name, [*asked.majority(stage)]))
        else:
            found.append((name, ["somebody is for it, and nobody against"]))
    return found


class _Asked:
    """The parts of what is asked of the groups of a body, in words."""

    def __init__(
        self, groups: tuple[Group, ...], voters: Mapping[str, int], names: Mapping[str, str]
    ) -> None:
        self.groups, self.voters, self.names = groups, voters, names

    def may_vote(self, most: int | None) -> Iterator[str]:
        leaves = [leaf for group in self.groups for leaf in group.leaves()]
        if len(leaves) > 1 and (whole := self._size(self.groups)) is not None:
            yield f"{whole} in all"
        for leaf in leaves:
            count = self.voters.get(leaf.code)
            of_seats = f" of {leaf.seats} seats" if leaf.seats not in (None, count) else ""
            yield f"{self._name(leaf)}: {'as told below' if count is None else count}{of_seats}"
        if most is not None:
            yield f"of one corporate group at most {most} vote{'s' * (most > 1)}"

    def quorum(self, rule: DecisionRule) -> Iterator[str]:
        asked = rule.quorum
        if asked.overall is not None:
            heads = self._heads(asked.overall, asked.by)
            yield f"{asked.overall} of all who may vote are there{heads}"
        if asked.each_chamber is not None:
            heads = self._each(asked.each_chamber, asked.by)
            yield f"{asked.each_chamber} of each chamber are there{heads}"

    def majority(self, stage: VoteStage) -> Iterator[str]:
        base, by, condition = BASES[stage.base.of], stage.by, IF[stage.base.of]
        heads = self._heads(stage.threshold, by)
        yield f"{stage.threshold} of {base} are for it{heads}{condition * (': ' in heads)}"
        if (each := stage.each_chamber) is not None:
            heads = self._each(each, by)
            yield f"{each} of {base} in each chamber are for it{heads}{condition * bool(heads)}"
        if (each := stage.support) is not None:
            yield f"{each} of all who may vote in each chamber are for it{self._each(each, by)}"
        if stage.tie in TIES:
            yield TIES[stage.tie]

    def _heads(self, bar: Bar, by: By) -> str:
        if by != "heads":
            return ", by the weight of the groups"
        whole = self._size(self.groups)
        return "" if whole is None else f": {bar.least(whole)} of {whole}"

    def _each(self, bar: EachChamber, by: By) -> str:
        """Return the heads of each chamber that is asked; a group of weighed groups has none."""
        told = [
            f"{self._name(group)} {bar.least(size)} of {size}"
            for group in self.groups
            if bar.asks(group.code) and (by == "heads" or not group.groups)
            if (size := self._size([group]))
        ]
        return f": {', '.join(told)}" if told else ""

    def _size(self, groups: Iterable[Group]) -> int | None:
        found = [self.voters.get(leaf.code) for group in groups for leaf in group.leaves()]
        return None if None in found else sum(found)

    def _name(self, group: Group) -> str:
        return self.names.get(group.chamber or group.code, group.code)
