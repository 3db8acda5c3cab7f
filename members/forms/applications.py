"""Forms of applying."""

from __future__ import annotations

from django import forms

from rulebooks.rules.edition import Edition


class PlaceField(forms.ChoiceField):
    """A class of membership and a chamber that it is open to, as the edition offers them."""

    def __init__(self, edition: Edition, **kwargs) -> None:
        places = [
            (f"{c.code}/{code}", f"{c.name}, {edition.chamber(code).name} (clause {c.clause})")
            for c in edition.classes
            for code in c.chambers
        ]
        super().__init__(choices=places, widget=forms.RadioSelect, **kwargs)

    def clean(self, value: str) -> tuple[str, str]:
        member_class, _, chamber = super().clean(value).partition("/")
        return member_class, chamber


class ApplicationForm(forms.Form):
    statement = forms.CharField(
        label="Why you apply",
        required=False,
        max_length=5_000,
        widget=forms.Textarea,
        help_text="What the organisation does, and what it expects. At most 5,000 characters.",
    )

    def __init__(self, *args, edition: Edition, organisations, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"] = PlaceField(edition, label="Class and chamber")
        choices = forms.ModelChoiceField(organisations, label="Organisation", empty_label=None)
        self.fields["organisation"] = choices
        self.order_fields(["organisation", "place", "statement"])


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=5_000,
        widget=forms.Textarea,
        help_text="The criterion of the rulebook that is not met, and why. The applicant reads it.",
        error_messages={"required": "A refusal names the criterion that is not met."},
    )
