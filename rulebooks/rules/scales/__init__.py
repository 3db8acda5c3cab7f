"""Scales: how a KPI is answered, and what number an answer gives.

A new scale is one class and its name in ``SCALES``.
"""

from functools import reduce
from operator import or_
from typing import Annotated

from pydantic import Field

from rulebooks.rules.scales.base import BaseScale, Direction
from rulebooks.rules.scales.labels import Choices, LabelScale, YesNo
from rulebooks.rules.scales.numbers import NumberScale, PointsScale, RatioScale

SCALES = (NumberScale, PointsScale, YesNo, LabelScale, Choices, RatioScale)

Scale = Annotated[reduce(or_, SCALES), Field(discriminator="kind")]

__all__ = ["SCALES", "BaseScale", "Direction", "Scale"]
