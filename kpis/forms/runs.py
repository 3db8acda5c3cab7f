"""Shape of what is typed."""

from __future__ import annotations

from django import forms

from targets.models import Period


class StartRunForm(forms.Form):
    """Which period to score: one that has opened."""

    period = forms.ModelChoiceField(
        Period.objects.none(), to_field_name="code", empty_label=None, label="Period"
    )

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["period"].queryset = Period.objects.begun(on).order_by("-opens_on", "code")
