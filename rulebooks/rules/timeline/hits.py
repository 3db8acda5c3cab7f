"""Breaches: what the detectors hit, and what officers made of it.

A hit is ``proposed`` on the day it comes about, or ``quiet`` when it rests on imported facts or
lies before the obligation is enforced: a quiet hit has no consequences. A raised breach is
``provisional``, then ``confirmed`` or ``dismissed``. One whose hit no longer follows from the
facts is ``in_review`` until an officer has looked. ``key`` is ``rule:period`` (or
``rule:requirement``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rulebooks.rules.breaches import (
    BelowBar,
    BreachRule,
    Consecutive,
    MissedObligation,
    Verdict,
)
from rulebooks.rules.continuity import counts_on
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import (
    BreachConfirmed,
    BreachDismissed,
    BreachRaised,
    ExtensionGranted,
    Fact,
    ReturnFiled,
    ScorePublished,
)
from rulebooks.rules.obligations import ReturnObligation
from rulebooks.rules.schema import selects
from rulebooks.rules.terms import add_days
from rulebooks.rules.timeline.changes import Change, Kind
from rulebooks.rules.timeline.history import Cycle, History


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule fired about one period or requirement."""

    rule: BreachRule
    edition: Edition
    about: str
    on: date
    quiet: bool
    because: str
    facts: tuple[int, ...]

    @property
    def key(self) -> str:
        return f"{self.rule.code}:{self.about}"


def breach_changes(history: History, duties: Iterable[Change]) -> list[Change]:
    """Return what the detectors hit and what became of each hit."""
    hits = {hit.key: hit for hit in _hits(history, list(duties)) if hit.rule.opens_case}
    raised_on = {raised.key: raised.about_on for raised in history.facts(BreachRaised)}
    changes = [
        _proposal(hit) for hit in hits.values() if hit.on <= raised_on.get(hit.key, date.max)
    ]
    for raised in history.facts(BreachRaised):
        changes += _course(history, raised, hits.get(raised.key))
    return changes


def _proposal(hit: Hit) -> Change:
    return Change(
        on=hit.on,
        kind=Kind.BREACH,
        key=hit.key,
        state="quiet" if hit.quiet else "proposed",
        ground=hit.rule.detector.kind,
        clause=hit.rule.clause,
        edition=hit.edition.code,
        because=hit.because,
        facts=hit.facts,
    )


def _course(history: History, raised: Fact, hit: Hit | None) -> list[Change]:
    """Return a raised breach, its correction clock, and the officer's word on it."""
    edition, rule = _rule(history, raised)
    if rule is None:
        return []
    ends = add_days(raised.about_on, rule.correction_days)
    clock = f"correction:{raised.key}"
    because = f"raised {raised.about_on} + {rule.correction_days} days = {ends}"

    def change(on: date, state: str, fact: Fact, kind: Kind = Kind.BREACH) -> Change:
        return Change(
            on=on,
            kind=kind,
            key=raised.key if kind == Kind.BREACH else clock,
            state=state,
            ground=fact.what.kind,
            clause=rule.clause,
            edition=edition.code,
            because=because if kind == Kind.CLOCK else "",
            facts=(fact.id,),
        )

    word = history.last(BreachConfirmed, raised.key) or history.last(BreachDismissed, raised.key)
    stopped = word is not None and word.about_on <= ends
    stands = hit is not None and not hit.quiet
    course = [
        change(
            raised.about_on,
            "provisional" if stands and hit.on <= raised.about_on else "in_review",
            raised,
        ),
        change(raised.about_on, "running", raised, Kind.CLOCK),
        change(
            word.about_on if stopped else add_days(ends, 1),
            "stopped" if stopped else "lapsed",
            word if stopped else raised,
            Kind.CLOCK,
        ),
    ]
    if stands and hit.on > raised.about_on and (word is None or word.about_on > hit.on):
        course.append(change(hit.on, "provisional", raised))  # the day was moved, and passed again
    if word is not None:
        state = "confirmed" if isinstance(word.what, BreachConfirmed) else "dismissed"
        course.append(change(word.about_on, state, word))
    return course


def _rule(history: History, raised: Fact) -> tuple[Edition | None, BreachRule | None]:
    """Return the rule a breach was raised under: of the edition then in force, else any."""
    code = raised.key.partition(":")[0]
    in_force = history.edition_on(raised.about_on)
    for edition in filter(None, (in_force, *reversed(history.editions))):
        rule = next((rule for rule in edition.breaches if rule.code == code), None)
        if rule is not None:
            return edition, rule
    return None, None


def _hits(history: History, duties: list[Change]) -> list[Hit]:
    """Return the hits of every rule; those that count other hits come after what they count."""
    scores = _scores(history)
    hits: list[Hit] = []
    for edition in history.editions:
        for rule in edition.breaches:
            if isinstance(rule.detector, MissedObligation):
                hits += _missed(history, edition, rule, duties)
            elif isinstance(rule.detector, BelowBar | Verdict):
                hits += _scored(history, edition, rule, scores)
    for edition in history.editions:
        for rule in edition.breaches:
            if isinstance(rule.detector, Consecutive):
                hits += _consecutive(history, edition, rule, hits)
    return hits


def _missed(
    history: History, edition: Edition, rule: BreachRule, duties: list[Change]
) -> list[Hit]:
    """Return a hit for each obligation of the rule's kind that was missed under ``edition``."""
    obligation = next(o for o in edition.obligations if o.code == rule.detector.obligation)
    return [
        Hit(
            rule=rule,
            edition=edition,
            about=about,
            on=change.on,
            quiet=change.due_on < obligation.enforced_from or _was_imported_later(history, change),
            because=change.because,
            facts=change.facts,
        )
        for change in duties
        if change.state == "missed" and change.edition == edition.code
        for duty, _, about in [change.key.partition(":")]
        if duty == obligation.code
    ]


def _was_imported_later(history: History, missed: Change) -> bool:
    """Whether the member came here by import after it missed something, or by an imported day."""
    admitted = history.admitted
    if admitted.imported and missed.on <= admitted.recorded_at.date():
        return True
    extension = history.last(ExtensionGranted, missed.key.partition(":")[2])
    return extension is not None and extension.imported and extension.id in missed.facts


def _scores(history: History) -> dict[str, Fact]:
    """Return the latest published score of each period."""
    return {fact.key: fact for fact in history.facts(ScorePublished)}


def _scored(
    history: History, edition: Edition, rule: BreachRule, scores: dict[str, Fact]
) -> list[Hit]:
    """Return a hit for each period of ``edition`` whose published score the rule finds wanting."""
    hits = []
    for cycle in history.cycles:
        score = scores.get(cycle.period.code)
        if cycle.edition.code != edition.code or score is None:
            continue
        because = _found_wanting(rule, score.what)
        if because:
            hits.append(
                Hit(
                    rule=rule,
                    edition=edition,
                    about=cycle.period.code,
                    on=score.about_on,
                    quiet=_is_quiet(history, cycle, score),
                    because=because,
                    facts=(score.id,),
                )
            )
    return hits


def _found_wanting(rule: BreachRule, score: ScorePublished) -> str:
    """Return why the published score falls short of the rule, empty when it does not."""
    detector = rule.detector
    if isinstance(detector, BelowBar):
        number = score.numbers.get(detector.node)
        below = number is not None and number < detector.bar
        return f"{detector.node} is {number}, the bar is {detector.bar}" if below else ""
    label = score.labels.get(detector.node, "")
    fired = any(label.startswith(beginning) for beginning in detector.begins_with)
    return f"{detector.node} is {label}" if fired else ""


def _is_quiet(history: History, cycle: Cycle, score: Fact) -> bool:
    """Whether a score can have no consequences: imported, or of a return not yet enforced."""
    filed = history.first(ReturnFiled, cycle.period.code)
    if score.imported or (filed is not None and filed.imported):
        return True
    return any(
        cycle.period.due_on < obligation.enforced_from
        for obligation in cycle.edition.obligations
        if isinstance(obligation, ReturnObligation) and selects(obligation.periods, cycle.period.of)
    )


def _consecutive(
    history: History, edition: Edition, rule: BreachRule, hits: list[Hit]
) -> list[Hit]:
    """Return a hit for each run of ``times`` periods, in the period that completes it."""
    detector = rule.detector
    counted = edition.breach(detector.of)
    found = {
        hit.about: hit
        for hit in hits
        if counts_on(history.editions, counted, of=edition, earlier=hit.rule, under=hit.edition)
    }
    complete, run = [], []
    for cycle in history.cycles:
        hit = found.get(cycle.period.code)
        run = [*run, hit] if hit else []
        if len(run) == detector.times and cycle.edition.code == edition.code:
            complete.append(_run(rule, edition, run))
    return complete


def _run(rule: BreachRule, edition: Edition, run: list[Hit]) -> Hit:
    return Hit(
        rule=rule,
        edition=edition,
        about=run[-1].about,
        on=max(hit.on for hit in run),
        quiet=any(hit.quiet for hit in run),
        because=", ".join(hit.about for hit in run),
        facts=tuple(fact for hit in run for fact in hit.facts),
    )
