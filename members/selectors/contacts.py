"""Who is written to for a member, in which role, and who could not be reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least

from accounts.models import User
from members.models import Contact, Mandate, Member, Organisation, Span
from members.rules import Post, Standing
from rulebooks import selectors as rulebooks
from rulebooks.rules.belonging import ContactRole
from rulebooks.rules.schema import selects
from rulebooks.rules.timeline.changes import Kind

WRITTEN_TO = (Post.REPRESENTATIVE.value, Post.SIGNATORY.value)


@dataclass(frozen=True, slots=True)
class Held:
    """What a user holds for the member of an organisation."""

    mandates: Sequence[Mandate]
    contacts: Sequence[Contact]

    def __len__(self) -> int:
        return len(self.mandates) + len(self.contacts)


@dataclass(frozen=True, slots=True)
class InRole:
    """A role of the edition with the contacts who are in it on a day."""

    role: ContactRole
    contacts: Sequence[Contact]

    @property
    def is_missing(self) -> bool:
        """Whether the role is required and nobody in it can be reached."""
        reached = any(c.unreachable_on is None and _is_active(c) for c in self.contacts)
        return self.role.required and not reached


def contact_roles(member: Member, *, on: date) -> list[ContactRole]:
    """Return the roles of contacts that the edition of a day names for the member's class."""
    edition = rulebooks.current_document(on)
    roles = edition.belonging.contacts if edition else ()
    return [role for role in roles if selects(role.applies_to, member.member_class)]


def contacts_by_role(member: Member, reader: User, *, on: date) -> list[InRole]:
    """Return each role of the edition with who is in it, as far as ``reader`` may read them."""
    contacts = Contact.objects.visible_to(reader).in_force(on).filter(member=member)
    found = list(contacts.select_related("user").order_by("from_on", "pk"))
    return [
        InRole(role, [contact for contact in found if contact.role == role.code])
        for role in contact_roles(member, on=on)
    ]


def past_contacts(member: Member, reader: User, *, on: date) -> QuerySet[Contact]:
    """Return the contacts that have ended, the latest first."""
    contacts = Contact.objects.visible_to(reader).filter(member=member, until_on__lte=on)
    return contacts.order_by("-until_on", "-pk")


def unreachable(reader: User | AnonymousUser, *, on: date) -> QuerySet[Member]:
    """Return the members without a reachable main contact, each with ``since``; longest first.

    Where the edition names no main contact for a member's class, those for whom nobody acts. Who
    has left is not among them.
    """
    edition = rulebooks.current_document(on)
    main = edition.belonging.main_contact if edition else None
    if main is None:
        return without_anybody_acting(reader, on=on)
    asked = Q(member_class__in=edition.classes_of(main.applies_to))
    named = Contact.objects.filter(member=OuterRef("pk"), role=main.code)
    reached = named.in_force(on).reachable().filter(Q(user=None) | Q(user__is_active=True))
    lost = named.annotate(lost=Least("until_on", "unreachable_on")).order_by()
    last = lost.values("member").annotate(day=Max("lost")).values("day")
    found = Member.objects.visible_to(reader).filter(Exists(_belongs(on)))
    found = found.filter(asked & ~Exists(reached) | ~asked & ~Exists(_acting(on)))
    return _since(found, Subquery(last), _ended(on))


def without_anybody_acting(reader: User | AnonymousUser, *, on: date) -> QuerySet[Member]:
    """Return the members for whom nobody acts, each with ``since``; longest first.

    They may have a main contact, but letters about breaches and cases reach nobody there. Who has
    left is not among them.
    """
    found = Member.objects.visible_to(reader).filter(Exists(_belongs(on)), ~Exists(_acting(on)))
    return _since(found, _ended(on))


def _acting(on: date) -> QuerySet[Mandate]:
    held = Mandate.objects.in_force(on).filter(user__is_active=True)
    return held.filter(member=OuterRef("pk"), post__in=WRITTEN_TO)


def _ended(on: date) -> Subquery:
    """Return the day on which the last mandate ended by which somebody was written to."""
    held = Mandate.objects.filter(member=OuterRef("pk"), post__in=WRITTEN_TO, until_on__lte=on)
    days = held.order_by().values("member").annotate(day=Max("until_on"))
    return Subquery(days.values("day"))


def _since(found: QuerySet[Member], *days: Subquery) -> QuerySet[Member]:
    found = found.annotate(since=Coalesce(*days, F("admitted_on")))
    return found.select_related("organisation").order_by("since", "pk")


def _belongs(on: date) -> QuerySet[Span]:
    standing = Span.objects.in_force(on).of(Kind.STANDING).filter(member=OuterRef("pk"))
    return standing.exclude(state=Standing.LEFT.value)


def held_by(user: User, organisation: Organisation, *, on: date) -> Held:
    """Return what would be left to nobody if a user no longer belonged to an organisation.

    A contact without an account is theirs where it has their address.
    """
    mandates = Mandate.objects.in_force(on).filter(
        user=user, member__organisation=organisation, until_on=None
    )
    theirs = Q(user=user) | Q(user=None, email__iexact=user.email)
    contacts = Contact.objects.in_force(on).filter(theirs, member__organisation=organisation)
    return Held(
        list(mandates.select_related("member__organisation").order_by("pk")),
        list(contacts.select_related("member__organisation").order_by("pk")),
    )


def written_to(
    member_ids: Sequence[int], template: str, *, on: date, main: bool
) -> dict[int, list[Contact]]:
    """Return the reachable contacts to whom a kind of letter goes, by member; none without a role.

    A role that names the kind goes before the ``main`` one, which counts only if it may.
    """
    edition = rulebooks.current_document(on)
    roles = edition.belonging.contacts if edition else ()
    named = [role.code for role in roles if template in role.letters]
    others = [role.code for role in roles if role.main and main]
    rows = (
        Contact.objects.in_force(on)
        .reachable()
        .filter(
            Q(user=None) | Q(user__is_active=True),
            member__in=member_ids,
            role__in=[*named, *others],
        )
    )
    found: dict[int, dict[str, list[Contact]]] = {}
    for contact in rows.select_related("user").order_by("pk"):
        found.setdefault(contact.member_id, {}).setdefault(contact.role, []).append(contact)
    return {
        member: [c for code in named for c in by_role.get(code, ())]
        or [c for code in others for c in by_role.get(code, ())]
        for member, by_role in found.items()
    }


def _is_active(contact: Contact) -> bool:
    return contact.user is None or contact.user.is_active
