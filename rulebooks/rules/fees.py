"""What a fee comes to: amounts by class of membership and band of size or turnover."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import Field

from rulebooks.rules.schema import Clause, Number, Part, Selection, selects
from rulebooks.rules.units import Currency

Money = Annotated[Number, Field(ge=0, le=1_000_000_000_000, decimal_places=2)]


class FeeAmount(Part):
    """What members of some classes and bands pay for a year. The first row that fits counts.

    ``sizes`` are bands of the edition, which may be bands of turnover. A member whose band is not
    known pays what is asked of every band.

    Source: docs/sources.md, fees by class and band.
    """

    example: ClassVar[str] = (
        '{applies_to: [producer], sizes: [large], amount: 8000, currency: EUR, clause: "Annex 1"}'
    )

    applies_to: Selection = "all"
    sizes: Selection = "all"
    amount: Money
    currency: Currency
    clause: Clause

    def fits(self, member_class: str, size: str | None) -> bool:
        """Return whether the row is for a member of a class and band, None for a band not known."""
        return selects(self.applies_to, member_class) and (
            self.sizes == "all" or (size is not None and size in self.sizes)
        )


class GroupCap(Part):
    """At most how much the members of one corporate group pay for a year together."""

    example: ClassVar[str] = '{amount: 20000, currency: EUR, clause: "Annex 1"}'

    amount: Money
    currency: Currency
    clause: Clause


def capped(amount: Decimal, *, cap: Decimal | None, invoiced: Decimal) -> Decimal:
    """Return what is left to pay under the cap of a group that was invoiced so much for the year.

    >>> capped(Decimal(8000), cap=Decimal(10000), invoiced=Decimal(5000))
    Decimal('5000')
    """
    return amount if cap is None else max(Decimal(0), min(amount, cap - invoiced))
