"""What a row of a table states as facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from hashlib import sha256

from kpis.rules import cells as reading
from kpis.rules.cells import BadCell
from kpis.rules.profiles import Digest, FactIn, Profile, columns_of
from kpis.rules.tables import Row
from rulebooks.rules.facts import KINDS, What, unpack

LONGEST_KEY = 72  # of 80; the number of a repeated row takes the rest
KEPT = 10_000  # of what different rows said
SEPARATOR = ","  # between several codes in one cell


@dataclass(frozen=True, slots=True)
class Setting:
    """What is said when an import is run: for which period, and as of which day."""

    period: str | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """One fact in a row. ``dated``: its day comes from the file, not from the import.

    ``each_day``: a fact of another day under the same key is another one.
    """

    row: int
    member: str
    what: What
    key: str
    about_on: date
    dated: bool
    once: bool
    each_day: bool


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts that can have been signed: by edition, the hash of each requirement's."""

    by_edition: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def hash_of(self, requirement: str, *, edition: str) -> str:
        """Return the hash of a requirement's text.

        :raises BadCell: the edition is not here, or has no such requirement.
        """
        texts = self.by_edition.get(edition)
        if texts is None:
            known = reading.listed(self.by_edition) or "none yet"
            raise BadCell(f"there is no edition {edition!r} in force; there are: {known}")
        if requirement not in texts:
            known = reading.listed(texts)
            message = f"edition {edition} has no requirement {requirement!r}; it has: {known}"
            raise BadCell(message)
        return texts[requirement]


class _Said:
    """One fact of a profile, and what its rows said so far: many say the same.

    What is said follows from the key and the cells of ``reads``.
    """

    def __init__(self, spec: FactIn) -> None:
        self.spec = spec
        self.dated = not _rests_on_as_of(spec.about_on)
        self.reads = tuple(sorted(columns_of(spec.data)))
        self.known: dict[tuple[str, ...], What] = {}

    def keep(self, cells: tuple[str, ...], what: What) -> What:
        if len(self.known) >= KEPT:
            self.known.clear()
        return self.known.setdefault(cells, what)


@dataclass
class Statements:
    """Reads facts from rows. ``numbers`` counts the rows of one key."""

    profile: Profile
    setting: Setting
    texts: Texts
    numbers: Counter = field(default_factory=Counter)

    @cached_property
    def _said(self) -> tuple[_Said, ...]:
        return tuple(map(_Said, self.profile.into.facts))

    def stated(self, row: Row, member: str) -> list[Stated]:
        """Return the facts that a row states.

        :raises BadCell: a cell does not say what the fact needs.
        """
        return [
            self._fact(said, row, member)
            for said in self._said
            if not said.spec.when or all(w.holds(row.cells[w.column]) for w in said.spec.when)
        ]

    def _fact(self, said: _Said, row: Row, member: str) -> Stated:
        spec = said.spec
        about_on = reading.day(spec.about_on, row.cells, as_of=self.setting.as_of)
        if about_on is None:
            column = getattr(spec.about_on, "column", None)
            raise BadCell(f"the day of {spec.kind} is missing", column)
        key = self._key(spec, row)
        cells = (key, *[row.cells[column] for column in said.reads])
        what = said.known.get(cells) or said.keep(cells, self._what(spec, row, key))
        return Stated(
            row=row.number,
            member=member,
            what=what,
            key=self._numbered(spec, member, key),
            about_on=about_on,
            dated=said.dated,
            once=spec.once,
            each_day=spec.each_day,
        )

    def _what(self, spec: FactIn, row: Row, key: str) -> What:
        said = {
            name: self._datum(spec.kind, name, part, row)
            for name, part in (spec.data or {}).items()
            if part != "text"
        }
        for name in (spec.data or {}).keys() - said.keys():
            column = getattr(spec.key, "column", None)
            try:
                said[name] = self.texts.hash_of(key, edition=said.get("edition") or "")
            except BadCell as bad:
                raise BadCell(str(bad), column) from None
        return _unpacked(spec.kind, tuple((n, v) for n, v in said.items() if v is not None))

    def _datum(self, kind: str, name: str, part: object, row: Row) -> str | int | tuple | None:
        if not isinstance(part, reading.Written | reading.Fixed):
            found = reading.day(part, row.cells, as_of=self.setting.as_of)
            return None if found is None else found.isoformat()
        text, written = reading.code(part, row.cells), KINDS[kind].__annotations__[name]
        if "int" in written:
            return reading.whole(text, getattr(part, "column", None))
        if "tuple" in written and text is not None:
            return tuple(code.strip() for code in text.split(SEPARATOR))
        return text

    def _key(self, spec: FactIn, row: Row) -> str:
        if isinstance(spec.key, Digest):
            held = "\x1f".join(row.cells[column] for column in spec.key.digest)
            return f"{spec.key.prefix}-{sha256(held.encode()).hexdigest()[:16]}"
        key = reading.code(spec.key, row.cells) or ""
        if len(key) > LONGEST_KEY:
            message = f"longer than {LONGEST_KEY} characters; shorten it, or use a digest as key"
            raise BadCell(message, getattr(spec.key, "column", None))
        return key

    def _numbered(self, spec: FactIn, member: str, key: str) -> str:
        """Return the key; with its number, when it is not the first of its member and kind."""
        if self.profile.into.repeated == "refuse":
            return key
        place = sha256(f"{normal(member)}\x1f{spec.kind}\x1f{key}".encode()).digest()[:12]
        self.numbers[place] += 1
        return key if self.numbers[place] == 1 else f"{key}-{self.numbers[place]}"


@lru_cache(maxsize=10_000)
def _unpacked(kind: str, said: tuple[tuple[str, object], ...]) -> What:
    """Return what a row says; many rows say the same, and what they say is frozen."""
    try:
        return unpack(kind, dict(said))
    except ValueError as error:
        raise BadCell(str(error)) from None


@lru_cache(maxsize=KEPT)
def normal(name: str) -> str:
    """Return ``name`` as names are compared: whatever its case and white space."""
    return " ".join(name.split()).casefold()


def _rests_on_as_of(spec: object) -> bool:
    return spec == "as_of" or "as_of" in getattr(spec, "earliest_of", ())
