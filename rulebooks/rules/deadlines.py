"""When a deadline's day ends, and on which days nobody works."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo, available_timezones

from holidays import country_holidays, list_supported_countries
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from rulebooks.rules.schema import Clause, Day, Part, Title
from rulebooks.rules.terms import WEEKENDS

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEK: tuple[Weekday, ...] = Weekday.__args__
MIDNIGHT = time(0)
COUNTRIES = list_supported_countries(include_aliases=False)


def known_zone(name: str) -> str:
    """Return ``name`` when it is a time zone.

    :raises ValueError: it is none.
    """
    if name not in available_timezones():
        raise ValueError(f"{name!r} is no time zone; write one such as Europe/Berlin or UTC")
    return name


Zone = Annotated[str, AfterValidator(known_zone)]
Hour = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class DayEnd(Part):
    """The hour at which the day of a deadline ends; later acts are the next day's."""

    example: ClassVar[str] = '{at: "23:00", zone: UTC, clause: "3.4"}'

    at: Hour
    zone: Zone
    clause: Clause

    def __str__(self) -> str:
        return f"{self.at} {self.zone}"


def day_of(moment: datetime, *, zone: str, ends_at: str = "00:00") -> date:
    """Return the day for which an act at ``moment`` counts, in a time zone.

    A day that ends at 23:00 takes in all from 23:00 of the evening before. The hour itself is the
    next day's, as midnight is.
    """
    local = moment.astimezone(ZoneInfo(zone))
    ends = time.fromisoformat(ends_at)
    counts_next = ends != MIDNIGHT and local.time() >= ends
    return local.date() + timedelta(days=counts_next)


class OwnHoliday(Part):
    """A day on which the initiative's office is closed, beside those of its country."""

    on: Day
    name: Title


class Holidays(Part):
    """The days that working days skip: weekends, public holidays of a country, and days of its own.

    ``country`` is a code such as DE; ``subdivision`` one of its parts, such as BE.
    """

    example: ClassVar[str] = (
        '{country: DE, subdivision: BE, days: [{on: 2026-12-31, name: Office closed}], clause: "9"}'
    )

    country: str | None = None
    subdivision: str | None = None
    weekend: tuple[Weekday, ...] = ("saturday", "sunday")
    days: Annotated[tuple[OwnHoliday, ...], Field(max_length=1_000)] = ()
    clause: Clause

    @model_validator(mode="after")
    def known_places(self) -> Holidays:
        """Refuse a country or part of it without a list of holidays, and a week without work."""
        if len(set(self.weekend)) == len(WEEK):
            raise ValueError("a week needs a working day; weekend names all seven")
        if self.country is None and self.subdivision is not None:
            raise ValueError("a subdivision needs its country, such as country: DE")
        if self.country is not None and self.country not in COUNTRIES:
            raise ValueError(f"no holidays are known of country {self.country!r}; write DE, GB, US")
        if self.subdivision is not None and self.subdivision not in COUNTRIES[self.country]:
            allowed = ", ".join(COUNTRIES[self.country]) or "none"
            raise ValueError(
                f"{self.country} has no subdivision {self.subdivision!r}; allowed: {allowed}"
            )
        return self

    @cached_property
    def closed(self) -> Container[date]:
        """Return every day on which nobody works, weekends among them."""
        return ClosedDays(self)


class ClosedDays:
    """The days on which nobody works, by one list of holidays."""

    def __init__(self, said: Holidays) -> None:
        self.weekend = frozenset(WEEK.index(name) for name in said.weekend)
        self.own = frozenset(day.on for day in said.days)
        country = said.country
        self.public = country_holidays(country, subdiv=said.subdivision) if country else ()

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and (
            day.weekday() in self.weekend or day in self.own or day in self.public
        )


def closed_days(said: Holidays | None) -> Container[date]:
    """Return every day on which nobody works: weekends where an edition says nothing."""
    return said.closed if said is not None else WEEKENDS
