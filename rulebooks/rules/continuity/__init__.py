"""Identities that outlive editions: what each new edition says of the things of the one before."""

from rulebooks.rules.continuity.checks import continuity_faults, declaration_faults
from rulebooks.rules.continuity.followers import (
    accepted_texts,
    called_now,
    counts_on,
    numbers_compare,
    texts_accepted,
    texts_before,
)
from rulebooks.rules.continuity.lineage import Continuity, Place, continuity
from rulebooks.rules.continuity.words import DECLARATIONS, AnyDeclaration, Declaration

__all__ = [
    "DECLARATIONS",
    "AnyDeclaration",
    "Continuity",
    "Declaration",
    "Place",
    "accepted_texts",
    "called_now",
    "continuity",
    "continuity_faults",
    "counts_on",
    "declaration_faults",
    "numbers_compare",
    "texts_accepted",
    "texts_before",
]
