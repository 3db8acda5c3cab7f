"""The shape of a baseline that is worked out anew."""

from __future__ import annotations

from django import forms

from rulebooks.rules.targets import Target
from targets.models.promises import REASONS


class BaselineForm(forms.Form):
    """Another value for the year of the baseline, why, and what shows it."""

    value = forms.DecimalField(label="Baseline", max_digits=27, decimal_places=9)
    because = forms.ChoiceField(label="Because of")
    evidence = forms.CharField(
        label="What shows it",
        max_length=4_000,
        help_text="Everybody reads it on the page of the target: name no member.",
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, *args: object, target: Target, unit: str, **more: object) -> None:
        super().__init__(*args, **more)
        allowed = target.recalculation.reasons if target.recalculation else ()
        self.fields["because"].choices = [one for one in REASONS if one[0] in allowed]
        year = target.baseline.year
        self.fields["value"].help_text = f"In {unit}, for {year} as before; such as 41.5."
