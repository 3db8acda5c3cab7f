"""An edition as paragraphs: one for each part that has a clause, in plain words.

All of it is read off the classes that the edition is made of, so a word that is added anywhere
can be read here without another line.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from rulebooks.rules.edition import Edition
from rulebooks.rules.schema import Part
from rulebooks.rules.terms import Term

SECTIONS = {
    "mission": "Mission",
    "targets": "What shall be reached",
    "member_targets": "What members set themselves",
    "classes": "Classes of members",
    "admissions": "How one joins",
    "belonging": "How a membership changes",
    "requirements": "What members sign",
    "signing": "How members sign",
    "periods": "When members report",
    "obligations": "What members owe",
    "kpis": "What is asked",
    "scoring": "How answers become a score",
    "cohort": "Members beside one another",
    "bands": "What a score is called",
    "breaches": "What counts as falling short",
    "ladders": "What follows",
    "publicity": "What is shown to whom",
    "making": "How it came about",
}
NAMES = ("title", "name", "label", "statement")
WORDS = ("kind", "op", "of", "as_")  # the field that says which word a part is, where it is one
QUOTED = re.compile("``([^`]*)``")
UNSAID = {"code", "clause", "making", "departs", *NAMES}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said of a part: its label, what holds, and what that consists of."""

    label: str
    text: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A part with a clause of its own. ``key`` is unique in the edition and can be linked to."""

    key: str
    title: str
    code: str
    meaning: str
    clause: str
    lines: tuple[Line, ...]
    departs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """The paragraphs of one top-level key of the edition."""

    key: str
    title: str
    paragraphs: tuple[Paragraph, ...]


def sections(edition: Edition) -> tuple[Section, ...]:
    """Return the whole edition in paragraphs, in the order of the document."""
    titles = parts_by_code(edition)
    found = []
    for key in type(edition).model_fields:
        paragraphs = tuple(_paragraphs(getattr(edition, key), key, titles))
        if paragraphs:
            found.append(Section(key, SECTIONS.get(key, _spaced(key)), paragraphs))
    return tuple(found)


def departures(edition: Edition) -> tuple[Paragraph, ...]:
    """Return the parts that depart from the floor of due process."""
    return tuple(p for section in sections(edition) for p in section.paragraphs if p.departs)


def parts_by_code(edition: Edition) -> dict[str, str]:
    """Return the title of every part that has a code, by that code."""
    titles = dict(_titles(edition))
    titles.pop(edition.code, None)
    return titles


def meaning(part: Part) -> str:
    """Return what a word means: the first line of its description."""
    said = (inspect.getdoc(type(part)) or "").partition("\n")[0]
    return QUOTED.sub(lambda name: name[1].replace("_", " "), said)


def _titles(value: object) -> Iterator[tuple[str, str]]:
    """Yield code and title of every part, however deep, so that a code can be read."""
    if isinstance(value, Part):
        code, title = getattr(value, "code", None), _title(value)
        if code and title:
            yield code, title
        for name in type(value).model_fields:
            yield from _titles(getattr(value, name))
    elif isinstance(value, tuple):
        for part in value:
            yield from _titles(part)


def _title(part: Part) -> str:
    return next((getattr(part, name) for name in NAMES if getattr(part, name, None)), "")


def _paragraphs(value: object, key: str, titles: Mapping[str, str]) -> Iterator[Paragraph]:
    if isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from _paragraphs(part, f"{key}-{getattr(part, 'code', index)}", titles)
    elif isinstance(value, Part):
        if hasattr(value, "clause"):
            yield _paragraph(value, key, titles)
        for name in type(value).model_fields:
            if name != "departs":
                yield from _paragraphs(getattr(value, name), f"{key}-{name}", titles)


def _paragraph(part: Part, key: str, titles: Mapping[str, str]) -> Paragraph:
    departs = getattr(part, "departs", None)
    return Paragraph(
        key=key,
        title=_title(part) or _spaced(_called(part, key)),
        code=getattr(part, "code", ""),
        meaning=meaning(part) if _word(part) else "",
        clause=part.clause,
        lines=tuple(_lines(part, titles)),
        departs=tuple(_departs(departs, titles)) if departs else (),
    )


def _called(part: Part, key: str) -> str:
    """Return what a part without a title is called: its code, its word, or its place."""
    section, _, place = key.rpartition("-")
    if code := getattr(part, "code", ""):
        return code
    if place.isdigit():
        return getattr(part, _word(part) or "event", section.rpartition("-")[2])
    return place


def _departs(departs: Part, titles: Mapping[str, str]) -> Iterator[str]:
    if hasattr(departs, "in_words"):
        yield from departs.in_words()
    else:
        yield from (f"{line.label}: {line.text}" for line in _lines(departs, titles))


def _lines(part: Part, titles: Mapping[str, str]) -> Iterator[Line]:
    skipped = UNSAID | {_word(part)}
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        if name in skipped or value is None or value == () or value == {}:
            continue
        line = _line(_spaced((field.alias or name).rstrip("_")), value, titles)
        if line is not None:
            yield line


def _line(label: str, value: object, titles: Mapping[str, str]) -> Line | None:
    if isinstance(value, Part) and not isinstance(value, Term):
        return None if hasattr(value, "clause") else _said(label, value, titles)
    if isinstance(value, Mapping):
        inner = (_line(titles.get(str(key), str(key)), one, titles) for key, one in value.items())
        return Line(label, "", tuple(line for line in inner if line))
    if isinstance(value, tuple) and any(isinstance(one, Part) for one in value):
        inner = [_said("", one, titles) for one in value if not hasattr(one, "clause")]
        return Line(label, "", tuple(inner)) if inner else None
    return Line(label, plain(value, titles))


def _said(label: str, part: object, titles: Mapping[str, str]) -> Line:
    """Say a part that has no clause of its own within the part that it belongs to."""
    if not isinstance(part, Part) or isinstance(part, Term):
        return Line(label, plain(part, titles))
    lines = tuple(_lines(part, titles))
    head = _title(part) or (meaning(part) if _word(part) else "")
    if any(line.lines for line in lines):
        return Line(label, head, lines)
    told = ", ".join(f"{_lowered(line.label)} {line.text}" for line in lines)
    if not head or not told:
        return Line(label, head or told)
    return Line(
        label, f"{head} {told[:1].upper()}{told[1:]}." if head.endswith(".") else f"{head}: {told}"
    )


def _word(part: Part) -> str:
    """Return the field that says which word of the vocabulary a part is, empty for none."""
    names = (n for n in WORDS if isinstance(getattr(part, n, None), str))
    fields = type(part).model_fields
    return next((n for n in names if "Literal" in str(fields[n].annotation)), "")


def plain(value: object, titles: Mapping[str, str]) -> str:
    """Return a value in words: a code by its title, a number without zeros that say nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value.day} {value:%b %Y}"
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, tuple | list | set | frozenset):
        return ", ".join(plain(one, titles) for one in value)
    if isinstance(value, int | Fraction | Term):
        return str(value)
    text = str(value)
    return titles.get(text) or (text.replace("_", " ") if text.islower() else text)


def _spaced(name: str) -> str:
    words = name.replace("_", " ").replace("-", " ")
    return f"{words[:1].upper()}{words[1:]}".replace("Kpi", "KPI")


def _lowered(label: str) -> str:
    return label if label.isupper() else f"{label[:1].lower()}{label[1:]}"
