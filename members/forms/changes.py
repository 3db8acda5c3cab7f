"""Forms of what changes a membership."""

from __future__ import annotations

import re
from datetime import date

from django import forms
from django.db.models import QuerySet

from accounts.forms import DayField
from members import selectors
from members.forms.applications import PlaceField
from members.models import Member, Organisation
from members.services import Choices
from rulebooks.rules.belonging import ContactRole, Merger
from rulebooks.rules.edition import Edition

CODE = re.compile(r"[^\s,;]+")
MOST_CODES = 20
DAY = forms.DateInput(attrs={"type": "date"})
FOLLOWS = (("follow", "Follow to the other"), ("stay", "Stay where they are"))
ENDS = (("follow", "Follow to the other"), ("end", "Fall away"))


class ClassForm(forms.Form):
    from_on = DayField(label="From", widget=DAY, help_text="Today or a later day.")

    def __init__(self, *args, edition: Edition, body: str = "", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"] = PlaceField(edition, label="Class and chamber")
        self.order_fields(["place", "from_on"])
        if body:
            self.fields["decision"] = decision_field(body)

    def clean_from_on(self) -> date:
        """Refuse a day out of reach, of which no preview could be made."""
        day, today = self.cleaned_data["from_on"], self.initial["from_on"]
        last = selectors.last_day_to_change(today)
        if not today <= day <= last:
            raise forms.ValidationError(f"Write a day from {today} to {last}.")
        return day


class ClassRequestForm(ClassForm):
    reason = forms.CharField(label="Why", max_length=5_000, widget=forms.Textarea)


def decision_field(body: str) -> forms.IntegerField:
    return forms.IntegerField(
        label="Number of the decision in the record",
        min_value=1,
        max_value=2**62,
        help_text=f"{body} decides on this by the edition; the clerk records that it agreed.",
    )


class RenameForm(forms.Form):
    name = forms.CharField(label="New name", max_length=200)
    from_on = DayField(label="From", widget=DAY, help_text="A day that has come.")


class CodeField(forms.CharField):
    """A member by its code, among those that somebody may read."""

    def __init__(self, members: QuerySet[Member], **kwargs) -> None:
        super().__init__(**{"max_length": 20, **kwargs})
        self.members = members

    def clean(self, value: str) -> Member:
        code = super().clean(value).upper()
        found = self.members.filter(code=code).select_related("organisation").first()
        if found is None:
            raise forms.ValidationError("No member has this code; it looks like M0042.")
        return found


class CodesField(CodeField):
    """Several members by their codes, apart by commas or spaces."""

    def clean(self, value: str) -> list[Member]:
        text = forms.CharField.clean(self, value)
        codes = dict.fromkeys(code.upper() for code in CODE.findall(text))
        if len(codes) > MOST_CODES:
            raise forms.ValidationError(f"At most {MOST_CODES} at a time.")
        found = {one.code: one for one in self.members.filter(code__in=codes)}
        if unknown := [code for code in codes if code not in found]:
            message = f"No member has the code {' or '.join(unknown)}; it looks like M0042."
            raise forms.ValidationError(message)
        return [found[code] for code in codes]


class OtherMemberForm(forms.Form):
    def __init__(self, *args, members: QuerySet[Member], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"] = CodeField(members, label="Code of the other member")
        self.order_fields(["other"])


class MergeForm(OtherMemberForm):
    obligations = forms.ChoiceField(label="What it still owes", choices=ENDS)
    cases = forms.ChoiceField(label="Measures of its cases", choices=FOLLOWS)
    signatures = forms.ChoiceField(label="What it has signed", choices=FOLLOWS)
    history = forms.BooleanField(
        label="The people of the other read its record as their own",
        required=False,
        initial=True,
        help_text="They have to where a case is open: they answer in it.",
    )
    reasons = forms.CharField(
        label="Reasons for what is chosen",
        required=False,
        max_length=5_000,
        widget=forms.Textarea,
    )

    def __init__(self, *args, members: QuerySet[Member], rule: Merger | None, **kwargs) -> None:
        super().__init__(*args, members=members, **kwargs)
        self.fields["also"] = CodesField(
            members.select_related("organisation"),
            label="Codes of others that become part of it too",
            required=False,
            max_length=500,
            help_text="“M0042, M0043”: on the same day, by the same choices, all or none. "
            "Leave it empty where it is one.",
        )
        self.order_fields(["other", "also"])
        for name in ("obligations", "cases", "signatures"):
            if rule is not None and (stated := getattr(rule, name)) is not None:
                field = self.fields[name]
                field.choices = [one for one in field.choices if one[0] == stated]
                field.help_text = f"As clause {rule.clause} says."
        if rule is not None and rule.decided_by:
            self.fields["decision"] = decision_field(rule.decided_by)

    def clean(self) -> dict:
        said = super().clean()
        if said.get("other") in said.get("also", ()):
            self.add_error("also", "The other member does not become part of itself.")
        return said

    def choices(self) -> Choices:
        names = ("obligations", "cases", "signatures", "history", "reasons")
        return Choices(**{name: self.cleaned_data[name] for name in names})


class TransferForm(forms.Form):
    to = forms.ModelChoiceField(
        Organisation.objects.none(), label="Organisation", empty_label="Choose"
    )

    def __init__(self, *args, organisations: QuerySet[Organisation], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = organisations


class SectorsForm(forms.Form):
    sectors = forms.MultipleChoiceField(
        label="Sectors in which it works",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Whoever shares one competes with it, where the edition says so.",
    )
    source = forms.CharField(
        label="Source", max_length=200, help_text="“Annual report 2025, page 4”"
    )

    def __init__(self, *args, edition: Edition, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sectors"].choices = [
            (one.code, f"{one.name} ({one.code})") for one in edition.sectors
        ]


class GroupForm(forms.Form):
    group = forms.CharField(label="Corporate group", max_length=200)
    source = forms.CharField(
        label="Source", max_length=200, help_text="“Annual report 2025, page 40”"
    )
    from_on = DayField(label="Since", widget=DAY)


class PersonForm(forms.Form):
    name = forms.CharField(label="Name", max_length=150)
    email = forms.EmailField(label="E-mail", max_length=254)
    phone = forms.CharField(label="Telephone", max_length=40, required=False)


class ContactForm(PersonForm):
    role = forms.ChoiceField(label="Role")

    def __init__(self, *args, roles: list[ContactRole], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.code, role.name) for role in roles]
        self.order_fields(["role", "name", "email", "phone"])
