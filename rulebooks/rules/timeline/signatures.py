"""Signatures owed: a duty for each text, met by a signature or, where the edition says so, silence.

Silence meets a duty only about a text that an edition changed, for a member that had signed the
one before, from the recorded notice of that edition, and only if nothing was said meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache, lru_cache, partial
from itertools import chain, product
from operator import attrgetter

from rulebooks.rules.continuity import texts_accepted, texts_before
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import Fact, RequirementDeclined, RequirementSigned
from rulebooks.rules.obligations import SignatureObligation
from rulebooks.rules.terms import add_days, after
from rulebooks.rules.timeline.belonging import Spell
from rulebooks.rules.timeline.bound import is_bound, stretches
from rulebooks.rules.timeline.history import History
from rulebooks.rules.timeline.owing import Duty, Silent


def to_sign(history: History) -> Iterator[Duty]:
    """Yield a duty for each text that the member is asked to sign, under each edition."""
    for spell, edition in product(history.spells, history.editions):
        begins = max(spell.begins, edition.in_force_from)
        later = history.edition_on(begins)
        superseded = later is not None and later.in_force_from > edition.in_force_from
        if superseded or not spell.holds(begins):
            continue
        for obligation in edition.obligations:
            if isinstance(obligation, SignatureObligation):
                yield from _signatures(history, obligation, edition, spell, begins)


def _signatures(
    history: History,
    obligation: SignatureObligation,
    edition: Edition,
    spell: Spell,
    begins: date,
) -> Iterator[Duty]:
    """Yield one duty for each text; a text signed under an earlier edition needs no new one.

    A class change brings the texts of the new class, and frees from those of the old one that are
    not signed. A new edition that asks for the same text gives no new time to sign it.
    """
    superseded_on = (e.in_force_from for e in history.editions if e.in_force_from > begins)
    until = min(superseded_on, default=date.max)
    asked = cache(partial(_asked_on, history, obligation, edition))
    due_of = cache(partial(_due, obligation, edition))
    for code in _codes(history, edition, begins=begins, until=until):
        if _goes_on(history, obligation, edition, code, spell):
            continue
        applies = partial(_asks, asked, code)
        for on, ended_by in stretches(history, applies, spell, begins=begins, until=until):
            due, because = due_of(on)
            yield Duty(
                obligation=obligation,
                edition=edition,
                about=code,
                opens_on=on,
                due_on=due,
                late_until=due,
                because=because,
                met_by=_signed(history, edition, code),
                ended_by=ended_by,
                opened_by="text.to_sign",
                silence=_silence(history, edition, code),
            )


def _due(obligation: SignatureObligation, edition: Edition, on: date) -> tuple[date, str]:
    """Return the day by which a text asked for from a day on is to be signed, and why."""
    due = after(on, obligation.within, holidays=edition.closed_days)
    return due, f"{on} + {obligation.within}"


def _goes_on(
    history: History, obligation: SignatureObligation, edition: Edition, code: str, spell: Spell
) -> bool:
    """Return whether the edition before asked the member for the same text already."""
    if spell.begins >= edition.in_force_from:
        return False
    earlier = [e for e in history.editions if e.in_force_from < edition.in_force_from]
    if not earlier:
        return False
    before, eve = earlier[-1], add_days(edition.in_force_from, -1)
    asked = next((o for o in before.obligations if o.code == obligation.code), None)
    return (
        isinstance(asked, SignatureObligation)
        and _hash(before, code) == _hash(edition, code)
        and code in _asked_on(history, asked, before, eve)
    )


def _hash(edition: Edition, code: str) -> str | None:
    """Return the hash of a text to sign, None where the edition has none of that code."""
    texts = (*edition.requirements, edition.signing.deed)
    return next((t.text_sha256 for t in texts if t is not None and t.code == code), None)


def _asks(asked: Callable[[date], frozenset[str]], code: str, on: date) -> bool:
    return code in asked(on)


def _asked_on(
    history: History, obligation: SignatureObligation, edition: Edition, on: date
) -> frozenset[str]:
    """Return the texts that the member is to sign on a day."""
    if not is_bound(history, obligation, edition, on=on):
        return frozenset()
    return _asked(edition, history.member_class(edition, on=on).code)


@lru_cache(maxsize=256)
def _asked(edition: Edition, member_class: str) -> frozenset[str]:
    return frozenset(text.code for text in edition.texts_of(member_class))


def _codes(history: History, edition: Edition, *, begins: date, until: date) -> list[str]:
    """Return the texts of each class that the member belongs to in a time, in order."""
    days = [begins, *(place.on for place in history.places if begins < place.on < until)]
    classes = filter(None, (history.member_class(edition, on=day) for day in days))
    texts = chain.from_iterable(edition.texts_of(found.code) for found in classes)
    return list(dict.fromkeys(text.code for text in texts))


def _signed(history: History, edition: Edition, code: str) -> Fact | None:
    """Return the signature on the text, or on an earlier one that the edition accepts for it."""
    texts = texts_accepted(history.editions, edition)[code]
    signed = [
        fact
        for of in {of for of, _ in texts}
        for fact in history.facts(RequirementSigned, of)
        if (of, fact.what.text_sha256) in texts
    ]
    return min(signed, key=attrgetter("about_on", "id"), default=None)


def _silence(history: History, edition: Edition, code: str) -> Silent | None:
    """Return when silence accepts a changed text, None where it does not."""
    rule, told = edition.signing.silence, dict(history.served).get(edition.code)
    if rule is None or told is None or not _had_signed(history, edition, code):
        return None
    begins = max(told, edition.in_force_from)
    on = after(begins, rule.after, holidays=edition.closed_days)
    if _superseded(history, edition, on) or _declined(history, edition, code, by=on):
        return None
    return Silent(on, f"told {told}, {begins} + {rule.after} = {on}, nothing said", rule.clause)


def _had_signed(history: History, edition: Edition, code: str) -> bool:
    """Return whether the member had signed an earlier text when the edition took effect."""
    earlier = texts_before(history.editions, edition).get(code, frozenset())
    return any(
        (fact.key, fact.what.text_sha256) in earlier and fact.about_on < edition.in_force_from
        for fact in history.facts(RequirementSigned)
    )


def _superseded(history: History, edition: Edition, on: date) -> bool:
    in_force = history.edition_on(on)
    return in_force is not None and in_force.in_force_from > edition.in_force_from


def _declined(history: History, edition: Edition, code: str, *, by: date) -> bool:
    """Return whether the text, as it is, was said not to be accepted."""
    deed = edition.signing.deed
    text = deed if deed and deed.code == code else edition.requirement(code)
    return any(
        fact.what.text_sha256 == text.text_sha256 and fact.about_on <= by
        for fact in history.facts(RequirementDeclined, code)
    )
