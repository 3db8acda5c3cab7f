"""The words of the scoring tree. A new word is one class and its name in ``WORDS``."""

from functools import reduce
from operator import or_
from typing import Annotated

from pydantic import Field

from rulebooks.rules.aggregation.bars import AllOf, Minimum
from rulebooks.rules.aggregation.base import Bounds, Columns, Row, Word
from rulebooks.rules.aggregation.decisions import FirstMatch
from rulebooks.rules.aggregation.formulas import Formula
from rulebooks.rules.aggregation.sums import MeanOfApplicable, PointsOfAvailable, Sum, WeightedMean

WORDS = (
    Sum,
    MeanOfApplicable,
    WeightedMean,
    Minimum,
    AllOf,
    PointsOfAvailable,
    FirstMatch,
    Formula,
)

Node = Annotated[reduce(or_, WORDS), Field(discriminator="op")]

__all__ = ["WORDS", "Bounds", "Columns", "Formula", "Node", "Row", "Word"]
