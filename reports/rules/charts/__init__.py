"""Charts as inline SVG for page and PDF alike.

Attributes give the look on paper; a page's style sheet overrides them by class (dark included).
No style attribute, no script, text escaped. The title says the finding; numbers stand beside marks.
"""

from reports.rules.charts.course import Mark, course
from reports.rules.charts.marks import Chart, Number
from reports.rules.charts.series import Bar, Ground, Point, Target, bars, distribution, trend
from reports.rules.charts.tiers import Tier, tiers

__all__ = [
    "Bar",
    "Chart",
    "Ground",
    "Mark",
    "Number",
    "Point",
    "Target",
    "Tier",
    "bars",
    "course",
    "distribution",
    "tiers",
    "trend",
]
