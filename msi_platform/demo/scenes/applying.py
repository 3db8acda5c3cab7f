"""One applicant at each stage that is worth seeing, from a draft to an appeal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from accounts.rules import Role
from accounts.selectors import system_user
from governance import services as governance
from members import services as members
from members.models import Application, Objection
from members.rules import Post
from members.selectors import Applicant
from msi_platform.demo import world
from rulebooks.rules.joining import Condition

if TYPE_CHECKING:
    from msi_platform.demo.story import Story

ITEMS = {
    "register": "The register confirms name, seat and owners.",
    "sanctions": "None of them is on the lists of the Union and the Treasury.",
    "courts": "One judgement of 2023 about overtime; it was paid.",
}
WHY = "We assemble service robots at two sites and recruit abroad for both."


@dataclass(frozen=True)
class Hopeful:
    """A company that applies: its name, its country, and how many days ago it filed."""

    name: str
    country: str
    filed: int

    @property
    def email(self) -> str:
        return f"head@{self.name.split()[0].lower()}.example"


TESSEL = Hopeful(world.APPLICANT, "Thailand", 12)
DRAFT = Hopeful("Penrose Audio", "Portugal", 3)
WAITING = Hopeful("Ostrava Sensors", "Czechia", 26)
ADMITTED = Hopeful("Quayside Boards", "Ireland", 62)
APPEALING = Hopeful("Ravel Displays", "France", 60)
REFUSED = Hopeful("Selby Power", "United Kingdom", 48)


def lay_out(story: Story) -> None:
    """Lay out what each applicant, the staff, members and bodies do, day by day."""
    story.at(story.ago(DRAFT.filed), lambda on: _begin(DRAFT, on))
    for who in (TESSEL, WAITING, ADMITTED, APPEALING, REFUSED):
        story.at(story.ago(who.filed), lambda on, who=who: _file(story, who, on))
        checked = story.ago(who.filed - 7)
        story.at(checked, lambda on, who=who: _check(story, who, on, whole=who != TESSEL))
    for who in (TESSEL, WAITING):
        story.at(story.ago(who.filed - 5), lambda on, who=who: _comment(story, who, on))
    story.at(story.ago(WAITING.filed - 9), lambda on: _put(story, WAITING, on))
    story.at(story.ago(WAITING.filed - 15), lambda on: _reply(WAITING, on))
    story.at(story.ago(24), lambda on: _decide(story, ADMITTED, "admit", on))
    story.at(story.ago(20), lambda on: _decide(story, APPEALING, "refuse", on))
    story.at(story.ago(6), lambda on: _appeal(APPEALING, on))
    story.at(story.ago(9), lambda on: _decide(story, REFUSED, "refuse", on))


def _begin(who: Hopeful, on: date) -> Application:
    application = members.applying.begin(
        name=who.name, country=who.country, email=who.email,
        member_class="manufacturer", chamber="companies", by=system_user(), on=on,
    )  # fmt: skip
    members.applying.keep_draft(
        name=who.name,
        country=who.country,
        statement="",
        content={"answers": {"why": WHY, "people": "", "recruits": "yes", "disputes": ""}},
        **_as_applicant(application, on),
    )
    return application


def _as_applicant(application: Application, on: date) -> dict[str, object]:
    """Whoever opened the link that was mailed."""
    holder = Applicant(application.pk, timezone.now() + timedelta(hours=1))
    return {"application_id": application.pk, "by": holder, "on": on}


def _found(who: Hopeful) -> Application:
    return Application.objects.get(email=who.email)


def _file(story: Story, who: Hopeful, on: date) -> None:
    """The applicant fills in the form and files it."""
    application = _begin(who, on)
    act = _as_applicant(application, on)
    head = {"name": world.person_name(story.random), "email": who.email}
    people = str(story.random.randint(60, 900))
    members.applying.keep_draft(
        name=who.name,
        country=who.country,
        statement="",
        content={
            "answers": {"why": WHY, "people": people, "recruits": "yes", "disputes": ""},
            "contacts": {"head": head, "sourcing": {"name": "", "email": ""}},
            "sites": [
                {"name": "Main works", "country": who.country},
                {"name": "Harbour works", "country": "Malaysia"},
            ],
            "sectors": ["2816"] if who is TESSEL else ["2610", "2640"],
            "group": "none",
        },
        **act,
    )
    extract = SimpleUploadedFile("register.txt", f"Extract of {who.name}.".encode(), "text/plain")
    members.applying.hand_in(asked="register", file=extract, **act)
    members.applying.file_draft(**act)


def _check(story: Story, who: Hopeful, on: date, *, whole: bool) -> None:
    """The secretariat says who the applicant is, that it has no tie, and what it found."""
    secretariat, application = story.cast.secretariat, _found(who)
    act = {"application_id": application.pk, "by": secretariat, "on": on}
    organisation = members.scrutiny.match(organisation=None, **act).organisation
    members.scrutiny.declare_tie(has_tie=False, text="", **act)
    for item, finding in list(ITEMS.items())[: None if whole else 1]:
        result = "concern" if item == "courts" else "clear"
        members.scrutiny.check(item=item, result=result, finding=finding, **act)
    if who is TESSEL:
        user = _account(story)
        members.affiliate(user=user, organisation=organisation, by=secretariat, on=on)


def _account(story: Story) -> User:
    applicant = next(p for p in world.PEOPLE if p.member == world.APPLICANT)
    return story.cast.people[applicant.email]


def _comment(story: Story, who: Hopeful, on: date) -> None:
    """A competitor comments, with where its evidence is found."""
    members.scrutiny.object_to(
        application_id=_found(who).pk,
        member=story.cast.members[world.OPEN_DRAFT],
        criterion="willing",
        text="Workers of an agency at the harbour works paid for their job until last year.",
        evidence="Labour court of Penang, judgement of March, number 114.",
        file=None,
        competitor=False,
        by=story.cast.acting(world.OPEN_DRAFT, Post.REPRESENTATIVE),
        on=on,
    )


def _put(story: Story, who: Hopeful, on: date) -> None:
    comment = Objection.objects.get(application=_found(who))
    members.scrutiny.put_to_applicant(
        objection_id=comment.pk,
        substance="It is said that agency workers at your harbour works paid for their job.",
        by=story.cast.secretariat,
        on=on,
    )


def _reply(who: Hopeful, on: date) -> None:
    application = _found(who)
    comment = Objection.objects.get(application=application)
    text = "That was so until last May. All 31 of them were paid back; the receipts are with you."
    members.reply(objection_id=comment.pk, text=text, **_as_applicant(application, on))


def _decide(story: Story, who: Hopeful, outcome: str, on: date) -> None:
    """The clerk records what the board decided, and the secretariat carries it out."""
    told = {"reasons": "The board has read the file and heard nobody."}
    if outcome == "admit":
        clause, due = "2.10", on + timedelta(days=100)
        told["conditions"] = [Condition("Publish the policy on recruitment.", clause, due)]
    else:
        told |= {"criterion": "willing", "reasons": "It does not want to pay fees back."}
    decided = governance.record_admission(
        application_id=_found(who).pk, outcome=outcome, by=story.cast.staff(Role.PANEL_CLERK),
        on=on, **told,
    )  # fmt: skip
    governance.carry_out_admission(decision_id=decided.pk, by=story.cast.secretariat, on=on)


def _appeal(who: Hopeful, on: date) -> None:
    application = _found(who)
    text = "We said that we need a year to pay them back, not that we do not want to."
    members.appeal(text=text, **_as_applicant(application, on))
