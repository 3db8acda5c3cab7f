"""Words for what the rules derived."""

from __future__ import annotations

import re
from datetime import date

from django import template

from accounts.templatetags.pages import day

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
