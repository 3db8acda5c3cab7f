"""The shape of what people type about periods and what members owe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django import forms

from accounts.forms import DayField
from rulebooks.rules.extensions import ExtensionKind
from rulebooks.rules.periods import Announced
from rulebooks.rules.reading.times import DAYS, OTHERWISE, extension
from targets.models import Circular

TOLD = Circular.Sort


def day(label: str, **more: object) -> DayField:
    """Return a field for a day."""
    return DayField(
        label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **more
    )


def reason(help_text: str) -> forms.CharField:
    """Return a field for the reason of an act."""
    return forms.CharField(
        label="Reason",
        max_length=2_000,
        help_text=help_text,
        widget=forms.Textarea({"rows": 3}),
    )


class ExtensionForm(forms.Form):
    """Another deadline for one member, of a kind that the edition has, and why."""

    kind = forms.ChoiceField(label="Kind of extension")
    until_on = day("New deadline")
    reason = reason("It stands in the member's record; the member reads it.")

    def __init__(self, *args: object, kinds: Iterable[ExtensionKind] = (), **more: object) -> None:
        super().__init__(*args, **more)
        found = list(kinds)
        if not found:
            del self.fields["kind"]
            return
        self.fields["kind"].choices = [(k.code, f"{k.name}: {extension(k)}") for k in found]
        self.fields["until_on"].required = False
        self.fields["until_on"].help_text = "Left empty, it is as long as its kind allows."


class ExemptionForm(forms.Form):
    """A member is freed of what falls due for a while."""

    until_on = day("Last day", help_text="What falls due from today to this day is not owed.")
    approver = forms.CharField(label="Approved by", max_length=200, help_text="The body or person.")
    clause = forms.CharField(label="Clause", max_length=200, help_text="Where the rules allow it.")
    reason = reason("It stands in the member's record; the member reads it.")


class RecordForm(forms.Form):
    """What happened to a duty that is no return of answers, and when."""

    word = forms.ChoiceField(label="What happened")
    about_on = day("On", help_text="The day it happened, not the day you record it.")
    day = day("Valid until", required=False)

    def __init__(self, *args: object, words: Iterable[tuple[str, str]], **more: object) -> None:
        super().__init__(*args, **more)
        choices = list(words)
        self.fields["word"].choices = choices
        if "certified" not in dict(choices):
            del self.fields["day"]


class DescriptionForm(forms.Form):
    """What obligations depend on: size, country and fiscal year, from a day on."""

    size = forms.ChoiceField(label="Size", required=False)
    country = forms.RegexField(
        r"^[A-Z]{2}$", label="Country", required=False, help_text="Two letters, for example DE."
    )
    year_ends = forms.RegexField(
        r"^[0-9]{2}-[0-9]{2}$",
        label="Last day of the fiscal year",
        required=False,
        help_text="Month and day, for example 06-30.",
    )
    about_on = day("Since")

    def __init__(self, *args: object, sizes: Iterable[tuple[str, str]], **more: object) -> None:
        super().__init__(*args, **more)
        self.fields["size"].choices = [("", "as before"), *sizes]


class InvoiceForm(forms.Form):
    """A fee was invoiced."""

    obligation = forms.ChoiceField(label="Fee")
    key = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$",
        label="Number of the invoice",
        help_text="Letters, digits, dots and dashes, for example 2026-014.",
    )
    about_on = day("Invoiced on")
    day = day("Due on", required=False, help_text="Left empty, it is due when the rulebook says.")

    def __init__(self, *args: object, fees: Iterable[tuple[str, str]], **more: object) -> None:
        super().__init__(*args, **more)
        self.fields["obligation"].choices = list(fees)


class AnnouncementForm(forms.Form):
    """Days of a period that the edition leaves to be announced."""

    def __init__(
        self,
        *args: object,
        rules: Mapping[str, Announced],
        stand: Mapping[str, date | None],
        **more: object,
    ) -> None:
        super().__init__(*args, **more)
        for name, rule in rules.items():
            self.fields[name] = day(
                DAYS[name].capitalize(),
                required=False,
                initial=stand.get(name),
                help_text=f"Told {rule.ahead} ahead, by {rule.by}; {OTHERWISE[rule.otherwise]} "
                f"(clause {rule.clause}).",
            )
        self.fields["reason"] = reason("All members read it with the days.")

    def days(self) -> dict[str, date]:
        """Return the days that were typed."""
        typed = self.cleaned_data.items()
        return {name: value for name, value in typed if name != "reason" and value is not None}


class CircularForm(forms.Form):
    """Something that holds for all members."""

    sort = forms.ChoiceField(
        label="What",
        choices=[
            (TOLD.MORATORIUM, "A moratorium: nobody's time runs, from today"),
            (TOLD.MORATORIUM_ENDED, "The end of a moratorium: time runs again, from today"),
            (TOLD.OUTAGE, "An outage: what fell due in it is due on its last day"),
            (TOLD.CANCELLED, "A period is cancelled"),
        ],
    )
    obligation = forms.ChoiceField(
        label="On which obligation", required=False, help_text="For a moratorium and its end."
    )
    period = forms.ChoiceField(label="Which period", required=False, help_text="To cancel one.")
    from_on = day("First day of the outage", required=False)
    until_on = day(
        "Last day",
        required=False,
        help_text="Of the outage, or of a moratorium whose end is known.",
    )
    reason = reason("All members read it.")

    def __init__(
        self,
        *args: object,
        obligations: Iterable[tuple[str, str]],
        periods: Iterable[tuple[str, str]],
        **more: object,
    ) -> None:
        super().__init__(*args, **more)
        self.fields["obligation"].choices = [("all", "All obligations"), *obligations]
        self.fields["period"].choices = [("", "–"), *periods]

    def clean(self) -> dict:
        """Ask for the days and the period that the chosen act needs."""
        typed = super().clean()
        needed = {
            TOLD.OUTAGE: {"from_on": "name its first day", "until_on": "name its last day"},
            TOLD.CANCELLED: {"period": "choose the period"},
        }
        for name, message in needed.get(typed.get("sort"), {}).items():
            if not typed.get(name):
                self.add_error(name, f"{message.capitalize()}.")
        return typed
