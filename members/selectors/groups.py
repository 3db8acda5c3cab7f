"""Corporate groups: which members count as one.

An organisation that is in no group is one of its own. What they count as one for, the edition says:
``Belonging.counts_as_one``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import QuerySet

from accounts.models import User
from members.models import CorporateGroup, GroupMembership, Member, Organisation
from rulebooks import selectors as rulebooks
from rulebooks.rules.belonging import AsOne

Group = tuple[str, int]  # a group, or an organisation that is in none


def group_of(organisation: Organisation, *, on: date) -> CorporateGroup | None:
    """Return the group that an organisation belongs to on a day, None when it is in none."""
    rows = GroupMembership.objects.in_force(on).filter(organisation=organisation)
    found = rows.select_related("group").order_by("pk").first()
    return found.group if found else None


def groups_of_members(member_ids: Iterable[int], *, on: date) -> dict[int, Group]:
    """Return the group of each member on a day, in two queries."""
    owners = dict(Member.objects.filter(pk__in=member_ids).values_list("pk", "organisation"))
    groups = _groups(owners.values(), on)
    return {member: groups[organisation] for member, organisation in owners.items()}


def count_as_one(member_ids: Iterable[int], what: AsOne, *, on: date) -> int:
    """Return how many these members count as for something: their number, or that of their groups.

    By it an aggregate is disclosed, and votes are counted.
    """
    members = list(member_ids)
    edition = rulebooks.current_document(on)
    if edition is None or not edition.belonging.counts_as_one(what):
        return len(members)
    return len(set(groups_of_members(members, on=on).values()))


def groups_of_users(users: Iterable[User], *, on: date) -> dict[int, frozenset[Group]]:
    """Return the groups that users belong to by their organisations, by number of the user."""
    ids = [user.pk for user in users]
    pairs = list(
        User.objects.filter(pk__in=ids, affiliations__isnull=False)
        .order_by("pk")
        .values_list("pk", "affiliations__organisation")
    )
    groups = _groups((organisation for _, organisation in pairs), on)
    return {
        user: frozenset(groups[organisation] for owner, organisation in pairs if owner == user)
        for user in ids
    }


def group_names(groups: Iterable[Group]) -> dict[Group, str]:
    """Return the names of groups, and of organisations that are in none."""
    wanted = list(groups)
    models = {"group": CorporateGroup, "organisation": Organisation}
    return {
        (kind, pk): name
        for kind, model in models.items()
        for pk, name in model.objects.filter(
            pk__in=[number for of, number in wanted if of == kind]
        ).values_list("pk", "name")
    }


def companions(organisation: Organisation, *, on: date) -> QuerySet[GroupMembership]:
    """Return who else is in an organisation's group on a day, by name."""
    own = GroupMembership.objects.in_force(on).filter(organisation=organisation)
    rows = GroupMembership.objects.in_force(on).filter(group__in=own.values("group"))
    others = rows.exclude(organisation=organisation).select_related("organisation", "group")
    return others.order_by("organisation__name", "pk")


def _groups(organisations: Iterable[int], on: date) -> dict[int, Group]:
    ids: Sequence[int] = sorted(set(organisations))
    rows = GroupMembership.objects.in_force(on).filter(organisation__in=ids)
    held = dict(rows.values_list("organisation", "group"))
    return {pk: ("group", held[pk]) if pk in held else ("organisation", pk) for pk in ids}
