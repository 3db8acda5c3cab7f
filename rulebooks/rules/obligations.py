"""What a member owes: returns and disclosures, signatures, certificates, deeds, fees.

Nothing due before ``enforced_from`` has consequences.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints, model_validator

from rulebooks.rules.fees import FeeAmount, GroupCap
from rulebooks.rules.periods.base import DayOfYear
from rulebooks.rules.schema import Clause, Code, Day, Label, Part, Selection, Title
from rulebooks.rules.terms import Anchor, Term

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Years = Annotated[int, Field(ge=0, le=200, strict=True)]
Times = Annotated[int, Field(ge=1, le=100, strict=True)]


class Tenure(Part):
    """Whole years of membership, from one number and below another."""

    example: ClassVar[str] = "{from: 1, below: 3}"

    from_: Annotated[Years, Field(alias="from")] = 0
    below: Years | None = None

    @model_validator(mode="after")
    def some_years(self) -> Tenure:
        """Refuse a span that no member can be in."""
        if self.below is not None and self.below <= self.from_:
            raise ValueError("below must be more than from")
        return self


class Whom(Part):
    """Which members of the classes owe it: by chamber, size, country and years of membership.

    Looked at on the day the window opens, or the duty begins. A member of whom the size or the
    country is not known owes what is asked of every size or country, and nothing that is asked of
    some.
    """

    example: ClassVar[str] = "{sizes: [large], countries: [DE], years_of_membership: {from: 1}}"

    chambers: Selection = "all"
    sizes: Selection = "all"
    countries: Literal["all"] | Annotated[tuple[Country, ...], Field(min_length=1)] = "all"
    years_of_membership: Tenure | None = None


class Newcomer(Part):
    """Newcomers owe nothing for a period: members for less than a term on a named day.

    The day is the one on which the window opens, the period begins or ends, the return is due, or
    ``named_day`` of the year in which the window opens.
    """

    example: ClassVar[str] = "{exempt: {months: 12}, tested_on: window_opens}"

    exempt: Term
    tested_on: Literal["window_opens", "period_begins", "period_ends", "due", "named_day"]
    named_day: DayOfYear | None = None

    @model_validator(mode="after")
    def day_is_named(self) -> Newcomer:
        """Refuse a named day that is missing, or stands without a use."""
        if (self.tested_on == "named_day") is (self.named_day is None):
            raise ValueError("named_day, such as 03-01, belongs to tested_on: named_day")
        return self


class Completion(Part):
    """An incomplete return may be completed within a term of filing, so many times at most."""

    example: ClassVar[str] = "{within: {months: 12}, at_most: 1, label: Completing}"

    within: Term
    at_most: Times | None = None
    label: Label | None = None


class Due(Part):
    """When a one-off duty is due: on a day, or a term after something happened.

    Counted from joining, from each commitment, from the day the edition takes effect (or joining,
    if later), or from another obligation: from the day that was met (``anchor: actual``) or had
    been due (``due``). It is never counted from before ``starts_no_earlier``, and never falls due
    before ``ends_no_earlier``.
    """

    example: ClassVar[str] = "{after: {years: 2}, counted_from: join}"

    on: Day | None = None
    after: Term | None = None
    counted_from: Literal["join", "commitment", "edition", "obligation"] | None = None
    commitments: Selection = "all"
    obligation: Code | None = None
    anchor: Anchor = "actual"
    starts_no_earlier: Day | None = None
    ends_no_earlier: Day | None = None

    @model_validator(mode="after")
    def one_way(self) -> Due:
        """Refuse a day together with a term, and words without a use."""
        if (self.on is None) is (self.after is None) or (self.after is None) is not (
            self.counted_from is None
        ):
            raise ValueError("say either `on`, a day, or `after`, a term, with `counted_from`")
        if (self.counted_from == "obligation") is (self.obligation is None):
            raise ValueError("`obligation` belongs to counted_from: obligation")
        if self.commitments != "all" and self.counted_from != "commitment":
            raise ValueError("`commitments` belong to counted_from: commitment")
        if self.anchor == "due" and self.counted_from != "obligation":
            raise ValueError("anchor: due belongs to counted_from: obligation")
        return self


class _Owed(Part):
    code: Code
    title: Title
    applies_to: Selection = "all"
    who: Whom | None = None
    enforced_from: Day
    clause: Clause


class _PerPeriod(_Owed):
    periods: Selection = "all"
    newcomer: Newcomer | None = None


class ReturnObligation(_PerPeriod):
    """A KPI return, owed once for each period. ``incomplete`` says how one may be completed."""

    example: ClassVar[str] = (
        "{what: return, code: annual-return, title: File the annual return, newcomer: {exempt: "
        '{months: 12}, tested_on: window_opens}, enforced_from: 2026-01-01, clause: "4.2"}'
    )

    what: Literal["return"]
    incomplete: Completion | None = None


class DisclosureObligation(_PerPeriod):
    """Something the member publishes once for each period, such as a report of its own."""

    example: ClassVar[str] = (
        "{what: disclosure, code: disclose, title: Publish progress, periods: [annual], "
        'enforced_from: 2026-01-01, clause: "4.3"}'
    )

    what: Literal["disclosure"]


class SignatureObligation(_Owed):
    """A signature on each requirement that applies to the member's class.

    It is due ``within`` a term of admission, or of the day the edition takes effect if later.
    """

    example: ClassVar[str] = (
        "{what: signature, code: sign, title: Sign every requirement, within: {days: 60}, "
        'enforced_from: 2026-01-01, clause: "3.3"}'
    )

    what: Literal["signature"]
    within: Term


class CertificateObligation(_Owed):
    """A certificate the member must hold by a day, and renew before it runs out.

    One without a last day is valid for ``valid_for``, or for good. ``late`` is how long after the
    due day it can still be met.
    """

    example: ClassVar[str] = (
        "{what: certificate, code: certify, title: Be certified, due: {after: {years: 2}, "
        'counted_from: join}, late: {months: 6}, enforced_from: 2026-01-01, clause: "5"}'
    )

    what: Literal["certificate"]
    due: Due
    late: Term | None = None
    valid_for: Term | None = None


class DeedObligation(_Owed):
    """Something to be done once by a day: submit targets, file a plan, make a statement.

    One counted from commitments is owed for each, and done when that is met.
    """

    example: ClassVar[str] = (
        "{what: deed, code: submit-targets, title: Submit targets, due: {after: {months: 24}, "
        'counted_from: commitment}, enforced_from: 2026-01-01, clause: "2"}'
    )

    what: Literal["deed"]
    due: Due
    late: Term | None = None


class FeeObligation(_Owed):
    """A fee, due a term after it was invoiced unless the invoice names its day.

    ``amounts`` say what it comes to for a year; where none fits, the invoice names the amount.
    Members of one corporate group together pay no more than ``group_cap``.
    """

    example: ClassVar[str] = (
        "{what: fee, code: fees, title: Pay the membership fee, within: {days: 30}, late: "
        '{months: 3}, amounts: [{amount: 500, currency: EUR, clause: "6.1"}], '
        'enforced_from: 2026-01-01, clause: "6"}'
    )

    what: Literal["fee"]
    within: Term
    late: Term | None = None
    amounts: tuple[FeeAmount, ...] = ()
    group_cap: GroupCap | None = None

    def amount_for(self, member_class: str, size: str | None) -> FeeAmount | None:
        """Return the row for a member of a class and band, None where no row is for it."""
        return next((row for row in self.amounts if row.fits(member_class, size)), None)


OBLIGATIONS = (
    ReturnObligation,
    DisclosureObligation,
    SignatureObligation,
    CertificateObligation,
    DeedObligation,
    FeeObligation,
)
PerPeriod = ReturnObligation | DisclosureObligation
Obligation = Annotated[
    ReturnObligation
    | DisclosureObligation
    | SignatureObligation
    | CertificateObligation
    | DeedObligation
    | FeeObligation,
    Field(discriminator="what"),
]
