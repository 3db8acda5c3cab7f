"""Questions about members that need several models or the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import RoleHeld, User
from accounts.rules import Permission, Role, allows
from members.models import (
    PROCEDURE,
    Application,
    Fact,
    Letter,
    LetterTemplate,
    Mandate,
    Member,
    Organisation,
    Signature,
    Span,
)
from members.rules import Source
from rulebooks import selectors as rulebooks
from rulebooks.models import Edition as Editions
from rulebooks.rules import facts as rules
from rulebooks.rules.continuity import Place, accepted_texts
from rulebooks.rules.edition import Edition
from rulebooks.rules.membership import Requirement
from rulebooks.rules.schema import selects
from rulebooks.rules.timeline import Span as Stretch
from rulebooks.rules.timeline import spans, timeline
from rulebooks.rules.timeline.changes import Kind
from rulebooks.rules.timeline.history import History

EVERYTHING_KNOWN = datetime.max.replace(tzinfo=UTC)
CHUNK = 2_000
LAST_DAY = date(9999, 12, 30)  # a day later no time zone could be reckoned with


def next_code(offset: int = 1) -> str:
    """Return the next free member code, ``offset`` places on: M0001, M0002, …"""
    last = Member.objects.filter(code__regex=r"^M[0-9]{4,}$").order_by("-pk").first()
    return f"M{(int(last.code[1:]) if last else 0) + offset:04d}"


def unsigned(member: Member, *, on: date) -> list[Requirement]:
    """Return the requirements of the edition in force that ``member`` has yet to sign.

    A text signed under an earlier edition counts, and so does one whose signature is declared to
    go on: a new edition asks only for what changed.
    """
    edition = rulebooks.edition_in_force(on).document
    accepted = texts_that_count(edition)
    signed = set(member.signatures.values_list("requirement", "text_sha256"))
    return [
        requirement
        for requirement in edition.requirements
        if selects(requirement.applies_to, member.member_class)
        and accepted[requirement.code].isdisjoint(signed)
    ]


def texts_that_count(edition: Edition) -> dict[str, frozenset[tuple[str, str]]]:
    """Return for each requirement the texts, by code and hash, whose signature stands for it."""
    accepted = accepted_texts(rulebooks.adopted_documents())
    return {
        r.code: accepted[Place(edition.code, "requirement", r.code)] for r in edition.requirements
    }


def directory(user: User | AnonymousUser, *, on: date) -> QuerySet[Member]:
    """Return the members that ``user`` may read with their standing on a day, by name."""
    members = Member.objects.visible_to(user).with_standing(on).select_related("organisation")
    return members.order_by("organisation__name", "pk")


def counts_by_standing(user: User | AnonymousUser, *, on: date) -> dict[str, int]:
    """Return how many members that ``user`` may read stand how, on a day."""
    spans = Span.objects.visible_to(user).in_force(on).of(Kind.STANDING)
    return dict(spans.order_by("state").values_list("state").annotate(models.Count("pk")))


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


def signed_texts(member: Member) -> QuerySet[Signature]:
    """Return what was signed for a member, the newest first, with who signed."""
    signed = member.signatures.select_related("user", "edition").defer("edition__text")
    return signed.order_by("-signed_at", "requirement")


def letter_counts() -> list[LetterTemplate]:
    """Return the kinds of letters, each with how many are in which state."""

    def of(status: Letter.Status) -> models.Count:
        return models.Count("letters", filter=models.Q(letters__status=status))

    templates = LetterTemplate.objects.annotate(**{s.value: of(s) for s in Letter.Status})
    return list(templates.order_by("code"))


def may_apply_for(user: User) -> QuerySet[Organisation]:
    """Return the organisations that ``user`` may file an application for today, by name."""
    open_ones = Application.objects.open().values("organisation")
    free = Organisation.objects.filter(member=None).exclude(pk__in=open_ones)
    if not allows(user.roles, Permission.APPLICATION_FILE):
        free = free.filter(affiliations__user=user)
    return free.order_by("name", "pk")


def applications_of(user: User) -> QuerySet[Application]:
    """Return the applications that ``user`` may read, the newest first."""
    found = Application.objects.visible_to(user).select_related("organisation").distinct()
    return found.order_by("-filed_at", "-pk")


def auditors(*, on: date) -> QuerySet[User]:
    """Return the users who hold the role of an auditor on a day, by name."""
    held = RoleHeld.objects.in_force(on).filter(role=Role.AUDITOR.value)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")


def posts_of(user: User, *, on: date) -> list[Mandate]:
    """Return the mandates that a user holds on a day, by member."""
    held = Mandate.objects.in_force(on).filter(user=user).select_related("member__organisation")
    return list(held.order_by("member__organisation__name", "member", "post", "pk"))


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


def history(member: Member) -> History:
    """Return all that is known of one member, as the timeline reads it; in two queries."""
    stated = [as_rule(row) for row in Fact.objects.filter(member=member).order_by("pk")]
    return History.of(
        rulebooks.adopted_documents(),
        rules.known(initiative_facts(), at=EVERYTHING_KNOWN),
        rules.known(stated, at=EVERYTHING_KNOWN),
    )


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


def announcements(edition: Editions) -> list[dict]:
    """Return how many letters about an edition's adoption stand where, in the order of sending."""
    about = Letter.objects.filter(
        template="edition-adopted", key__startswith=f"edition-adopted:{edition.pk}:"
    )
    counts = dict(about.values_list("status").annotate(count=models.Count("pk")).order_by())
    return [
        {"label": status.label, "count": counts[status.value]}
        for status in Letter.Status
        if status.value in counts
    ]
