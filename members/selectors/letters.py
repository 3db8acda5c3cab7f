"""Letters that wait, and how each kind goes out."""

from __future__ import annotations

from django.db import models

from members.models import (
    Letter,
    LetterTemplate,
)
from rulebooks.models import Edition as Editions


def letter_counts() -> list[LetterTemplate]:
    """Return the kinds of letters, each with how many are in which state."""

    def of(status: Letter.Status) -> models.Count:
        return models.Count("letters", filter=models.Q(letters__status=status))

    templates = LetterTemplate.objects.annotate(**{s.value: of(s) for s in Letter.Status})
    return list(templates.order_by("code"))


def announcements(edition: Editions) -> list[dict]:
    """Return how many letters about an edition's adoption stand where, in the order of sending."""
    about = Letter.objects.filter(
        template="edition-adopted", key__startswith=f"edition-adopted:{edition.pk}:"
    )
    counts = dict(about.values_list("status").annotate(count=models.Count("pk")).order_by())
    return [
        {"label": status.label, "count": counts[status.value]}
        for status in Letter.Status
        if status.value in counts
    ]
