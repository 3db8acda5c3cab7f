"""Whether a new edition says what became of everything, and whether what it says is true.

Nothing is guessed: a thing that is not declared, or declared as what it is not, is an error at
its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from rulebooks.rules.continuity.lineage import LISTS, Place, continuity
from rulebooks.rules.continuity.words import Declaration, New, Paired, What
from rulebooks.rules.document import Fault, Path
from rulebooks.rules.schema import Part

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition

NAMES: dict[What, str] = {
    "requirement": "requirement",
    "kpi": "KPI",
    "obligation": "obligation",
    "target": "target",
}
# What may differ in a thing that is the same; what may in one that is reworded. The rest, and
# every key that is yet to be invented, is its substance: with it the thing has changed.
FREE: dict[What, frozenset[str]] = {
    "requirement": frozenset({"code", "making"}),
    "kpi": frozenset({"code", "clause", "making", "requirement", "confidentiality", "evidence"}),
    "obligation": frozenset({"code", "clause", "periods", "enforced_from"}),
    "target": frozenset({"code", "clause", "owner", "serves"}),
}
WORDING: dict[What, frozenset[str]] = {
    "requirement": frozenset({"title", "text", "guidance", "translations", "clause"}),
    "kpi": frozenset({"title", "question"}),
    "obligation": frozenset({"title"}),
    "target": frozenset({"title"}),
}


def declaration_faults(edition: Edition) -> Iterator[Fault]:
    """Yield what can be told without the edition before: what is new is declared, and once."""
    if edition.replaces is None:
        if edition.continuity:
            yield Fault(("continuity",), "replaces is null, so nothing goes on: leave it out")
        return
    yield from _repeated(edition, "was")
    yield from _repeated(edition, "is")
    yield from _unknown(edition, edition, "is")
    for missing in _undeclared(edition, edition, "is"):
        yield _silent(edition, missing, "what it was, or that it is new")


def continuity_faults(before: Edition, after: Edition) -> list[Fault]:
    """Return what ``after`` leaves open, or says wrongly, of the edition that it replaces."""
    if after.replaces != before.code:
        return [Fault(("replaces",), f"names {after.replaces}, and is compared with {before.code}")]
    unknown = [*_unknown(before, after, "was"), *_reused(before, after)]
    silent = [
        _silent(after, f"{missing} of {before.code}", "what became of it")
        for missing in _undeclared(before, after, "was")
    ]
    return [*unknown, *silent, *([] if unknown else _untrue(before, after))]


def _silent(edition: Edition, of: str, wanted: str) -> Fault:
    path: Path = ("continuity",) if edition.continuity else ("replaces",)
    return Fault(path, f"nothing is declared of {of}; declare {wanted}")


def _placed(edition: Edition, side: str) -> Iterator[tuple[Path, What, str]]:
    """Yield place, kind and code of everything that is declared on one side."""
    for index, declared in enumerate(edition.continuity):
        written = side if _is_written(declared, side) else "was"
        codes = declared.before() if side == "was" else declared.after()
        for place, code in enumerate(codes):
            yield ("continuity", index, written, place), declared.what, code


def _is_written(declared: Declaration, side: str) -> bool:
    """Whether a side stands in the document; ``is`` is left out where the codes stay."""
    return side == "was" or not isinstance(declared, Paired) or declared.is_ is not None


def _repeated(edition: Edition, side: str) -> Iterator[Fault]:
    seen: set[tuple[What, str]] = set()
    for path, what, code in _placed(edition, side):
        if (what, code) in seen:
            yield Fault(path, f"{NAMES[what]} {code!r} is declared twice; declare it once")
        seen.add((what, code))


def _unknown(owner: Edition, after: Edition, side: str) -> Iterator[Fault]:
    """Yield codes of one side that the edition they belong to does not have."""
    known = _things(owner)
    for path, what, code in _placed(after, side):
        if code not in known[what]:
            allowed = ", ".join(known[what]) or "none is defined"
            yield Fault(path, f"{code!r} is no {NAMES[what]} of {owner.code}; allowed: {allowed}")


def _undeclared(owner: Edition, after: Edition, side: str) -> Iterator[str]:
    """Yield what is not declared, a kind of thing at a time."""
    declared = {(what, code) for _, what, code in _placed(after, side)}
    for what, things in _things(owner).items():
        if missing := [code for code in things if (what, code) not in declared]:
            yield f"{NAMES[what]}{'s' if len(missing) > 1 else ''} {', '.join(missing)}"


def _reused(before: Edition, after: Edition) -> Iterator[Fault]:
    """Yield new things that take the code of an old one, and would be taken for it."""
    known = _things(before)
    for index, declared in enumerate(after.continuity):
        if isinstance(declared, New):
            for place, code in enumerate(declared.is_):
                if code in known[declared.what]:
                    message = f"{code!r} named another {NAMES[declared.what]} in {before.code}"
                    where = ("continuity", index, "is", place)
                    yield Fault(where, f"{message}; declare it as changed, or choose a new code")


def _untrue(before: Edition, after: Edition) -> Iterator[Fault]:
    """Yield things declared as the same, or as reworded, that are not."""
    followed = continuity((before, after))
    old_things, new_things = _things(before), _things(after)
    for index, declared in enumerate(after.continuity):
        what = declared.what
        for place, (old, new) in enumerate(declared.pairs() if declared.series_goes_on else ()):
            one, other = (_plain(old_things[what][old]), _plain(new_things[what][new]))
            keys = {key for key in chain(one, other) if one.get(key) != other.get(key)}
            if (
                what == "target"
                and one["kpi"]
                and followed.same_thing(
                    Place(before.code, "kpi", one["kpi"]), Place(after.code, "kpi", other["kpi"])
                )
            ):
                keys.discard("kpi")
            if message := _contradiction(declared, keys - FREE[what]):
                where = ("continuity", index, "was", place)
                yield Fault(where, f"{NAMES[what]} {old}: {message}")


def _contradiction(declared: Declaration, differing: set[str]) -> str | None:
    """Return what a declaration conceals about one thing, None when it is true."""
    if substance := sorted(differing - WORDING[declared.what]):
        return f"{_listed(substance)}; declare it as changed"
    if differing and declared.as_ == "same":
        return f"{_listed(sorted(differing))}; declare it as reworded"
    return None


def _listed(keys: list[str]) -> str:
    return f"{', '.join(keys)} {'differ' if len(keys) > 1 else 'differs'}"


def _plain(part: Part) -> dict[str, Any]:
    return part.model_dump(mode="json", by_alias=True)


def _things(edition: Edition) -> dict[What, dict[str, Part]]:
    """Return everything that has an identity, by kind and code."""
    return {
        what: {part.code: part for part in getattr(edition, name)} for what, name in LISTS.items()
    }
