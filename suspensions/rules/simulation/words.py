"""A simulation in words: what was assumed, and what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from suspensions.rules.simulation.shifts import Aspect, Shift, Way

ASPECT_WORDS = {
    Aspect.SCORE: "Score, band or verdict",
    Aspect.BREACHES: "What is owed, and breaches proposed",
    Aspect.STANDING: "Standing and rights",
}
WAY_WORDS = {
    Way.WORSE: "Worse",
    Way.BETTER: "Better",
    Way.OTHER: "Otherwise",
    Way.UNCHANGED: "Unchanged",
}
ASSUMED = (
    "The draft is taken to be in force from the first of the days, and members to have been "
    "notified of it in time. Editions that took effect later are left out.",
    "Everybody is taken to have done what they did: filed, signed, answered, left.",
    "Officers and bodies are taken to have decided what they decided, each under the step of the "
    "same code. A breach that the draft brings would be proposed; what would have come of it is "
    "not guessed.",
    "Periods whose window opened on one of the days are scored under the draft, on the answers "
    "that were published. A KPI that nobody was asked is left out: its answer cannot be known.",
    "A period that the draft does not name keeps its days.",
)


def told(shift: Shift) -> str:
    """Return one shift as a line."""
    name = f"{shift.what} {shift.key}".strip()
    until = f" until {shift.until}" if shift.until else ""
    because = f"; {shift.because}" if shift.because else ""
    clause = f", by {shift.clause}" if shift.clause else ""
    return f"{shift.on}{until}: {name}: {shift.before} → {shift.after}{clause}{because}"


def caveats(counts: Mapping[str, Any], *, numbers: bool = True) -> Iterator[str]:
    """Yield what could not be carried over, a sentence each; without ``numbers`` of members."""
    for kpi, periods in counts["unknowable"].items():
        yield f"{kpi} was asked of nobody for {', '.join(periods)}: it is left out."
    for kpi, number in counts["unfit"].items():
        some = f"{number} answers" if numbers else "some answers"
        yield f"{kpi}: {some} are not on the scale of the draft; they count as missing."
    if counts["kept_scores"]:
        some = f"{counts['kept_scores']} members" if numbers else "some members"
        yield f"The published scores of {some} have no stored answers; they are kept as they were."


def aspects(counts: Mapping[str, Any]) -> list[tuple[str, list[int]]]:
    """Return, for each aspect, how many members go which way."""
    return [
        (name, [counts["aspects"][aspect.value][way.value] for way in Way])
        for aspect, name in ASPECT_WORDS.items()
    ]


def tables(paper: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the tables of a paper: a heading, columns, and rows with their total first."""
    return [_table(name, paper[aspect.value]) for aspect, name in ASPECT_WORDS.items()]


def _table(name: str, plain: Mapping[str, Any]) -> dict[str, Any]:
    columns = [" or ".join(WAY_WORDS[Way(one)] for one in column) for column in plain["columns"]]
    rows = [("All members", plain["total"])]
    rows += [(_row(row["line"], row["value"]), row["counts"]) for row in plain["rows"]]
    return {
        "name": name,
        "columns": [column.capitalize() for column in columns],
        "rows": [(label, counts) for label, counts in rows if counts is not None],
        "withheld": [label for label, counts in rows if counts is None],
    }


def _row(line: str, value: str) -> str:
    return f"{line.capitalize()}: {value or 'not stated'}"
