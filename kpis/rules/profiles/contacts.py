"""Lists of contacts: whom a member named, in which role of the edition, since when."""

from __future__ import annotations

from typing import Literal

from kpis.rules.profiles.cells import Column, Fixed, SomeDay, Written
from rulebooks.rules.schema import Part


class Contacts(Part):
    """Contacts, one a row. ``from_on`` is the first day of each."""

    kind: Literal["contacts"]
    role: Written | Fixed
    name: Column
    email: Column
    phone: Column | None = None
    from_on: SomeDay
