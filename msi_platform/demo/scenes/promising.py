"""What members promise themselves: approved, refused, waiting, and a baseline worked out anew."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from members.rules import Post
from msi_platform.demo import world
from targets import services as targets
from targets.models import MemberTarget
from targets.rules.ambition import Proposal

if TYPE_CHECKING:
    from msi_platform.demo.story import Story

HOURS, GRIEVANCES = "weeks-over-60", "grievances-in-time"
WAITS = 4  # days


def lay_out(story: Story) -> None:
    """Four members promise something, in the year after the first scores."""
    first, second, _, _ = story.calendar.windows
    begin, year = first.published_on + timedelta(days=20), int(first.code) - 1
    answers = Proposal(GRIEVANCES, year, Decimal(55), year + 6, Decimal(85))
    hours = Proposal(HOURS, year, Decimal(3), year + 6, Decimal(1))
    weak = Proposal(HOURS, year, Decimal(6), year + 8, Decimal(4))
    anew = Proposal(HOURS, year, Decimal("4.2"), year + 6, Decimal("1.4"))
    waits = Proposal(HOURS, int(second.code), Decimal(12), int(second.code) + 5, Decimal(5))
    for who, rule, what, decide in (
        (world.OPEN_DRAFT, "own-grievances", answers, _approve),
        (world.EXEMPLARY, "own-hours", hours, _approve),
        (world.ADJUSTED, "own-hours", weak, _refuse),
    ):
        propose = _proposing(story, who, rule, what)
        story.at(begin, propose)
        story.at(begin + timedelta(days=12), _deciding(story, who, decide))
    later = second.published_on + timedelta(days=30)
    story.at(later, _proposing(story, world.EXEMPLARY, "own-hours", anew, after_purchase=True))
    story.at(later + timedelta(days=9), _deciding(story, world.EXEMPLARY, _approve))
    story.at(story.ago(WAITS), _proposing(story, world.SUSPENDED, "own-hours", waits))


def _proposing(story: Story, who: str, rule: str, what: Proposal, *, after_purchase: bool = False):
    """Return the scene in which a member proposes."""
    reason = "We bought a plant with longer hours; our way begins higher, and leads as far."
    evidence = "Contract of purchase, and the payroll of the plant for that year."

    def play(on: date) -> None:
        targets.propose_target(
            member=story.cast.members[who],
            rule=rule,
            proposal=what,
            reason=reason if after_purchase else "",
            anew=targets.Anew("structural_change", evidence) if after_purchase else None,
            by=story.cast.acting(who, Post.REPRESENTATIVE),
            on=on,
        )

    return play


def _deciding(story: Story, who: str, decide):
    """Return the scene in which the secretariat decides about what waits of a member."""

    def play(on: date) -> None:
        waiting = MemberTarget.objects.waiting().get(member=story.cast.members[who])
        decide(waiting.pk, story, on)

    return play


def _approve(target_id: int, story: Story, on: date) -> None:
    targets.approve_target(target_id=target_id, by=story.cast.secretariat, on=on)


def _refuse(target_id: int, story: Story, on: date) -> None:
    targets.refuse_target(
        target_id=target_id,
        reason="The way ends as high as most members begin. Begin from the last return.",
        by=story.cast.secretariat,
        on=on,
    )
