"""Whether a class and chamber take an application on a day, from an organisation with a past."""

from __future__ import annotations

from datetime import date

from members import selectors
from members.models import Application, Organisation
from rulebooks.rules.edition import Edition
from rulebooks.rules.joining import Admission, Before, closed_because, waits_until

PAST = {"refused": "was refused", "excluded": "was excluded", "left": "left"}


class NotOpen(ValueError):
    """The class or chamber is not open to applicants, or the application is decided already."""


def require_place(edition: Edition, member_class: str, chamber: str) -> None:
    """Refuse a class that the edition does not have, or that is not open to a chamber.

    :raises NotOpen: with what is allowed.
    """
    classes = {c.code: c for c in edition.classes}
    if member_class not in classes:
        raise NotOpen(f"there is no class {member_class}; choose one of {', '.join(classes)}")
    if chamber not in classes[member_class].chambers:
        open_to = ", ".join(classes[member_class].chambers)
        raise NotOpen(f"class {member_class} is open to {open_to}, not to {chamber}")


def require_open(edition: Edition, member_class: str, *, on: date) -> None:
    """Refuse a class whose first day has not come, or whose last is over.

    :raises NotOpen: with the day and the clause.
    """
    admission = edition.admission_to(member_class, on=on)
    if admission and (why := closed_because(admission, on=on)):
        raise NotOpen(f"{edition.member_class(member_class).name}: {why}")


def require_free(
    organisation: Organisation,
    admission: Admission | None,
    *,
    on: date,
    besides: Application | None = None,
) -> None:
    """Refuse an organisation that is a member, has an open application, or still has to wait.

    :raises NotOpen: with the day and clause of the waiting time.
    """
    if selectors.is_member(organisation, on=on):
        raise NotOpen(f"{organisation} is a member already")
    others = organisation.applications.filter(decided_at=None)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if others.exists():
        raise NotOpen(f"{organisation} has an application that is not yet decided")
    past = selectors.before(organisation, on=on)
    until = admission and past and waits_until(admission, past)
    if until is not None and on <= until:
        raise _must_wait(organisation, past, until, admission)


def require_free_as_far_as_told(application: Application, *, on: date) -> None:
    """Refuse what evidently comes from a member, or from an organisation that still has to wait.

    Only where whoever applies writes for that organisation already: a stranger who gives its name
    or number is told nothing of it, and files like anybody. The staff are told of each.

    :raises NotOpen: with the day and clause of the waiting time.
    """
    for found in selectors.evident(application, on=on):
        if not found.speaks:
            continue
        if found.is_member:
            raise NotOpen(f"{found.organisation} is a member already")
        if found.until is not None:
            raise _must_wait(found.organisation, found.past, found.until, application.admission)


def _must_wait(
    organisation: Organisation, past: Before, until: date, admission: Admission
) -> NotOpen:
    return NotOpen(
        f"{organisation} {PAST[past.how]} on {past.on} and may apply again "
        f"after {until} (clause {admission.reapplying.clause})"
    )
