"""Walk from the edition down to every part that it can hold, and find the words among them.

A *family* is a choice between parts at one place of the document; its members are *words*. Where
a family has one member so far, that is a word too: it says by ``kind``, ``op`` or the like what
it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from inspect import cleandoc, getsourcefile
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from rulebooks.rules.schema import Part

TAGS = ("kind", "op", "what", "as")
ROOT = Path(__file__).resolve().parents[3]
SENTENCE = re.compile(r"(?<=[.:;])\s+(?=[A-Z`])|\n\s*\n|\n- ")


@dataclass(frozen=True)
class Entry:
    """One word of a family: how a document names it, and the class that it is."""

    name: str
    tag: str
    part: type[Part]

    @property
    def meaning(self) -> str:
        """Return the first sentence about the word."""
        return paragraphs(self.part)[0].splitlines()[0] if paragraphs(self.part) else ""


@dataclass(frozen=True)
class Family:
    """The words that can stand at one place of an edition, such as ``kpis.scale``."""

    place: str
    entries: tuple[Entry, ...]


def families(model: type[Part]) -> tuple[Family, ...]:
    """Return each family that a ``model`` can hold, in the order of the document."""
    found: dict[frozenset[type[Part]], Family] = {}
    for place, members, tag in _choices(model, (), set()):
        found.setdefault(
            frozenset(members),
            Family(place, tuple(_entry(part, members, tag) for part in members)),
        )
    return tuple(found.values())


def parts(model: type[Part]) -> tuple[tuple[str, type[Part]], ...]:
    """Return every part that a ``model`` can hold, itself first, each with its first place."""
    found: dict[type[Part], str] = {model: ""}
    _collect(model, (), found)
    return tuple((place, part) for part, place in found.items())


def paragraphs(part: type[Part]) -> list[str]:
    """Return what the docstring of a part says, without its source."""
    text = cleandoc(part.__doc__ or "")
    return [p for p in re.split(r"\n\s*\n", text) if p and not p.startswith("Source:")]


def keys(part: type[Part]) -> dict[str, FieldInfo]:
    """Return the fields of a part by the name that a document uses."""
    return {field.alias or name: field for name, field in part.model_fields.items()}


def note(part: type[Part], key: str) -> str:
    """Return what the docstrings of a part and its bases say of one of its keys."""
    for owner in part.__mro__:
        if isinstance(owner, type) and issubclass(owner, Part) and owner is not Part:
            said = [s for s in _sentences(owner) if f"``{key}``" in s]
            if said:
                return plain(" ".join(said))
    return ""


def plain(text: str) -> str:
    """Return text of a docstring on one line, code in single backticks."""
    return " ".join(text.replace("``", "`").split())


def source_of(part: type[Part]) -> str:
    """Return the file that holds a part, from the root of the project."""
    return Path(getsourcefile(part)).resolve().relative_to(ROOT).as_posix()


def fixed(field: FieldInfo) -> str | None:
    """Return the one word that a required field can hold, None for any other field."""
    values = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    one = len(values) == 1 and isinstance(values[0], str) and field.is_required()
    return values[0] if one else None


def _sentences(part: type[Part]) -> list[str]:
    return [s.strip() for s in SENTENCE.split("\n\n".join(paragraphs(part))) if s.strip()]


def _entry(part: type[Part], members: tuple[type[Part], ...], tag: str | None) -> Entry:
    own = keys(part)
    if tag in own and (name := fixed(own[tag])):
        return Entry(name, tag, part)
    others = {key for other in members if other is not part for key in keys(other)}
    return Entry(next((key for key in own if key not in others), part.__name__), "", part)


def _choices(
    model: type[Part], path: tuple[str, ...], seen: set[type[Part]]
) -> Iterator[tuple[str, tuple[type[Part], ...], str | None]]:
    """Yield place, members and distinguishing key of each choice below ``model``."""
    if model in seen:
        return
    seen.add(model)
    for key, field in keys(model).items():
        here = (*path, key)
        for members in _alternatives(field.annotation):
            tag = _tag(members)
            if len(members) > 1 or tag:
                yield ".".join(here), members, tag
            for member in members:
                yield from _choices(member, here, seen)


def _collect(model: type[Part], path: tuple[str, ...], found: dict[type[Part], str]) -> None:
    for key, field in keys(model).items():
        for members in _alternatives(field.annotation):
            for member in members:
                if member not in found:
                    found[member] = ".".join((*path, key))
                    _collect(member, (*path, key), found)


def _alternatives(annotation: Any) -> list[tuple[type[Part], ...]]:
    """Return the parts that a type can hold: those that stand for one another, together."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return [(annotation,)]
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _alternatives(inner[0])
    if origin not in (Union, UnionType):
        return [found for one in inner for found in _alternatives(one)]
    together = tuple(
        member for one in inner for found in _alternatives(one) if _is_part(one) for member in found
    )
    apart = [found for one in inner if not _is_part(one) for found in _alternatives(one)]
    return ([together] if together else []) + apart


def _is_part(annotation: Any) -> bool:
    """Whether a type is a part, or a choice between parts, rather than a list of them."""
    if get_origin(annotation) is Annotated:
        return _is_part(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return any(map(_is_part, get_args(annotation)))
    return isinstance(annotation, type) and issubclass(annotation, Part)


def _tag(members: tuple[type[Part], ...]) -> str | None:
    """Return the key by which the members say which of them is meant, None if there is none."""
    for key in keys(members[0]):
        said = [keys(member).get(key) for member in members]
        names = {fixed(field) for field in said if field is not None} - {None}
        if len(names) == len(members) and (len(members) > 1 or key in TAGS):
            return key
    return None
