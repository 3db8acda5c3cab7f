"""What changes between two editions, in the rulebook's own terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from rulebooks.rules.continuity.checks import NAMES as THINGS
from rulebooks.rules.continuity.lineage import LISTS
from rulebooks.rules.continuity.words import Declaration, Paired
from rulebooks.rules.edition import Edition

NAMES = {
    ("chambers",): "chamber",
    ("rights",): "right",
    ("classes",): "class",
    ("requirements",): "requirement",
    ("admissions",): "admission",
    ("admissions", "questions"): "question",
    ("admissions", "documents"): "document",
    ("admissions", "contacts"): "contact",
    ("admissions", "criteria"): "criterion",
    ("admissions", "due_diligence"): "check",
    ("belonging", "contacts"): "contact role",
    ("sizes",): "size",
    ("sectors",): "sector",
    ("periods",): "period",
    ("announced",): "announcement",
    ("extensions",): "extension",
    ("reminders",): "reminder",
    ("obligations",): "obligation",
    ("commitments",): "commitment",
    ("judgements",): "judgement",
    ("kpis",): "KPI",
    ("targets",): "target",
    ("member_targets",): "member target",
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
SIGNED = ("title", "text", "clause", "evidence", "reservations", "survives_exit")
DEED = "signing.deed"

Place = tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """One thing that is new, gone, or changed; ``field`` says where in it. Values are plain.

    One that is ``declared`` is what the new edition says of it: ``field`` is the word for that,
    ``before`` and ``after`` are codes. ``stands`` is true where a signature is declared to go on.
    """

    kind: Literal["new", "gone", "changed", "declared"]
    what: str
    code: str
    field: str = ""
    before: object = None
    after: object = None
    stands: bool = False

    def __str__(self) -> str:
        name = f"{self.what} {self.code}".strip()
        if self.kind == "declared":
            return f"{name}: {_declared_words(self)}"
        if self.kind != "changed":
            return f"{name} is {self.kind}"
        change = f"{name}: {self.field} was {_shown(self.before)}, is {_shown(self.after)}"
        return f"{change}; members sign it again" if self.is_signed_again else change

    @property
    def is_signed_again(self) -> bool:
        """Return whether the change is one to what members sign: a requirement, or the deed."""
        if self.what == "edition":
            return self.field.startswith(DEED)
        signed = self.field.partition(".")[0] in SIGNED
        return self.what == "requirement" and signed and not self.stands


def differences(before: Edition, after: Edition) -> list[Difference]:
    """Return what changes from ``before`` to ``after``, in the order of the document.

    Parts are matched by code, so the order of a list of parts is no difference. Where ``after``
    says what became of the parts of ``before``, that comes first, and they are matched so.
    """
    old = before.model_dump(mode="json", by_alias=True, exclude={"continuity"})
    new = after.model_dump(mode="json", by_alias=True, exclude={"continuity"})
    if after.replaces != before.code:
        return list(_between(old, new, ("edition", ""), (), ()))
    _renamed(old, after)
    standing = {
        code
        for declared in after.continuity
        if declared.what == "requirement" and "signatures" in declared.carried()
        for code in declared.after()
    }
    found = _between(old, new, ("edition", ""), (), ())
    told = [replace(one, stands=one.code in standing) for one in found]
    return [*_declared(after), *told]


def _renamed(old: dict[str, list], after: Edition) -> None:
    """Give the parts of the edition before the codes that they have in the new one."""
    for what, name in LISTS.items():
        declared = [d for d in after.continuity if d.what == what and isinstance(d, Paired)]
        codes = dict(pair for one in declared for pair in one.pairs())
        for part in old[name]:
            part["code"] = codes.get(part["code"], part["code"])


def _declared(after: Edition) -> Iterator[Difference]:
    """Yield what an edition declares, but for what stays the same under its code."""
    for declared in after.continuity:
        for old, new in _told_apart(declared):
            if declared.as_ != "same" or old != new:
                code = ", ".join(old or new)
                name = THINGS[declared.what]
                stands = "signatures" in declared.carried()
                yield Difference("declared", name, code, declared.as_, old, new, stands)


def _told_apart(declared: Declaration) -> Iterator[tuple[list[str], list[str]]]:
    if isinstance(declared, Paired):
        yield from (([old], [new]) for old, new in declared.pairs())
    elif declared.pairs():
        yield list(declared.before()), list(declared.after())
    else:
        yield from (([code], []) for code in declared.before())
        yield from (([], [code]) for code in declared.after())


def _declared_words(told: Difference) -> str:
    """Return in words what is declared of a thing."""
    became = ", ".join(told.after)
    renamed = f", as {became}" if told.before and told.after and told.before != told.after else ""
    if told.field == "same":
        return f"the same{renamed}"
    if told.field in ("split", "merged"):
        return f"{told.field} into {became}"
    if told.field == "changed":
        signed = "members sign it again" if told.what == "requirement" else ""
        return f"changed{renamed}; {signed or 'the series breaks'}"
    if told.field == "reworded" and told.what == "requirement":
        return f"reworded{renamed}; " + ("signatures go on" if told.stands else "signed again")
    return f"{told.field}{renamed}"


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
