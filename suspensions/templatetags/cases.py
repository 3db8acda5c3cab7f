"""Words for what the rules derived."""

from __future__ import annotations

import re
from datetime import date

from django import template

from accounts.templatetags.pages import day
from suspensions.rules.words import BREACHES, OUTCOMES, STAGES

register = template.Library()

ISO = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


@register.filter
def days_in_words(text: str) -> str:
    """Write every ISO day in a sentence as pages do: ``12 Mar 2026``."""
    return ISO.sub(lambda found: day(date.fromisoformat(found[0])), text)


@register.filter
def sentence(text: str) -> str:
    """Begin with a capital letter, and leave the rest as it is."""
    return text[:1].upper() + text[1:]


@register.inclusion_tag("components/status.html")
def case_status(stage: str | None) -> dict[str, str]:
    """Show the stage of a case: word, shape, colour."""
    label, kind = STAGES.get(stage, ("Not open yet", "none"))
    return {"label": label, "kind": kind}


@register.inclusion_tag("components/status.html")
def breach_status(state: str | None) -> dict[str, str]:
    """Show the state of a breach: word, shape, colour."""
    label, kind = BREACHES.get(state, ("Not raised yet", "none"))
    return {"label": label, "kind": kind}


@register.filter
def decided_as(outcome: str) -> str:
    """Say what a body decided."""
    return OUTCOMES[outcome]
