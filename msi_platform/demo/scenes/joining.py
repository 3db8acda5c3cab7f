"""How the initiative begins, and how members join and sign."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.models import User
from accounts.rules import Role
from governance import services as governance
from governance.models import Body
from governance.rules import Votes
from members import selectors
from members import services as members
from members.models import Letter, Member
from members.rules import Post
from msi_platform.demo import world
from rulebooks import services as rulebooks
from rulebooks.rules.adoption import Resolved

if TYPE_CHECKING:
    from msi_platform.demo.story import Story

CAPACITY = {
    Post.REPRESENTATIVE: "Head of responsible sourcing",
    Post.SIGNATORY: "Chief executive",
    Post.ADVISER: "Attorney",
}
BODIES = (
    ("assembly", "Founding assembly"),
    ("board", "Board"),
    ("appeal-panel", "Appeal panel"),
)
SEATS = (("board", Role.BOARD), ("appeal-panel", Role.APPEAL_PANEL))
AUDITED = {world.OPEN_DRAFT, world.ADJUSTED, world.EXEMPLARY, world.SUSPENDED, world.APPEALING}
AUDITED_SHARE = 0.4


def found(story: Story, on: date) -> None:
    """The people of the initiative, its bodies, its rulebook."""
    for person in world.PEOPLE:
        story.cast.create(person, on)
    secretariat = story.cast.secretariat
    bodies = {
        code: governance.create_body(code=code, name=name, by=secretariat, on=on)
        for code, name in BODIES
    }
    for code, role in SEATS:
        governance.give_seat(
            body=bodies[code],
            user=story.cast.staff(role),
            chamber="civil-society",
            by=secretariat,
            on=on,
        )
    adopt(story, bodies["assembly"], on)


def adopt(story: Story, assembly: Body, on: date) -> None:
    """The secretariat drafts the rulebook, counsel compares, the assembly resolves."""
    secretariat, counsel = story.cast.secretariat, story.cast.staff(Role.LEGAL_COUNSEL)
    text, legal = story.calendar.edition_text(), story.calendar.legal_text()
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
        body=assembly,
        reference="FA-1",
        outcome=Resolved.ADOPTED,
        votes=Votes(in_favor=31, against=2, abstained=4),
        by=story.cast.staff(Role.PANEL_CLERK),
        on=on,
    )
    rulebooks.adopt_edition(
        edition_id=draft.pk, decision=resolution.entry_id, by=secretariat, on=on
    )


def join(story: Story, company: world.Company, on: date) -> None:
    """An organisation applies, is admitted, and names who acts for it."""
    secretariat = story.cast.secretariat
    organisation = members.register_organisation(
        name=company.name, sort=company.sort, country=company.country, by=secretariat, on=on
    )
    application = members.file_application(
        organisation=organisation,
        member_class=company.member_class,
        chamber=company.chamber,
        statement="",
        by=secretariat,
        on=on,
    )
    member = members.admit(application_id=application.pk, by=secretariat, on=on)
    story.cast.members[company.name] = member
    for post in (Post.REPRESENTATIVE, Post.SIGNATORY):
        _give(story, member, story.cast.holder(company.name, post, on), post, on)
    for person in world.PEOPLE:
        if (person.member, person.post) == (company.name, Post.ADVISER):
            _give(story, member, story.cast.people[person.email], Post.ADVISER, on)
    drawn = company.reports and story.random.random() < AUDITED_SHARE
    if drawn or company.name in AUDITED:
        auditor = story.cast.staff(Role.AUDITOR)
        members.assign_auditor(member=member, user=auditor, by=secretariat, on=on)


def _give(story: Story, member: Member, user: User, post: Post, on: date) -> None:
    secretariat = story.cast.secretariat
    members.affiliate(user=user, organisation=member.organisation, by=secretariat, on=on)
    members.give_mandate(
        member=member, user=user, post=post, capacity=CAPACITY[post], by=secretariat, on=on
    )


def sign(story: Story, company: world.Company, on: date) -> None:
    """The signatory signs every requirement, but for the one that the story leaves open."""
    member = story.cast.members[company.name]
    texts = {
        requirement.code: requirement.text_sha256
        for requirement in selectors.unsigned(member, on=on)
        if requirement.code != company.unsigned
    }
    signatory = story.cast.acting(company.name, Post.SIGNATORY)
    said = world.RESERVATIONS.get(company.name, {})
    members.sign(
        member=member,
        texts=texts,
        reservations={code: text for code, text in said.items() if code in texts},
        by=signatory,
        on=on,
        at=timezone.now(),
    )


def release_letters(story: Story, on: date) -> None:
    """The secretariat looks into the outbox and lets go what waits."""
    secretariat = story.cast.secretariat
    held = Letter.objects.filter(status=Letter.Status.HELD).values_list("pk", flat=True)
    members.letters.release(letter_ids=list(held), by=secretariat, on=on)
