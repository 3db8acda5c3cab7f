"""The shape of what people type about periods."""

from __future__ import annotations

from django import forms


class ExtensionForm(forms.Form):
    """Another deadline for one member, and why."""

    until_on = forms.DateField(
        label="New deadline", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label="Reason",
        max_length=2_000,
        help_text="It stands in the member's record; the member reads it.",
        widget=forms.Textarea({"rows": 3}),
    )
