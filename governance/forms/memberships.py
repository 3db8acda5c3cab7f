"""What a body decided on a change of a membership, as its minutes have it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django import forms

from accounts.forms import DayField
from governance import selectors
from governance.models import MATTERS, MembershipDecision
from members.models import Member


class MembershipForm(forms.Form):
    """Only the matters that the edition gives to a body can be chosen."""

    matter = forms.ChoiceField(label="Change", widget=forms.RadioSelect)
    member = forms.CharField(
        label="Code of the member",
        max_length=20,
        help_text="As lists show it, such as M0042. In a merger, the one that becomes a part.",
    )
    outcome = forms.ChoiceField(
        label="Decision", widget=forms.RadioSelect, choices=MembershipDecision.Outcome
    )
    taken_on = DayField(
        label="Decided on",
        help_text="The day of the meeting, such as 2026-07-01.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reasons = forms.CharField(max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, *args, matters: Collection[str], today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["matter"].choices = [one for one in MATTERS if one[0] in matters]
        self.fields["taken_on"].initial = today

    def clean_member(self) -> Member:
        code = self.cleaned_data["member"].upper()
        found = selectors.may_be_decided_on().filter(code=code).first()
        if found is None:
            raise forms.ValidationError("No member has this code; it looks like M0042.")
        return found

    def clean_taken_on(self) -> date:
        taken_on = self.cleaned_data["taken_on"]
        if taken_on > self.today:
            raise forms.ValidationError("That day has not come yet.")
        return taken_on
