"""Charts as inline SVG for page and PDF alike.

Attributes give the look on paper; a page's style sheet overrides them by class (dark included).
No style attribute, no script, text escaped. The title says the finding; numbers stand beside marks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

Number = int | Decimal

WIDTH = 420
TEXT = 15  # at 343 px, a phone's column, still 12 px
INK, MUTED, AXIS, PAPER, MARK = "#1d2430", "#5b6472", "#8b8a84", "#ffffff", "#0b5d66"
FILLS = {
    "good": "#1f7a4d",
    "soon": "#8a5a00",
    "breach": "#b42318",
    "suspended": "#6b2c91",
    "none": "#5b6472",
}
GROUNDS = {
    "good": "#e8f1ea",
    "soon": "#f7eedb",
    "breach": "#fae9e6",
    "suspended": "#f1e9f6",
    "none": "#f0eee8",
}


class Chart(str):
    """The SVG's text, safe to show: every word in it was escaped here."""

    title: str
    description: str

    def __html__(self) -> str:
        return str(self)


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
    lines = [_wrapped(bar.label, 22) for bar in bars]
    column = min(width // 2, 12 + max((_wide(line) for part in lines for line in part), default=0))
    behind = 10 + max((_wide(bar.said or _plain(bar.figure)) for bar in bars), default=0)
    room = width - column - behind
    most = max((bar.figure for bar in bars), default=0) or 1
    body, top = [], 0
    for bar, label in zip(bars, lines, strict=True):
        height = max(34, 19 * len(label) + 10)
        middle = top + height / 2
        length = max(float(bar.figure) / float(most) * room, 0)
        body += _label(label, middle)
        if length:
            body.append(_rect(column, middle - 9, length, 18, _fill(bar.kind)))
        said = bar.said or _plain(bar.figure)
        body.append(_text(column + length + 6, middle + 5, said, look="ink", bold=True))
        top += height
    body.append(_line(column, 0, column, top, look="axis"))
    return _chart(body, width, top, title, description)


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
        return edge + float(value - low) / float(high - low) * room

    body = [_ground(ground, x, floor) for ground in grounds]
    most = max(max(counts, default=0), 1)
    for place, count in enumerate(counts):
        left, right = x(low + place * step), x(low + (place + 1) * step)
        height = count / most * (floor - top - 22)
        if count:
            body.append(_rect(left + 1, floor - height, right - left - 2, height, _fill("plain")))
            body.append(_halo((left + right) / 2, floor - height - 5, str(count)))
    body.append(_line(edge, floor, width - edge, floor, look="axis"))
    ends = {low, high, *(ground.low for ground in grounds), *(ground.high for ground in grounds)}
    for value in sorted(ends):
        anchor = "start" if value == low else "end" if value == high else "middle"
        body.append(_text(x(value), floor + 19, _plain(value), look="muted", anchor=anchor))
    if marked:
        body += _marker(marked, x(marked.figure), width, floor)
    return _chart(body, width, floor + (48 if marked else 26), title, description)


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
        return floor - float(value - low) / float((high - low) or 1) * (floor - ceiling)

    body = [_line(0, floor, width, floor, look="axis")]
    if target:
        body.append(_line(0, y(target.figure), width, y(target.figure), look="aim", dashed=True))
        body.append(_text(0, y(target.figure) - 7, target.label, look="ink"))
    places = [
        (left + gap * number, None if point.figure is None else y(point.figure))
        for number, point in enumerate(points)
    ]
    for (x1, y1), (x2, y2), point in zip(places, places[1:], points[1:], strict=False):
        if y1 is not None and y2 is not None and not point.begins:
            body.append(_line(x1, y1, x2, y2, look="line"))
    for (x, height), point in zip(places, points, strict=True):
        body.append(_text(x, floor + 20, point.label, look="muted", anchor="middle"))
        if height is not None:
            said = f"{_plain(point.figure)}\u202f{unit}" if unit else _plain(point.figure)
            body.append(
                f'<circle class="mark" cx="{_n(x)}" cy="{_n(height)}" r="4" fill="{MARK}"/>'
            )
            body.append(_halo(x, height + 21 if height - 30 < 34 else height - 10, said))
    return _chart(body, width, floor + 28, title, description)


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
    kind = ground.kind if ground.kind in GROUNDS else "none"
    left, right = x(ground.low), x(ground.high)
    rect = _rect(left, 22, right - left, floor - 22, (f"ground-{kind}", GROUNDS[kind]))
    return rect + _text(left + 2, 15, ground.label, look="muted")


def _marker(marked: Target, x: float, width: int, floor: float) -> list[str]:
    anchor = "start" if x < width / 3 else "end" if x > width * 2 / 3 else "middle"
    return [
        _line(x, 22, x, floor, look="aim", dashed=True),
        _text(x, floor + 41, marked.label, look="ink", anchor=anchor, bold=True),
    ]


def _chart(body: Iterable[str], width: int, height: float, title: str, description: str) -> Chart:
    chart = Chart(
        f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_n(height)}"'
        f' width="{width}" height="{_n(height)}" role="img" font-size="{TEXT}"'
        ' font-family="Source Sans Pro, sans-serif">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{''.join(body)}</svg>"
    )
    chart.title, chart.description = title, description
    return chart


def _label(lines: Sequence[str], middle: float) -> list[str]:
    first = middle + 5 - 19 * (len(lines) - 1) / 2
    return [_text(0, first + 19 * place, line, look="ink") for place, line in enumerate(lines)]


def _text(
    x: float, y: float, words: str, *, look: str, anchor: str = "start", bold: bool = False
) -> str:
    fill = INK if look == "ink" else MUTED
    weight = ' font-weight="600"' if bold else ""
    place = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return (
        f'<text class="{look}" x="{_n(x)}" y="{_n(y)}" fill="{fill}"{weight}{place}>'
        f"{escape(words)}</text>"
    )


def _halo(x: float, y: float, words: str) -> str:
    """Return a number over other marks, kept readable by an edge in the colour of the paper."""
    behind = _text(x, y, words, look="halo", anchor="middle", bold=True).replace(
        "<text ", f'<text aria-hidden="true" stroke="{PAPER}" stroke-width="4" ', 1
    )
    return behind + _text(x, y, words, look="ink", anchor="middle", bold=True)


def _rect(x: float, y: float, width: float, height: float, fill: tuple[str, str]) -> str:
    name, colour = fill
    return (
        f'<rect class="{name}" x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
        f' fill="{colour}"/>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, *, look: str, dashed: bool = False) -> str:
    colour = {"axis": AXIS, "aim": INK, "line": MARK}[look]
    thick = {"axis": 1, "aim": 1.5, "line": 2.5}[look]
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return (
        f'<line class="{look}" x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"'
        f' stroke="{colour}" stroke-width="{thick}"{dash}/>'
    )


def _fill(kind: str) -> tuple[str, str]:
    return (f"fill-{kind}", FILLS[kind]) if kind in FILLS else ("mark", MARK)


def _plain(value: Number) -> str:
    text = format(Decimal(value), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text.replace("-", "\u2212")


def _wrapped(words: str, most: int) -> list[str]:
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + len(word) >= most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _wide(words: str) -> int:
    """Return about how wide words of this font at 15 px are."""
    return round(len(words) * 7.3)


def _n(value: float) -> str:
    return f"{round(value, 1):g}"
