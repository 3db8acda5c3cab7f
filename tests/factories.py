"""Builders of valid objects, through the services. A test states only what it is about."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from itertools import count
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from accounts.models import RoleHeld, User
from accounts.rules import Role
from accounts.selectors import system_user
from governance import services as governance
from governance.models import Body, Resolution
from governance.rules import Votes
from ledger import services as ledger
from members import events
from members import services as members
from members.models import Affiliation, Assignment, Mandate, Member, Organisation
from members.rules import Post
from rulebooks import services as rulebooks
from rulebooks.models import Edition
from rulebooks.rules import facts
from rulebooks.rules.adoption import Resolved

LAMPS = (Path(__file__).parent / "editions" / "lamps-2024.yaml").read_text()
# What an edition that replaces LAMPS says of everything in it: the same, or in other words.
REPLACES_LAMPS = """replaces: lamps-2024
continuity:
  - {as: reworded, what: requirement, was: [R1, R2], clause: "10"}
  - as: same
    what: kpi
    was: [fees-repaid, policy, days-to-repay, papers-kept, open-claims]
    clause: "10"
  - {as: same, what: obligation, was: [annual-return, sign-requirements], clause: "10"}
  - {as: same, what: target, was: [all-fees-repaid], clause: "10"}
"""
LONG_AGO = date(2020, 1, 1)
_serial = count(1)


def make_user(name: str = "", *roles: Role, **fields) -> User:
    """Make a user who can sign in with the password ``pw`` and holds ``roles``."""
    name = name or f"User {next(_serial)}"
    email = f"{name.lower().replace(' ', '.')}@people.example"
    user = User(email=email, name=name, **fields)
    user.set_password("pw")
    user.save()
    for role in roles:
        RoleHeld.objects.create(user=user, role=role.value, since_on=LONG_AGO)
    return user


def make_edition(text: str = LAMPS, *, by: User | None = None) -> Edition:
    """Put an edition into force. Its reactions are due, not done: see ``work_due`` in conftest."""
    by = by or make_user("", Role.SECRETARIAT)
    draft = rulebooks.draft_edition(text=text, by=by, on=LONG_AGO)
    return rulebooks.enact_on_trial(edition_id=draft.pk, by=system_user(), on=LONG_AGO)


LEGAL_TEXT = b"""Rulebook of the lamps. Adopted by the assembly.

1 What members promise
3.1 No fees. No worker pays for the job, and fees that were paid are paid back.
7.1 Returns. A return that was not filed opens a case.
"""
NAMES_LEGAL_TEXT = f"""
legal_text:
  file: rulebook.txt
  sha256: {sha256(LEGAL_TEXT).hexdigest()}
  resolution: Resolution 7 of 2026
  adopted_by: Assembly
  language: en
  effective_on: 2026-06-01
  notice: {{given_on: 2026-05-01, clause: "10.2"}}
  clause: "10.1"
"""


def next_lamps(code: str = "lamps-2026", in_force_from: str = "2026-06-01") -> str:
    """Return the text of the edition after LAMPS, which names ``LEGAL_TEXT``."""
    text = LAMPS.replace("code: lamps-2024", f"code: {code}", 1)
    text = text.replace("in_force_from: 2023-01-01", f"in_force_from: {in_force_from}", 1)
    text = text.replace("replaces: null\n", REPLACES_LAMPS, 1)
    return text + NAMES_LEGAL_TEXT.replace(
        "effective_on: 2026-06-01", f"effective_on: {in_force_from}"
    )


def make_countersigned(text: str, *, by: User, second: User, on: date = LONG_AGO) -> Edition:
    """Draft an edition that names ``LEGAL_TEXT``, and have it countersigned by ``second``."""
    draft = rulebooks.draft_edition(text=text, by=by, on=on)
    legal = rulebooks.receive_legal_text(
        edition_id=draft.pk, name="rulebook.txt", content=LEGAL_TEXT, by=by, on=on
    )
    rulebooks.countersign(
        edition_id=draft.pk, sha256=draft.sha256, legal_sha256=legal.sha256, by=second, on=on
    )
    return draft


def make_resolution(edition: Edition, *, clerk: User, on: date = LONG_AGO, **fields) -> Resolution:
    """Record that a body adopted a draft as it stands."""
    body, _ = Body.objects.get_or_create(code="assembly", defaults={"name": "Assembly"})
    given = {
        "sha256": edition.sha256,
        "reference": f"R-{next(_serial)}",
        "outcome": Resolved.ADOPTED,
        "votes": Votes(in_favor=12, against=3, abstained=1),
    }
    return governance.record_resolution(
        edition_id=edition.pk, body=body, by=clerk, on=on, **given | fields
    )


def make_organisation(name: str = "", **fields) -> Organisation:
    name = name or f"Company {next(_serial)}"
    return Organisation.objects.create(**{"name": name, "sort": "company"} | fields)


def make_member(
    name: str = "",
    *,
    admitted_on: date = date(2022, 6, 1),
    member_class: str = "full",
    chamber: str = "companies",
    representative: User | None = None,
    signatory: User | None = None,
    adviser: User | None = None,
    auditor: User | None = None,
) -> Member:
    """Make an admitted member with the fact of its admission and whoever acts for it."""
    organisation = make_organisation(name)
    member = Member.objects.create(
        code=f"M{next(_serial):04d}",
        organisation=organisation,
        member_class=member_class,
        chamber=chamber,
        admitted_on=admitted_on,
    )
    event = events.MemberAdmitted(member=member.code, member_class=member_class, chamber=chamber)
    state(member, facts.MemberAdmitted(member_class, chamber), admitted_on, event=event)
    posts = {
        Post.REPRESENTATIVE: representative,
        Post.SIGNATORY: signatory,
        Post.ADVISER: adviser,
    }
    for post, user in posts.items():
        if user:
            make_mandate(member, user, post)
    if auditor:
        Assignment.objects.create(member=member, user=auditor, from_on=admitted_on)
    return member


def make_mandate(member: Member, user: User, post: Post = Post.REPRESENTATIVE) -> Mandate:
    Affiliation.objects.get_or_create(user=user, organisation=member.organisation)
    return Mandate.objects.create(
        member=member,
        user=user,
        post=post.value,
        capacity=post.value.title(),
        from_on=member.admitted_on,
    )


@transaction.atomic
def state(
    member: Member, what: facts.What, on: date, key: str = "", event: events.Event | None = None
):
    """State a fact about a member as if a service had; for tests below the service that does."""
    event = event or events.FactCorrected(fact_id=0)
    entry = ledger.record(event, subject=member, actor=system_user(), on=on)
    return members.state(what, member=member, about_on=on, entry=entry, key=key)


def moment(day: date, hour: int = 12) -> datetime:
    """Return an aware moment on a day."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=timezone.get_current_timezone())
