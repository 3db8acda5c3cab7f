"""What covers what, as a picture: mission, targets, requirements and KPIs, from the top down.

One below the other, so that it can be read on a phone. A hole has its own shape and its words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.rules.charts import marks
from reports.rules.charts.marks import WIDTH, Chart

INDENT, LINE, GAP, MARK = 22, 19, 12, 12
ACCENT, HOLE = marks.MARK, marks.FILLS["breach"]


@dataclass(frozen=True, slots=True)
class Tier:
    """One thing with what hangs on it. ``role``: mission, target, requirement, kpi or group.

    ``hole`` says what is missing; ``again`` that it was drawn out above.
    """

    role: str
    title: str
    words: str = ""
    hole: str = ""
    again: bool = False
    below: tuple[Tier, ...] = ()


@dataclass(slots=True)
class _Row:
    depth: int
    role: str
    lines: tuple[tuple[str, str], ...]  # each with its look
    parent: int | None
    top: int = 0

    @property
    def height(self) -> int:
        return LINE * len(self.lines) + GAP

    @property
    def left(self) -> int:
        return self.depth * INDENT

    @property
    def middle(self) -> int:
        return self.top + GAP // 2 + LINE // 2


def tiers(top: Sequence[Tier], *, title: str, description: str) -> Chart:
    """Draw each thing below the one that it hangs on."""
    rows: list[_Row] = []
    _lay_out(top, 0, None, rows)
    height = 0
    for row in rows:
        row.top, height = height, height + row.height
    body = [*_elbows(rows), *(part for row in rows for part in _drawn(row))]
    return marks.chart(body, WIDTH, height, title, description)


def _lay_out(tiers: Sequence[Tier], depth: int, parent: int | None, rows: list[_Row]) -> None:
    for one in tiers:
        room = (WIDTH - depth * INDENT - MARK - 10) * 10 // 76
        said = [(line, "bold") for line in marks.wrapped(one.title, room)]
        words = "drawn above" if one.again else one.words
        said += [(line, "muted") for line in marks.wrapped(words, room) if line]
        if one.hole:
            said += [(line, "hole") for line in marks.wrapped(f"Hole: {one.hole}", room)]
        rows.append(_Row(depth, "hole" if one.hole else one.role, tuple(said), parent))
        _lay_out(one.below, depth + 1, len(rows) - 1, rows)


def _elbows(rows: list[_Row]) -> Iterator[str]:
    """Draw a line from each thing to the one that it hangs on."""
    for row in rows:
        if row.parent is not None:
            above = rows[row.parent]
            x = above.left + MARK // 2
            yield (
                f'<path class="axis" d="M{x} {above.middle + MARK // 2}V{row.middle}'
                f'H{row.left}" fill="none" stroke="{marks.AXIS}" stroke-width="1"/>'
            )


def _drawn(row: _Row) -> Iterator[str]:
    """Draw a mark by the role, and the words beside it."""
    yield _mark(row.role, row.left + MARK // 2, row.middle)
    baseline = row.top + GAP // 2 + LINE - 5
    for place, (words, look) in enumerate(row.lines):
        y, x = baseline + place * LINE, row.left + MARK + 8
        if look == "hole":
            yield marks.text(x, y, words, look="ink", bold=True)
        else:
            bold = look == "bold" and row.role != "kpi"
            yield marks.text(x, y, words, look="muted" if look == "muted" else "ink", bold=bold)


def _mark(role: str, x: int, y: int) -> str:
    """Return the shape of a role: square, hollow square, diamond, ring; a hole is a triangle."""
    if role == "hole":
        points = f"{x},{y - 7} {x + 7},{y + 6} {x - 7},{y + 6}"
        return f'<polygon class="fill-breach" points="{points}" fill="{HOLE}"/>'
    if role == "kpi":
        return (
            f'<circle class="leaf" cx="{x}" cy="{y}" r="4.5" fill="none" '
            f'stroke="{marks.MUTED}" stroke-width="1.5"/>'
        )
    if role == "target":
        points = f"{x},{y - 7} {x + 7},{y} {x},{y + 7} {x - 7},{y}"
        return f'<polygon class="mark" points="{points}" fill="{ACCENT}"/>'
    look, fill = ("mark", ACCENT) if role == "mission" else ("hollow", marks.PAPER)
    return (
        f'<rect class="{look}" x="{x - 5}" y="{y - 5}" width="10" height="10" '
        f'fill="{fill}" stroke="{ACCENT}" stroke-width="1.5"/>'
    )
