"""The scoring tree as a picture: inline SVG for pages, its words also a nested list beside it.

Attributes give the look on paper; a page's style sheet overrides them by class. Every word in it
is escaped here. It is narrow, so that its smallest text is 12 px on a phone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from rulebooks.rules.reading.outline import Branch, count

WIDTH = 420
TEXT, LINE = 15, 19
INDENT, MARK, GAP = 22, 12, 12
DEEPEST = 8  # a level further down is drawn no further to the right
MOST_ROWS = 80  # of a larger tree the KPIs are counted, not drawn
INK, MUTED, AXIS, ACCENT = "#1d2430", "#5b6472", "#8b8a84", "#0b5d66"


class Picture(str):
    """The SVG's text, safe to show."""

    def __html__(self) -> str:
        return str(self)


@dataclass(slots=True)
class Row:
    """One branch where it is drawn."""

    depth: int
    role: str
    title: tuple[str, ...]
    words: tuple[str, ...]
    parent: int | None
    top: int = 0

    @property
    def height(self) -> int:
        return LINE * (len(self.title) + len(self.words)) + GAP

    @property
    def left(self) -> int:
        return min(self.depth, DEEPEST) * INDENT

    @property
    def middle(self) -> int:
        return self.top + GAP // 2 + LINE // 2


def picture(branches: tuple[Branch, ...], *, title: str) -> Picture:
    """Draw the outline of a scoring tree, each branch below the one that reads it."""
    rows: list[Row] = []
    _lay_out(branches, 0, None, rows, with_kpis=count(branches) <= MOST_ROWS)
    top = 0
    for row in rows:
        row.top, top = top, top + row.height
    body = [*_elbows(rows), *(part for row in rows for part in _drawn(row))]
    told = "What each number rests on, from the top down; the list beside it says the same."
    return Picture(
        f'<svg class="chart tree" xmlns="http://www.w3.org/2000/svg" role="img"'
        f' viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}" font-size="{TEXT}"'
        ' font-family="Source Sans Pro, sans-serif">'
        f"<title>{escape(title)}</title><desc>{told}</desc>{''.join(body)}</svg>"
    )


def _lay_out(
    branches: tuple[Branch, ...],
    depth: int,
    parent: int | None,
    rows: list[Row],
    *,
    with_kpis: bool,
) -> None:
    kpis = [branch for branch in branches if branch.role == "kpi"]
    for branch in branches:
        if branch.role == "kpi" and not with_kpis:
            continue
        room = WIDTH - min(depth, DEEPEST) * INDENT - MARK - 10
        words = "drawn above" if branch.again else branch.words
        title = _wrapped(f"{branch.title} {branch.weight}".strip(), room, 74)
        rows.append(Row(depth, branch.role, title, _wrapped(words, room, 70), parent))
        _lay_out(branch.branches, depth + 1, len(rows) - 1, rows, with_kpis=with_kpis)
    if kpis and not with_kpis:
        told = f"{len(kpis)} KPI{'s' if len(kpis) > 1 else ''}"
        rows.append(Row(depth, "kpi", (told,), (), parent))


def _elbows(rows: list[Row]) -> Iterator[str]:
    """Draw a line from each branch to the one that reads it."""
    for row in rows:
        if row.parent is not None:
            above = rows[row.parent]
            x = above.left + MARK // 2
            yield (
                f'<path class="axis" d="M{x} {above.middle + MARK // 2}V{row.middle}'
                f'H{row.left}" fill="none" stroke="{AXIS}" stroke-width="1"/>'
            )


def _drawn(row: Row) -> Iterator[str]:
    """Draw a mark by the role, and the words beside it."""
    x, y = row.left + MARK // 2, row.middle
    if row.role == "kpi":
        yield (
            f'<circle class="leaf" cx="{x}" cy="{y}" r="4.5" fill="none" '
            f'stroke="{MUTED}" stroke-width="1.5"/>'
        )
    else:
        solid = row.role in ("total", "verdict")
        fill = ACCENT if solid else "#ffffff"
        look = "mark" if solid else "hollow"
        yield (
            f'<rect class="{look}" x="{x - 5}" y="{y - 5}" width="10" height="10" '
            f'fill="{fill}" stroke="{ACCENT}" stroke-width="1.5"/>'
        )
    baseline = row.top + GAP // 2 + LINE - 5
    bold = ' font-weight="600"' if row.role != "kpi" else ""
    for place, line in enumerate(row.title):
        yield _text(row.left + MARK + 8, baseline + place * LINE, line, "ink", INK, bold)
    for place, line in enumerate(row.words, start=len(row.title)):
        yield _text(row.left + MARK + 8, baseline + place * LINE, line, "muted", MUTED, "")


def _text(x: int, y: int, words: str, look: str, fill: str, more: str) -> str:
    return f'<text class="{look}" x="{x}" y="{y}" fill="{fill}"{more}>{escape(words)}</text>'


def _wrapped(words: str, room: int, wide: int) -> tuple[str, ...]:
    """Return words in lines of about ``room`` pixels; ``wide`` is ten letters of them.

    A word longer than that is cut in two.
    """
    most, lines = max(room * 10 // wide, 8), [""]
    for word in words.split():
        while len(word) > most:
            lines.append(word[:most])
            word = word[most:]
        if lines[-1] and len(lines[-1]) + len(word) >= most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return tuple(line for line in lines if line)
