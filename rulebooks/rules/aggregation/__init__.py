"""The words of the scoring tree. A new word is one class and its name in ``WORDS``."""

from functools import reduce
from operator import or_
from typing import Annotated

from pydantic import Field

from rulebooks.rules.aggregation.bars import AllOf, Maximum, Minimum
from rulebooks.rules.aggregation.base import Bounds, Columns, Row, Word
from rulebooks.rules.aggregation.bonuses import BonusWhen, CappedSum
from rulebooks.rules.aggregation.branches import Branch
from rulebooks.rules.aggregation.decisions import FirstMatch
from rulebooks.rules.aggregation.formulas import Formula
from rulebooks.rules.aggregation.grades import CountOfGrades, Grade
from rulebooks.rules.aggregation.levels import LevelGate, LevelsReached
from rulebooks.rules.aggregation.matrices import Matrix
from rulebooks.rules.aggregation.points import PointsOfAvailable
from rulebooks.rules.aggregation.sums import MeanOfApplicable, Sum, WeightedMean

WORDS = (
    *(Sum, MeanOfApplicable, WeightedMean, CappedSum, BonusWhen, Minimum, Maximum, AllOf),
    *(PointsOfAvailable, LevelsReached, Branch, Formula),
    *(FirstMatch, Grade, CountOfGrades, LevelGate, Matrix),
)

Node = Annotated[reduce(or_, WORDS), Field(discriminator="op")]

__all__ = ["WORDS", "Bounds", "Columns", "Formula", "Node", "Row", "Word"]
