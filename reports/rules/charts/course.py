"""A target's way from baseline to goal, with what was measured on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reports.rules.charts import marks
from reports.rules.charts.marks import WIDTH, Chart, Number

CEILING, FLOOR, LEFT, RIGHT = 40, 190, 24, WIDTH - 40


@dataclass(frozen=True, slots=True)
class Mark:
    """A value in a year, with its words: baseline, milestone, goal, or what was measured."""

    year: int
    value: Number
    label: str = ""


def course(
    line: Sequence[Mark],
    measured: Sequence[Mark],
    *,
    title: str,
    description: str,
    steps: bool = False,
    earlier: Sequence[Mark] = (),
) -> Chart:
    """Draw the promised way dashed, what was measured as dots, the goal with its value.

    ``earlier`` is the way before its baseline was worked out anew: drawn thin, beside the new.
    """
    marked = [*line, *measured, *earlier]
    years = [mark.year for mark in marked]
    x = _scaled(min(years), max(years), LEFT, RIGHT)
    values = [mark.value for mark in marked]
    y = _scaled(min(values), max(values), FLOOR - 28, CEILING)
    body = [marks.line(0, FLOOR, WIDTH, FLOOR, look="axis")]
    body += _way(earlier, x, y, steps=steps, look="axis")
    body += _way(line, x, y, steps=steps, look="aim")
    body += _ends(line, x, y)
    for first, last in pairwise(measured):
        places = (x(first.year), y(first.value), x(last.year), y(last.value))
        body.append(marks.line(*places, look="line"))
    for mark in measured:
        body.append(marks.dot(x(mark.year), y(mark.value)))
    if measured:
        last = measured[-1]
        body.append(marks.halo(x(last.year), y(last.value) + 22, marks.plain(last.value)))
    body += _years(line, x)
    return marks.chart(body, WIDTH, FLOOR + 28, title, description)


def _scaled(low: Number, high: Number, start: float, end: float) -> Callable[[Number], float]:
    return lambda value: start + marks.share(value, low, high) * (end - start)


def _way(
    line: Sequence[Mark], x: Callable, y: Callable, *, steps: bool, look: str
) -> Iterable[str]:
    for first, last in pairwise(line):
        x1, y1, x2, y2 = x(first.year), y(first.value), x(last.year), y(last.value)
        if steps:
            yield marks.line(x1, y1, x2, y1, look=look, dashed=True)
            yield marks.line(x2, y1, x2, y2, look=look, dashed=True)
        else:
            yield marks.line(x1, y1, x2, y2, look=look, dashed=True)


def _ends(line: Sequence[Mark], x: Callable, y: Callable) -> Iterable[str]:
    """Say baseline, milestones and goal beside their places."""
    for place, mark in enumerate(line):
        last = place == len(line) - 1
        anchor = "end" if last else "start"
        at = 0 if place == 0 else WIDTH if last else x(mark.year) + 6
        words = f"{mark.label} {marks.plain(mark.value)}".strip()
        rises = place == 0 and line[-1].value > mark.value  # its words stand on the other side
        height = y(mark.value) + (20 if rises else -9)
        yield marks.text(at, height, words, look="ink", anchor=anchor)


def _years(line: Sequence[Mark], x: Callable) -> Iterable[str]:
    for mark in (line[0], line[-1]):
        yield marks.text(x(mark.year), FLOOR + 20, str(mark.year), look="muted", anchor="middle")
