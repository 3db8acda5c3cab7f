"""Stating facts, and keeping the spans derived from them.

``state`` joins the caller's transaction and permission, like ``ledger.record``: a service that
does what a rule may read writes its own row, records the act and states the fact.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, models, transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from ledger.models import Entry
from members import access, events, selectors
from members.models import Fact, Member, Span
from members.rules import Source
from members.services.copying import Into
from rulebooks import selectors as rulebooks
from rulebooks.rules import facts as rules
from rulebooks.rules.timeline import Span as Stretch
from rulebooks.rules.timeline.changes import Kind

LONGEST = Span._meta.get_field("because").max_length
BATCH = 500  # members derived at once
PLACES = {"member_class": Kind.CLASS, "chamber": Kind.CHAMBER}
FACT = (
    *("member_id", "kind", "key", "about_on", "recorded_at"),
    *("data", "corrects_id", "entry_id", "source", "ref"),
)
SPAN = (
    *("member_id", "kind", "key", "state", "from_on", "until_on"),
    *("ground", "because", "clause", "edition", "facts", "due_on"),
)


# A member has one span of a kind and key that begins on a day.
PLACE = ("member_id", "kind", "key", "from_on")
SAID = tuple(column for column in SPAN if column not in PLACE)
FOLLOWING = f"""
create temporary table if not exists span_following on commit drop as
    select {", ".join(SPAN)} from members_span with no data;
truncate span_following
"""
RENEWED = f"""
analyze span_following;
delete from members_span kept where member_id = any(%(ids)s) and not exists (
    select from span_following s
    where ({", ".join(f"s.{name}" for name in PLACE)})
        = ({", ".join(f"kept.{name}" for name in PLACE)})
    and ({", ".join(f"s.{name}" for name in SAID)})
        is not distinct from ({", ".join(f"kept.{name}" for name in SAID)}));
insert into members_span ({", ".join(SPAN)})
select {", ".join(SPAN)} from span_following s where not exists (
    select from members_span kept
    where ({", ".join(f"kept.{name}" for name in PLACE)})
        = ({", ".join(f"s.{name}" for name in PLACE)}))
"""


@dataclass(frozen=True, slots=True)
class Statement:
    """A fact to be stated. ``ref`` keeps the same imported row from being stated twice.

    ``corrects`` is the id of the fact in whose place it comes.
    """

    member: Member | None
    what: rules.What
    about_on: date
    key: str = ""
    ref: str = ""
    corrects: int | None = None


@transaction.atomic
def state(
    what: rules.What,
    *,
    member: Member,
    about_on: date,
    entry: Entry,
    key: str = "",
    corrects: Fact | None = None,
) -> Fact:
    """State one fact about a member, and derive the member's spans again."""
    concerned = selectors.with_successors([member.pk])
    list(Member.objects.select_for_update().filter(pk__in=concerned).order_by("pk"))
    statement = Statement(member=member, what=what, about_on=about_on, key=key)
    fact = _row(statement, entry=entry, source=Source.LIVE)
    fact.corrects = corrects
    fact.save(force_insert=True)
    derive([member.pk])
    return fact


@transaction.atomic
def state_for_all(what: rules.What, *, about_on: date, entry: Entry, key: str = "") -> Fact:
    """State one fact about the whole initiative; a reaction derives every member again."""
    statement = Statement(member=None, what=what, about_on=about_on, key=key)
    fact = _row(statement, entry=entry, source=Source.LIVE)
    fact.save(force_insert=True)
    return fact


@transaction.atomic
def state_many(
    statements: Sequence[Statement],
    *,
    entry: Entry,
    source: Source = Source.LIVE,
    deriving: bool = True,
) -> int:
    """State many facts, derive every member concerned once, and return how many were new.

    A statement whose ``ref`` was stated before is left out. With ``deriving`` false the caller
    derives, once it has stated more of the same members.
    """
    refs = [s.ref for s in statements if s.ref]
    known = set(Fact.objects.filter(ref__in=refs).values_list("ref", flat=True))
    new = {(s.ref or index): s for index, s in enumerate(statements) if s.ref not in known}
    concerned = sorted({s.member.pk for s in new.values() if s.member is not None})
    list(Member.objects.select_for_update().filter(pk__in=concerned).order_by("pk"))
    stated = (_row(s, entry=entry, source=source) for s in new.values())
    count = Into(Fact, FACT).copy(map(_cells, stated))
    if deriving:
        derive(concerned)
    return count


def _row(statement: Statement, *, entry: Entry, source: Source) -> Fact:
    return Fact(
        member=statement.member,
        kind=statement.what.kind,
        key=statement.key,
        about_on=statement.about_on,
        recorded_at=entry.recorded_at,
        data=statement.what.data(),
        entry=entry,
        source=source,
        ref=statement.ref,
        corrects_id=statement.corrects,
    )


def _cells(fact: Fact) -> tuple[object, ...]:
    values = {name: getattr(fact, name) for name in FACT}
    return tuple((values | {"data": json.dumps(fact.data)}).values())


@transaction.atomic
def correct(*, fact_id: int, by: User, on: date, what: rules.What | None = None) -> Fact:
    """Correct a fact: state what holds instead, or that it does not hold.

    Scores and standing already published stay; breaches that no longer follow go into review.

    :raises PermissionDenied: ``by`` may not manage members.
    :raises Fact.DoesNotExist: there is no such fact about a member that ``by`` can see.
    :raises django.db.IntegrityError: it was corrected already.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    old = Fact.objects.visible_to(by).get(pk=fact_id)
    entry = ledger.record(events.FactCorrected(fact_id=old.pk), subject=old, actor=by, on=on)
    return state(
        what or rules.FactRetracted(),
        member=old.member,
        about_on=old.about_on,
        entry=entry,
        key=old.key,
        corrects=old,
    )


@transaction.atomic
def cancel_cycle(*, period: str, by: User, on: date) -> Fact:
    """Cancel a reporting period for everybody; no return is owed for it.

    Every member is derived again by the reaction to the recorded event.

    :raises PermissionDenied: ``by`` may not manage members.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    entry = ledger.record(events.CycleCancelled(period=period), subject=by, actor=by, on=on)
    return state_for_all(rules.CycleCancelled(), about_on=on, entry=entry, key=period)


@transaction.atomic
def derive(member_ids: Sequence[int], *, mostly_same: bool = False) -> None:
    """Replace the spans of these members, and of who answers for them, by what follows.

    With ``mostly_same`` they are compared first, and only those that differ are written.
    """
    member_ids = selectors.with_successors(member_ids)
    editions = rulebooks.adopted_documents()
    initiative = selectors.initiative_facts()
    for start in range(0, len(member_ids), BATCH):
        ids = member_ids[start : start + BATCH]
        follow = _spans(selectors.stretches(ids, editions, initiative))
        if mostly_same:
            _renew(ids, follow)
        else:
            Span.objects.filter(member__in=ids).delete()
            Into(Span, SPAN).copy(follow)
        keep_places(ids, on=timezone.localdate())


def _renew(ids: Sequence[int], follow: Iterator[tuple[object, ...]]) -> None:
    """Write the spans that follow where they differ from those kept, and leave the others."""
    with connection.cursor() as cursor:
        cursor.execute(FOLLOWING)
        Into(Span, SPAN, table="span_following").copy(follow)
        cursor.execute(RENEWED, {"ids": list(ids)})


@transaction.atomic
def keep_places(member_ids: Sequence[int] | None, *, on: date) -> int:
    """Keep the class and chamber of a day with these members, or all; return how many differed.

    They follow from the spans, and a class change of some day before takes effect by itself.
    """
    members = (
        Member.objects.all() if member_ids is None else Member.objects.filter(pk__in=member_ids)
    )
    changed = 0
    for field, kind in PLACES.items():
        said = Span.objects.in_force(on).of(kind).filter(member=models.OuterRef("pk"))
        rows = members.annotate(said=models.Subquery(said.values("state")[:1]))
        rows = rows.exclude(said=None).exclude(said=models.F(field))
        changed += rows.update(**{field: models.Subquery(said.values("state")[:1])})
    return changed


def _spans(found: Iterator[tuple[int, Stretch]]) -> Iterator[tuple[object, ...]]:
    """Yield the cells of the spans of members, in the order of ``SPAN``."""
    for member_id, span in found:
        change = span.change
        yield (
            *(member_id, change.kind.value, change.key, change.state, change.on, span.until),
            *(change.ground, change.because[:LONGEST], change.clause, change.edition),
            f"{{{','.join(map(str, change.facts))}}}",
            change.falls_due,
        )


@transaction.atomic
def derive_all() -> int:
    """Derive every member again: after an edition was adopted, or a fact about all was stated.

    Most of what follows stays as it was, and is not written again.
    """
    ids = list(Member.objects.order_by("pk").select_for_update().values_list("pk", flat=True))
    derive(ids, mostly_same=True)
    return len(ids)
