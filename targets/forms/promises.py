"""The shape of a target that a member proposes, and of what is decided about it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from django import forms

from targets.forms.calendar import day, reason
from targets.models.promises import REASONS, WAYS
from targets.rules.ambition import Proposal
from targets.services import Anew

MILESTONE = re.compile(r"\s*([0-9]{4})\s*[:=]?\s+?(-?[0-9]{1,18}(?:\.[0-9]{1,9})?)\s*")
MOST = 20
EXAMPLE = "Write a year and a value on each line, for example 2027: 80"


def _number(label: str, help_text: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=help_text, max_digits=27, decimal_places=9, required=True
    )


def _year(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1900, max_value=2200)


class ProposalForm(forms.Form):
    """From where, to where, by when, on which way."""

    kpi = forms.ChoiceField(label="Measured by")
    baseline_year = _year("Year of the baseline")
    baseline_value = _number("Baseline")
    baseline_source = forms.CharField(
        label="Where the baseline was taken from", max_length=200, help_text="A return, an audit."
    )
    goal_year = _year("Year of the goal")
    goal_value = _number("Goal")
    due_on = day("Due on", required=False, help_text="In the goal's year; else its last day.")
    trajectory = forms.ChoiceField(label="The way there", choices=WAYS)
    milestones = forms.CharField(
        label="Milestones",
        required=False,
        max_length=1_000,
        help_text=f"{EXAMPLE}. At most {MOST}.",
        widget=forms.Textarea({"rows": 3}),
    )
    reason = reason("Why this target; where one stands already, why another takes its place.")
    because = forms.ChoiceField(
        label="The baseline is worked out anew because of",
        required=False,
        choices=[("", "– it stays –"), *REASONS],
        help_text="Only where a target stands, and above the threshold of the rulebook.",
    )
    evidence = forms.CharField(
        label="What shows it",
        required=False,
        max_length=4_000,
        help_text="For a baseline that is worked out anew: the contract, the audit, the mistake.",
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(
        self, *args: object, kpis: Iterable[tuple[str, str]], stands: bool, **more: object
    ) -> None:
        super().__init__(*args, **more)
        self.fields["kpi"].choices = list(kpis)
        self.fields["reason"].required = stands
        if not stands:
            del self.fields["because"], self.fields["evidence"]

    def clean_milestones(self) -> tuple[tuple[int, Decimal], ...]:
        """Return the milestones in the order in which they were written."""
        lines = [line for line in self.cleaned_data["milestones"].splitlines() if line.strip()]
        found = [MILESTONE.fullmatch(line) for line in lines]
        for line, one in zip(lines, found, strict=True):
            if one is None:
                raise forms.ValidationError(f"“{line.strip()}” is no milestone. {EXAMPLE}.")
        if len(found) > MOST:
            raise forms.ValidationError(f"{len(found)} milestones; at most {MOST}.")
        return tuple((int(one[1]), Decimal(one[2])) for one in found)

    def clean(self) -> dict:
        """Ask for evidence where a baseline is worked out anew."""
        typed = super().clean()
        if typed.get("because") and not typed.get("evidence"):
            self.add_error("evidence", "Say what shows that the baseline was another.")
        return typed

    def proposal(self) -> Proposal:
        """Return what is proposed."""
        beside = {"reason", "because", "evidence"}
        return Proposal(**{k: v for k, v in self.cleaned_data.items() if k not in beside})

    def anew(self) -> Anew | None:
        """Return why the baseline is worked out anew, None where it stays."""
        typed = self.cleaned_data
        return Anew(typed["because"], typed["evidence"]) if typed.get("because") else None


class DecisionForm(forms.Form):
    """What is decided about a proposal; a refusal gives its reason."""

    reason = reason("The member reads it. A refusal needs one.")

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        self.fields["reason"].required = False
