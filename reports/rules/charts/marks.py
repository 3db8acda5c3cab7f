"""The marks that charts are made of, and the frame around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
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


def chart(body: Iterable[str], width: int, height: float, title: str, description: str) -> Chart:
    """Return a whole chart, read aloud by its title and description."""
    chart = Chart(
        f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {px(height)}"'
        f' width="{width}" height="{px(height)}" role="img" font-size="{TEXT}"'
        ' font-family="Source Sans Pro, sans-serif">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{''.join(body)}</svg>"
    )
    chart.title, chart.description = title, description
    return chart


def label(lines: Sequence[str], middle: float) -> list[str]:
    """Return the lines of a label around a middle."""
    first = middle + 5 - 19 * (len(lines) - 1) / 2
    return [text(0, first + 19 * place, line, look="ink") for place, line in enumerate(lines)]


def text(
    x: float, y: float, words: str, *, look: str, anchor: str = "start", bold: bool = False
) -> str:
    """Return words in the ink of ``look``."""
    fill = INK if look == "ink" else MUTED
    weight = ' font-weight="600"' if bold else ""
    place = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return (
        f'<text class="{look}" x="{px(x)}" y="{px(y)}" fill="{fill}"{weight}{place}>'
        f"{escape(words)}</text>"
    )


def halo(x: float, y: float, words: str) -> str:
    """Return a number over other marks, kept readable by an edge in the colour of the paper."""
    behind = text(x, y, words, look="halo", anchor="middle", bold=True).replace(
        "<text ", f'<text aria-hidden="true" stroke="{PAPER}" stroke-width="4" ', 1
    )
    return behind + text(x, y, words, look="ink", anchor="middle", bold=True)


def rect(x: float, y: float, width: float, height: float, fill: tuple[str, str]) -> str:
    """Return a rectangle, filled."""
    name, colour = fill
    return (
        f'<rect class="{name}" x="{px(x)}" y="{px(y)}" width="{px(width)}" height="{px(height)}"'
        f' fill="{colour}"/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, *, look: str, dashed: bool = False) -> str:
    """Return a line: an axis, an aim or a course."""
    colour = {"axis": AXIS, "aim": INK, "line": MARK}[look]
    thick = {"axis": 1, "aim": 1.5, "line": 2.5}[look]
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return (
        f'<line class="{look}" x1="{px(x1)}" y1="{px(y1)}" x2="{px(x2)}" y2="{px(y2)}"'
        f' stroke="{colour}" stroke-width="{thick}"{dash}/>'
    )


def dot(x: float, y: float) -> str:
    """Return the place of something measured."""
    return f'<circle class="mark" cx="{px(x)}" cy="{px(y)}" r="4" fill="{MARK}"/>'


def fill(kind: str) -> tuple[str, str]:
    """Return the class and the color of a kind."""
    return (f"fill-{kind}", FILLS[kind]) if kind in FILLS else ("mark", MARK)


def share(value: Number, low: Number, high: Number) -> float:
    """Return how far ``value`` lies on the way from ``low`` to ``high``; 0 where there is none.

    Divided exactly first: a number may be larger than any float, and no place is NaN.
    """
    wide = Fraction(high) - Fraction(low)
    return float((Fraction(value) - Fraction(low)) / wide) if wide else 0.0


def plain(value: Number) -> str:
    """Return a number as it is read: without zeros that say nothing, with a real minus."""
    text = format(Decimal(value), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text.replace("-", "\u2212")


def wrapped(words: str, most: int) -> list[str]:
    """Return words in lines of less than ``most`` letters."""
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + len(word) >= most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def wide(words: str) -> int:
    """Return about how wide words of this font at 15 px are."""
    return round(len(words) * 7.3)


def px(value: float) -> str:
    """Return a place on the page."""
    return f"{round(value, 1):g}"
