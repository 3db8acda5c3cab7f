"""Members as they stand: the list, the counts, what holds of one."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import QuerySet

from accounts.models import User
from members.models import (
    Member,
    Span,
)
from rulebooks.rules.timeline.changes import Kind


def next_code(offset: int = 1) -> str:
    """Return the next free member code, ``offset`` places on: M0001, M0002, …"""
    last = Member.objects.filter(code__regex=r"^M[0-9]{4,}$").order_by("-pk").first()
    return f"M{(int(last.code[1:]) if last else 0) + offset:04d}"


def directory(user: User | AnonymousUser, *, on: date) -> QuerySet[Member]:
    """Return the members that ``user`` may read with their standing on a day, by name."""
    members = Member.objects.visible_to(user).with_standing(on).select_related("organisation")
    return members.order_by("organisation__name", "pk")


def counts_by_standing(user: User | AnonymousUser, *, on: date) -> dict[str, int]:
    """Return how many members that ``user`` may read stand how, on a day."""
    spans = Span.objects.visible_to(user).in_force(on).of(Kind.STANDING)
    return dict(spans.order_by("state").values_list("state").annotate(models.Count("pk")))
