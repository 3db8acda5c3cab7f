"""Due days that moved: an extension for one member, an outage for all, each with its reason."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from msi_platform.demo import world
from targets import selectors as targets_selectors
from targets import services as targets
from targets.models import Period

if TYPE_CHECKING:
    from msi_platform.demo.story import Story

MORE_TIME = timedelta(days=45)


def lay_out(story: Story) -> None:
    """Lay out what moved days of the window that is open now, and of the one before."""
    now, before = story.calendar.windows[-1], story.calendar.windows[-2]
    last_day = before.due_on
    story.at(now.due_on - timedelta(days=20), lambda on: extend(story, now.code, on))
    story.at(last_day + timedelta(days=1), lambda on: record_outage(story, last_day, on))


def extend(story: Story, period: str, on: date) -> None:
    """One member that has not filed yet has more time: two of its sites change hands."""
    found = Period.objects.get(code=period)
    told = {company.name for company in world.STORIES}
    waiting = targets_selectors.filing_rows(
        found, user=story.cast.secretariat, on=on, states=["open"]
    )
    member = next(row.member for row in waiting if row.member.name not in told)
    targets.grant_extension(
        member=member,
        period=found,
        until_on=found.due_on + MORE_TIME,
        reason="Two of three sites change their owner; the buyer counts the workers anew.",
        by=story.cast.secretariat,
        on=on,
    )


def record_outage(story: Story, last_day: date, on: date) -> None:
    """Nobody could reach the platform on the last day of a window: what was due is due a day on."""
    targets.record_outage(
        from_on=last_day,
        until_on=on,
        reason="The platform could not be reached on the afternoon of the last day.",
        by=story.cast.secretariat,
        on=on,
    )
