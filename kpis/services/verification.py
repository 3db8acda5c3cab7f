"""The words of auditor and secretariat on the values of a filed return."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from kpis import access, events
from kpis.models import Evidence, Return, Value, Verification
from kpis.rules.marks import WITH_VALUE, Mark, MarkRead, falls_to, read_mark
from kpis.rules.procedure import Action, next_stage
from kpis.services.returns import NoSuchKpi
from ledger import services as ledger


class BadMarks(ValueError):
    """Some marks cannot stand; ``problems`` says why: KPI → field → what. None was kept."""

    def __init__(self, problems: Mapping[str, Mapping[str, str]]) -> None:
        said = "; ".join(f"{kpi}: {', '.join(p.values())}" for kpi, p in problems.items())
        super().__init__(said)
        self.problems = problems


class NothingNew(ValueError):
    """Every value is marked so already."""


class OwnWork(PermissionDenied):
    """Who had a hand in a return does not verify it."""


@transaction.atomic
def mark_values(
    *, return_id: int, marks: Mapping[str, Mark], by: User, on: date
) -> list[Verification]:
    """Say of values of a filed return what they are worth: all that was said stands, or nothing.

    The assigned auditor verifies, adjusts or finds values unsupported; auditor or secretariat
    approve or refuse that a KPI does not apply; whom the edition names judges. A later word stands
    beside the earlier one and counts; a mark that repeats the last word adds nothing.

    :raises PermissionDenied: a word is not for ``by`` to say, or ``by`` had a hand in the return
        (``OwnWork``).
    :raises NotNow: the return is not filed.
    :raises NoSuchKpi: a mark names none that ``by`` can read.
    :raises BadMarks: naming KPI, field and what is wrong.
    :raises NothingNew: all of it was said before.
    """
    member = Return.objects.member_of(return_id, by)
    offices = access.offices_that_mark(by, member)
    filed = Return.objects.visible_to(by).for_change().get(pk=return_id)
    next_stage(filed.status, Action.MARK, stands=filed.stands)
    _require_no_hand_in_it(filed, by)
    values = _values(filed, marks, by)
    _require_office(filed, values, marks, offices)
    read = {code: _read(filed, mark, values[code]) for code, mark in marks.items()}
    if problems := {code: one.problems for code, one in read.items() if one.problems}:
        raise BadMarks(problems)
    last = {word.value_id: word for word in Verification.objects.of_return(filed).latest()}
    new = {c: one for c, one in read.items() if not _repeats(last.get(values[c].pk), one)}
    if not new:
        raise NothingNew("These values are marked so already")
    rows = [_row(values[code], one, by) for code, one in new.items()]
    Verification.objects.bulk_create(rows)
    event = events.ValuesMarked(
        **filed.codes(), kpis=tuple(new), outcomes=tuple(one.outcome.value for one in new.values())
    )
    ledger.record(event, subject=filed, actor=by, on=on)
    return rows


def _require_office(
    filed: Return, values: Mapping[str, Value], marks: Mapping[str, Mark], offices: frozenset[str]
) -> None:
    document = filed.edition.document
    for code in marks:
        wanted = falls_to(document.kpi(code), values[code].answer)
        if not wanted & offices:
            raise PermissionDenied(f"{code}: the word of the {' or the '.join(sorted(wanted))}")


def _require_no_hand_in_it(filed: Return, by: User) -> None:
    versions = Return.objects.filter(member=filed.member, period=filed.period)
    hands = set(versions.values_list("saved_by", "submitted_by", "filed_by"))
    senders = Evidence.objects.filter(of_return__in=versions).values_list("received_from")
    if any(by.pk in row for row in hands) or senders.filter(received_from=by).exists():
        raise OwnWork(f"you had a hand in the return for {filed.period} and cannot verify it")


def _values(filed: Return, marks: Mapping[str, Mark], by: User) -> dict[str, Value]:
    readable = access.readable_kpis(by, filed)
    values = {v.kpi: v for v in filed.values_reported.filter(kpi__in=readable)}
    for code in marks:
        if code not in values:
            raise NoSuchKpi(f"{code[:40]!r} is no value that you can verify in this return")
    return values


def _read(filed: Return, mark: Mark, value: Value) -> MarkRead:
    return read_mark(filed.edition.document.kpi(value.kpi), mark, filed=value.answer)


def _repeats(last: Verification | None, said: MarkRead) -> bool:
    if last is None or (last.outcome, last.reason) != (said.outcome, said.reason):
        return False
    return said.outcome not in WITH_VALUE or last.answer == said.answer


def _row(value: Value, said: MarkRead, by: User) -> Verification:
    given = said.answer if said.outcome in WITH_VALUE else None
    return Verification(
        member_id=value.member_id,
        value=value,
        outcome=said.outcome.value,
        reason=said.reason,
        number=given and given.number,
        numerator=given and given.numerator,
        denominator=given and given.denominator,
        labels=list(given.labels) if given else [],
        counts=dict(given.counts) if given else {},
        marked_at=timezone.now(),
        marked_by=by,
    )
