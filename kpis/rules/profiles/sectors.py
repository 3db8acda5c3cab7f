"""Lists of sectors: in which sector of the edition the organisation of a member works."""

from __future__ import annotations

from typing import Literal

from kpis.rules.profiles.cells import Column, Fixed, SomeDay, Written
from rulebooks.rules.schema import Part


class Sectors(Part):
    """A sector, one a row, since ``from_on``.

    ``known_by`` is a column that says how it is known; where it is empty, or there is none, the
    source of the profile does.
    """

    kind: Literal["sectors"]
    sector: Written | Fixed
    from_on: SomeDay
    known_by: Column | None = None
