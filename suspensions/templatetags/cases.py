"""Words for what the rules derived."""

from __future__ import annotations

from django import template

from accounts.templatetags.pages import days_in_words
from suspensions.rules.words import BREACHES, OUTCOMES, STAGES

register = template.Library()
register.filter("days_in_words", days_in_words)


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
