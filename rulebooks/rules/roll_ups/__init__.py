"""Roll-ups: how the answers of a member's sites become the one answer that is scored.

A site to which a KPI does not apply is left out. A site that is silent follows ``missing`` of the
KPI: with ``leave_out`` it is left out; with ``zero`` it counts as 0 in a sum or mean of values,
and elsewhere, where a site has no 0 to give, the KPI as a whole is missing, which counts as 0;
with ``knock_out`` and ``not_scored`` the KPI as a whole is missing. A member without sites is
missing.
"""

from typing import Annotated

from pydantic import Field

from rulebooks.rules.roll_ups.base import BaseRollUp
from rulebooks.rules.roll_ups.ways import MeanOfSites, PartsOfSites, SumOfSites, WorstSite

RollUp = Annotated[
    SumOfSites | PartsOfSites | WorstSite | MeanOfSites, Field(discriminator="roll_up")
]

__all__ = ["BaseRollUp", "MeanOfSites", "PartsOfSites", "RollUp", "SumOfSites", "WorstSite"]
