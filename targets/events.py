"""What the record holds of periods and extensions: codes and days."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.rules import Code, Event


class PeriodsOpened(Event):
    """The calendar of an adopted edition was laid out. ``withdrawn`` ones it no longer has."""

    code: ClassVar[str] = "targets.periods.opened"
    edition: Code
    periods: tuple[Code, ...]
    withdrawn: tuple[Code, ...] = ()


class ExtensionGranted(Event):
    code: ClassVar[str] = "targets.extension.granted"
    member: Code
    period: Code
    until_on: date
