"""The answers that count: as filed, and as the auditor left them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kpis.models import Return, Value, Verification
from rulebooks.rules.answers import MISSING, Answer, State
from targets.models import Period

PARTS = ("number", "numerator", "denominator", "labels")


@dataclass(frozen=True, slots=True)
class Effective:
    """The return of a member that counts, None when none was filed, and its answers by KPI."""

    of_return: int | None = None
    answers: dict[str, Answer] = field(default_factory=dict)


def effective_answers(member_ids: Sequence[int], *, period: Period) -> dict[int, Effective]:
    """Return the answers of each member for a period, in three queries for any number of them.

    They come from the newest version that was filed. The auditor's latest word prevails: an
    adjusted value takes the place of the one reported, an unsupported one counts as missing.
    """
    filed = Return.objects.filed().filter(period=period, member__in=member_ids)
    newest = filed.order_by("member", "-version").distinct("member")
    found = {member: Effective() for member in member_ids}
    by_return: dict[int, Effective] = {}
    for pk, member in newest.values_list("pk", "member"):
        found[member] = by_return[pk] = Effective(pk)
    words = {
        word["value"]: word
        for word in Verification.objects.filter(value__of_return__in=by_return)
        .latest()
        .values("value", "outcome", *PARTS)
    }
    values = Value.objects.filter(of_return__in=by_return)
    for value in values.values("pk", "of_return", "kpi", "state", *PARTS).iterator():
        answer = _answer(value, words.get(value["pk"]))
        by_return[value["of_return"]].answers[value["kpi"]] = answer
    return found


def _answer(value: dict, word: dict | None) -> Answer:
    if word is not None and word["outcome"] == Verification.Outcome.UNSUPPORTED:
        return MISSING
    if word is not None and word["outcome"] == Verification.Outcome.ADJUSTED:
        return _parts(State.ANSWERED, word)
    return _parts(State(value["state"]), value)


def _parts(state: State, fields: dict) -> Answer:
    numbers = {name: fields[name] for name in PARTS if name != "labels"}
    return Answer(state, **numbers, labels=tuple(fields["labels"]))
