"""When a breach rule fires, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rulebooks.rules.breaches import (
    BelowBar,
    BreachRule,
    Consecutive,
    KnockedOut,
    MissedObligation,
    OldMisses,
    OpenFinding,
    Recorded,
    Threshold,
    Verdict,
    WithinWindow,
)
from rulebooks.rules.edition import Edition
from rulebooks.rules.reading.wording import plain
from rulebooks.rules.schema import EVERYONE

SIDES = {
    "below": "below {}",
    "at_most": "at {} or below",
    "above": "above {}",
    "at_least": "at {} or above",
}


def breach(rule: BreachRule, edition: Edition) -> str:
    """Return when a breach rule fires, in words."""
    return WORDS[type(rule.detector)](rule.detector, edition)


def _missed(detector: MissedObligation, edition: Edition) -> str:
    title = edition.obligation(detector.obligation).title
    if detector.fires == "due_passed":
        fires = f"the day after “{title}” was due"
    else:
        fires = f"the day after “{title}” could last be met"
    listed = "; named provisionally once it is overdue" if detector.provisional_list else ""
    return fires + (f", {detector.grace} later" if detector.grace else "") + listed


def _below(detector: BelowBar, edition: Edition) -> str:
    return f"{edition.node(detector.node).title} is published below {plain(detector.bar)}"


def _threshold(detector: Threshold, edition: Edition) -> str:
    side = SIDES[detector.fires].format(plain(detector.bar))
    return f"{edition.node(detector.node).title} is published {side}"


def _verdict(detector: Verdict, edition: Edition) -> str:
    return f"{edition.node(detector.node).title} is published as {_either(detector.begins_with)}"


def _knocked_out(detector: KnockedOut, edition: Edition) -> str:
    which = "" if detector.grounds == EVERYONE else f": {', '.join(detector.grounds)}"
    return f"a ground is published beside the number{which}"


def _recorded(detector: Recorded, edition: Edition) -> str:
    return f"“{detector.judgement}” is judged to be {_either(detector.outcomes)}, with reasons"


def _open_finding(detector: OpenFinding, edition: Edition) -> str:
    severities = " or ".join(detector.severities)
    return f"a {severities} finding is still open after {detector.within}"


def _consecutive(detector: Consecutive, edition: Edition) -> str:
    ends = "; only a cure ends the count" if detector.reset == "cure" else ""
    times = f"{detector.times} periods running{ends}{old_misses(detector.old_misses)}"
    return f"{_rules(detector.counted, edition)} in {times}"


def _within_window(detector: WithinWindow, edition: Edition) -> str:
    window = detector.within or f"the last {detector.periods} periods"
    within = f"within {window}{old_misses(detector.old_misses)}"
    return f"{_rules(detector.counted, edition)} {detector.times} times {within}"


def old_misses(word: OldMisses) -> str:
    """Return in words that misses without consequences count; nothing where they do not."""
    counted = "; misses that were imported, or not yet enforced, count towards it"
    return counted if word == "count" else ""


def _rules(codes: Iterable[str], edition: Edition) -> str:
    return " or ".join(f"“{edition.breach(code).title}”" for code in codes)


def _either(labels: Iterable[str]) -> str:
    return " or ".join(f"“{label}”" for label in labels)


WORDS: dict[type, Callable[..., str]] = {
    MissedObligation: _missed,
    BelowBar: _below,
    Threshold: _threshold,
    Verdict: _verdict,
    KnockedOut: _knocked_out,
    Recorded: _recorded,
    OpenFinding: _open_finding,
    Consecutive: _consecutive,
    WithinWindow: _within_window,
}
