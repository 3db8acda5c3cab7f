"""What an edition must have before it can be adopted, and which decisions adopt it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum, auto

from rulebooks.rules.continuity import continuity_faults
from rulebooks.rules.edition import Edition

# Events of apps above this one, which the record holds about an edition.
RESOLVED = "governance.edition.resolved"
NOTIFIED = "members.edition.notified"


class Resolved(StrEnum):
    """What a body can resolve about a draft."""

    ADOPTED = auto()
    REJECTED = auto()


def missing(edition: Edition, *, text_here: bool, countersigned: bool) -> Iterator[str]:
    """Yield what an edition lacks before a body can adopt it, each as a sentence."""
    if edition.illustrative:
        yield "it is illustrative: a number in it is not verified"
    if edition.legal_text is None:
        yield "it names no legal text"
    elif not text_here:
        yield "its legal text has not been uploaded"
    if not countersigned:
        yield "nobody but those who wrote it has countersigned it as it stands now"


def unfollowed(edition: Edition, before: Edition) -> Iterator[str]:
    """Yield what an edition leaves open of the one in force before it, each as a sentence."""
    if edition.replaces != before.code:
        named = edition.replaces or "nothing"
        yield f"it replaces {named}, and {before.code} is in force until then"
    else:
        yield from (fault.message for fault in continuity_faults(before, edition))


def refusals(
    decision: Mapping[str, object], *, sha256: str, deciders: Mapping[str, str]
) -> tuple[str, ...]:
    """Return why a recorded decision does not adopt the text with this hash, empty if it does.

    ``deciders`` are the bodies that decide on editions by the one in force on the day of the
    decision, each with its rule; empty where it names none.
    """
    found = list(_against_rule(decision, deciders)) if deciders else []
    if decision.get("outcome") != Resolved.ADOPTED:
        found.append(f"that decision is: {decision.get('outcome')}")
    if decision.get("sha256") != sha256:
        found.append("that decision was about an earlier text of the draft")
    return tuple(found)


def _against_rule(decision: Mapping[str, object], deciders: Mapping[str, str]) -> Iterator[str]:
    """Yield where a decision was not taken by a body and rule of the edition in force."""
    body, rule = decision.get("body"), decision.get("rule")
    if body not in deciders:
        yield f"{' or '.join(deciders)} decides on editions, not {body}"
    elif rule != deciders[body] or decision.get("carried") is not True:
        yield f"the votes of {body} were not counted as carried by rule {deciders[body]}"
