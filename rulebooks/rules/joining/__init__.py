"""Joining: what an edition asks of those who apply, and the course of an application.

``parts`` is the vocabulary; ``course`` derives the stage of an application and its clocks from
recorded days, ``completeness`` what is still missing, ``names`` whether two names are alike.
"""

from rulebooks.rules.joining.completeness import Content, Gap, gaps
from rulebooks.rules.joining.course import (
    Before,
    Clock,
    Course,
    Days,
    Stage,
    closed_because,
    course,
    waits_until,
)
from rulebooks.rules.joining.decided import DECIDED, OUTCOMES, Condition, against
from rulebooks.rules.joining.market import Standing, groups_alike, marks
from rulebooks.rules.joining.names import normalised
from rulebooks.rules.joining.parts import (
    Admission,
    AppealTerms,
    ApplicationQuestion,
    CheckItem,
    ContactAsked,
    Criterion,
    DocumentAsked,
    ObjectionWindow,
    Reapplying,
)

__all__ = [
    "DECIDED",
    "OUTCOMES",
    "Admission",
    "AppealTerms",
    "ApplicationQuestion",
    "Before",
    "CheckItem",
    "Clock",
    "Condition",
    "ContactAsked",
    "Content",
    "Course",
    "Criterion",
    "Days",
    "DocumentAsked",
    "Gap",
    "ObjectionWindow",
    "Reapplying",
    "Stage",
    "Standing",
    "against",
    "closed_because",
    "course",
    "gaps",
    "groups_alike",
    "marks",
    "normalised",
    "waits_until",
]
