"""What is scored: the answers of members, checked, as a wide frame of integers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import polars as pl

from kpis.rules.plain import plain
from rulebooks.rules import attributes
from rulebooks.rules.answers import MISSING, STATES, Answer, State
from rulebooks.rules.assurance import Assurance
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.tree import Tree


@dataclass(frozen=True, slots=True)
class MemberInputs:
    """The answers of one member by KPI. A KPI that is not in ``answers`` is missing.

    ``attributes`` holds what rules may ask of the member itself, ``assurance`` the level to which
    each answer was checked; a KPI that is not there has the lowest.
    """

    member: str
    answers: Mapping[str, Answer]
    attributes: Mapping[str, str | int] = field(default_factory=dict)
    assurance: Mapping[str, str] = field(default_factory=dict)

    def levels(self, assurance: Assurance | None) -> dict[str, int]:
        """Return how high the level of each answer stands, the lowest 0."""
        if assurance is None:
            return {}
        return {code: assurance.place(level) for code, level in self.assurance.items()}


class NotAnAnswer(ValueError):
    """An answer is not on the scale of its KPI, or there is no such KPI."""


def check(tree: Tree, inputs: Sequence[MemberInputs]) -> None:
    """Raise unless every answer can be scored and every member stands once.

    :raises NotAnAnswer: naming member, KPI, what is wrong and what is allowed.
    """
    seen: set[str] = set()
    for one in inputs:
        if one.member in seen:
            raise NotAnAnswer(f"member {one.member} stands twice; score each member once")
        seen.add(one.member)
        for where, problem in problems(tree, one):
            raise NotAnAnswer(f"member {one.member}{where} {problem}")


def problems(tree: Tree, one: MemberInputs) -> Iterator[tuple[str, str]]:
    """Yield what of a member cannot be scored: where, and what is wrong and allowed."""
    yield from _strange(one.answers, tree.kpis, "KPI")
    yield from _strange(one.attributes, tree.attributes, "attribute")
    levels = tree.assurance.codes() if tree.assurance else ()
    for code, level in one.assurance.items():
        if level not in levels:
            yield f", {code}:", f"{level!r} is no level of assurance; allowed: {', '.join(levels)}"


def _strange(given: Mapping, parts: Mapping, what: str) -> Iterator[tuple[str, str]]:
    for code, value in given.items():
        if code not in parts:
            yield ":", f"{code!r} is no {what} of the edition"
        elif problem := parts[code].problem(value):
            yield f", {code}:", problem


def frame(tree: Tree, inputs: Sequence[MemberInputs]) -> pl.DataFrame:
    """Return a row per member, in the order given; per KPI its state and the parts of its scale.

    A column ``code/state`` holds the place in ``STATES``, ``code/level`` the level of assurance;
    ``code`` and the further parts of the scale hold integers, null unless it was answered. No code
    has a slash, so no names collide.
    """
    columns = {"/member": pl.Series([one.member for one in inputs], dtype=pl.String)}
    for kpi in tree.kpis.values():
        answers = [one.answers.get(kpi.code, MISSING) for one in inputs]
        columns |= _rolled_up(kpi, answers) or _of_kpi(kpi, answers)
    for attribute in tree.attributes.values():
        values = [attribute.integer(one.attributes.get(attribute.code)) for one in inputs]
        columns[attributes.column(attribute.code)] = pl.Series(values, dtype=pl.Int64)
    if tree.assurance is not None:
        given = [one.levels(tree.assurance) for one in inputs]
        for code in tree.kpis:
            levels = [levels.get(code, 0) for levels in given]
            columns[f"{code}/level"] = pl.Series(levels, dtype=pl.UInt8)
    return pl.DataFrame(columns)


def _rolled_up(kpi: Kpi, answers: Sequence[Answer]) -> dict[str, pl.Series] | None:
    """Return the columns of a KPI that sites answer, None where each answer is made by itself."""
    if kpi.per_site is None:
        return None
    made = kpi.per_site.frame(kpi.code, answers, kpi.scale, kpi.direction, kpi.policy)
    return None if made is None else made.to_dict()


def _of_kpi(kpi: Kpi, answers: Sequence[Answer]) -> dict[str, pl.Series]:
    if kpi.reads_more:
        answers = [kpi.counted(answer) for answer in answers]
    numbered = {state: index for index, state in enumerate(STATES)}
    states = [numbered[answer.state] for answer in answers]
    columns = {f"{kpi.code}/state": pl.Series(states, dtype=pl.UInt8)}
    scale = kpi.counting_scale
    blank, integers = (None,) * len(scale.parts), scale.integers
    rows = [integers(a) if a.state is State.ANSWERED else blank for a in answers]
    for place, part in enumerate(scale.parts):
        columns[kpi.code + part] = pl.Series([row[place] for row in rows], dtype=pl.Int64)
    return columns


def fingerprint(edition_sha256: str, inputs: Iterable[MemberInputs]) -> str:
    """Return the SHA-256 of an edition and the answers scored under it, as 64 hex digits.

    It is the same for any order of members and answers, and for 1.0 and 1.
    """
    members = {one.member: _content(one) for one in inputs}
    text = json.dumps([edition_sha256, members], sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _content(one: MemberInputs) -> dict | list:
    """Return what is scored of a member; a list only where there is more than answers."""
    answers = {code: plain(answer) for code, answer in one.answers.items()}
    if not (one.attributes or one.assurance):
        return answers
    return [answers, dict(one.attributes), dict(one.assurance)]
