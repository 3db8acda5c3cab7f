"""Conditions over what is known of one member: true or false, never in between.

What is not known holds nowhere: a number that is not there is neither at least 50 nor below it.
A new condition is one class and its key in ``CONDITIONS``.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Discriminator, Tag

from rulebooks.rules.conditions.answers import Assured, InState, Is, Lies
from rulebooks.rules.conditions.base import BaseCondition
from rulebooks.rules.conditions.logic import All, Any_, Not
from rulebooks.rules.conditions.shares import ShareAssured

# By the key that says which it is; the first key found decides.
CONDITIONS = {
    "all": All,
    "any": Any_,
    "not": Not,
    "share_assured": ShareAssured,
    "assured": Assured,
    "is": Is,
    "state": InState,
    **dict.fromkeys(("from", "above", "below", "upto"), Lies),
}
WORDS = tuple(dict.fromkeys(CONDITIONS.values()))


def _word(value: Any) -> str | None:
    """Return which key says what kind of condition ``value`` is."""
    if isinstance(value, dict):
        return next((_tag(CONDITIONS[key]) for key in CONDITIONS if key in value), None)
    return next((_tag(made) for made in WORDS if type(value) is made), None)


def _tag(made: type[BaseCondition]) -> str:
    """Return the name of a condition in errors; no key of a document is called so."""
    return f"condition:{made.__name__}"


Condition = Annotated[
    reduce(or_, [Annotated[made, Tag(_tag(made))] for made in WORDS]),
    Discriminator(
        _word,
        custom_error_type="condition",
        custom_error_message=(
            "must be a condition: kpi, node or member with is, state, from, above, below or upto; "
            "kpi with assured; share_assured; or all, any, not"
        ),
    ),
]

for made in (All, Any_, Not):
    made.model_rebuild(_types_namespace={"Condition": Condition})

__all__ = ["CONDITIONS", "WORDS", "BaseCondition", "Condition"]
