"""Editions of the rulebook, and the texts that they were made from."""

from rulebooks.models.drafting import Countersignature, LegalText, Manuscript, Version
from rulebooks.models.editions import Edition
from rulebooks.models.errata import Erratum

__all__ = ["Countersignature", "Edition", "Erratum", "LegalText", "Manuscript", "Version"]
