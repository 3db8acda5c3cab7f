"""Due days as an iCalendar feed: one all-day event for each obligation.

Source: RFC 5545 (UID, SEQUENCE, STATUS, VALUE=DATE) and RFC 7986 (NAME, REFRESH-INTERVAL).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from icalendar import Calendar, Event

PRODUCT = "-//MSI platform//Obligations//EN"
REFRESH = timedelta(hours=12)
UID_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Falling:
    """Something that falls due: ``place`` names it for good, whatever else about it changes.

    ``sequence`` counts how often its day changed, ``changed_at`` is when it last did. One that is
    not owed any more is ``cancelled``, on the last day that it had.
    """

    place: str
    on: date
    title: str
    text: str
    url: str
    sequence: int
    changed_at: datetime
    cancelled: bool = False


def as_calendar(falling: Iterable[Falling], *, name: str, zone: str, domain: str) -> bytes:
    """Return the feed: days are those of the initiative's ``zone``, and none has an hour."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for one in falling:
        calendar.add_component(_event(one, domain))
    return calendar.to_ical()


def _event(one: Falling, domain: str) -> Event:
    event = Event()
    event.add("uid", f"{sha256(one.place.encode()).hexdigest()[:UID_LENGTH]}@{domain}")
    event.add("dtstamp", one.changed_at)
    event.add("last-modified", one.changed_at)
    event.add("dtstart", one.on)
    event.add("dtend", one.on + timedelta(days=1))
    event.add("summary", one.title)
    event.add("description", one.text)
    event.add("url", one.url)
    event.add("sequence", one.sequence)
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event
