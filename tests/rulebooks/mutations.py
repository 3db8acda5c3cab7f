"""Damage to an edition, each piece with what must come of it: refused at its place, or the same.

The document is walked together with the model that it became, so that a mutation knows what it
hits: a required key, a reference, a length of time. New words need nothing here.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, zip_longest
from typing import get_args

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from rulebooks.rules.document import Path, read
from rulebooks.rules.edition import Edition
from rulebooks.rules.schema import Code

CODE = get_args(Code)[1].pattern
NOBODY = "no-such-name"
MARK = "zz-mark"
WRONG = ({"a": 1}, [["a"]], True, "zz wrong")


@dataclass(frozen=True)
class Mutation:
    """A damaged text. ``path`` is where it was hit, None where no one place is to blame."""

    kind: str
    text: str | bytes
    same: bool = False
    path: Path | None = None


@dataclass(frozen=True)
class Spot:
    """A key of a part: the value that the document has there, and the field that reads it."""

    path: Path
    value: object
    field: FieldInfo
    read: object


class Dumper(yaml.SafeDumper):
    """Writes plain values so that they are read back as they were."""

    def ignore_aliases(self, data: object) -> bool:
        return True


Dumper.add_representer(
    Decimal,
    lambda dumper, number: dumper.represent_scalar("tag:yaml.org,2002:float", f"{number:f}"),
)


def dumped(plain: object, *, flow: bool = False) -> str:
    """Return ``plain`` as YAML, in blocks or in one flow."""
    style = {"default_flow_style": flow, "sort_keys": False, "allow_unicode": True}
    return yaml.dump(plain, Dumper=Dumper, width=1_000_000, **style)


def mutations(text: str, *, count: int, seed: int) -> list[Mutation]:
    """Return ``count`` mutations of an edition, all kinds in turn, chosen by ``seed``."""
    chosen = random.Random(seed)
    plain, edition = read(text).value, Edition.load(text)
    spots = list(walk(plain, edition, ()))
    pools = [[*of_plain(plain, spots)] for of_plain in PLAIN] + [[*of(text)] for of in TEXTS]
    for pool in pools:
        chosen.shuffle(pool)
    in_turn = chain.from_iterable(zip_longest(*pools))
    found = [mutation for mutation in in_turn if mutation is not None]
    assert len(found) >= count, f"only {len(found)} mutations"
    return [m if isinstance(m, Mutation) else m() for m in found[:count]]


def walk(plain: object, made: object, path: Path) -> Iterator[Spot]:
    """Yield every key of every part that the document writes down."""
    if isinstance(made, BaseModel) and isinstance(plain, dict):
        for name, field in type(made).model_fields.items():
            key = field.alias or name
            if key in plain:
                inner = getattr(made, name)
                yield Spot((*path, key), plain[key], field, inner)
                yield from walk(plain[key], inner, (*path, key))
    elif isinstance(made, tuple) and isinstance(plain, list):
        for index, (one, read_as) in enumerate(zip(plain, made, strict=True)):
            yield from walk(one, read_as, (*path, index))
    elif isinstance(made, Mapping) and isinstance(plain, dict):
        for key in plain:
            yield from walk(plain[key], made[key], (*path, key))


def put(plain: object, path: Path, value: object) -> object:
    """Return a copy of ``plain`` with another value at ``path``."""
    changed = deepcopy(plain)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


def at(plain: object, path: Path) -> object:
    for step in path:
        plain = plain[step]
    return plain


def hit(kind: str, plain: object, path: Path, value: object) -> Callable[[], Mutation]:
    """Return how to write a mutation down: only those that are chosen are written."""
    return lambda: Mutation(kind, dumped(put(plain, path, value)), path=path)


def missing(plain, spots):
    for spot in spots:
        if spot.field.is_required():
            rest = {k: v for k, v in at(plain, spot.path[:-1]).items() if k != spot.path[-1]}
            yield (
                hit("missing", plain, spot.path[:-1], rest)
                if spot.path[:-1]
                else (lambda rest=rest: Mutation("missing", dumped(rest), path=()))
            )


def extra(plain, spots):
    for path in dict.fromkeys(spot.path[:-1] for spot in spots):
        yield hit("extra", plain, (*path, "zz-extra"), 1)


def wrong_type(plain, spots):
    for place, spot in enumerate(spots):
        wrong = WRONG[place % len(WRONG)]
        fits = isinstance(spot.value, type(wrong)) or (
            isinstance(wrong, bool | str) and accepts(spot.field, type(wrong))
        )
        if not fits:
            yield hit("wrong type", plain, spot.path, wrong)


def accepts(field: FieldInfo, kind: type) -> bool:
    """Whether a field may read text, or a truth value: then one more of it proves nothing."""
    hint = repr(field)
    return kind.__name__ in hint or (kind is str and "Literal['all']" in hint)


def wrong_unit(plain, spots):
    for spot in spots:
        if type(spot.value) is int:
            yield hit("wrong unit", plain, spot.path, f"{spot.value} days")


def too_low(plain, spots):
    for spot in spots:
        limits = [m for m in spot.field.metadata if hasattr(m, "ge") or hasattr(m, "gt")]
        if limits and isinstance(spot.value, int | Decimal):
            yield hit("too low", plain, spot.path, -7)


def dangling(plain, spots):
    known = {spot.value for spot in spots if spot.path[-1] == "code"}
    for spot in spots:
        if spot.path[-1] in ("code", "was") or not names_something(spot.field):
            continue  # the edition before, which `was` speaks of, is not at hand
        if isinstance(spot.value, str) and spot.value in known:
            yield hit("dangling", plain, spot.path, NOBODY)
        elif isinstance(spot.value, list):
            for index, one in enumerate(spot.value):
                if isinstance(one, str) and one in known:
                    yield hit("dangling", plain, (*spot.path, index), NOBODY)


def names_something(field: FieldInfo) -> bool:
    """Whether a field reads a code, or a list of codes."""
    constraints = [*field.metadata, *nested(field.annotation)]
    return any(getattr(constraint, "pattern", None) == CODE for constraint in constraints)


def nested(hint: object) -> Iterator[object]:
    yield from getattr(hint, "__metadata__", ())
    for inner in get_args(hint):
        yield from nested(inner)


def cycle(plain, spots):
    """Nodes that read themselves, or one after them."""
    nodes = plain.get("scoring", {}).get("nodes", [])
    for index, node in enumerate(nodes):
        path = ("scoring", "nodes", index)
        for later in nodes[index:]:
            if isinstance(node.get("of"), list):
                yield hit("cycle", plain, (*path, "of", 0), later["code"])
            if isinstance(node.get("weights"), dict):
                yield hit("cycle", plain, (*path, "weights"), {later["code"]: 1})


def weight_zero(plain, spots):
    for spot in spots:
        if spot.path[-1] == "weights" and isinstance(spot.value, dict):
            for key in spot.value:
                yield hit("weight zero", plain, (*spot.path, key), 0)


def bands(plain, spots):
    """Bands that overlap, or leave a gap."""
    banded = plain.get("bands") or {}
    for index, band in enumerate(banded.get("bands", [])):
        for edge in ("from", "below", "above", "upto"):
            if edge in band:
                for by in (1, -1):
                    path = ("bands", "bands", index, edge)
                    yield hit("overlapping bands", plain, path, band[edge] + by)


def no_day(plain, spots):
    for spot in spots:
        if isinstance(spot.read, date):
            for wrong in ("2024-02-30", "0000-00-00", "31.12.2024", 20240101):
                yield hit("no day", plain, spot.path, wrong)


def twice(plain, spots):
    for spot in spots:
        coded = isinstance(spot.value, list) and spot.value and isinstance(spot.value[0], dict)
        if coded and "code" in spot.value[0]:
            yield hit("code twice", plain, spot.path, [*spot.value, spot.value[0]])


def over_the_whole(plain, spots):
    """A majority, a share or a quorum of more than everybody."""
    for spot in spots:
        limits = [m for m in spot.field.metadata if getattr(m, "le", None) == 1]
        if limits and isinstance(spot.value, int | Decimal):
            yield hit("over the whole", plain, spot.path, Decimal("1.01"))


def defaults(plain, spots):
    """A default written out, or left away: the same document."""
    for spot in spots:
        if not spot.field.is_required() and spot.read == spot.field.get_default():
            parent = at(plain, spot.path[:-1])
            rest = {k: v for k, v in parent.items() if k != spot.path[-1]}
            changed = put(plain, spot.path[:-1], rest) if spot.path[:-1] else rest
            yield lambda changed=changed: Mutation("default", dumped(changed), same=True)


def reordered(plain, spots):
    for path in dict.fromkeys(spot.path[:-1] for spot in spots):
        part = at(plain, path)
        turned = dict(reversed(part.items()))
        changed = put(plain, path, turned) if path else turned
        yield lambda changed=changed: Mutation("reordered", dumped(changed), same=True)


def marked(plain, spots):
    """Anchors, aliases, tags, merge keys and duplicate keys, where a value or a key stood."""
    for spot in spots[:: max(1, len(spots) // 20)]:
        text = dumped(put(plain, spot.path, MARK))
        for what in ("&a x", "*a", "!!str x", "!!python/object:os.system x"):
            yield Mutation("clever value", text.replace(MARK, what))
        whole = put(plain, (*spot.path[:-1], MARK), 1)
        for key in (spot.path[-1], "<<"):
            yield Mutation("clever key", dumped(whole).replace(f"{MARK}:", f"{key}:"))


def same_text(text):
    plain = read(text).value
    for same in (
        text.replace("\n", "\r\n"),
        "\ufeff" + text,
        "# a comment\n\n" + text,
        text + "\n\n# the end",
        dumped(plain),
        dumped(plain, flow=True),
        text.encode(),
    ):
        yield Mutation("same text", same, same=True)


def bombs(text):
    for bomb in (
        "",
        "\n",
        "[" * 20_000,
        "{" * 20_000,
        "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a]\n" for n in range(50)),
        text + "\n# " + "x" * 10_000_000,
        text + "\n---\n" + text,
        text + "\n\x00",
        text.encode() + b"\xff\xfe",
        text.encode("utf-16"),
        text + "\n\ttab: 1",
        text + "\nzz: [",
        text + "\nzz: 'open",
        text + "\nzz: " + "9" * 100_000,
        text + "\nzz: [" + "1," * 150_000 + "]",
        text + "\n? [a, b]\n: 1\n",
        "- " + dumped(read(text).value, flow=True),
        dumped(dumped(read(text).value)),
        "null",
        "{}",
    ):
        yield Mutation("bomb", bomb)


PLAIN = (
    missing,
    extra,
    wrong_type,
    wrong_unit,
    too_low,
    dangling,
    cycle,
    weight_zero,
    bands,
    no_day,
    twice,
    over_the_whole,
    defaults,
    reordered,
    marked,
)
TEXTS = (same_text, bombs)
