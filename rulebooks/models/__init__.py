"""Editions of the rulebook, and the texts that they were made from."""

from rulebooks.models.drafting import Countersignature, LegalText, Manuscript, Version
from rulebooks.models.editions import Edition

__all__ = ["Countersignature", "Edition", "LegalText", "Manuscript", "Version"]
