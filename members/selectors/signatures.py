"""What a member has signed, and what it is still asked to sign."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import QuerySet

from members.models import (
    Member,
    Signature,
)
from rulebooks import selectors as rulebooks
from rulebooks.rules.continuity import texts_accepted
from rulebooks.rules.edition import Edition
from rulebooks.rules.membership import Requirement
from rulebooks.rules.signing import Deed


def unsigned(member: Member, *, on: date) -> list[Deed | Requirement]:
    """Return what the edition in force asks ``member`` to sign and it has not: deed, requirements.

    A text signed under an earlier edition counts, and so does one whose signature is declared to
    go on: a new edition asks only for what changed.
    """
    edition = rulebooks.edition_in_force(on).document
    accepted = texts_that_count(edition)
    signed = set(member.signatures.values_list("requirement", "text_sha256"))
    return [
        text
        for text in edition.texts_of(member.member_class)
        if accepted[text.code].isdisjoint(signed)
    ]


def texts_that_count(edition: Edition) -> Mapping[str, frozenset[tuple[str, str]]]:
    """Return for each thing to sign the texts, by code and hash, whose signature stands for it."""
    return texts_accepted(rulebooks.adopted_documents(), edition)


def signed_texts(member: Member) -> QuerySet[Signature]:
    """Return what was signed for a member, the newest first, with who signed."""
    signed = member.signatures.select_related("user", "edition").defer("edition__text")
    return signed.order_by("-signed_at", "requirement")
