"""What people write about breaches and in cases."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

LONGEST = 20_000  # characters


class TextForm(forms.Form):
    """One text; what it is for is said by the label and help of the act."""

    text = forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, *args, label: str = "", help_text: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label
        self.fields["text"].help_text = help_text


class OpenCaseForm(forms.Form):
    breaches = forms.MultipleChoiceField(
        label="Breaches that the case is about", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, choices: Iterable[tuple[int, str]] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["breaches"].choices = [(str(pk), words) for pk, words in choices]


class CarryOutForm(forms.Form):
    effective_on = forms.DateField(
        label="The measure holds from",
        help_text="Today or a later day, such as 2026-07-01. The member is told today.",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class ConfirmForm(forms.Form):
    """Nothing to fill in: the decision says it all."""
