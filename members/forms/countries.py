"""Countries, each in one spelling: that which members here have already."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from members.models import Organisation

MOST = 300


class CountryInput(forms.TextInput):
    """A line that suggests the countries of members, and takes any other."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        key = f"{(attrs or {}).get('id', name)}-known"
        rows = Organisation.objects.filter(member__isnull=False).exclude(country="")
        known = rows.order_by("country").values_list("country").distinct()[:MOST]
        line = super().render(name, value, {**(attrs or {}), "list": key}, renderer)
        options = format_html_join("", '<option value="{}"></option>', known)
        return format_html('{}<datalist id="{}">{}</datalist>', line, key, options)


class CountryField(forms.CharField):
    """The name of a country; one that is here in other letters is written as it is here."""

    widget = CountryInput

    def clean(self, value: Any) -> str:
        typed = " ".join(super().clean(value).split())
        rows = Organisation.objects.filter(member__isnull=False, country__iexact=typed)
        return rows.order_by("pk").values_list("country", flat=True).first() or typed
