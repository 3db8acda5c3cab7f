"""Forms of organisations, mandates and assignments."""

from __future__ import annotations

from django import forms

from accounts.models import User
from members.forms.countries import CountryField
from members.models import POST_LABELS, Organisation


class PersonField(forms.EmailField):
    """A user by e-mail, in whatever case; nobody where it is left empty and may be."""

    def clean(self, value: str) -> User | None:
        email = super().clean(value)
        if not email:
            return None
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
    country = CountryField(label="Country", max_length=60, required=False)
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


class SuccessorForm(forms.Form):
    successor = PersonField(
        label="E-mail of the successor",
        max_length=254,
        help_text="Of somebody with an account. Mandates and contact roles are theirs from today.",
    )

    def __init__(self, *args, needed: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not needed:
            self.fields["successor"].required = False


class AffiliationForm(forms.Form):
    user = PersonField(label="E-mail of a person who belongs to it", max_length=254)
