"""Which organisations evidently are an applicant: by its name, its number, or who writes for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from members.models import Application, Organisation
from members.selectors.applying import before, is_member, organisations_alike
from rulebooks.rules.joining import Before, waits_until

BY_NAME, BY_NUMBER, BY_EMAIL = "its name", "its number", "its e-mail"
SHORTEST_NUMBER = 4  # signs; a shorter one tells nobody from anybody


@dataclass(frozen=True, slots=True)
class Evident:
    """An organisation that evidently is the applicant, by what, and what stands in its way.

    ``until`` is the last day of its waiting time after ``past``, null once that is over.
    """

    organisation: Organisation
    by: tuple[str, ...]
    is_member: bool
    past: Before | None
    until: date | None

    @property
    def speaks(self) -> bool:
        """Whether whoever applies has its e-mail too, and so may be told what became of it."""
        return BY_EMAIL in self.by and len(self.by) > 1


def evident(application: Application, *, on: date) -> list[Evident]:
    """Return the organisations that evidently are an applicant, by what is the same."""
    by_name = {one.organisation.pk for one in organisations_alike(application) if one.same}
    by_number = _numbered(application.content.get("number", ""))
    by_email = _written_for(application)
    rows = Organisation.objects.filter(pk__in=by_name | by_number | by_email).order_by("name", "pk")
    found = []
    for row in rows.select_related("member"):
        why = ((BY_NAME, by_name), (BY_NUMBER, by_number), (BY_EMAIL, by_email))
        found.append(_evident(application, row, [word for word, ids in why if row.pk in ids], on))
    return found


def _evident(
    application: Application, organisation: Organisation, by: Iterable[str], on: date
) -> Evident:
    admission, past = application.admission, before(organisation, on=on)
    until = admission and past and waits_until(admission, past)
    return Evident(
        organisation=organisation,
        by=tuple(by),
        is_member=is_member(organisation, on=on),
        past=past,
        until=until if until is not None and on <= until else None,
    )


def _numbered(number: str) -> set[int]:
    number = number.strip()
    if len(number) < SHORTEST_NUMBER:
        return set()
    rows = Organisation.objects.filter(identifier__iexact=number)
    return set(rows.values_list("pk", flat=True))


def _written_for(application: Application) -> set[int]:
    """Return the organisations for which somebody of the same e-mail applied, acts or is named."""
    email = application.email
    if not email:
        return set()
    applied = Q(applications__email__iexact=email) & ~Q(applications=application.pk)
    acts = Q(affiliations__user__email__iexact=email)
    named = Q(member__contacts__email__iexact=email)
    rows = Organisation.objects.filter(applied | acts | named)
    return set(rows.values_list("pk", flat=True))
