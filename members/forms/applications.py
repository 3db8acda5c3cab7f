"""Forms of applying."""

from __future__ import annotations

from django import forms

from members.models import Condition, DiligenceCheck
from rulebooks.rules.edition import Edition
from rulebooks.rules.joining import Admission


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
    criterion = forms.ChoiceField(label="Criterion that is not met")
    reason = forms.CharField(
        label="Reason",
        max_length=5_000,
        widget=forms.Textarea,
        help_text="The criterion of the rulebook that is not met, and why. The applicant reads it.",
        error_messages={"required": "A refusal names the criterion that is not met."},
    )

    def __init__(self, *args, admission: Admission | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        criteria = admission.criteria if admission else ()
        self.fields["criterion"].choices = [
            (one.code, f"{one.text[:120]} (clause {one.clause})") for one in criteria
        ]
        if not criteria:
            del self.fields["criterion"]


class TieForm(forms.Form):
    has_tie = forms.ChoiceField(
        label="Your tie to the applicant",
        choices=[("no", "I have none"), ("yes", "I have one")],
        widget=forms.RadioSelect,
        help_text="Work, family, ownership or money, of yours or of somebody close to you.",
    )
    text = forms.CharField(label="What it is", required=False, max_length=2_000)

    def clean(self) -> dict:
        values = super().clean()
        if values.get("has_tie") == "yes" and not values.get("text"):
            self.add_error("text", "Say what the tie is.")
        return values


class CheckForm(forms.Form):
    result = forms.ChoiceField(  # nothing is clear until somebody says so
        choices=[("", "Choose"), *DiligenceCheck.Result.choices],
        error_messages={"required": "Choose what came out."},
    )
    finding = forms.CharField(
        label="What was found, and where",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SubstanceForm(forms.Form):
    substance = forms.CharField(
        label="The comment in substance",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The applicant reads it. It does not say whose comment it is.",
    )


class SettleForm(forms.Form):
    outcome = forms.ChoiceField(
        label="The condition is", choices=Condition.Outcome.choices[1:], widget=forms.RadioSelect
    )
    finding = forms.CharField(
        label="What shows it", max_length=20_000, widget=forms.Textarea(attrs={"rows": 2})
    )
