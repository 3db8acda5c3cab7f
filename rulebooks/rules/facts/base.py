"""What a fact is.

A fact has two times: the day it is about and the moment it was recorded. It is never rewritten;
a correction is a new fact that points at the old one. What it says beyond that is a class of one
of the modules beside this, named by ``kind``; its ``key`` says which obligation, breach or case
it speaks of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, ClassVar


class What:
    """What a fact says. Subclasses are frozen, and their fields are days, codes and numbers."""

    __slots__ = ()
    kind: ClassVar[str]

    def data(self) -> dict[str, Any]:
        """Return the fields as plain JSON values."""
        return {name: _plain(value) for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class FactRetracted(What):
    """The fact that this one corrects does not hold, and nothing stands in its place."""

    kind: ClassVar[str] = "fact.retracted"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as rules read it. ``imported`` ones, and what rests on them, have no consequences."""

    id: int
    what: What
    key: str
    about_on: date
    recorded_at: datetime
    imported: bool = False
    corrects: int | None = None


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in sorted(value.items())}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, str | int) else str(value)
