"""Facts as the rules read them, and the spans that follow."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import User
from members.models import (
    PROCEDURE,
    Fact,
    Member,
    Span,
    Succession,
)
from members.rules import Source
from rulebooks import selectors as rulebooks
from rulebooks.rules import facts as rules
from rulebooks.rules.edition import Edition
from rulebooks.rules.timeline import Span as Stretch
from rulebooks.rules.timeline import derived_spans as timeline_spans
from rulebooks.rules.timeline.history import History

EVERYTHING_KNOWN = datetime.max.replace(tzinfo=UTC)
CHUNK = 2_000
IMPORTED = Source.IMPORTED.value
LAST_DAY = date(9999, 12, 30)  # a day later no time zone could be reckoned with


def spans_of(
    member: Member, *, reader: User, known_on: date | None = None
) -> tuple[list[Span], dict[str, Edition]]:
    """Return the spans of a member that ``reader`` may read, past and to come, and the editions.

    The editions are given by code.

    With ``known_on`` they are derived from what had been recorded by the end of that day, else
    read as kept.
    """
    editions = rulebooks.adopted_documents()
    if known_on is None:
        found = list(Span.objects.visible_to(reader).filter(member=member))
    else:
        end_of_day = datetime.combine(min(known_on, LAST_DAY), time.max)
        found = derived_spans(
            [member.pk],
            editions=editions,
            initiative=initiative_facts(),
            known_at=timezone.make_aware(end_of_day),
        )
        if not Member.objects.followed_up_by(reader).filter(pk=member.pk).exists():
            found = [span for span in found if span.kind not in PROCEDURE]
    found.sort(key=lambda span: (span.from_on, span.kind, span.key))
    return found, {edition.code: edition for edition in editions}


def initiative_facts() -> list[rules.Fact]:
    """Return the facts about the whole initiative, as rules read them."""
    return [as_rule(row) for row in Fact.objects.of_initiative().order_by("pk")]


def derived_spans(
    member_ids: Sequence[int],
    *,
    editions: Sequence[Edition],
    initiative: Iterable[rules.Fact],
    known_at: datetime = EVERYTHING_KNOWN,
) -> list[Span]:
    """Return, unsaved, the spans of these members as they follow from what was known then."""
    found = stretches(member_ids, editions, initiative, known_at=known_at)
    return [_span(member_id, span) for member_id, span in found]


def stretches(
    member_ids: Sequence[int],
    editions: Sequence[Edition],
    initiative: Iterable[rules.Fact],
    *,
    known_at: datetime = EVERYTHING_KNOWN,
) -> Iterator[tuple[int, Stretch]]:
    """Return the spans of these members as rules give them, member by member.

    The facts of all of them are read at once, so name no more than fit. All is read before this
    returns: the connection is free while the spans are drawn.
    """
    before = _predecessors(member_ids)
    concerned = {*member_ids, *(pk for codes in before.values() for pk in codes.values())}
    stated: dict[int, list[rules.Fact]] = {pk: [] for pk in concerned}
    for member_id, fact in _facts_of(sorted(concerned)):
        stated[member_id].append(fact)
    about_all = list(initiative)
    return (
        (member_id, span)
        for member_id in member_ids
        for span in timeline_spans(
            *(editions, about_all, stated[member_id]),
            known_at=known_at,
            predecessors={code: stated[pk] for code, pk in before.get(member_id, {}).items()},
        )
    )


def _predecessors(member_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Return the members that became part of these: their numbers by code, by successor."""
    rows = Succession.objects.filter(successor__in=member_ids).order_by("pk")
    found: dict[int, dict[str, int]] = {}
    for successor, code, member in rows.values_list("successor", "member__code", "member"):
        found.setdefault(successor, {})[code] = member
    return found


def successors(member_ids: Sequence[int]) -> dict[int, int]:
    """Return the member that answers today for each of these that became part of another."""
    rows = Succession.objects.filter(member__in=member_ids, until_on=None).order_by("pk")
    return dict(rows.values_list("member", "successor"))


def with_successors(member_ids: Sequence[int]) -> list[int]:
    """Return these members and those that answer for them: whom a fact about these concerns."""
    after = Succession.objects.filter(member__in=member_ids).values_list("successor", flat=True)
    return sorted({*member_ids, *after})


def _facts_of(member_ids: Sequence[int]) -> Iterator[tuple[int, rules.Fact]]:
    """Yield the facts about these members with whom each is about, in the order of record."""
    rows = Fact.objects.filter(member__in=member_ids).order_by("pk")
    said = rows.annotate(said=Cast("data", TextField())).values_list(
        *("member_id", "pk", "kind", "said", "key", "about_on"),
        *("recorded_at", "source", "corrects_id"),
    )
    for member_id, pk, kind, data, key, about_on, recorded_at, source, corrects in said.iterator(
        CHUNK
    ):
        yield (
            member_id,
            rules.Fact(
                pk, _what(kind, data), key, about_on, recorded_at, source == IMPORTED, corrects
            ),
        )


@lru_cache(maxsize=10_000)
def _what(kind: str, data: str) -> rules.What:
    """Return what a stored row says; many rows say the same, and what they say is frozen."""
    return rules.unpack(kind, json.loads(data))


def history(member: Member) -> History:
    """Return all that is known of one member, as the timeline reads it; in two queries."""
    return histories([member.pk])[member.pk]


def histories(member_ids: Collection[int]) -> dict[int, History]:
    """Return the same of many members, by member; in two queries too."""
    stated: dict[int, list[rules.Fact]] = {pk: [] for pk in member_ids}
    for row in Fact.objects.filter(member__in=member_ids).order_by("pk"):
        stated[row.member_id].append(as_rule(row))
    editions = rulebooks.adopted_documents()
    of_all = rules.known(initiative_facts(), at=EVERYTHING_KNOWN)
    return {
        pk: History.of(editions, of_all, rules.known(told, at=EVERYTHING_KNOWN))
        for pk, told in stated.items()
    }


def as_rule(row: Fact) -> rules.Fact:
    """Return a stored fact as rules read it."""
    return rules.Fact(
        id=row.pk,
        what=rules.unpack(row.kind, row.data),
        key=row.key,
        about_on=row.about_on,
        recorded_at=row.recorded_at,
        imported=row.source == Source.IMPORTED,
        corrects=row.corrects_id,
    )


def _span(member_id: int, span: Stretch) -> Span:
    change = span.change
    return Span(
        member_id=member_id,
        kind=change.kind,
        key=change.key,
        state=change.state,
        from_on=change.on,
        until_on=span.until,
        ground=change.ground,
        because=change.because[:200],
        clause=change.clause,
        edition=change.edition,
        facts=list(change.facts),
        due_on=change.falls_due,
    )
