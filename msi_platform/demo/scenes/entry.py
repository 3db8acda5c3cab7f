"""What a step asks for when it holds: one corrective action plan handed in, another still owed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from members.rules import Post
from msi_platform.demo import world
from suspensions import services as suspensions
from suspensions.models import Case

if TYPE_CHECKING:
    from msi_platform.demo.story import Story

PLAN = (
    "Cause: nobody was charged with the return when our compliance manager left. From 1 June a"
    " deputy is named for every task; the workers' council sees the calendar of returns each"
    " quarter; the return that is missing is filed by the end of July."
)


def lay_out(story: Story) -> None:
    """A month after its warning the member hands in its plan; the other one still has time."""
    _, second, _, _ = story.calendar.windows
    story.at(second.late_until + timedelta(days=106), lambda on: hand_in(story, on))


def hand_in(story: Story, on: date) -> None:
    case = Case.objects.filter(member=story.cast.members[world.SUSPENDED]).earliest("pk")
    by = story.cast.acting(world.SUSPENDED, Post.REPRESENTATIVE)
    suspensions.hand_in_plan(case_id=case.pk, text=PLAN, by=by, on=on)
