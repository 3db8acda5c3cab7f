"""Publicity: what of an event each audience learns, how much of it, and when at the earliest."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Literal

from pydantic import model_validator

from rulebooks.rules.schema import EVERYONE, Clause, Part, Selection, selects
from rulebooks.rules.terms import WEEKENDS, Term, after

ONE_DAY = timedelta(days=1)
Happening = Literal[
    "membership", "departure", "score", "breach", "case", "measure", "appeal",
    "appeal_decision", "reinstatement", "vote"
]  # fmt: skip
# Who can be told, from the nearest to the event to the farthest.
Audience = Literal["concerned", "complainant", "workers", "buyers", "members", "public"]
What = Literal["nothing", "count", "name", "letter"]
AMOUNT: dict[What, int] = {"nothing": 0, "count": 1, "name": 2, "letter": 3}

# The three keys that every edition has, and the event of which each speaks.
KEYS: dict[Happening, str] = {
    "membership": "membership", "measure": "standing", "score": "scorecard"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for one event and audience, by which clause."""

    what: What
    clause: str
    embargo: Term | None = None
    right_of_reply: Term | None = None

    def allows(self, wanted: What) -> bool:
        """Return whether as much as ``wanted`` may be told."""
        return AMOUNT[wanted] <= AMOUNT[self.what]

    def earliest(self, happened_on: date, *, holidays: Container[date] = WEEKENDS) -> date:
        """Return the first day on which it may be told.

        That is the day after the last one of the embargo and of the time to reply.
        """
        terms = [term for term in (self.embargo, self.right_of_reply) if term and term.count]
        last = [after(happened_on, term, holidays=holidays) for term in terms]
        return max(last) + ONE_DAY if last else happened_on

    @property
    def waits_for(self) -> str:
        """Return what has to be over before it may be told."""
        said = {"an embargo of": self.embargo, "time to reply,": self.right_of_reply}
        return " and ".join(f"{words} {term}" for words, term in said.items() if term)


class AudienceNotice(Part):
    """What one audience learns of one event: nothing, a count, the name, or the whole letter.

    ``standings`` narrows measures down to those that give such a standing. ``embargo`` is how long
    after the event it is told at the earliest; ``right_of_reply`` how long the member has to send
    a reply, which then stands beside it.
    """

    example: ClassVar[str] = (
        "{event: measure, audience: public, what: name, standings: [excluded], "
        'embargo: {days: 30}, right_of_reply: {days: 15}, clause: "9.2"}'
    )

    event: Happening
    audience: Audience
    what: What
    standings: Selection = EVERYONE
    embargo: Term | None = None
    right_of_reply: Term | None = None
    clause: Clause

    @model_validator(mode="after")
    def fits_together(self) -> AudienceNotice:
        """Refuse words that mean nothing together."""
        if self.standings != EVERYONE and self.event != "measure":
            raise ValueError(f"standings narrow measures down; {self.event} has none")
        if self.what == "nothing" and (self.embargo or self.right_of_reply):
            raise ValueError("what: nothing is told, so there is no embargo and no reply")
        if self.what == "count" and self.right_of_reply:
            raise ValueError("a count names nobody; right_of_reply goes with name or letter")
        if self.what == "count" and self.audience == "concerned":
            raise ValueError("the member concerned learns of its own event: name or letter")
        return self

    @property
    def policy(self) -> Policy:
        """Return what it lets be told, by which clause and when."""
        return Policy(self.what, self.clause, self.embargo, self.right_of_reply)


class Publicity(Part):
    """What is shown to whom, once published, and what each audience learns of each event.

    Where ``notices`` speak of an event to an audience, they alone hold, and what none of them
    covers is not told. Else ``membership``, ``standing`` and ``scorecard`` hold.
    """

    example: ClassVar[str] = (
        '{membership: public, standing: public, scorecard: member, clause: "9"}'
    )

    membership: Literal["public", "members"]
    standing: Literal["public", "members"]
    scorecard: Literal["public", "member"]
    notices: tuple[AudienceNotice, ...] = ()
    clause: Clause

    def policy(
        self, event: Happening, audience: Audience, *, standing: str | None = None
    ) -> Policy:
        """Return what ``audience`` may learn of ``event``; of a measure, by the standing it gives.

        Source: docs/sources.md, notices.
        """
        spoken = [n for n in self.notices if (n.event, n.audience) == (event, audience)]
        for notice in spoken:
            if selects(notice.standings, standing or EVERYONE):
                return notice.policy
        told = "nothing" if spoken else self._by_key(event, audience)
        return Policy(told, self.clause)

    def widest(self, event: Happening, audience: Audience) -> Policy:
        """Return the most that ``audience`` may learn of ``event``, whatever standing it gives."""
        spoken = [n for n in self.notices if (n.event, n.audience) == (event, audience)]
        if not spoken:
            return self.policy(event, audience)
        return max(spoken, key=lambda notice: AMOUNT[notice.what]).policy

    def _by_key(self, event: Happening, audience: Audience) -> What:
        if audience == "concerned":
            return "letter"
        said = getattr(self, KEYS[event]) if event in KEYS else "member"
        reaches = {"public": ("members", "public"), "members": ("members",), "member": ()}
        return "name" if audience in reaches[said] else "nothing"

    def contradictions(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield place and message where notices part from the keys, or from each other."""
        for event, key in KEYS.items():
            told = [n for n in self.notices if (n.event, n.audience) == (event, "public")]
            named = [n for n in told if AMOUNT[n.what] >= AMOUNT["name"]]
            if named and getattr(self, key) != "public":
                index = self.notices.index(named[0])
                message = f"{key}: {getattr(self, key)} keeps it from the public"
                yield ("notices", index, "what"), f"{message}; write {key}: public, or what: count"
            if told and not named and getattr(self, key) == "public":
                message = f"is public, and the notices of {event} name nobody to the public"
                yield (key,), f"{message}; let one of them say name, or close it here"
        for index, notice in enumerate(self.notices):
            if before := self._spoken_of(notice, self.notices[:index]):
                message = f"{notice.event} for {notice.audience} is said by clause {before} already"
                yield ("notices", index), message

    @staticmethod
    def _spoken_of(notice: AudienceNotice, earlier: tuple[AudienceNotice, ...]) -> str | None:
        for one in earlier:
            if (one.event, one.audience) != (notice.event, notice.audience):
                continue
            both = (one.standings, notice.standings)
            if EVERYONE in both or set(one.standings) & set(notice.standings):
                return one.clause
        return None
