"""Identities that outlive editions: what each new edition says of the things of the one before."""

from rulebooks.rules.continuity.words import DECLARATIONS, AnyDeclaration, Declaration

__all__ = ["DECLARATIONS", "AnyDeclaration", "Declaration"]
