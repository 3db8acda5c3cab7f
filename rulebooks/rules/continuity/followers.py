"""What follows the table of a new edition: signatures, counters of breaches, series of scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rulebooks.rules.continuity.lineage import Place, continuity, steps

if TYPE_CHECKING:
    from rulebooks.rules.breaches import BreachRule
    from rulebooks.rules.edition import Edition
    from rulebooks.rules.membership import Requirement
    from rulebooks.rules.signing import Deed

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


@lru_cache(maxsize=64)
def texts_accepted(
    editions: tuple[Edition, ...], edition: Edition
) -> Mapping[str, frozenset[Text]]:
    """Return the texts whose signature stands, by the code of what ``edition`` asks to sign.

    Of a deed its own alone: it is signed again when one of its terms changes.
    """
    accepted, deed = accepted_texts(editions), edition.signing.deed
    own = {deed.code: frozenset({(deed.code, deed.text_sha256)})} if deed else {}
    return own | {
        r.code: accepted[Place(edition.code, "requirement", r.code)] for r in edition.requirements
    }


@lru_cache(maxsize=64)
def texts_before(editions: tuple[Edition, ...], edition: Edition) -> Mapping[str, frozenset[Text]]:
    """Return the earlier texts, by code and hash, that each thing to sign comes from.

    Those of the requirements that were reworded, changed, split or merged into it, and of theirs;
    of a deed those of the deeds before.
    """
    found: dict[str, dict[str, frozenset[Text]]] = {one.code: {} for one in editions}
    for before, after in steps(editions):
        for text, codes in _successors_of(editions, before, after):
            earlier = found[before.code].get(text.code, frozenset())
            earlier |= {(text.code, text.text_sha256)}
            for code in codes:
                known = found[after.code].get(code, frozenset())
                found[after.code][code] = known | earlier
    return found[edition.code]


def _successors_of(
    editions: tuple[Edition, ...], before: Edition, after: Edition
) -> Iterator[tuple[Requirement | Deed, tuple[str, ...]]]:
    followed = continuity(editions)
    for requirement in before.requirements:
        yield requirement, followed.successor(Place(before.code, "requirement", requirement.code))
    old, new = before.signing.deed, after.signing.deed
    if old is not None and new is not None:
        yield old, (new.code,)


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


def called_now(
    editions: tuple[Edition, ...], rule: BreachRule, *, under: Edition, now: Edition
) -> str:
    """Return the code, in the edition ``now``, of the rule that follows one of an earlier edition.

    The rule of the same code, else the first that counts its hits; its own code where none does.
    """
    if any(other.code == rule.code for other in now.breaches):
        return rule.code
    found = (
        other.code
        for other in now.breaches
        if counts_on(editions, other, of=now, earlier=rule, under=under)
    )
    return next(found, rule.code)


@lru_cache(maxsize=256)
def numbers_compare(
    editions: tuple[Edition, ...], node: str, *, before: Edition, after: Edition
) -> bool:
    """Return whether the numbers of a node under two editions are one series.

    They are when it is computed alike in both, from KPIs that are each the same thing.
    """
    if before.code == after.code:
        return True
    if node not in before.tree.nodes or node not in after.tree.nodes:
        return False
    followed = continuity(editions)
    names = {
        code: followed.code_in(before.code, Place(after.code, "kpi", code))
        for code in after.tree.kpis_under(node)
    }
    return None not in names.values() and _computed(after, node, names) == _computed(
        before, node, {}
    )


def _computed(edition: Edition, node: str, names: Mapping[str, str]) -> dict[str, Any]:
    """Return how a node and those under it are computed, KPIs under other names."""
    nodes, wanted, found = edition.tree.nodes, [node], {}
    while wanted:
        code = wanted.pop()
        if code in found:
            continue
        plain = nodes[code].model_dump(mode="json", by_alias=True, exclude={"title", "clause"})
        found[code] = _with_names(plain, names)
        wanted += [child for child in nodes[code].reads() if child in nodes]
    return found


def _with_names(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {names.get(key, key): _with_names(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_names(inner, names) for inner in value]
    return names.get(value, value) if isinstance(value, str) else value
