"""What a member owes: a return for each period, a signature on each requirement."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from rulebooks.rules.schema import (
    Clause,
    Code,
    Day,
    Days,
    Months,
    Part,
    Selection,
    Title,
)


class ReturnObligation(Part):
    """A KPI return, owed once for each period.

    A member admitted less than ``newcomer_months`` before a period's window opens does not owe
    it. Nothing due before ``enforced_from`` has consequences.
    """

    example: ClassVar[str] = (
        "{what: return, code: annual-return, title: File the annual return, newcomer_months: 12, "
        'enforced_from: 2025-01-01, clause: "4.2"}'
    )

    what: Literal["return"]
    code: Code
    title: Title
    applies_to: Selection = "all"
    periods: Selection = "all"
    newcomer_months: Months = 0
    enforced_from: Day
    clause: Clause


class SignatureObligation(Part):
    """A signature on each requirement of the edition that applies to the member's class.

    It is due ``days_to_sign`` days after admission, or after the edition takes effect if later.
    """

    example: ClassVar[str] = (
        "{what: signature, code: sign, title: Sign every requirement, days_to_sign: 60, "
        'enforced_from: 2025-01-01, clause: "3.3"}'
    )

    what: Literal["signature"]
    code: Code
    title: Title
    applies_to: Selection = "all"
    days_to_sign: Days
    enforced_from: Day
    clause: Clause


Obligation = Annotated[ReturnObligation | SignatureObligation, Field(discriminator="what")]
