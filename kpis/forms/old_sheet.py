"""The old spreadsheet, and how it is read."""

from __future__ import annotations

from pathlib import Path

from django import forms

from kpis.rules.profiles import Profile, XlsxFile
from rulebooks.rules.document import Invalid
from targets.models import Period

PROFILES = Path(__file__).resolve().parent.parent / "profiles"
DEFAULT = PROFILES / "who-filed.yaml"
MOST_BYTES = 20 * 1024 * 1024


class OldSheetForm(forms.Form):
    """A period, the sheet that says who filed for it, and the profile by which it is read."""

    period = forms.ModelChoiceField(queryset=Period.objects.none(), to_field_name="code")
    sheet = forms.FileField(
        help_text="CSV or XLSX with the columns Member, Status and Filed on (YYYY-MM-DD), "
        "or whatever the profile below says."
    )
    profile = forms.FileField(
        required=False, label="Profile", help_text="YAML, for a sheet with other columns."
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].queryset = Period.objects.of_all().order_by("-about_from", "-pk")

    def clean_sheet(self):
        sheet = self.cleaned_data["sheet"]
        if sheet.size > MOST_BYTES:
            raise forms.ValidationError(f"at most {MOST_BYTES // 2**20} MB")
        return sheet

    def clean_profile(self) -> Profile:
        sent = self.cleaned_data.get("profile")
        try:
            return Profile.load(sent.read() if sent else DEFAULT.read_bytes())
        except Invalid as error:
            raise forms.ValidationError(f"The profile cannot be read: {error}") from None

    def clean(self) -> dict:
        """Read a workbook as one, whatever kind of file the profile was written for."""
        typed = super().clean()
        sheet, profile = typed.get("sheet"), typed.get("profile")
        is_workbook = sheet is not None and sheet.name.lower().endswith(".xlsx")
        if is_workbook and profile and not isinstance(profile.file, XlsxFile):
            typed["profile"] = profile.model_copy(update={"file": XlsxFile(kind="xlsx")})
        return typed
