"""What follows the table of a new edition: signatures, and counters of breaches."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from rulebooks.rules.continuity.lineage import Place, continuity

if TYPE_CHECKING:
    from rulebooks.rules.breaches import BreachRule
    from rulebooks.rules.edition import Edition

Text = tuple[str, str]


@lru_cache(maxsize=64)
def accepted_texts(editions: tuple[Edition, ...]) -> Mapping[Place, frozenset[Text]]:
    """Return for each requirement the texts, by code and hash, whose signature stands for it.

    Its own, and those of its predecessors where signatures are declared to go on.
    """
    followed = continuity(editions)
    texts = {
        Place(edition.code, "requirement", requirement.code): (
            requirement.code,
            requirement.text_sha256,
        )
        for edition in editions
        for requirement in edition.requirements
    }
    return {
        place: frozenset(texts[other] for other in followed.known_as(place, tie="signatures"))
        for place in texts
    }


def counts_on(
    editions: tuple[Edition, ...],
    rule: BreachRule,
    *,
    of: Edition,
    earlier: BreachRule,
    under: Edition,
) -> bool:
    """Return whether a hit of the rule ``earlier``, under one edition, counts as one of ``rule``.

    Within an edition a rule counts its own hits. From edition to edition rules that watch an
    obligation follow the obligation, whatever the rules are called; others keep their code.
    """
    if under.code == of.code:
        return earlier.code == rule.code
    watched, before = (getattr(r.detector, "obligation", None) for r in (rule, earlier))
    if watched is None or before is None:
        return earlier.code == rule.code and watched == before
    return continuity(editions).same_thing(
        Place(of.code, "obligation", watched),
        Place(under.code, "obligation", before),
        tie="counters",
    )
