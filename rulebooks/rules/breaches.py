"""Detectors: what counts as falling short. A hit is a proposal until an officer confirms it."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from rulebooks.rules.schema import (
    EVERYONE,
    Clause,
    Code,
    Days,
    Label,
    Number,
    Part,
    Selection,
    Title,
)
from rulebooks.rules.terms import Term

Times = Annotated[int, Field(ge=2, le=20, strict=True)]
Rules = Code | Annotated[tuple[Code, ...], Field(min_length=1)]
Labels = Annotated[tuple[Label, ...], Field(min_length=1)]

# What ends a run of hits: a period in which the member complied, or only that the failure which
# triggered the consequence was made good.
Reset = Literal["compliance", "cure"]
# Whether misses without consequences, imported or from before an obligation was enforced, make a
# later one the second or third.
OldMisses = Literal["do_not_count", "count"]


class MissedObligation(Part):
    """Fires when an obligation was not met: the day after it could last be met.

    With ``fires: late_window_closed`` the late window is tolerated, with ``due_passed`` it is not.
    ``grace`` is time beyond that day. A ``provisional_list`` names the member from the day after
    the due day until the hit, or until it complies.
    """

    example: ClassVar[str] = (
        "{kind: missed_obligation, obligation: annual-return, fires: late_window_closed,"
        " provisional_list: true}"
    )

    kind: Literal["missed_obligation"]
    obligation: Code
    fires: Literal["late_window_closed", "due_passed"] = "late_window_closed"
    grace: Term | None = None
    provisional_list: bool = False


class BelowBar(Part):
    """Fires when the published number of a node lies below ``bar``."""

    example: ClassVar[str] = "{kind: below_bar, node: score, bar: 45}"

    kind: Literal["below_bar"]
    node: Code
    bar: Number


class Threshold(Part):
    """Fires when the published number of a node lies on the wrong side of ``bar``.

    ``fires`` says which side that is, and whether the bar itself belongs to it.
    """

    example: ClassVar[str] = "{kind: threshold, node: hours, fires: above, bar: 60}"

    kind: Literal["threshold"]
    node: Code
    fires: Literal["below", "at_most", "above", "at_least"]
    bar: Number


class Verdict(Part):
    """Fires when the published label of a node begins with one of ``begins_with``."""

    example: ClassVar[str] = '{kind: verdict, node: papers, begins_with: ["No"]}'

    kind: Literal["verdict"]
    node: Code
    begins_with: Annotated[tuple[str, ...], Field(min_length=1)]


class KnockedOut(Part):
    """Fires when a ground beside the number was published: one of ``grounds``, or any."""

    example: ClassVar[str] = "{kind: knocked_out, grounds: [papers-kept]}"

    kind: Literal["knocked_out"]
    grounds: Selection = EVERYONE


class Recorded(Part):
    """Fires when somebody records a judgement, with reasons, as one of ``outcomes``.

    It stands until the same judgement on the same matter is recorded as something else.
    """

    example: ClassVar[str] = "{kind: recorded, judgement: good-faith, outcomes: [not shown]}"

    kind: Literal["recorded"]
    judgement: Code
    outcomes: Labels


class OpenFinding(Part):
    """Fires when a finding of one of these severities is still open after ``within``."""

    example: ClassVar[str] = "{kind: open_finding, severities: [priority], within: {days: 7}}"

    kind: Literal["open_finding"]
    severities: Labels
    within: Term


class Counting(Part):
    """What counts the hits of other rules: ``of`` names one, or several that count together.

    Hits that rest on imported facts, or lie before the obligation is enforced, have no
    consequences; ``old_misses`` says whether they count towards a later hit that has.
    """

    of: Rules
    times: Times
    old_misses: OldMisses = "do_not_count"

    @property
    def counted(self) -> tuple[str, ...]:
        """Return the rules whose hits count."""
        return (self.of,) if isinstance(self.of, str) else self.of


class Consecutive(Counting):
    """Fires when other rules have fired for ``times`` periods running.

    Periods follow one another in the order of the editions' calendars, without those that the
    initiative cancelled. With ``reset: compliance`` a period without a hit ends the run; with
    ``cure``, once it has fired, only the cure of its last hit does. It fires once a run, in the
    period that completes it.
    """

    example: ClassVar[str] = "{kind: consecutive, of: weak-year, times: 2}"

    kind: Literal["consecutive"]
    reset: Reset = "compliance"


class WithinWindow(Counting):
    """Fires when other rules have fired ``times`` times within a term, or in the last ``periods``.

    Hits of whatever period count, also when one between them was in order. Those that made it
    fire do not count again.
    """

    example: ClassVar[str] = "{kind: within_window, of: [late, incomplete], times: 3, periods: 5}"

    kind: Literal["within_window"]
    within: Term | None = None
    periods: Times | None = None

    @model_validator(mode="after")
    def one_window(self) -> WithinWindow:
        """Refuse a window of two sizes, of none, and one too small to hold the hits."""
        if (self.within is None) is (self.periods is None):
            raise ValueError("say how far back hits count: either within, a term, or periods")
        if self.periods is not None and self.periods < self.times and isinstance(self.of, str):
            raise ValueError(f"{self.times} hits of one rule do not fit in {self.periods} periods")
        return self


Detector = Annotated[
    MissedObligation
    | BelowBar
    | Threshold
    | Verdict
    | KnockedOut
    | Recorded
    | OpenFinding
    | Consecutive
    | WithinWindow,
    Field(discriminator="kind"),
]


class BreachRule(Part):
    """One way to fall short, and how long the member may correct facts before an officer acts.

    ``opens_case`` is false for a rule that only feeds another one (a single weak year, say).
    """

    example: ClassVar[str] = (
        "{code: no-return, title: No return, detector: {kind: missed_obligation, obligation:"
        ' annual-return}, correction_days: 14, clause: "7.1"}'
    )

    code: Code
    title: Title
    detector: Detector
    correction_days: Days
    opens_case: bool = True
    clause: Clause
