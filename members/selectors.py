"""Questions about members that need several models or the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from members.models import Fact, Member, Span
from members.rules import Source
from rulebooks import selectors as rulebooks
from rulebooks.rules import facts as rules
from rulebooks.rules.edition import Edition
from rulebooks.rules.membership import Requirement
from rulebooks.rules.schema import selects
from rulebooks.rules.timeline import Span as Stretch
from rulebooks.rules.timeline import spans, timeline

EVERYTHING_KNOWN = datetime.max.replace(tzinfo=UTC)
CHUNK = 2_000


def next_code(offset: int = 1) -> str:
    """Return the next free member code, ``offset`` places on: M0001, M0002, …"""
    last = Member.objects.filter(code__regex=r"^M[0-9]{4,}$").order_by("-pk").first()
    return f"M{(int(last.code[1:]) if last else 0) + offset:04d}"


def unsigned(member: Member, *, on: date) -> list[Requirement]:
    """Return the requirements of the edition in force that ``member`` has yet to sign.

    A text signed under an earlier edition counts: a new one asks only for what changed.
    """
    edition = rulebooks.edition_in_force(on).document
    signed = set(member.signatures.values_list("requirement", "text_sha256"))
    return [
        requirement
        for requirement in edition.requirements
        if selects(requirement.applies_to, member.member_class)
        and (requirement.code, requirement.text_sha256) not in signed
    ]


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
    stated: dict[int, list[rules.Fact]] = {pk: [] for pk in member_ids}
    for row in Fact.objects.filter(member__in=member_ids).order_by("pk").iterator(CHUNK):
        stated[row.member_id].append(as_rule(row))
    initiative = list(initiative)
    return [
        _span(member_id, span)
        for member_id, facts in stated.items()
        for span in spans(timeline(editions, initiative, facts, known_at=known_at))
    ]


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
    )
