"""Forms of letters, of days, of the announcement of an edition."""

from __future__ import annotations

from datetime import date

from django import forms

from accounts.forms import DayField


class DaysForm(forms.Form):
    """The day a record is read for, and the day whose knowledge it is read with."""

    on = forms.DateField(required=False)
    known = forms.DateField(required=False)

    def days(self) -> tuple[date | None, date | None]:
        """Return both days; one that is unreadable counts as not given."""
        self.is_valid()
        return self.cleaned_data.get("on"), self.cleaned_data.get("known")


class NoticeForm(forms.Form):
    """The day by which the notice of an edition had reached the members."""

    served_on = DayField(
        label="Members had the notice on",
        help_text="The day on which it had reached them all, such as 2026-05-01.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["served_on"].initial = today

    def clean_served_on(self) -> date:
        served_on = self.cleaned_data["served_on"]
        if served_on > self.today:
            raise forms.ValidationError("That day has not come yet.")
        return served_on
