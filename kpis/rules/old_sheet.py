"""An old spreadsheet beside the platform: who filed by the one, who by the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import BinaryIO

from kpis.rules import tables
from kpis.rules.mapping import Mapper, Refused
from kpis.rules.profiles import Facts, Profile
from kpis.rules.stating import Setting, normal
from kpis.rules.tables import Fault
from rulebooks.rules.facts import ReturnFiled

FILED = ReturnFiled.kind


class Sort(StrEnum):
    """How a line of the sheet and the platform go together."""

    DIFFERENT = "different"
    ONLY_THERE = "only_there"
    ONLY_HERE = "only_here"
    EQUAL = "equal"


@dataclass(frozen=True, slots=True)
class There:
    """What one row of the sheet says: of whom, and on which day it filed, None for not."""

    row: int
    member: str
    filed_on: date | None


@dataclass(frozen=True, slots=True)
class Here:
    """What stands here of one member: its state for the period, and when it filed, if it did.

    Without a state it owes nothing for the period.
    """

    code: str
    name: str
    state: str
    filed_on: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """One member of the sheet, of the platform, or of both, and what sets them apart."""

    sort: Sort
    there: There | None
    here: Here | None
    why: str = ""


def read(profile: Profile, stream: BinaryIO, *, period: str) -> list[There]:
    """Return what each row says about one period.

    :raises Refused: the profile says nothing of filing, or a row cannot be read; with its place.
    """
    into = profile.into
    if not isinstance(into, Facts) or FILED not in {one.kind for one in into.facts}:
        raise Refused([Fault(f"profile {profile.code} says not who filed: it states no {FILED}")])
    mapper, found = Mapper(profile, Setting(period=period)), []
    try:
        table = tables.read(stream, profile.file, columns=profile.columns())
        mapper.sheet = table.sheet
        for row in table.rows:
            mapped = mapper.map(row)
            if mapped is not None:
                found.append(There(row.number, mapped.member, _day(mapped.states, period)))
    except tables.Unreadable as unreadable:
        mapper.faults.append(unreadable.fault)
    mapper.finish()
    return found


def _day(states: Iterable, period: str) -> date | None:
    filed = (one for one in states if one.what.kind == FILED and one.key in ("", period))
    return next((one.about_on for one in filed), None)


def compare(there: Iterable[There], here: Mapping[str, Here]) -> list[Line]:
    """Return what is only in the sheet, only here, different or equal, in this order.

    ``here`` is by the name, identifier or code by which the sheet names members, as ``normal``
    has it.
    """
    rows: dict[str, list[There]] = defaultdict(list)
    for one in there:
        rows[normal(one.member)].append(one)
    lines = [_line(found, here.get(name)) for name, found in rows.items()]
    lines += [
        Line(Sort.ONLY_HERE, None, one)
        for name, one in here.items()
        if name not in rows and (one.state or one.filed_on)
    ]
    order = list(Sort)
    return sorted(lines, key=lambda line: (order.index(line.sort), _name(line)))


def _name(line: Line) -> str:
    return line.here.name if line.here else line.there.member if line.there else ""


def _line(found: list[There], here: Here | None) -> Line:
    first = found[0]
    if here is None:
        return Line(Sort.ONLY_THERE, first, None, "no member of that name stands here")
    if len(found) > 1:
        numbers = ", ".join(str(one.row) for one in found)
        return Line(
            Sort.DIFFERENT, first, here, f"it stands in the sheet more than once: {numbers}"
        )
    why = _apart(first.filed_on, here)
    return Line(Sort.DIFFERENT if why else Sort.EQUAL, first, here, why)


def _apart(there: date | None, here: Here) -> str:
    if there == here.filed_on:
        return "" if here.state or there else "it owes nothing for this period here"
    if here.filed_on is None:
        return "filed by the sheet, not here"
    if there is None:
        return "filed here, not by the sheet"
    return "filed on another day"
