"""Breaches: what the detectors hit, and what officers made of it.

A hit is ``proposed`` on the day it comes about, or ``quiet`` when it rests on imported facts or
lies before the obligation is enforced: a quiet hit has no consequences. A raised breach is
``provisional``, then ``confirmed`` or ``dismissed``. One whose hit no longer follows from the
facts is ``in_review`` until an officer has looked. One that an officer found to be made good is
``cured``. ``key`` is ``rule:period`` (or
``rule:requirement``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rulebooks.rules.breaches import BreachRule
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import (
    BreachConfirmed,
    BreachCured,
    BreachDismissed,
    BreachRaised,
    Fact,
)
from rulebooks.rules.terms import add_days
from rulebooks.rules.timeline.changes import Change, Kind
from rulebooks.rules.timeline.history import History
from rulebooks.rules.timeline.hits.hit import Hit
from rulebooks.rules.timeline.hits.missed import provisional_lists

# What ends by itself when it is made good before an officer put it to the member.
RECORDED = ("recorded", "open_finding")


def breach_changes(
    history: History, duties: Sequence[Change], found: Sequence[Hit]
) -> list[Change]:
    """Return what the detectors hit and what became of each hit."""
    hits = {hit.key: hit for hit in found if hit.rule.opens_case}
    raised_on = {raised.key: raised.about_on for raised in history.facts(BreachRaised)}
    changes = [c for edition in history.editions for c in provisional_lists(edition, duties)]
    for hit in hits.values():
        if hit.on <= raised_on.get(hit.key, date.max):
            changes += _proposal(hit, raised=hit.key in raised_on)
    for raised in history.facts(BreachRaised):
        changes += _course(history, raised, hits.get(raised.key))
    return changes


def _proposal(hit: Hit, *, raised: bool) -> list[Change]:
    change = Change(
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
    if raised or hit.cured is None or hit.rule.detector.kind not in RECORDED:
        return [change]
    cured = hit.cured
    return [change, replace(change, on=cured.on, state="closed", ground=cured.ground,
                            because="", facts=cured.facts)]  # fmt: skip


def _course(history: History, raised: Fact, hit: Hit | None) -> list[Change]:
    """Return a raised breach, its correction clock, and the officer's word on it."""
    edition, rule = (hit.edition, hit.rule) if hit else _rule(history, raised)
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
    for cured in history.facts(BreachCured, raised.key)[:1]:
        course.append(change(max(cured.about_on, raised.about_on), "cured", cured))
    return course


def _rule(history: History, raised: Fact) -> tuple[Edition | None, BreachRule | None]:
    """Return the rule a breach was raised under, now that nothing says so: by when it happened.

    That is the rule of the edition that governs the period, else of the one in force when it was
    raised, else of any.
    """
    code, _, about = raised.key.partition(":")
    governing = next((c.edition for c in history.cycles if c.period.code == about), None)
    in_force = history.edition_on(raised.about_on)
    for edition in filter(None, (governing, in_force, *reversed(history.editions))):
        rule = next((rule for rule in edition.breaches if rule.code == code), None)
        if rule is not None:
            return edition, rule
    return None, None
