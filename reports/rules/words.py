"""The words of reports and register for the codes that rules write."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

GROUNDS = {
    "member.admitted": "Admitted as a member",
    "member.left": "Left the initiative",
    "decision.taken": "Decision of the body in charge",
    "appeal.filed": "Appeal filed, the measure rests",
    "appeal.decided": "Decision on the appeal",
    "measure.lifted": "Measure lifted",
    "class": "Belongs to the class",
    "window.opened": "The window opened",
    "due.passed": "The due day passed",
    "late_window.closed": "The late window closed",
    "silence.accepted": "Accepted by silence, as the edition says",
    "fact.recorded": "Received",
    "text.to_sign": "The text is to be signed",
    "commitment.made": "Commitment made",
    "commitment.extended": "New day agreed",
    "commitment.met": "Commitment met",
    "commitment.removed": "Commitment taken off the list",
    "notice.served": "Notice served",
}
STATES = {
    "open": ("Open", "soon"),
    "met": ("Met", "good"),
    "met_late": ("Met late", "soon"),
    "overdue": ("Overdue", "breach"),
    "missed": ("Missed", "breach"),
    "removed": ("Removed", "none"),
    "extended": ("On an extension", "soon"),
    "incomplete": ("Incomplete", "soon"),
    "moratorium": ("At rest", "none"),
    "exempt": ("Exempt", "none"),
    "provisional": ("Provisional", "soon"),
    "confirmed": ("Confirmed", "breach"),
    "dismissed": ("Dismissed", "none"),
    "in_review": ("In review", "soon"),
    "verified": ("Verified", "good"),
    "adjusted": ("Adjusted", "soon"),
    "unsupported": ("Unsupported", "breach"),
    "approved": ("Does not apply: approved", "good"),
    "refused": ("Does not apply: refused", "breach"),
    "judged": ("Judged", "good"),
    "opened": ("Opened", "soon"),
    "notified": ("Notice served", "soon"),
    "answered": ("Answered", "soon"),
    "unanswered": ("Not answered in time", "breach"),
    "imposed": ("Measure imposed", "breach"),
    "appealed": ("Under appeal", "soon"),
    "final": ("Final", "breach"),
    "set_aside": ("Set aside", "none"),
    "heard": ("Heard", "soon"),
    "cured": ("Made good", "good"),
    "lifted": ("Lifted", "none"),
    "running": ("Running", "soon"),
    "stopped": ("Stopped", "none"),
    "paused": ("Standing still", "none"),
    "proposed": ("Proposed", "soon"),
    "over": ("Over", "none"),
    "provisional_list": ("On the provisional list", "soon"),
    "closed": ("Closed", "none"),
    "hidden": ("Hidden", "breach"),
    "shown": ("Shown", "good"),
    "lapsed": ("Run out", "breach"),
}
CLOCKS = {
    "answer": "The member can answer",
    "appeal": "The member can appeal",
    "correction": "Facts can be corrected",
    "cure": "The member can make it good",
}
MARKS = ("verified", "adjusted", "unsupported")
ENDED = frozenset({"dismissed", "set_aside", "lifted", "cured"})  # stages in which a case is over
OPEN_BREACHES = frozenset({"provisional", "in_review", "confirmed"})
OPERATORS = {
    "sum": "sum",
    "mean_of_applicable": "mean of what applies",
    "weighted_mean": "weighted mean",
    "minimum": "lowest of",
    "all_of": "all of",
    "points_of_available": "points of those available",
    "first_match": "first case that fits",
    "formula": "calculated",
}
MODES = {
    "half_up": "half up",
    "half_even": "half to even",
    "truncate": "cut off",
}
MOST_DIGITS = 12


def ground(code: str) -> str:
    """Return the words for what brought a state about; an unknown code in plain letters."""
    return GROUNDS.get(code, code.replace(".", " ").replace("_", " "))


def state(code: str) -> tuple[str, str]:
    """Return the words for a state and the kind of mark that goes with them."""
    return STATES.get(code, (code.replace("_", " ").capitalize(), "none"))


def counted(number: int, noun: str, nouns: str = "") -> str:
    """Return ``1 breach``, ``2 breaches``, ``no breaches``."""
    return f"{number or 'no'} {noun if number == 1 else nouns or noun + 's'}"


def listed(parts: Iterable[str]) -> str:
    """Return ``a, b and c``."""
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def fraction(number: Fraction) -> str:
    """Return a fraction as a decimal where it ends within twelve places, else both ways.

    A decimal that does not end is cut after four places and marked so; the fraction beside it is
    what was reckoned with.
    """
    scaled = number * 10**MOST_DIGITS
    if scaled.denominator == 1:
        return f"{(Decimal(scaled.numerator).scaleb(-MOST_DIGITS)).normalize():f}"
    whole, rest = divmod(abs(number.numerator), number.denominator)
    digits = f"{rest * 10**4 // number.denominator:04d}"
    sign = "-" if number < 0 else ""
    return f"{sign}{whole}.{digits}… = {number.numerator}/{number.denominator}"
