"""The draft of an edition, pasted or as a file, and what belongs to it."""

from __future__ import annotations

from django import forms

from rulebooks.rules.document import MAX_BYTES

MOST_LEGAL_BYTES = 20_000_000


class DraftForm(forms.Form):
    file = forms.FileField(
        label="File", required=False, help_text="A YAML file as docs/rulebook.md describes it."
    )
    text = forms.CharField(
        label="or the text itself",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"spellcheck": "false", "class": "code"}),
    )
    after = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        """Line ends as they were typed: browsers send others."""
        return self.cleaned_data["text"].replace("\r\n", "\n")

    def clean(self) -> dict:
        values = super().clean()
        file = values.get("file")
        if file and file.size > MAX_BYTES:
            self.add_error("file", f"{file.size:,} bytes are too many; at most {MAX_BYTES:,}.")
        elif file:
            values["text"] = file.read()
        elif not self.errors and not values.get("text", "").strip():
            self.add_error("file", "Choose a file, or paste the text below.")
        return values


class LegalTextForm(forms.Form):
    file = forms.FileField(
        label="The adopted text", help_text="As a PDF, or as plain text in UTF-8; at most 20 MB."
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MOST_LEGAL_BYTES:
            raise forms.ValidationError(
                f"{file.size:,} bytes are too many; at most {MOST_LEGAL_BYTES:,}."
            )
        return file


class CountersignForm(forms.Form):
    sha256 = forms.CharField(widget=forms.HiddenInput)
    legal_sha256 = forms.CharField(widget=forms.HiddenInput)
    compared = forms.BooleanField(
        label="I compared the draft with the legal text, part by part, and found that it says the "
        "same."
    )
