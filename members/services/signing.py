"""Signing requirements."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access, events, selectors
from members.models import Mandate, Member, Signature
from members.rules import Post
from members.services.facts import Statement, state_many
from rulebooks import selectors as rulebooks
from rulebooks.rules import facts
from rulebooks.rules.membership import Requirement


class NothingToSign(ValueError):
    """The requirement is not asked of this member, its text is another now, or it is signed."""


@transaction.atomic
def sign(
    *, member: Member, texts: dict[str, str], by: User, on: date, at: datetime
) -> list[Signature]:
    """Sign requirements for ``member`` at the moment ``at``.

    ``texts`` gives, for each requirement's code, the hash of the text that was shown: what is
    signed is what was read. A text signed before is not signed again.

    :raises PermissionDenied: ``by`` is not a signatory of the member today.
    :raises NothingToSign: nothing is left to sign, or a text shown is not the one in force.
    """
    access.require(by, Permission.REQUIREMENT_SIGN, member=member)
    member = Member.objects.visible_to(by).select_for_update(of=("self",)).get(pk=member.pk)
    mandate = (
        Mandate.objects.in_force(on)
        .filter(member=member, user=by, post=Post.SIGNATORY)
        .order_by("pk")[:1]
        .get()
    )
    edition = rulebooks.edition_in_force(on)
    asked = {r.code: r for r in selectors.unsigned(member, on=on)}
    wanted = [_shown(asked, code, shown) for code, shown in sorted(texts.items())]
    if not wanted:
        raise NothingToSign(f"choose at least one requirement to sign for {member.code}")
    signatures = [
        Signature(
            member=member,
            edition=edition,
            requirement=requirement.code,
            text_sha256=requirement.text_sha256,
            mandate=mandate,
            user=by,
            capacity=mandate.capacity,
            signed_at=at,
        )
        for requirement in wanted
    ]
    Signature.objects.bulk_create(signatures)
    event = events.RequirementsSigned(
        member=member.code,
        edition=edition.code,
        mandate_id=mandate.pk,
        requirements=tuple(r.code for r in wanted),
        texts=tuple(r.text_sha256 for r in wanted),
    )
    entry = ledger.record(event, subject=member, actor=by, on=on)
    state_many([_statement(member, r, edition.code, on) for r in wanted], entry=entry)
    return signatures


def _shown(asked: dict[str, Requirement], code: str, shown: str) -> Requirement:
    """Return the requirement ``code`` if it is asked for and its text is the one shown."""
    if code not in asked:
        open_ones = ", ".join(sorted(asked)) or "none"
        raise NothingToSign(f"requirement {code} is not open for signing; open: {open_ones}")
    if asked[code].text_sha256 != shown:
        raise NothingToSign(f"the text of requirement {code} has changed; read it again")
    return asked[code]


def _statement(member: Member, requirement: Requirement, edition: str, on: date) -> Statement:
    what = facts.RequirementSigned(edition=edition, text_sha256=requirement.text_sha256)
    return Statement(member=member, what=what, about_on=on, key=requirement.code)
