"""Read a YAML document into a frozen model; every error has its line, its column and a way out.

Only plain YAML is read: no anchors, aliases, tags, merge keys or duplicate keys. ``true``,
``false``, ``null``, integers and plain decimals are converted, decimals straight to ``Decimal``;
all else stays text: ``no``, ``012``, ``1e3``, ``12:30`` and every key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from rulebooks.rules.complaints import MOST_TOLD, complaints

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
MAX_EVENTS = 200_000

WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,29})")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,29})\.[0-9]{1,30}")
UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Path = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class Fault(NamedTuple):
    """Something wrong at a path of a document: what it is, and what is allowed."""

    path: Path
    message: str


@dataclass(frozen=True, order=True)
class Problem:
    """A fault with its place in the text. Lines and columns count from 1."""

    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        where = f"{self.line}:{self.column}"
        return f"{where}: {self.path}: {self.message}" if self.path else f"{where}: {self.message}"


class Invalid(ValueError):
    """The document cannot be used; ``problems`` says why, in the order of the text.

    Of very many problems the first are told; ``more`` says that others were not looked at.
    """

    def __init__(self, problems: Iterable[Problem], *, more: bool = False) -> None:
        found = sorted(set(problems))
        told = found[:MOST_TOLD]
        if more or len(found) > MOST_TOLD:
            message = f"there are more than these {MOST_TOLD} problems; correct them first"
            told.append(replace(told[-1], path="", message=message))
        self.problems = tuple(told)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Document:
    """Plain values, and where in the text each key and each value stands."""

    value: object
    keys: dict[Path, yaml.Mark]
    values: dict[Path, yaml.Mark]

    def place(self, fault: Fault, *, at_key: bool = False) -> Problem:
        """Return ``fault`` with the line and column of the nearest place that the text has."""
        path = tuple(fault.path)
        marks = (self.keys, self.values) if at_key else (self.values, self.keys)
        for length in range(len(path), -1, -1):
            mark = next((m[path[:length]] for m in marks if path[:length] in m), None)
            if mark is not None:
                break
        return Problem(mark.line + 1, mark.column + 1, dotted(path), fault.message)

    def into(self, model: type[Model]) -> Model:
        """Return the document as a ``model``; its own ``faults()``, if it has any, are asked too.

        :raises Invalid: with every fault found.
        """
        try:
            made = model.model_validate(self.value)
        except ValidationError as error:
            raise Invalid(
                [
                    self.place(Fault(path, message), at_key=at_key)
                    for path, message, at_key in complaints(error, model, self.values)
                ],
                more=error.error_count() > MOST_TOLD,
            ) from None
        faults = made.faults() if hasattr(made, "faults") else ()
        if problems := [self.place(fault) for fault in faults]:
            raise Invalid(problems)
        return made


def load(text: str | bytes, model: type[Model]) -> Model:
    """Return ``text`` as a ``model``.

    :raises Invalid: with the line and column of every fault.
    """
    return read(text).into(model)


def read(text: str | bytes) -> Document:
    """Return the plain values of ``text`` with their places, before any model is asked.

    :raises Invalid: not UTF-8, too large, too deep, no YAML, or YAML beyond what is read here.
    """
    reader = _Reader(decode(text))
    value = reader.document()
    if reader.problems:
        raise Invalid(reader.problems)
    return Document(value, reader.keys, reader.values)


def decode(text: str | bytes) -> str:
    """Return ``text`` as a string that a YAML reader accepts, without a byte order mark.

    :raises Invalid: it is too large, not UTF-8, or holds a character that no text has.
    """
    size = len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise Invalid([Problem(1, 1, "", f"too large; at most {MAX_BYTES:,} bytes")])
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = text[: error.start].decode("utf-8-sig")
            byte = text[error.start]
            raise Invalid(
                [_problem_after(before, f"byte 0x{byte:02x} is not UTF-8; save the file as UTF-8")]
            ) from None
    text = text.removeprefix("\ufeff")
    if found := UNPRINTABLE.search(text):
        message = f"character U+{ord(found[0]):04X} is not allowed; only printable text"
        raise Invalid([_problem_after(text[: found.start()], message)])
    return text


def dotted(path: Path) -> str:
    """Return ``path`` as people write it: ``scoring.nodes[3].weights``."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def scalar(text: str) -> object:
    """Return what an unquoted ``text`` means: a truth value, null, a number or the text itself."""
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    if DECIMAL.fullmatch(text):
        return Decimal(text)
    return text


def _problem_after(before: str, message: str) -> Problem:
    line = before.count("\n") + 1
    return Problem(line, len(before) - (before.rfind("\n") + 1) + 1, "", message)


class _Reader:
    """Builds plain values from the events of the parser, each looked at before it is used."""

    def __init__(self, text: str) -> None:
        self.events = self._guarded(text)
        self.keys: dict[Path, yaml.Mark] = {}
        self.values: dict[Path, yaml.Mark] = {}
        self.problems: list[Problem] = []

    def document(self) -> object:
        next(self.events)  # the stream starts
        event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent):
            raise Invalid([Problem(1, 1, "", "the document is empty; write at least one key")])
        value = self._value(next(self.events), ())
        next(self.events)  # the document ends
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._refused(after, "a second document; one file holds one document")
        return value

    def _guarded(self, text: str) -> Iterator[yaml.Event]:
        depth = 0
        try:
            for count, event in enumerate(yaml.parse(text, yaml.CSafeLoader)):
                if count > MAX_EVENTS:
                    raise self._refused(event, f"more than {MAX_EVENTS:,} values and brackets")
                depth += isinstance(event, yaml.CollectionStartEvent)
                depth -= isinstance(event, yaml.CollectionEndEvent)
                if depth > MAX_DEPTH:
                    raise self._refused(event, f"nested deeper than {MAX_DEPTH} levels")
                self._refuse_cleverness(event)
                yield event
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            before = text[: mark.index] if mark else ""
            before = before.rstrip() if before == text else before  # the end, not a line after it
            raise Invalid([_problem_after(before, f"not YAML: {error.problem}")]) from None
        except yaml.YAMLError as error:
            raise Invalid([Problem(1, 1, "", f"not YAML: {error}")]) from None

    def _refuse_cleverness(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._refused(event, "anchors and aliases are not read; write the value out")
        if getattr(event, "tag", None):
            raise self._refused(event, "tags are not read; write the value without its tag")

    def _refused(self, event: yaml.Event, message: str) -> Invalid:
        mark = event.start_mark
        return Invalid([Problem(mark.line + 1, mark.column + 1, "", message)])

    def _value(self, event: yaml.Event, path: Path) -> object:
        self.values[path] = event.start_mark
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        return event.value if event.style else scalar(event.value)

    def _sequence(self, path: Path) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, object]:
        made: dict[str, object] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refused(event, "a key must be a plain word")
            key, mark = event.value, event.start_mark
            if key == "<<" and not event.style:
                raise self._refused(event, "merge keys are not read; write the values out")
            if key in made:
                first = self.keys[(*path, key)].line + 1
                message = f"stands twice, first on line {first}; keep one"
                where = dotted((*path, key))
                self.problems.append(Problem(mark.line + 1, mark.column + 1, where, message))
            self.keys[(*path, key)] = mark
            made[key] = self._value(next(self.events), (*path, key))
        return made
