"""Tables of facts: what a row states, and when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from kpis.rules.profiles.cells import (
    Column,
    DayIn,
    Fixed,
    FixedDay,
    Rows,
    SomeDay,
    Written,
    one_of_two,
)
from rulebooks.rules.document import Fault
from rulebooks.rules.facts import KINDS, RequirementSigned
from rulebooks.rules.schema import Code, Part, Table

SIGNED_TEXT = (RequirementSigned.kind, "text_sha256")


class Digest(Part):
    """A key made of several columns: ``prefix`` and a short hash of what they hold."""

    prefix: Code
    digest: Annotated[tuple[Column, ...], Field(min_length=1)]


class FactIn(Part):
    """One fact that a row states when each of ``when`` holds.

    ``once``: what an earlier import stated under the same key stays as it is, whatever the row
    says now. ``each_day``: a fact of another day is another fact (a change of class, say), not a
    correction of the one that the same key had. A datum that is ``text`` is the hash of the text
    that the requirement of the key has in the edition of the row.
    """

    kind: Literal[tuple(KINDS)]
    when: tuple[Rows, ...] = ()
    key: Written | Fixed | Digest = Fixed(fixed="")
    about_on: SomeDay
    data: Table[Code, Written | DayIn | Fixed | FixedDay | Literal["text"]] | None = None
    once: bool = False
    each_day: bool = False


class Facts(Part):
    """Facts. ``repeated`` rows of one key are numbered, or refused where they contradict.

    ``gone``: what an earlier snapshot stated and a later one leaves out is retracted, or kept.
    """

    kind: Literal["facts"]
    facts: tuple[FactIn, ...] = ()
    repeated: Literal["number", "refuse"] = "refuse"
    gone: Literal["retract", "keep"] = "keep"


def fact_faults(path: tuple, stated: FactIn) -> Iterator[Fault]:
    """Yield what is wrong with one of the facts of a profile."""
    for place, rows in enumerate(stated.when):
        yield from one_of_two((*path, "when", place), rows)
    allowed = {n: a for n, a in KINDS[stated.kind].__annotations__.items() if n != "kind"}
    for name, written in allowed.items():
        if "Mapping" in written:
            message = f"{stated.kind} holds several numbers in {name}, which no cell can"
            yield Fault((*path, "kind"), message)
        elif name not in (stated.data or ()) and "None" not in written:
            yield Fault((*path, "data"), f"{stated.kind} needs {name}")
    for name, said in (stated.data or {}).items():
        if name not in allowed:
            known = ", ".join(allowed) or "none"
            yield Fault((*path, "data", name), f"{stated.kind} has no such field; it has: {known}")
        elif said == "text" and (stated.kind, name) != SIGNED_TEXT:
            message = "only text_sha256 of requirement.signed is the hash of a text"
            yield Fault((*path, "data", name), message)
