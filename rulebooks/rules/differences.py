"""What changes between two editions, in the rulebook's own terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rulebooks.rules.edition import Edition

NAMES = {
    ("chambers",): "chamber",
    ("rights",): "right",
    ("classes",): "class",
    ("requirements",): "requirement",
    ("sizes",): "size",
    ("periods",): "period",
    ("announced",): "announcement",
    ("extensions",): "extension",
    ("obligations",): "obligation",
    ("kpis",): "KPI",
    ("targets",): "target",
    ("scoring", "nodes"): "node",
    ("cohort",): "cohort word",
    ("bands", "bands"): "band",
    ("breaches",): "breach rule",
    ("ladders",): "ladder",
    ("ladders", "steps"): "step",
    ("bodies",): "body",
    ("decision_rules",): "decision rule",
    ("decision_rules", "stages"): "stage",
    ("confidentiality_classes",): "confidentiality class",
}
SIGNED = ("title", "text", "clause")

Place = tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """One thing that is new, gone, or changed; ``field`` says where in it. Values are plain."""

    kind: Literal["new", "gone", "changed"]
    what: str
    code: str
    field: str = ""
    before: object = None
    after: object = None

    def __str__(self) -> str:
        name = f"{self.what} {self.code}".strip()
        if self.kind != "changed":
            return f"{name} is {self.kind}"
        change = f"{name}: {self.field} was {_shown(self.before)}, is {_shown(self.after)}"
        return f"{change}; members sign it again" if self.is_signed_again else change

    @property
    def is_signed_again(self) -> bool:
        """Return whether the change is one to what members sign."""
        return self.what == "requirement" and self.field in SIGNED


def differences(before: Edition, after: Edition) -> list[Difference]:
    """Return what changes from ``before`` to ``after``, in the order of the document.

    Parts are matched by code, so the order of a list of parts is no difference.
    """
    old = before.model_dump(mode="json", by_alias=True)
    new = after.model_dump(mode="json", by_alias=True)
    return list(_between(old, new, ("edition", ""), (), ()))


def _between(
    old: object, new: object, part: tuple[str, str], place: Place, field: Place
) -> Iterator[Difference]:
    """Yield the differences below a place; ``part`` is the coded part that it belongs to."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*new, *old]):
            inner = (old.get(key), new.get(key))
            yield from _between(*inner, part, (*place, key), (*field, key))
    elif place in NAMES and isinstance(old, list) and isinstance(new, list):
        yield from _between_parts(old, new, place, part[1])
    else:
        yield Difference("changed", *part, ".".join(field), old, new)


def _between_parts(old: list, new: list, place: Place, within: str) -> Iterator[Difference]:
    """Yield the differences of two lists of parts; ``within`` is the code of what holds them."""
    before, after = ({part["code"]: part for part in parts} for parts in (old, new))
    for code in dict.fromkeys([*after, *before]):
        name = (NAMES[place], f"{within}.{code}" if within else code)
        if code not in before:
            yield Difference("new", *name)
        elif code not in after:
            yield Difference("gone", *name)
        else:
            yield from _between(before[code], after[code], name, place, ())


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(_shown, value)) if isinstance(value, list) else str(value)
