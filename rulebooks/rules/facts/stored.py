"""From stored rows to facts: the closed list, what a row says, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain
from operator import attrgetter
from types import MappingProxyType, ModuleType, NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from rulebooks.rules.facts import (
    commitments,
    deeds,
    editions,
    judgements,
    membership,
    procedure,
    relief,
    returns,
    targets,
)
from rulebooks.rules.facts.base import Fact, FactRetracted, What

MODULES = (
    editions,
    membership,
    returns,
    deeds,
    relief,
    commitments,
    procedure,
    judgements,
    targets,
)


EVER = datetime.max.replace(tzinfo=UTC)  # a moment by which all is known
_PLACE = attrgetter("about_on", "id")


class UnknownFact(ValueError):
    """No fact of that kind or with those fields exists."""


def _declared(module: ModuleType) -> list[type[What]]:
    """Return the kinds of fact that a module declares."""
    return [c for c in vars(module).values() if isinstance(c, type) and c.__base__ is What]


KINDS: Mapping[str, type[What]] = MappingProxyType(
    {kind.kind: kind for kind in (*chain(*map(_declared, MODULES)), FactRetracted)}
)

# Those that speak of breaches and cases: fewer people read them than a member's other data.
PROCEDURE: tuple[type[What], ...] = (*_declared(procedure), *_declared(judgements))

# What a member promised itself: the member's own people and staff read it, no auditor.
OWN_TARGETS: tuple[type[What], ...] = tuple(_declared(targets))


def unpack(kind: str, data: Mapping[str, Any]) -> What:
    """Return what a stored row says.

    :raises UnknownFact: the kind is not in the list, or its fields are others.
    """
    try:
        cls = KINDS[kind]
        hints = _hints(cls)
        if unknown := data.keys() - hints.keys():
            raise ValueError(f"it has no field {min(unknown)}")
        return cls(**{f.name: _typed(f.name, hints[f.name], data.get(f.name)) for f in fields(cls)})
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise UnknownFact(f"{kind}: {error}") from None


def known(facts: Iterable[Fact], *, at: datetime) -> list[Fact]:
    """Return the facts that held good at a moment, in the order of the days they are about.

    What was recorded later is left out, and so is whatever a known fact corrects.
    """
    told = list(facts)
    recorded = told if at == EVER else [fact for fact in told if fact.recorded_at <= at]
    corrected = {fact.corrects for fact in recorded}
    return sorted(
        (f for f in recorded if f.id not in corrected and not isinstance(f.what, FactRetracted)),
        key=_PLACE,
    )


_HINTS: dict[type[What], dict[str, Any]] = {}


def _hints(cls: type[What]) -> dict[str, Any]:
    if cls not in _HINTS:
        _HINTS[cls] = get_type_hints(cls)
    return _HINTS[cls]


def _decimals(value: Mapping[str, str]) -> dict[str, Decimal]:
    return {key: Decimal(number) for key, number in value.items()}


READ: Mapping[Any, Callable[[Any], Any]] = {
    date: date.fromisoformat,
    date | None: date.fromisoformat,
    tuple[str, ...] | None: tuple,
    Decimal: Decimal,
    Mapping[str, Decimal]: _decimals,
}


def _typed(name: str, hint: Any, value: Any) -> Any:
    if value is None:
        if NoneType in get_args(hint):
            return None
        raise ValueError(f"{name} is missing")
    if hint in READ:
        return READ[hint](value)
    if get_origin(hint) is Literal and value not in get_args(hint):
        raise ValueError(f"{name} is one of {', '.join(get_args(hint))}, not {value}")
    return value
