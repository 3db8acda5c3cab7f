"""A text as numbered lines: with what is wrong beside its line, or with what changed in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from rulebooks.rules.document import Problem

AROUND = 4  # lines shown before and after a line with a remark
LONGEST = 4_000  # lines; of a longer text the quiet stretches are counted, not shown


@dataclass(frozen=True, slots=True)
class Line:
    """One line, counted from 1."""

    number: int
    text: str
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines that belong together: around a remark, or ``quiet``, with nothing to say about."""

    first: int
    last: int
    quiet: bool
    lines: tuple[Line, ...]


def listing(
    text: str, problems: Sequence[Problem], warnings: Sequence[Problem] = ()
) -> tuple[Stretch, ...]:
    """Return a text in stretches, so that those with remarks stand out from the quiet ones."""
    lines = text.splitlines() or [""]
    wrong, doubtful = (_by_line(found, len(lines)) for found in (problems, warnings))
    loud = {n for line in (*wrong, *doubtful) for n in range(line - AROUND, line + AROUND + 1)}
    numbered = [
        Line(number, line, tuple(wrong.get(number, ())), tuple(doubtful.get(number, ())))
        for number, line in enumerate(lines, start=1)
    ]
    return tuple(_stretches(numbered, loud))


def _by_line(found: Sequence[Problem], count: int) -> dict[int, list[Problem]]:
    """Return remarks by line; one past the end belongs to the last line."""
    by_line: dict[int, list[Problem]] = defaultdict(list)
    for problem in found:
        by_line[min(max(problem.line, 1), count)].append(problem)
    return by_line


def _stretches(lines: Sequence[Line], loud: set[int]) -> Iterator[Stretch]:
    for is_loud, grouped in groupby(lines, key=lambda line: line.number in loud):
        group = tuple(grouped)
        shown = group if is_loud or len(lines) <= LONGEST else ()
        yield Stretch(group[0].number, group[-1].number, not is_loud, shown)


@dataclass(frozen=True, slots=True)
class Changed:
    """One line of a comparison: ``sign`` is + for new, - for gone, empty for what stayed."""

    sign: str
    before: int | None
    after: int | None
    text: str


def line_differences(before: str, after: str) -> tuple[tuple[Changed, ...], ...]:
    """Return what changed between two texts, in stretches with a few lines around each change."""
    old, new = before.splitlines(), after.splitlines()
    matcher = SequenceMatcher(None, old, new)  # lines found often are junk: it stays fast
    return tuple(
        tuple(line for step in group for line in _changed(step, old, new))
        for group in matcher.get_grouped_opcodes(3)
    )


def _changed(
    step: tuple[str, int, int, int, int], old: list[str], new: list[str]
) -> Iterator[Changed]:
    kind, i1, i2, j1, j2 = step
    if kind == "equal":
        for offset, text in enumerate(old[i1:i2]):
            yield Changed("", i1 + offset + 1, j1 + offset + 1, text)
        return
    for place in range(i1, i2):
        yield Changed("-", place + 1, None, old[place])
    for place in range(j1, j2):
        yield Changed("+", None, place + 1, new[place])
