"""Organisations, members, who acts for them, and what is known of them."""

from members.models.applications import Application, ApplicationDocument, ResumeLink
from members.models.changes import ClassRequest
from members.models.contacts import Contact
from members.models.facts import PROCEDURE, UNSETTLED, Fact, Span, SpanQuerySet
from members.models.groups import CorporateGroup, GroupMembership
from members.models.letters import Letter, LetterTemplate
from members.models.membership import (
    POST_LABELS,
    Assignment,
    Mandate,
    Member,
    MemberQuerySet,
)
from members.models.organisations import Affiliation, EarlierName, Organisation
from members.models.provenance import Provenance
from members.models.scopes import DatedQuerySet, MemberScopedQuerySet
from members.models.scrutiny import Appeal, Condition, DiligenceCheck, Objection, TieDeclaration
from members.models.sectors import InSector
from members.models.signatures import MandateDocument, Signature
from members.models.sites import Site
from members.models.successions import Succession

__all__ = [
    "POST_LABELS",
    "PROCEDURE",
    "UNSETTLED",
    "Affiliation",
    "Appeal",
    "Application",
    "ApplicationDocument",
    "Assignment",
    "ClassRequest",
    "Condition",
    "Contact",
    "CorporateGroup",
    "DatedQuerySet",
    "DiligenceCheck",
    "EarlierName",
    "Fact",
    "GroupMembership",
    "InSector",
    "Letter",
    "LetterTemplate",
    "Mandate",
    "MandateDocument",
    "Member",
    "MemberQuerySet",
    "MemberScopedQuerySet",
    "Objection",
    "Organisation",
    "Provenance",
    "ResumeLink",
    "Signature",
    "Site",
    "Span",
    "SpanQuerySet",
    "Succession",
    "TieDeclaration",
]
