"""A second edition: what it changes is signed again, by most; one signs with a reservation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

from accounts.rules import Role
from governance import services as governance
from governance.models import Body
from governance.rules import Votes
from members import services as members
from msi_platform.demo import world
from msi_platform.demo.scenes import joining
from rulebooks import services as rulebooks
from rulebooks.rules.adoption import Resolved

if TYPE_CHECKING:
    from msi_platform.demo.story import Story

OPEN = {world.OPEN_DRAFT, world.CONTESTED}  # they have not signed the second edition yet
SEED = 7


def lay_out(story: Story, companies: Iterable[world.Company]) -> None:
    """The assembly adopts a second edition; it takes effect, and the members sign what changed."""
    renewed, random = story.calendar.renewed_from, Random(SEED)
    story.at(renewed - timedelta(days=1), lambda on: adopt(story, on))
    for company in companies:
        signed = renewed + timedelta(days=random.randint(0, 2))
        if company.name not in OPEN:
            story.at(signed, lambda on, who=company: joining.sign(story, who, on))


def adopt(story: Story, on: date) -> None:
    """The secretariat drafts, counsel compares, the assembly resolves, the members are told."""
    secretariat, counsel = story.cast.secretariat, story.cast.staff(Role.LEGAL_COUNSEL)
    text, legal = story.calendar.next_edition_text(), story.calendar.next_legal_text()
    draft = rulebooks.draft_edition(text=text, by=secretariat, on=on)
    kept = rulebooks.receive_legal_text(
        edition_id=draft.pk, name="rulebook.txt", content=legal, by=secretariat, on=on
    )
    rulebooks.countersign(
        edition_id=draft.pk, sha256=draft.sha256, legal_sha256=kept.sha256, by=counsel, on=on
    )
    resolution = governance.record_resolution(
        edition_id=draft.pk,
        sha256=draft.sha256,
        body=Body.objects.get(code="assembly"),
        reference="GA-4",
        outcome=Resolved.ADOPTED,
        votes=Votes(in_favor=38, against=5, abstained=3),
        by=story.cast.staff(Role.PANEL_CLERK),
        on=on,
    )
    rulebooks.adopt_edition(
        edition_id=draft.pk, decision=resolution.entry_id, by=secretariat, on=on
    )
    members.notify_edition(edition_id=draft.pk, served_on=on, by=secretariat, on=on)
