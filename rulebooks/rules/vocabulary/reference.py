"""The reference page of the vocabulary: a written text with tables made of the words themselves.

In the text ``<!-- words PLACE -->`` stands for the words that can stand at a place of an edition,
``<!-- words -->`` for those of all places that the text does not name, ``<!-- parts -->`` for
every part with its keys.
"""

from __future__ import annotations

import re
from typing import Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from rulebooks.rules.schema import Part
from rulebooks.rules.vocabulary.walk import (
    Entry,
    Family,
    families,
    fixed,
    keys,
    paragraphs,
    parts,
    plain,
    source_of,
)

WORDS = re.compile(r"<!-- words (\S+) -->")
GENERATED = (
    "<!-- Made of docs/rulebook.template.md and the vocabulary by `make reference`:"
    " change those. -->"
)


def reference(model: type[Part], text: str) -> str:
    """Return the page that explains every word of a ``model``, with ``text`` around them.

    :raises LookupError: the text names a place that has no words.
    """
    by_place = {family.place: family for family in families(model)}
    named = WORDS.findall(text)
    if strays := [place for place in named if place not in by_place]:
        raise LookupError(f"no words at {', '.join(strays)}; there are: {', '.join(by_place)}")
    page = WORDS.sub(lambda found: _table(by_place[found[1]]), text)
    rest = [family for place, family in by_place.items() if place not in named]
    page = page.replace("<!-- words -->", "\n\n".join(map(_titled, rest)))
    return f"{GENERATED}\n\n{page.replace('<!-- parts -->', _parts(model))}"


def _table(family: Family) -> str:
    rows = [f"| {_name(e)} | {_meaning(e)} | `{_cell(e.part.example)}` | {_link(e.part)} |"
            for e in family.entries]  # fmt: skip
    return "\n".join(("| word | meaning | example | class |", "| --- | --- | --- | --- |", *rows))


def _titled(family: Family) -> str:
    return f"### `{family.place}`\n\n{_table(family)}"


def _name(entry: Entry) -> str:
    return f"`{entry.name}`"


def _meaning(entry: Entry) -> str:
    return _cell(plain(" ".join(paragraphs(entry.part))))


def _link(part: type[Part]) -> str:
    return f"[`{part.__name__}`](../{source_of(part)})"


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


def _parts(model: type[Part]) -> str:
    rows = [
        f"| {_link(part)} | {f'`{place}`' if place else ''} | {_keys(part)} |"
        for place, part in parts(model)
    ]
    return "\n".join(("| part | where | keys |", "| --- | --- | --- |", *rows))


def _keys(part: type[Part]) -> str:
    return ", ".join(_key(name, field) for name, field in keys(part).items())


def _key(name: str, field: FieldInfo) -> str:
    if said := fixed(field):
        return f"`{name}: {said}`"
    choices = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    allowed = f" ({', '.join(f'`{choice}`' for choice in choices)})" if choices else ""
    return f"`{name}`{allowed}" if field.is_required() else f"*`{name}`*{allowed}"
