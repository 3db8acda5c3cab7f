"""How the returns of a period came in: on time, late, incomplete, missing, under verification."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from kpis.rules.gathering import NOT_JUDGED, WAITS
from kpis.selectors.answers import Effective
from members.models import Fact, Member
from rulebooks.rules.attributes import Attribute, Submission
from rulebooks.rules.facts import ReturnFiled, ReturnFoundIncomplete
from targets import selectors as targets
from targets.models import Period


def asks_submission(asked: Collection[Attribute]) -> bool:
    """Return whether rules ask how a return came in."""
    return any(isinstance(attribute, Submission) for attribute in asked)


def submissions(
    attribute: Submission,
    members: Mapping[int, Member],
    period: Period,
    *,
    waiting: Collection[int],
) -> dict[int, str]:
    """Return the state of the return of each member for ``period``, by member.

    ``waiting`` are those on whose return a word is still wanted. Who filed after the common due
    day is asked for time of its own: extensions, moratoriums. The number of queries does not
    depend on how many members there are.
    """
    said = Fact.objects.filter(member__in=members, key=period.code, corrected_by=None)
    filed: dict[int, date] = {}
    for member, on in said.filter(kind=ReturnFiled.kind).values_list("member", "about_on"):
        filed[member] = min(on, filed.get(member, on))
    lacking = said.filter(kind=ReturnFoundIncomplete.kind)
    incomplete = set(lacking.values_list("member", flat=True))
    late = [members[pk] for pk, on in filed.items() if on > period.due_on]
    own = targets.windows(late, period)
    return {
        pk: attribute.state(
            filed_on=filed.get(pk),
            due_on=own[pk].due_on if pk in own else period.due_on,
            incomplete=pk in incomplete,
            waits=pk in waiting,
        )
        for pk in members
    }


def waiting_of(effective: Mapping[int, Effective]) -> set[int]:
    """Return the members on whose return a word is still wanted."""
    return {pk for pk, one in effective.items() if _waits(one)}


def _waits(effective: Effective) -> bool:
    remarks = {answer.read_with.remark for answer in effective.answers.values()}
    return effective.of_return is not None and bool(remarks & {WAITS, NOT_JUDGED})
