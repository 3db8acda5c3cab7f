"""Retention: how long what is kept of a member is kept, and what becomes of it then."""

from __future__ import annotations

from typing import ClassVar, Literal, get_args

from pydantic import model_validator

from rulebooks.rules.schema import Clause, Part
from rulebooks.rules.terms import Term

Kept = Literal[
    "applications", "mandates", "returns", "evidence", "scores", "breaches", "cases", "letters",
    "decisions", "ballots", "allegations", "reports", "accounts",
]  # fmt: skip
KEPT: tuple[str, ...] = get_args(Kept)


class Retention(Part):
    """How long one kind of record is kept, counted from when, and what follows: erased or not.

    ``then: keep`` keeps it for good, and has no ``keep``. The ledger is not a kind of record: it
    holds no name, text or file, and is never erased.
    """

    example: ClassVar[str] = (
        '{what: evidence, keep: {years: 7}, since: period_closed, then: erase, clause: "11.2"}'
    )

    what: Kept
    keep: Term | None = None
    since: Literal["recorded", "period_closed", "case_closed", "membership_ended"] = "recorded"
    then: Literal["erase", "anonymize", "keep"]
    clause: Clause

    @model_validator(mode="after")
    def ends_or_not(self) -> Retention:
        """Refuse a time that ends in nothing, and an end without a time."""
        if (self.then == "keep") is (self.keep is not None):
            missing = "has no end: leave keep out" if self.keep else "needs keep: a term"
            raise ValueError(f"then: {self.then} {missing}")
        return self
