"""What becomes of memberships: contacts, fees, a name, a class, a merger, notice in a case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from accounts.rules import Role
from governance import services as governance
from governance.models import Body
from members import services as members
from members.models import Member
from members.rules import Post
from members.services import Choices, Person
from msi_platform.demo import world
from targets import selectors as fees
from targets import services as targets

if TYPE_CHECKING:
    from msi_platform.demo.story import Story

FEE = "fees"
UNPAID = 3  # members whose fee is in arrears
GROUP, SOURCE = "Larkhill Group", "Annual report of Larkhill Group, page 12"
SECTORS = (("2610",), ("2640", "2630"), ("2620",), ("2720",), ("2610", "2640"), ("2816",))
MERGED = Choices(
    obligations="follow",
    cases="follow",
    signatures="stay",
    history=True,
    reasons="One company took over the works of the other; it stands by its own signatures.",
)


def lay_out(story: Story) -> None:
    """Lay out a year in which memberships change."""
    story.at(story.ago(70), lambda on: _name_contacts(story, on))
    story.at(story.ago(69), lambda on: _sectors(story, on))
    story.at(story.ago(66), lambda on: _group(story, on))
    story.at(story.ago(60), lambda on: _rename(story, on))
    story.at(story.ago(55), lambda on: _merge(story, on))
    story.at(story.ago(45), lambda on: _invoice(story, on))
    story.at(story.ago(30), lambda on: _pay(story, on))
    story.at(story.ago(25), lambda on: _change_class(story, on))
    story.at(story.ago(14), lambda on: _leave(story, on))
    story.at(story.ago(12), lambda on: _lose(story, on))
    story.at(story.ago(8), lambda on: _ask(story, on))
    story.at(story.ago(3), lambda on: _give_notice(story, on))


def _untold(story: Story) -> list[Member]:
    """Return the companies without a story of their own, by code."""
    told = {company.name for company in world.STORIES}
    companies = [
        member
        for name, member in story.cast.members.items()
        if name not in told and member.chamber == "companies"
    ]
    return sorted(companies, key=lambda member: member.code)


def _name_contacts(story: Story, on: date) -> None:
    """Everybody names who is written to, but for one that forgets."""
    forgets = _untold(story)[0]
    for member in story.cast.members.values():
        if member == forgets:
            continue
        user = member.mandates.filter(post=Post.REPRESENTATIVE.value).first().user
        person = Person(user.name, user.email, user=user)
        _name(story, member, "main", person, on)
    finance = Person("Frieda Falk", "accounts@northwind.example", "+60 3 555 0110")
    _name(story, story.cast.members[world.OPEN_DRAFT], "finance", finance, on)


def _name(story: Story, member: Member, role: str, person: Person, on: date) -> None:
    by = story.cast.secretariat
    members.name_contact(member=member, role=role, person=person, by=by, on=on)


def _sectors(story: Story, on: date) -> None:
    """Each company works in one sector or two, as its report says; one has not said so yet."""
    companies = [m for m in story.cast.members.values() if m.chamber == "companies"]
    for place, member in enumerate(sorted(companies, key=lambda one: one.code)[:-1]):
        members.set_sectors(
            organisation=member.organisation,
            sectors=SECTORS[place % len(SECTORS)],
            source=f"Annual report of {on.year - 1}, note 3",
            by=story.cast.secretariat,
            on=on,
        )


def _group(story: Story, on: date) -> None:
    for name in (world.EXEMPLARY, world.ADJUSTED):
        members.join_group(
            organisation=story.cast.members[name].organisation,
            group=GROUP,
            source=SOURCE,
            from_on=on - timedelta(days=100),
            by=story.cast.secretariat,
            on=on,
        )


def _rename(story: Story, on: date) -> None:
    member, by = _untold(story)[1], story.cast.secretariat
    name = f"{member.organisation.name.split()[0]} Technologies"
    members.rename(member=member, name=name, from_on=on, by=by, on=on)


def _merge(story: Story, on: date) -> None:
    gone, other = _untold(story)[2:4]
    by = story.cast.secretariat
    members.merge(member=gone, into=other, choices=MERGED, by=by, on=on)


def _invoice(story: Story, on: date) -> None:
    targets.invoice_year(obligation=FEE, year=on.year, by=story.cast.secretariat, on=on)


def _pay(story: Story, on: date) -> None:
    """Nearly everybody pays in full, one half of it, and some nothing."""
    issued = list(fees.invoices(story.cast.secretariat).order_by("code"))
    for place, invoice in enumerate(issued[UNPAID:]):
        amount = invoice.amount / 2 if place == 0 else invoice.amount
        targets.record_payment(
            invoice_id=invoice.pk,
            amount=amount,
            paid_on=on,
            reference=f"Transfer {place + 1}",
            by=story.cast.secretariat,
            on=on,
        )


def _change_class(story: Story, on: date) -> None:
    """A manufacturer that sells under its own name is a brand, once the board has agreed."""
    found = next(m for m in _untold(story)[4:] if m.member_class == "manufacturer")
    decided = governance.decide_on_membership(
        member=found,
        body=Body.objects.get(code="board"),
        matter="class_change",
        outcome="agreed",
        reasons="Since spring its own name stands on what it sells.",
        by=story.cast.staff(Role.PANEL_CLERK),
        on=on,
    )
    members.change_class(
        member=found,
        decision=decided.entry_id,
        member_class="brand",
        chamber="companies",
        from_on=on + timedelta(days=10),
        by=story.cast.secretariat,
        on=on,
    )


def _leave(story: Story, on: date) -> None:
    """A signatory leaves the organisation; a colleague takes over what would be nobody's."""
    member = _untold(story)[-1]
    holders = {one.post: one.user for one in member.mandates.in_force(on).select_related("user")}
    members.end_affiliation(
        user=holders[Post.SIGNATORY.value],
        organisation=member.organisation,
        successor=holders[Post.REPRESENTATIVE.value],
        by=story.cast.secretariat,
        on=on,
    )


def _lose(story: Story, on: date) -> None:
    """Mail to a member's only contact comes back."""
    member = story.cast.members[world.SUSPENDED]
    (contact,) = member.contacts.in_force(on)
    members.mark_unreachable(contact_id=contact.pk, by=story.cast.secretariat, on=on)


def _ask(story: Story, on: date) -> None:
    members.ask_for_class(
        member=story.cast.members[world.OPEN_DRAFT],
        member_class="brand",
        chamber="companies",
        from_on=on + timedelta(days=60),
        reason="We sell a line of chargers under our own name since spring.",
        by=story.cast.acting(world.OPEN_DRAFT, Post.SIGNATORY),
        on=on,
    )


def _give_notice(story: Story, on: date) -> None:
    """Notice of withdrawal while an appeal is open: the case goes on."""
    member = story.cast.members[world.APPEALING]
    by = story.cast.acting(world.APPEALING, Post.SIGNATORY)
    members.give_notice(member=member, by=by, on=on)
