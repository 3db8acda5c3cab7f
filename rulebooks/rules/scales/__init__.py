"""Scales: how a KPI is answered, and what number an answer gives.

A new scale is one class and its name in ``SCALES``.
"""

from functools import reduce
from operator import or_
from typing import Annotated

from pydantic import Field

from rulebooks.rules.scales.base import BaseScale, Direction
from rulebooks.rules.scales.changes import Change
from rulebooks.rules.scales.labels import Choices, Judgement, LabelScale, YesNo, YesPartlyNo
from rulebooks.rules.scales.numbers import NumberScale, RatioScale
from rulebooks.rules.scales.outside import Findings, Index, Money
from rulebooks.rules.scales.points import PointsScale
from rulebooks.rules.scales.trajectories import Trajectory

SCALES = (
    NumberScale,
    PointsScale,
    YesNo,
    YesPartlyNo,
    LabelScale,
    Choices,
    RatioScale,
    Change,
    Trajectory,
    Index,
    Findings,
    Money,
    Judgement,
)

Scale = Annotated[reduce(or_, SCALES), Field(discriminator="kind")]

__all__ = ["SCALES", "BaseScale", "Direction", "Scale"]
