"""What a member has signed, and what it is still asked to sign."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from members.models import (
    Member,
    Signature,
)
from rulebooks import selectors as rulebooks
from rulebooks.rules.continuity import texts_accepted
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import RequirementSigned
from rulebooks.rules.membership import Requirement
from rulebooks.rules.signing import Deed, signed_form


def unsigned(member: Member, *, on: date) -> list[Deed | Requirement]:
    """Return what the edition in force asks ``member`` to sign and it has not: deed, requirements.

    A text signed under an earlier edition counts, and so does one whose signature is declared to
    go on: a new edition asks only for what changed.
    """
    edition = rulebooks.edition_in_force(on).document
    accepted = texts_that_count(edition)
    stated = member.facts.filter(kind=RequirementSigned.kind, corrected_by=None)
    signed = set(stated.values_list("key", "data__text_sha256"))  # imported ones have no signature
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


def text_signed(signature: Signature) -> Deed | Requirement | None:
    """Return the text that a signature is on, as its edition has it."""
    document = signature.edition.document
    texts = (*document.requirements, document.signing.deed)
    same = (t for t in texts if t is not None and t.text_sha256 == signature.text_sha256)
    return next(same, None)


def form_of(signature: Signature, text: Deed | Requirement) -> dict[str, Any]:
    """Return all that is signed with a text, as plain values: what ``signed_sha256`` covers."""
    document = signature.edition.document
    legal = document.legal_text
    return signed_form(
        text,
        edition=document.code,
        legal_text=legal.sha256 if legal else None,
        deed=document.signing.deed,
        language=signature.language,
        capacity=signature.capacity,
        document=signature.document.sha256 if signature.document else "",
        reservation=signature.reservation,
    )


def standing_signatures(
    member: Member, edition: Edition, *, at: datetime | None = None
) -> dict[str, Signature]:
    """Return the signature that stands for each text asked of a member, by the text's code.

    With ``at``, only what was signed by that moment.
    """
    rows = signed_texts(member).select_related("entry", "document", "mandate")
    rows = rows.filter(signed_at__lte=at) if at else rows
    signed = {(row.requirement, row.text_sha256): row for row in reversed(rows)}
    texts = texts_that_count(edition)
    return {
        asked.code: row
        for asked in edition.texts_of(member.member_class)
        if (row := next((signed[t] for t in signed if t in texts[asked.code]), None))
    }
