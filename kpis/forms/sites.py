"""What people fill in about sites: one to add, and what one answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms

from kpis.forms.answers import INSTEAD_CHOICES, AnswerForm, sent_by
from kpis.models import SiteValue
from kpis.rules.confidentiality import SEEN_BY
from kpis.rules.reading import Reading, Typed, allowed, fields_of, typed_of
from kpis.rules.sites import CODE_OF_SITE
from rulebooks.rules.answers import MISSING
from rulebooks.rules.indicators import Kpi


class SiteForm(forms.Form):
    """A site to add."""

    code = forms.RegexField(
        CODE_OF_SITE,
        label="Code of the site",
        help_text="As you call it, such as plant-2. The same code in every period.",
        error_messages={
            "invalid": "Begin with a letter or digit; then letters, digits and . _ -, up to 40."
        },
    )
    name = forms.CharField(max_length=200, required=False)
    country = forms.CharField(max_length=60, required=False)


class SiteAnswerForm(AnswerForm):
    """What a site answers to one KPI: the answer alone, its note stands in the return."""

    def __init__(self, kpi: Kpi, *args: Any, **kwargs: Any) -> None:
        super().__init__(kpi, *args, **kwargs)
        del self.fields["note"]
        widgets = [self.fields[name].widget for name in ("instead", "labels")
                   if name in self.fields]  # fmt: skip
        for widget in widgets:
            # A site says no reasons, so what does not apply is said in one word.
            widget.choices = [
                (value, "Does not apply" if value == "not_applicable" else words)
                for value, words in widget.choices
            ]

    @property
    def seen_by(self) -> str:
        return SEEN_BY[self.kpi.confidentiality]

    @property
    def unit(self) -> str:
        return self.kpi.unit if fields_of(self.kpi.scale) == ("number",) else ""

    @property
    def allowed(self) -> str:
        return allowed(self.kpi.scale) if fields_of(self.kpi.scale)[0] != "number" else ""


class NoSiteForm(AnswerForm):
    """What is said of a KPI where no site is named: that it is not known, or does not apply."""

    def __init__(self, kpi: Kpi, *args: Any, **kwargs: Any) -> None:
        super().__init__(kpi, *args, **kwargs)
        self.labelled = False
        said = forms.CharField(
            required=False,
            label="If no site answers it",
            widget=forms.RadioSelect(choices=[("", "Sites answer it"), *INSTEAD_CHOICES]),
        )
        self.fields = {"instead": said, "note": self.fields["note"]}


def no_site_form(kpi: Kpi, typed: Typed | None, data: Any = None) -> NoSiteForm:
    """Return the form bound to what was sent, or to what is saved."""
    if data is None:
        data = {f"{kpi.code}-instead": typed.instead, f"{kpi.code}-note": typed.note}
    return NoSiteForm(kpi, data=data)


def answer_forms(
    kpis: tuple[Kpi, ...], rows: Mapping[str, SiteValue], data: Any = None
) -> list[SiteAnswerForm]:
    """Return a form for each KPI, bound to what was sent or to what the site answered."""
    made = []
    for kpi in kpis:
        answer = rows[kpi.code].answer if kpi.code in rows else MISSING
        sent = data if data is not None else sent_by(kpi, typed_of(kpi, answer, ""))
        form = SiteAnswerForm(kpi, data=sent)
        form.full_clean()
        made.append(form)
    return made


def problems(found: Mapping[str, Reading], made: list[SiteAnswerForm]) -> Iterator[dict[str, str]]:
    """Set each problem beside its field, and yield it with the address of that field."""
    for form in made:
        if form.kpi.code in found:
            form.show(found[form.kpi.code].problems)
        for name, errors in form.errors.items():
            href = f"#kpi-{form.kpi.code}" if name == "__all__" else f"#{form[name].auto_id}"
            yield from ({"text": f"{form.kpi.title}: {error}", "href": href} for error in errors)
