"""What is scored: the answers of members, checked, as a wide frame of integers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import polars as pl

from kpis.rules.plain import plain
from rulebooks.rules.answers import MISSING, Answer, State
from rulebooks.rules.indicators import STATES, Kpi


@dataclass(frozen=True, slots=True)
class MemberInputs:
    """The answers of one member by KPI. A KPI that is not in ``answers`` is missing."""

    member: str
    answers: Mapping[str, Answer]


class NotAnAnswer(ValueError):
    """An answer is not on the scale of its KPI, or there is no such KPI."""


def check(kpis: Mapping[str, Kpi], inputs: Sequence[MemberInputs]) -> None:
    """Raise unless every answer can be scored and every member stands once.

    :raises NotAnAnswer: naming member, KPI, what is wrong and what is allowed.
    """
    seen: set[str] = set()
    for one in inputs:
        if one.member in seen:
            raise NotAnAnswer(f"member {one.member} stands twice; score each member once")
        seen.add(one.member)
        for code, answer in one.answers.items():
            if code not in kpis:
                raise NotAnAnswer(f"member {one.member}: {code!r} is no KPI of the edition")
            if problem := kpis[code].problem(answer):
                raise NotAnAnswer(f"member {one.member}, {code}: {problem}")


def frame(kpis: Iterable[Kpi], inputs: Sequence[MemberInputs]) -> pl.DataFrame:
    """Return a row per member, in the order given; per KPI its state and the parts of its scale.

    A column ``code/state`` holds the place in ``STATES``; ``code`` and the further parts of the
    scale hold integers, null unless it was answered. No code has a slash, so no names collide.
    """
    columns = {"/member": pl.Series([one.member for one in inputs], dtype=pl.String)}
    numbered = {state: index for index, state in enumerate(STATES)}
    for kpi in kpis:
        answers = [one.answers.get(kpi.code, MISSING) for one in inputs]
        if kpi.reads_more:
            answers = [kpi.counted(answer) for answer in answers]
        states = [numbered[answer.state] for answer in answers]
        columns[f"{kpi.code}/state"] = pl.Series(states, dtype=pl.UInt8)
        blank = (None,) * len(kpi.scale.parts)
        integers = kpi.counting_scale.integers
        rows = [integers(a) if a.state is State.ANSWERED else blank for a in answers]
        for place, part in enumerate(kpi.scale.parts):
            columns[kpi.code + part] = pl.Series([row[place] for row in rows], dtype=pl.Int64)
    return pl.DataFrame(columns)


def fingerprint(edition_sha256: str, inputs: Iterable[MemberInputs]) -> str:
    """Return the SHA-256 of an edition and the answers scored under it, as 64 hex digits.

    It is the same for any order of members and answers, and for 1.0 and 1.
    """
    members = {
        one.member: {code: plain(answer) for code, answer in one.answers.items()} for one in inputs
    }
    text = json.dumps([edition_sha256, members], sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
