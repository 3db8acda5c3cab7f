"""Papers and letters of a case. They join the act that they belong to."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from members import services as members
from suspensions import selectors
from suspensions.models import Case, Paper
from suspensions.rules.procedure import IllegalAction


@transaction.atomic
def add(sort: Paper.Sort, *, case: Case, text: str, by: User, on: date) -> Paper:
    """Add a paper to a case for good.

    :raises IllegalAction: nothing is written.
    """
    if not text.strip():
        raise IllegalAction(f"nothing is written: {sort.label.lower()} in {case.code}")
    return Paper.objects.create(
        member=case.member,
        case=case,
        sort=sort,
        text=text.strip(),
        on=on,
        written_at=timezone.now(),
        written_by=by,
    )


@transaction.atomic
def tell(template: str, *, case: Case, on: date, **context: object) -> None:
    """Queue a letter about an act in a case to the member, once for each act."""
    about = {
        "case": case,
        "step": case.aim,
        "on": on,
        "told": selectors.told_on_entry(case),
        "contact": settings.DEFAULT_FROM_EMAIL,
    }
    members.letters.queue(
        template, member=case.member, key=case.code, on=on, context=about | context
    )
