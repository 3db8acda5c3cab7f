"""How the returns of a period came in: on time, late, incomplete, missing, under verification."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kpis.rules.gathering import NOT_JUDGED, WAITS
from kpis.selectors.answers import Effective
from members.models import Fact, Member
from rulebooks.rules.attributes import Submission
from rulebooks.rules.facts import ReturnFiled, ReturnFoundIncomplete
from targets import selectors as targets
from targets.models import Period


def submissions(
    attribute: Submission,
    members: Mapping[int, Member],
    effective: Mapping[int, Effective],
    period: Period,
) -> dict[int, str]:
    """Return the state of the return of each member for ``period``, by member.

    Whoever filed after the common due day is asked for time of its own: extensions, moratoriums.
    """
    said = Fact.objects.filter(member__in=members, key=period.code, corrected_by=None)
    filed: dict[int, date] = {}
    for member, on in said.filter(kind=ReturnFiled.kind).values_list("member", "about_on"):
        filed[member] = min(on, filed.get(member, on))
    lacking = said.filter(kind=ReturnFoundIncomplete.kind)
    incomplete = set(lacking.values_list("member", flat=True))
    found = {}
    for pk, member in members.items():
        filed_on, due_on = filed.get(pk), period.due_on
        if filed_on is not None and filed_on > due_on:
            due_on = targets.window(member, period).due_on
        found[pk] = attribute.state(
            filed_on=filed_on,
            due_on=due_on,
            incomplete=pk in incomplete,
            waits=_waits(effective[pk]),
        )
    return found


def _waits(effective: Effective) -> bool:
    remarks = {answer.read_with.remark for answer in effective.answers.values()}
    return effective.of_return is not None and bool(remarks & {WAITS, NOT_JUDGED})
