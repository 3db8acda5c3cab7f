"""What a member has signed, and what it is still asked to sign."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from members.models import (
    Member,
    Signature,
)
from rulebooks import selectors as rulebooks
from rulebooks.rules.continuity import Place, accepted_texts
from rulebooks.rules.edition import Edition
from rulebooks.rules.membership import Requirement
from rulebooks.rules.schema import selects


def unsigned(member: Member, *, on: date) -> list[Requirement]:
    """Return the requirements of the edition in force that ``member`` has yet to sign.

    A text signed under an earlier edition counts, and so does one whose signature is declared to
    go on: a new edition asks only for what changed.
    """
    edition = rulebooks.edition_in_force(on).document
    accepted = texts_that_count(edition)
    signed = set(member.signatures.values_list("requirement", "text_sha256"))
    return [
        requirement
        for requirement in edition.requirements
        if selects(requirement.applies_to, member.member_class)
        and accepted[requirement.code].isdisjoint(signed)
    ]


def texts_that_count(edition: Edition) -> dict[str, frozenset[tuple[str, str]]]:
    """Return for each requirement the texts, by code and hash, whose signature stands for it."""
    accepted = accepted_texts(rulebooks.adopted_documents())
    return {
        r.code: accepted[Place(edition.code, "requirement", r.code)] for r in edition.requirements
    }


def signed_texts(member: Member) -> QuerySet[Signature]:
    """Return what was signed for a member, the newest first, with who signed."""
    signed = member.signatures.select_related("user", "edition").defer("edition__text")
    return signed.order_by("-signed_at", "requirement")
