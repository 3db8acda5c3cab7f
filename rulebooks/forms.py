"""The draft of an edition: pasted, or as a file."""

from __future__ import annotations

from django import forms

from rulebooks.rules.document import MAX_BYTES


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
