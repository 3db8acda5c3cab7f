"""Shapes of what comes in about members."""

from __future__ import annotations

from datetime import date

from django import forms

from accounts.models import User
from members.models import POST_LABELS, Organisation
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


class PersonField(forms.EmailField):
    """A user by e-mail, in whatever case."""

    def clean(self, value: str) -> User:
        email = super().clean(value)
        person = User.objects.filter(email__iexact=email, is_active=True).first()
        if person is None:
            raise forms.ValidationError(
                "Nobody signs in with this e-mail. A system administrator creates users."
            )
        return person


class MandateForm(forms.Form):
    user = PersonField(label="E-mail", max_length=254, help_text="Of somebody with an account.")
    post = forms.ChoiceField(
        label="Acts as", choices=[(post.value, label) for post, label in POST_LABELS.items()]
    )
    capacity = forms.CharField(
        label="In what capacity",
        max_length=100,
        help_text="As it stands with a signature: “Chief executive”, “Counsel by power of 3 May”.",
    )


class AssignmentForm(forms.Form):
    user = forms.ModelChoiceField(User.objects.none(), label="Auditor", empty_label="Choose")

    def __init__(self, *args, auditors, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = auditors
        self.fields["user"].label_from_instance = lambda person: f"{person.name}, {person.email}"


class OrganisationForm(forms.Form):
    name = forms.CharField(label="Name", max_length=200)
    sort = forms.ChoiceField(label="Sort", choices=Organisation.Sort)
    country = forms.CharField(label="Country", max_length=60, required=False)
    identifier = forms.CharField(
        label="Identifier",
        max_length=60,
        required=False,
        help_text="LEI or registry number, if there is one.",
    )

    def clean_identifier(self) -> str:
        identifier = self.cleaned_data["identifier"].strip()
        if identifier and Organisation.objects.filter(identifier=identifier).exists():
            raise forms.ValidationError("An organisation with this identifier is there already.")
        return identifier


class AffiliationForm(forms.Form):
    user = PersonField(label="E-mail of a person who belongs to it", max_length=254)


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

    served_on = forms.DateField(
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
