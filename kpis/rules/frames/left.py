"""What grounds, bands and verdict leave of the numbers: once for all alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from kpis.rules import grounds
from kpis.rules.cards import KnockOut, Line, in_json, listed
from kpis.rules.columns import TOO_LITTLE, Computed
from kpis.rules.frames.known import Known
from kpis.rules.frames.lines import end, rest
from rulebooks.rules.rows import Held

UNANSWERED = "/unanswered"


def left(known: Known, found: Computed, unanswered: pl.Series | None) -> pl.DataFrame:
    """Return what grounds leave of each row, as texts.

    ``tail`` is what stands behind the lines of a card, ``grounds`` the grounds that fired, and
    ``code/rest`` and ``code/end`` are those of lines that grounds may change.
    """
    asked = dict(_asked(known, found, unanswered))
    places: dict[tuple, int] = {}
    rows = zip(*(held.to_list() for held in asked.values()), strict=True)
    at = [places.setdefault(key, len(places)) for key in rows] or [0] * found.frame.height
    for key in places or {(): 0}:
        if key not in known.left:
            known.left[key] = _of_key(known, dict(zip(asked, key, strict=True)))
    told = [known.left[key] for key in places or {(): 0}]
    names = ["tail", "grounds", "total", "band", "verdict"]
    names += [f"{code}/{part}" for code in known.concerned for part in ("rest", "end")]
    frame = pl.DataFrame(told, dict.fromkeys(names, pl.String), orient="row")
    return frame[pl.Series(at, dtype=pl.UInt32)]


def _asked(
    known: Known, found: Computed, unanswered: pl.Series | None
) -> Iterator[tuple[str, pl.Series]]:
    """Yield all that grounds, bands and verdict depend on: a row per member, few different ones.

    For each node concerned what is published, or whether it has a number, and what holds it.
    """
    if unanswered is not None:
        yield UNANSWERED, unanswered != ""
    for code in known.concerned:
        node = known.edition.tree.nodes[code]
        if node.labelled:
            yield f"{code}/label", found.of(code, "label")
        elif node.rounding == "none":
            yield f"{code}/none", found.of(code, "numerator").is_null()
        else:
            yield f"{code}/steps", found.of(code, "steps")
        if (held := found.of(code, "held")) is not None:
            yield f"{code}/held", held
    for code in found.whens:
        yield f"{code}/fired", found.of(code, "fired")


def _of_key(known: Known, key: Mapping[str, object]) -> tuple[str | None, ...]:
    edition = known.edition
    made = grounds.card(
        edition,
        "",
        tuple(_before(known, key)),
        unanswered=(KnockOut("", ""),) if key.get(UNANSWERED) else (),
        grounds=tuple(rule.ground for code, rule in known.rules.items() if key[f"{code}/fired"]),
    )
    total = None if made.total is None else f"{made.total:f}"
    tail = ",".join(map(in_json, (total, made.verdict, made.band, made.status)))
    ends = [part for line in made.lines for part in (rest(line), end(line))]
    told = listed(made.grounds)
    return (tail, told, total, made.band or "", made.verdict or "", *ends)


def _before(known: Known, key: Mapping[str, object]) -> Iterator[Line]:
    """Yield the lines concerned before grounds change them; their exact numbers do not matter."""
    for code in known.concerned:
        node, steps = known.edition.tree.nodes[code], key.get(f"{code}/steps")
        if node.labelled:
            yield Line(code, label=key[f"{code}/label"])
        elif steps is not None:
            yield Line(code, 1, 1, node.rounding.published(steps))
        elif key.get(f"{code}/none") is False:
            yield Line(code, 1, 1)
        else:
            lacks = key.get(f"{code}/held") == TOO_LITTLE
            yield Line(code, outcome=Held.NOT_ENOUGH_DATA.value if lacks else None)
