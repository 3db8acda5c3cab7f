"""Which edition holds, when."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from rulebooks.models import Edition
from rulebooks.rules import edition as rules


class NoEdition(LookupError):
    """No edition has taken effect by that day."""


def edition_in_force(on: date) -> Edition:
    """Return the adopted edition that is in force on a day.

    :raises NoEdition: none has taken effect by then.
    """
    adopted = Edition.objects.adopted().defer("text")
    edition = adopted.filter(in_force_from__lte=on).order_by("-in_force_from").first()
    if edition is None:
        raise NoEdition(f"no edition of the rulebook is in force on {on}")
    return edition


def adopted_documents() -> tuple[rules.Edition, ...]:
    """Return the documents of all adopted editions, the first to take effect first."""
    rows = Edition.objects.adopted().defer("text").order_by("in_force_from")
    return tuple(row.document for row in rows)


def current_document(on: date) -> rules.Edition | None:
    """Return the document in force on a day, the earliest to come if none is, or None."""
    documents = adopted_documents()
    in_force = [document for document in documents if document.in_force_from <= on]
    return in_force[-1] if in_force else next(iter(documents), None)


def day_of(moment: datetime) -> date:
    """Return the day that an aware moment falls on in the initiative's time zone.

    Before any edition is adopted that is the moment's own.
    """
    document = current_document(moment.date())
    return moment.astimezone(ZoneInfo(document.time_zone)).date() if document else moment.date()
