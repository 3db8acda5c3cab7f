"""Where imported facts come from."""

from __future__ import annotations

from django.db import models

from ledger.models import Entry


class Provenance(models.Model):
    """The source of all that one import stated, in words: the record holds no text."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="provenance")
    label = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.label
