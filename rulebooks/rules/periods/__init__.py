"""Reporting periods: the same for all, or on days of a member's own."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rulebooks.rules.periods.announced import Announced, as_announced
from rulebooks.rules.periods.base import DayOfYear, Occurrence, YearDay
from rulebooks.rules.periods.common import CalendarYear, FixedWindow, MultiYear
from rulebooks.rules.periods.own import DataAge, Own, Promise, Rolling

PERIODS = (FixedWindow, CalendarYear, MultiYear, Rolling, DataAge)
Period = Annotated[
    FixedWindow | CalendarYear | MultiYear | Rolling | DataAge, Field(discriminator="kind")
]

__all__ = [
    "PERIODS",
    "Announced",
    "CalendarYear",
    "DataAge",
    "DayOfYear",
    "FixedWindow",
    "MultiYear",
    "Occurrence",
    "Own",
    "Period",
    "Promise",
    "Rolling",
    "YearDay",
    "as_announced",
]
