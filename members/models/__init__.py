"""Organisations, members, who acts for them, and what is known of them."""

from members.models.applications import Application
from members.models.letters import Letter, LetterTemplate
from members.models.membership import (
    POST_LABELS,
    PROCEDURE,
    Assignment,
    DatedQuerySet,
    Fact,
    Mandate,
    Member,
    MemberQuerySet,
    MemberScopedQuerySet,
    Span,
    SpanQuerySet,
)
from members.models.organisations import Affiliation, Organisation
from members.models.provenance import Provenance
from members.models.signatures import MandateDocument, Signature
from members.models.sites import Site
from members.models.successions import Succession

__all__ = [
    "POST_LABELS",
    "PROCEDURE",
    "Affiliation",
    "Application",
    "Assignment",
    "DatedQuerySet",
    "Fact",
    "Letter",
    "LetterTemplate",
    "Mandate",
    "MandateDocument",
    "Member",
    "MemberQuerySet",
    "MemberScopedQuerySet",
    "Organisation",
    "Provenance",
    "Signature",
    "Site",
    "Span",
    "SpanQuerySet",
    "Succession",
]
