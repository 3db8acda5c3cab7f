"""What a body decided about an application, as its minutes have it."""

from __future__ import annotations

from datetime import date

from django import forms

from accounts.forms import DayField
from governance.selectors import Asked
from rulebooks.rules.joining import Condition

OUTCOMES = {
    "admit": "Admit",
    "refuse": "Refuse",
    "overturned": "The refusal is overturned: admit",
    "upheld": "The refusal is upheld",
}
ROWS = (1, 2, 3)
PARTS = ("text", "clause", "due_on")


class AdmissionForm(forms.Form):
    """Only what is asked can be chosen; up to three conditions, each with a clause and a day."""

    outcome = forms.ChoiceField(label="Decision", widget=forms.RadioSelect)
    criterion = forms.ChoiceField(
        required=False, label="Criterion that is not met", help_text="For a refusal only."
    )
    taken_on = DayField(
        label="Decided on",
        help_text="The day of the meeting, such as 2026-07-01.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reasons = forms.CharField(
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="The applicant reads them once the decision is carried out.",
    )

    def __init__(self, *args, asked: Asked, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["outcome"].choices = [(o, OUTCOMES[o]) for o in asked.question.outcomes]
        self.fields["taken_on"].initial = today
        criteria = asked.application.admission.criteria
        self.fields["criterion"].choices = [
            ("", "None"),
            *((one.code, f"{one.text[:120]} (clause {one.clause})") for one in criteria),
        ]
        if not asked.question.first_instance:
            del self.fields["criterion"]
        for row in ROWS:
            self._condition(row)

    def _condition(self, row: int) -> None:
        self.fields[f"condition-{row}-text"] = forms.CharField(
            label=f"Condition {row}", required=False, max_length=2_000,
            widget=forms.Textarea(attrs={"rows": 2}),
        )  # fmt: skip
        self.fields[f"condition-{row}-clause"] = forms.CharField(
            label=f"Clause of condition {row}", required=False, max_length=200
        )
        self.fields[f"condition-{row}-due_on"] = DayField(
            label=f"Day by which condition {row} is met", required=False,
            widget=forms.DateInput(attrs={"type": "date"}),
        )  # fmt: skip

    @property
    def condition_fields(self) -> list[forms.BoundField]:
        return [self[f"condition-{row}-{what}"] for row in ROWS for what in PARTS]

    def clean_taken_on(self) -> date:
        taken_on = self.cleaned_data["taken_on"]
        if taken_on > self.today:
            raise forms.ValidationError("That day has not come yet.")
        return taken_on

    def clean(self) -> dict:
        values = super().clean()
        if values.get("outcome") == "refuse" and not values.get("criterion"):
            self.add_error("criterion", "A refusal cites the criterion that is not met.")
        for row in ROWS:
            said = [values.get(f"condition-{row}-{what}") for what in PARTS]
            if any(said) and not all(said):
                self.add_error(f"condition-{row}-text", "Give text, clause and day, or none.")
        return values

    def conditions(self) -> list[Condition]:
        """Return the conditions that are filled in."""
        rows = [[self.cleaned_data.get(f"condition-{n}-{what}") for what in PARTS] for n in ROWS]
        return [Condition(*row) for row in rows if all(row)]
