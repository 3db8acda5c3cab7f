"""Where members belonged on a day, and where a member may belong from a day on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Least

from members.models import Member, Span
from members.selectors.timelines import history as history_of
from rulebooks import selectors as rulebooks
from rulebooks.rules.timeline.changes import Kind

FARTHEST = timedelta(days=3_652)  # ahead of the act: what is owed has to be reckoned from there
KINDS = (Kind.CLASS.value, Kind.CHAMBER.value)


@dataclass(frozen=True, slots=True)
class Belonged:
    """The class and chamber of a member on a day, as codes."""

    member_class: str
    chamber: str


@dataclass(frozen=True, slots=True)
class Places:
    """Where a member belonged over time: codes with their first days, the earliest first."""

    classes: tuple[tuple[date, str], ...]
    chambers: tuple[tuple[date, str], ...]

    def on(self, day: date) -> Belonged:
        """Return where it belonged on a day.

        Before its first admission, where it was admitted to; after it left, where it was last.
        """
        return Belonged(_on(self.classes, day), _on(self.chambers, day))


def _on(said: Sequence[tuple[date, str]], day: date) -> str:
    return next((code for begins, code in reversed(said) if begins <= day), said[0][1])


def places_of(member_ids: Collection[int]) -> dict[int, Places]:
    """Return where each of these members belonged over time.

    In one query for any number; one more where nothing is stated of some.
    """
    said: dict[int, dict[str, list]] = defaultdict(lambda: {kind: [] for kind in KINDS})
    spans = Span.objects.filter(member__in=member_ids, kind__in=KINDS).order_by("from_on")
    for member, kind, state, from_on in spans.values_list("member", "kind", "state", "from_on"):
        said[member][kind].append((from_on, state))
    found = {pk: Places(*(tuple(of) for of in by_kind.values())) for pk, by_kind in said.items()}
    if rest := set(member_ids) - found.keys():
        rows = Member.objects.filter(pk__in=rest)
        for pk, on, *place in rows.values_list("pk", "admitted_on", "member_class", "chamber"):
            found[pk] = Places(*(((on, code),) for code in place))
    return found


def places_on(member_ids: Collection[int], *, on: date) -> dict[int, Belonged]:
    """Return where each of these members belonged on a day, in as many queries."""
    return {pk: places.on(on) for pk, places in places_of(member_ids).items()}


def of_class_then(rows: QuerySet, code: str, *, ends: str, on: date) -> QuerySet:
    """Return the rows whose member was of a class on a day of each row's own, ``on`` at the latest.

    ``ends`` names that day, from the row on; the member is the row's ``member``.
    """
    day = Least(OuterRef(ends), Value(on))
    of_member = Span.objects.filter(member=OuterRef("member"))
    was = Exists(of_member.placing(Kind.CLASS, [code], on=day))
    unstated = ~Exists(of_member.of(Kind.CLASS)) & Q(member__member_class=code)
    return rows.filter(was | unstated)


class NoSuchPlace(ValueError):
    """The member cannot belong there from that day on; saying why, and what is allowed."""


def last_day_to_change(on: date) -> date:
    """Return the last day from which another class or chamber can be recorded on ``on``."""
    return on + FARTHEST


def require_place(
    member: Member, member_class: str, chamber: str, *, from_on: date, on: date
) -> None:
    """Refuse a class or chamber that a member cannot come into on a day.

    :raises NoSuchPlace: the day lies behind or too far ahead, it is no member then, it belongs
        there already, or the edition of that day has no such class, or does not open it to that
        chamber.
    """
    if from_on < on:
        raise NoSuchPlace(
            f"{from_on} has passed: a class changes from {on} or a later day. "
            "What was recorded wrongly is corrected instead"
        )
    if from_on > (last := last_day_to_change(on)):
        raise NoSuchPlace(f"{from_on} is too far ahead: a class changes by {last} at the latest")
    history = history_of(member)
    if history.spell_on(from_on) is None:
        raise NoSuchPlace(f"{member.code} is no member on {from_on}")
    edition = rulebooks.edition_in_force(from_on).document
    classes = {made.code: made for made in edition.classes}
    if member_class not in classes:
        raise NoSuchPlace(f"there is no class {member_class}; choose one of {', '.join(classes)}")
    open_to = classes[member_class].chambers
    if chamber not in open_to:
        allowed, said = ", ".join(open_to), chamber or "no chamber"
        raise NoSuchPlace(f"class {member_class} is open to {allowed}, not to {said}")
    place = history.place_on(from_on)
    if (place.member_class, place.chamber) == (member_class, chamber):
        raise NoSuchPlace(
            f"{member.code} belongs to {member_class}, {chamber} on {from_on} already"
        )
