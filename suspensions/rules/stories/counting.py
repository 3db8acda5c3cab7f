"""What came of a replay: published, derived and chosen outcomes, and counter-checks, apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from suspensions.rules.stories.expectations import Mark

MARKS: tuple[str, ...] = get_args(Mark)
COUNTER = "counter"
WORDS = {
    "published": "replayed, as published",
    "derived": "derived from what was published",
    "chosen": "by a published rule, with inputs chosen here",
    COUNTER: "counter-checks that fail as stated",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """One expectation beside what was found; ``found`` is None when it holds.

    ``mark`` is published, derived, chosen or counter: a counter-check holds when what it names
    fails under its variation.
    """

    case: str
    mark: str
    expected: str
    found: str | None

    def as_json(self) -> dict[str, str | None]:
        """Return what leaves a replay."""
        return {
            "case": self.case,
            "mark": self.mark,
            "expected": self.expected,
            "found": self.found,
        }


@dataclass
class Played:
    """A replay that was played. ``illustrative`` editions hold numbers that nobody verified."""

    title: str
    kind: str
    source: str
    editions: tuple[str, ...] = ()
    illustrative: bool = False
    checked: list[Checked] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)
    """Where two ways of computing came to different states."""

    @property
    def as_expected(self) -> bool:
        """Return whether every outcome holds and every counter-check fails as stated."""
        return not self.apart and all(one.found is None for one in self.checked)

    def counts(self) -> dict[str, dict[str, int]]:
        """Return how many hold, of how many, for each mark."""
        return {
            mark: {
                "holds": sum(one.found is None for one in self.checked if one.mark == mark),
                "of": sum(one.mark == mark for one in self.checked),
            }
            for mark in (*MARKS, COUNTER)
        }

    def unexpected(self) -> list[str]:
        """Return what is not as it must be, a line each."""
        differing = [
            f"{one.case}: {one.mark}: expected {one.expected}; found {one.found}"
            for one in self.checked
            if one.found is not None
        ]
        return [*differing, *self.apart]

    def lines(self) -> Iterator[str]:
        """Yield what a person reads."""
        note = " (illustrative: the edition holds numbers that nobody verified)"
        yield self.title + note * self.illustrative
        for mark, count in self.counts().items():
            if count["of"]:
                yield f"  {WORDS[mark]}: {count['holds']} of {count['of']}"
        yield from (f"    {line}" for line in self.unexpected())

    def as_json(self) -> dict[str, Any]:
        """Return what leaves a replay."""
        return {
            "title": self.title,
            "kind": self.kind,
            "source": self.source,
            "editions": list(self.editions),
            "illustrative": self.illustrative,
            **self.counts(),
            "differing": [one.as_json() for one in self.checked if one.found is not None],
            "unexpected": self.unexpected(),
        }


def added(counts: Iterable[Mapping[str, Mapping[str, int]]]) -> dict[str, dict[str, int]]:
    """Return the counts of several replays, added."""
    told = list(counts)
    return {
        mark: {name: sum(one[mark][name] for one in told) for name in ("holds", "of")}
        for mark in (*MARKS, COUNTER)
    }


def nothing_but_published(*, holds: int, of: int) -> dict[str, dict[str, int]]:
    """Return the counts of a replay all of whose outcomes were published."""
    none = {"holds": 0, "of": 0}
    return {mark: dict(none) for mark in (*MARKS, COUNTER)} | {
        "published": {"holds": holds, "of": of}
    }
