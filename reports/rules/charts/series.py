"""Bars, distributions and trends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from reports.rules.charts import marks
from reports.rules.charts.marks import WIDTH, Chart, Number


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; ``kind`` is a status kind or ``plain``; ``said`` stands in place of the number."""

    label: str
    figure: Number
    kind: str = "plain"
    said: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """A band as pale ground, from ``low`` up to ``high`` of the axis."""

    low: Number
    high: Number
    label: str
    kind: str = "none"


@dataclass(frozen=True, slots=True)
class Point:
    """One place on a trend; ``figure`` is None where nothing was measured: the line breaks.

    It also breaks before a point that ``begins`` another series, not to be compared with the last.
    """

    label: str
    figure: Number | None
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """A value drawn as a dashed line, with its words."""

    figure: Number
    label: str


def bars(bars: Sequence[Bar], *, title: str, description: str, width: int = WIDTH) -> Chart:
    """Draw horizontal bars from zero, each with its label before and its number behind it."""
    lines = [marks.wrapped(bar.label, 22) for bar in bars]
    column = min(
        width // 2, 12 + max((marks.wide(line) for part in lines for line in part), default=0)
    )
    behind = 10 + max((marks.wide(bar.said or marks.plain(bar.figure)) for bar in bars), default=0)
    room = width - column - behind
    most = max((bar.figure for bar in bars), default=0) or 1
    body, top = [], 0
    for bar, label in zip(bars, lines, strict=True):
        height = max(34, 19 * len(label) + 10)
        middle = top + height / 2
        length = max(marks.share(bar.figure, 0, most) * room, 0)
        body += marks.label(label, middle)
        if length:
            body.append(marks.rect(column, middle - 9, length, 18, marks.fill(bar.kind)))
        said = bar.said or marks.plain(bar.figure)
        body.append(marks.text(column + length + 6, middle + 5, said, look="ink", bold=True))
        top += height
    body.append(marks.line(column, 0, column, top, look="axis"))
    return marks.chart(body, width, top, title, description)


def distribution(
    figures: Sequence[Number],
    *,
    title: str,
    description: str,
    low: Number,
    high: Number,
    step: Number,
    grounds: Sequence[Ground] = (),
    marked: Target | None = None,
    width: int = WIDTH,
) -> Chart:
    """Draw how many figures fall in each step from ``low`` to ``high``, which the last one takes.

    :raises ValueError: when the steps do not fill the range, or a figure lies outside it.
    """
    counts = _counts(figures, low=low, high=high, step=step)
    top, floor, edge = 46, 190, 8
    room = width - 2 * edge

    def x(value: Number) -> float:
        return edge + marks.share(value, low, high) * room

    body = [_ground(ground, x, floor) for ground in grounds]
    most = max(max(counts, default=0), 1)
    for place, count in enumerate(counts):
        left, right = x(low + place * step), x(low + (place + 1) * step)
        height = count / most * (floor - top - 22)
        if count:
            body.append(
                marks.rect(left + 1, floor - height, right - left - 2, height, marks.fill("plain"))
            )
            body.append(marks.halo((left + right) / 2, floor - height - 5, str(count)))
    body.append(marks.line(edge, floor, width - edge, floor, look="axis"))
    ends = {low, high, *(ground.low for ground in grounds), *(ground.high for ground in grounds)}
    for value in sorted(ends):
        anchor = "start" if value == low else "end" if value == high else "middle"
        body.append(
            marks.text(x(value), floor + 19, marks.plain(value), look="muted", anchor=anchor)
        )
    if marked:
        body += _marker(marked, x(marked.figure), width, floor)
    return marks.chart(body, width, floor + (48 if marked else 26), title, description)


def trend(
    points: Sequence[Point],
    *,
    title: str,
    description: str,
    target: Target | None = None,
    unit: str = "",
    width: int = WIDTH,
) -> Chart:
    """Draw measured figures over periods as a line, the target dashed with its words."""
    known = [point.figure for point in points if point.figure is not None]
    low = min([*known, target.figure if target else 0, 0])
    high = max([*known, target.figure if target else 0], default=0)
    ceiling, floor, left, right = 34, 180, 20, width - 34
    gap = (right - left) / max(len(points) - 1, 1)

    def y(value: Number) -> float:
        return floor - marks.share(value, low, high) * (floor - ceiling)

    body = [marks.line(0, floor, width, floor, look="axis")]
    if target:
        body.append(
            marks.line(0, y(target.figure), width, y(target.figure), look="aim", dashed=True)
        )
        body.append(marks.text(0, y(target.figure) - 7, target.label, look="ink"))
    places = [
        (left + gap * number, None if point.figure is None else y(point.figure))
        for number, point in enumerate(points)
    ]
    for (x1, y1), (x2, y2), point in zip(places, places[1:], points[1:], strict=False):
        if y1 is not None and y2 is not None and not point.begins:
            body.append(marks.line(x1, y1, x2, y2, look="line"))
    for (x, height), point in zip(places, points, strict=True):
        body.append(marks.text(x, floor + 20, point.label, look="muted", anchor="middle"))
        if height is not None:
            said = f"{marks.plain(point.figure)}\u202f{unit}" if unit else marks.plain(point.figure)
            body.append(marks.dot(x, height))
            body.append(marks.halo(x, height + 21 if height - 30 < 34 else height - 10, said))
    return marks.chart(body, width, floor + 28, title, description)


def _counts(figures: Iterable[Number], *, low: Number, high: Number, step: Number) -> list[int]:
    steps, rest = divmod(high - low, step)
    if rest or steps < 1:
        raise ValueError(f"Steps of {step} do not fill the range from {low} to {high}.")
    counts = [0] * int(steps)
    for figure in figures:
        if not low <= figure <= high:
            raise ValueError(f"{figure} lies outside {low} to {high}.")
        counts[min(int((figure - low) // step), len(counts) - 1)] += 1
    return counts


def _ground(ground: Ground, x: Callable[[Number], float], floor: float) -> str:
    kind = ground.kind if ground.kind in marks.GROUNDS else "none"
    left, right = x(ground.low), x(ground.high)
    rect = marks.rect(left, 22, right - left, floor - 22, (f"ground-{kind}", marks.GROUNDS[kind]))
    return rect + marks.text(left + 2, 15, ground.label, look="muted")


def _marker(marked: Target, x: float, width: int, floor: float) -> list[str]:
    anchor = "start" if x < width / 3 else "end" if x > width * 2 / 3 else "middle"
    return [
        marks.line(x, 22, x, floor, look="aim", dashed=True),
        marks.text(x, floor + 41, marked.label, look="ink", anchor=anchor, bold=True),
    ]
