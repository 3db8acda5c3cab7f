"""Detectors: what counts as falling short. A hit is a proposal until an officer confirms it."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from rulebooks.rules.schema import Clause, Code, Days, Number, Part, Title


class MissedObligation(Part):
    """Fires the day after an obligation could last be met, late window included."""

    example: ClassVar[str] = "{kind: missed_obligation, obligation: annual-return}"

    kind: Literal["missed_obligation"]
    obligation: Code


class BelowBar(Part):
    """Fires when the published number of a node lies below ``bar``."""

    example: ClassVar[str] = "{kind: below_bar, node: total, bar: 50}"

    kind: Literal["below_bar"]
    node: Code
    bar: Number


class Verdict(Part):
    """Fires when the published label of a node begins with one of ``begins_with``."""

    example: ClassVar[str] = '{kind: verdict, node: papers, begins_with: ["No"]}'

    kind: Literal["verdict"]
    node: Code
    begins_with: Annotated[tuple[str, ...], Field(min_length=1)]


class Consecutive(Part):
    """Fires when another rule has fired for ``times`` periods running.

    Periods follow one another in the order of the editions' calendars. A period without a hit
    ends the run, whatever the reason. It fires once a run, in the period that completes it.
    """

    example: ClassVar[str] = "{kind: consecutive, of: weak-year, times: 2}"

    kind: Literal["consecutive"]
    of: Code
    times: Annotated[int, Field(ge=2, le=20, strict=True)]


Detector = Annotated[
    MissedObligation | BelowBar | Verdict | Consecutive, Field(discriminator="kind")
]


class BreachRule(Part):
    """One way to fall short, and how long the member may correct facts before an officer acts.

    ``opens_case`` is false for a rule that only feeds another one (a single weak year, say).
    """

    code: Code
    title: Title
    detector: Detector
    correction_days: Days
    opens_case: bool = True
    clause: Clause
