"""What people write about breaches and in cases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.forms import DayField
from rulebooks.rules.matters import JudgedMatter

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

    step = forms.ChoiceField(
        label="Step",
        help_text="A serious case may enter further up, with the reasons below.",
        required=False,
    )
    reasons = forms.CharField(
        label="Why it enters further up",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self,
        *args,
        choices: Iterable[tuple[int, str]] = (),
        steps: Iterable[tuple[str, str]] = (),
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.fields["breaches"].choices = [(str(pk), words) for pk, words in choices]
        entries = [("", "The step that follows from the rules"), *steps]
        self.fields["step"].choices = entries
        if len(entries) == 1:
            del self.fields["step"], self.fields["reasons"]


class PauseForm(TextForm):
    ground = forms.ChoiceField(label="Ground")
    field_order = ["ground", "text"]

    def __init__(self, *args, grounds: Iterable[str] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [(g, g.replace("_", " ").capitalize()) for g in grounds]


class ExtendForm(TextForm):
    clock = forms.ChoiceField(label="Time")
    until_on = DayField(
        label="Until",
        help_text="The last day on which it can be done.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    field_order = ["clock", "until_on", "text"]

    def __init__(self, *args, clocks: Iterable[tuple[str, str]] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["clock"].choices = list(clocks)


class HearingForm(TextForm):
    form = forms.ChoiceField(label="How the member was heard")
    field_order = ["form", "text"]

    def __init__(self, *args, forms_of_hearing: Iterable[tuple[str, str]] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["form"].choices = list(forms_of_hearing)


class JudgementForm(TextForm):
    """A matter with one of the outcomes that the edition gives it, and what it was about."""

    outcome = forms.ChoiceField(label="Matter and outcome")
    about = forms.CharField(
        label="About",
        max_length=30,
        help_text="A code, such as the period 2025 or the claim CL-7. It stands in the record.",
    )
    due_on = DayField(
        label="What was missed had been due on",
        help_text="Empty where nothing was due on a day.",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    field_order = ["outcome", "about", "due_on", "text"]

    def __init__(self, *args, matters: Iterable[JudgedMatter] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [
            (
                f"{matter.title}, clause {matter.clause}",
                [(f"{matter.code}:{outcome}", outcome) for outcome in matter.outcomes],
            )
            for matter in matters
        ]

    def named(self) -> dict[str, Any]:
        """Return what was judged, as the service takes it."""
        given = dict(self.cleaned_data)
        judgement, _, outcome = given.pop("outcome").partition(":")
        return {"judgement": judgement, "outcome": outcome, "reasons": given.pop("text"), **given}


class FindingForm(TextForm):
    """A finding: its severity, and the code by which it is closed."""

    severity = forms.ChoiceField(label="Severity")
    code = forms.CharField(
        label="Code",
        max_length=30,
        help_text="Such as F-2026.1. It stands in the record, and the finding is closed by it.",
    )
    field_order = ["severity", "code", "text"]

    def __init__(self, *args, severities: Iterable[str] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["severity"].choices = [(one, one) for one in severities]

    def named(self) -> dict[str, Any]:
        """Return what was found, as the service takes it."""
        given = dict(self.cleaned_data)
        return {"reasons": given.pop("text"), **given}


class CloseFindingForm(TextForm):
    """Which of the open findings is closed."""

    code = forms.ChoiceField(label="Finding")
    field_order = ["code", "text"]

    def __init__(self, *args, findings: Iterable[tuple[str, str]] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = list(findings)

    def named(self) -> dict[str, Any]:
        """Return what is closed, as the service takes it."""
        return {"code": self.cleaned_data["code"], "reasons": self.cleaned_data["text"]}


class CarryOutForm(forms.Form):
    effective_on = DayField(
        label="The measure holds from",
        help_text="Today or a later day, such as 2026-07-01. The member is told today.",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class ConfirmForm(forms.Form):
    """Nothing to fill in: the decision says it all."""


class SimulationForm(forms.Form):
    """On which days a draft is tried, on whom, and whether names are needed."""

    first_on = DayField(
        label="From",
        help_text="The draft is taken to be in force from this day, such as 2025-01-01.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    last_on = DayField(
        label="To",
        help_text="The last day that is looked at, such as 2025-12-31.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    members = forms.CharField(
        label="Only these members",
        help_text="Codes with commas between them, such as M0001, M0007. Empty: all.",
        required=False,
        max_length=2_000,
    )
    purpose = forms.CharField(
        label="What the names are for",
        help_text="Kept with the run. Without a purpose the run shows numbers only.",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict:
        """Refuse days the wrong way round."""
        given = super().clean()
        first, last = given.get("first_on"), given.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", f"lies before {first}; write a later day")
        return given

    def codes(self) -> list[str]:
        """Return the codes of the members asked about, none for all."""
        return [code.strip() for code in self.cleaned_data["members"].split(",") if code.strip()]


class ErratumForm(forms.Form):
    """Where an edition says something else than its legal text."""

    path = forms.CharField(
        label="Field of the edition",
        max_length=200,
        help_text="As the check names it, such as breaches[0].correction_days.",
    )
    clause = forms.CharField(max_length=200, help_text="Of the legal text, such as 4.2.")
    text_says = forms.CharField(
        label="What the legal text says",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="It prevails. What the edition says is read from it.",
    )
