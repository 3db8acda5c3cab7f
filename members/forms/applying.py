"""Forms of applying without an account, and of commenting on an application."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from django import forms
from django.core.cache import cache
from django.utils import timezone

from members.forms.applications import PlaceField
from members.forms.countries import CountryField
from members.models import Application, Member
from rulebooks.rules.edition import Edition
from rulebooks.rules.joining import Admission, ApplicationQuestion, closed_because
from rulebooks.rules.joining.parts import LONGEST_ANSWER

PAUSE = timedelta(hours=1)
MOST_OF_AN_EMAIL, MOST_OF_AN_ADDRESS = 6, 40
MOST_SITES = 500
READERS = {
    "staff": "secretariat",
    "staff_and_body": "secretariat and the body that decides",
}


class Requests:
    """How many links were asked for within an hour, by one e-mail or from one address.

    It counts what is asked and not what is there, so it gives nothing away.
    """

    def __init__(self, what: str, most: int) -> None:
        self.key = "apply:" + sha256(what.lower().encode()).hexdigest()
        self.most = most

    def allow(self) -> bool:
        """Count one more and return whether it is within what is allowed."""
        cache.add(f"{self.key}:until", timezone.now() + PAUSE, PAUSE.total_seconds())
        cache.add(self.key, 0, PAUSE.total_seconds())
        try:
            return cache.incr(self.key) <= self.most
        except ValueError:  # it expired just now
            return True

    def until(self) -> datetime:
        return cache.get(f"{self.key}:until") or timezone.now() + PAUSE


class LinkForm(forms.Form):
    """Ask for the link of what was begun. The answer is the same whether there is anything."""

    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="The link of the application is sent there.",
    )

    def __init__(self, *args, address: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.address = address

    def clean(self) -> dict:
        values = super().clean()
        if self.errors:
            return values
        limits = (
            Requests(values["email"], MOST_OF_AN_EMAIL),
            Requests(f"from {self.address}", MOST_OF_AN_ADDRESS),
        )
        for limit in limits:
            if not limit.allow():
                again = timezone.localtime(limit.until())
                raise forms.ValidationError(f"Too many links were asked for. Ask at {again:%H:%M}.")
        return values


class BeginForm(LinkForm):
    """Begin an application: who applies, and for which class and chamber."""

    name = forms.CharField(
        label="Name of the organisation",
        max_length=200,
        help_text="As it stands in its register.",
    )
    country = CountryField(max_length=60, help_text="Where the organisation is registered.")

    def __init__(self, *args, edition: Edition, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"] = PlaceField(edition, label="Class and chamber")
        self.order_fields(["name", "country", "email", "place"])


class DraftForm(forms.Form):
    """All that the edition asks of an applicant. Nothing is required until it is filed."""

    name = forms.CharField(label="Name of the organisation", max_length=200)
    country = CountryField(max_length=60, required=False)

    def __init__(self, *args, application: Application, admission: Admission | None, **kwargs):
        self.admission = admission
        super().__init__(*args, initial=_initial(application), **kwargs)
        if admission is None:
            self.fields["statement"] = forms.CharField(
                label="Why you apply", required=False, max_length=5_000, widget=forms.Textarea
            )
            return
        self.fields["number"] = forms.CharField(
            label="Number in its register",
            required=False,
            max_length=60,
            help_text="Such as its LEI or company number: it tells it from others of its name.",
        )
        for question in admission.questions:
            self.fields[f"answer-{question.code}"] = _answer(question)
        if admission.corporate_group != "none":
            self.fields["group"] = forms.CharField(
                label="Corporate group",
                required=False,
                max_length=200,
                help_text="The company that controls yours in the end, or “none”.",
            )
        if admission.sectors != "none":
            self.fields["sectors"] = forms.MultipleChoiceField(
                required=False,
                choices=[(s.code, s.name) for s in application.edition.document.sectors],
                widget=forms.CheckboxSelectMultiple,
                help_text="Those in which you sell. They tell who competes with you.",
            )
        if admission.sites != "none":
            self.fields["sites"] = forms.CharField(
                required=False,
                max_length=LONGEST_ANSWER * 5,
                widget=forms.Textarea(attrs={"rows": 4}),
                help_text="One a line, with its country behind a comma: Mill Street 4, India",
            )
        for contact in admission.contacts:
            self._contact(contact.code, contact.name)
        for document in admission.documents:
            self.fields[f"document-{document.code}"] = forms.FileField(
                label=document.title,
                required=False,
                allow_empty_file=True,
                help_text=f"{document.help or ''} At most 10 MB.".strip(),
            )

    def _contact(self, code: str, name: str) -> None:
        self.fields[f"contact-{code}-name"] = forms.CharField(
            label=f"{name}: name", required=False, max_length=200
        )
        self.fields[f"contact-{code}-email"] = forms.EmailField(
            label=f"{name}: e-mail", required=False, max_length=254
        )

    def clean_sites(self) -> list[dict[str, str]]:
        lines = [line.strip() for line in self.cleaned_data["sites"].splitlines() if line.strip()]
        if len(lines) > MOST_SITES:
            raise forms.ValidationError(f"{len(lines)} sites; at most {MOST_SITES} are taken.")
        sites = []
        for line in lines:
            name, _, country = line.rpartition(",")
            if not name.strip() or not country.strip():
                raise forms.ValidationError(f"“{line[:60]}” has no country: Mill Street 4, India")
            sites.append({"name": name.strip()[:200], "country": country.strip()[:60]})
        return sites

    def content(self) -> dict:
        """Return what was typed, as an application holds it."""
        said = self.cleaned_data
        admission = self.admission
        if admission is None:
            return {}
        return {
            "answers": {q.code: said[f"answer-{q.code}"] for q in admission.questions},
            "contacts": {
                c.code: {key: said[f"contact-{c.code}-{key}"] for key in ("name", "email")}
                for c in admission.contacts
            },
            "number": said.get("number", ""),
            "sectors": said.get("sectors", []),
            "sites": said.get("sites", []),
            "group": said.get("group", ""),
        }

    def handed_in(self) -> list[tuple[str, object]]:
        """Return the documents that came with it, each with the code it is asked by."""
        asked = self.admission.documents if self.admission else ()
        found = [(one.code, self.cleaned_data.get(f"document-{one.code}")) for one in asked]
        return [(code, file) for code, file in found if file]

    @property
    def rows(self) -> list[tuple[forms.BoundField, str, bool]]:
        """Each field but name, country and documents: who reads it, and whether it is optional."""
        asked = {q.code: q for q in (self.admission.questions if self.admission else ())}
        roles = {c.code: c for c in (self.admission.contacts if self.admission else ())}
        found = []
        for name in self.fields:
            kind, _, code = name.partition("-")
            if kind in ("name", "country", "document"):
                continue
            part = asked.get(code) or roles.get(code.rpartition("-")[0])
            readers = READERS[getattr(part, "seen_by", "staff_and_body")]
            optional = name == "number" or (part is not None and not part.required)
            found.append((self[name], readers, optional))
        return found


def _initial(application: Application) -> dict[str, str]:
    """Return what was saved, by the names of the fields."""
    typed = application.content
    found = {
        "name": application.name,
        "country": application.country,
        "statement": application.statement,
        "number": typed.get("number", ""),
        "sectors": typed.get("sectors", []),
        "group": typed.get("group", ""),
        "sites": "\n".join(f"{s['name']}, {s['country']}" for s in typed.get("sites", [])),
    }
    found |= {f"answer-{code}": said for code, said in typed.get("answers", {}).items()}
    for code, contact in typed.get("contacts", {}).items():
        found |= {f"contact-{code}-{key}": said for key, said in contact.items()}
    return found


def _answer(question: ApplicationQuestion) -> forms.Field:
    told = {"label": question.title, "required": False, "help_text": question.help or ""}
    if question.answer in ("choice", "yes_no"):
        choices = [(c, c) for c in question.choices] or [("yes", "Yes"), ("no", "No")]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **told)
    if question.answer == "number":
        unit = f" ({question.unit})" if question.unit else ""
        told["label"] += unit
        return forms.CharField(
            max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **told
        )
    most = question.at_most or LONGEST_ANSWER
    told["help_text"] = f"{told['help_text']} At most {most:,} characters.".strip()
    return forms.CharField(
        max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 5}), **told
    )


class WordsForm(forms.Form):
    """A reply to a comment, or an appeal: some words."""

    text = forms.CharField(
        label="Why the refusal is wrong",
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Say something, or leave it."},
    )


class CommentForm(forms.Form):
    """A member's comment on an application: about one criterion, with evidence."""

    member = forms.ModelChoiceField(
        Member.objects.none(), label="For member", to_field_name="code", empty_label=None
    )
    criterion = forms.ChoiceField(widget=forms.RadioSelect)
    text = forms.CharField(
        label="What is so",
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="It goes to the secretariat and the body that decides. It is no vote.",
    )
    evidence = forms.CharField(
        label="Evidence, or where it is found",
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    file = forms.FileField(label="Evidence as a file", required=False, help_text="At most 10 MB.")
    competitor = forms.BooleanField(label="The applicant competes with us", required=False)

    def __init__(self, *args, members, admission: Admission, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members
        self.fields["criterion"].choices = [
            (one.code, f"{one.text} (clause {one.clause})") for one in admission.criteria
        ]

    def clean(self) -> dict:
        values = super().clean()
        if not values.get("evidence") and not values.get("file"):
            self.add_error("evidence", "A comment carries evidence: a text or a file.")
        return values


def open_places(edition: Edition, *, on) -> list[tuple[str, str]]:
    """Return each class with why it takes no application on a day, empty where it does."""
    found = []
    for made in edition.classes:
        admission = edition.admission_to(made.code, on=on)
        found.append((made, closed_because(admission, on=on) if admission else ""))
    return found
