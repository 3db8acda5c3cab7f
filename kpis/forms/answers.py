"""The shape of what people type into a return. Reading it is a matter of ``kpis.rules.reading``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.forms import DayField
from kpis.rules.marks import Mark, Outcome, outcomes
from kpis.rules.reading import (
    DOES_NOT_APPLY,
    NONE_OF_THESE,
    NOT_KNOWN,
    Typed,
    allowed,
    digits,
    fields_of,
)
from rulebooks.rules.answers import Answer
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.scales.labels import Choices
from rulebooks.rules.scales.outside import Findings, Money
from rulebooks.rules.scales.points import PointsScale

LABEL = "="  # before a label in a choice, so that no label can be taken for one of our words
INSTEAD_CHOICES = [(NOT_KNOWN, "Not known"), (DOES_NOT_APPLY, "Does not apply (say why)")]
MOST_POINTS_TO_CHOOSE = 30
OUTCOMES = {
    Outcome.VERIFIED: "Verified",
    Outcome.ADJUSTED: "Adjusted",
    Outcome.UNSUPPORTED: "Unsupported",
    Outcome.APPROVED: "Approved: it does not apply",
    Outcome.REFUSED: "Refused: it does apply",
    Outcome.JUDGED: "Judged as below",
}


class Digits(forms.TextInput):
    """A text field for a number: nothing is lost or rounded, whatever was typed."""

    def __init__(self) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off"})


class AnyOf(forms.MultipleChoiceField):
    """Several choices; whether they are allowed is for the scale to say."""

    def valid_value(self, value: str) -> bool:
        return True


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])


class FilesField(forms.FileField):
    """Any number of files; each is checked where it is received."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list:
        return [file for file in data or [] if file is not None]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AnswerForm(forms.Form):
    """The fields of one KPI. Always bound: to what was sent, or to what is saved."""

    def __init__(self, kpi: Kpi, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=kwargs.pop("prefix", kpi.code), **kwargs)
        self.kpi = kpi
        self.labelled = bool(kpi.scale.labels())
        for name in fields_of(kpi.scale):
            self.fields |= self._value_fields(name)
        if not self.labelled:
            self.fields["instead"] = forms.CharField(
                required=False,
                label="If there is no number",
                widget=forms.RadioSelect(choices=[("", "As above"), *INSTEAD_CHOICES]),
            )
        self.fields["note"] = forms.CharField(
            required=False, label="Note", widget=forms.Textarea({"rows": 2})
        )

    def _value_fields(self, name: str) -> dict[str, forms.Field]:
        if name == "counts":
            return {
                f"count-{place}": forms.CharField(required=False, label=severity, widget=Digits())
                for place, severity in enumerate(self.kpi.scale.points)
            }
        if isinstance(self.kpi.scale, Money) and name == "labels":
            currencies = [(currency, currency) for currency in self.kpi.scale.currencies]
            widget = forms.Select(
                choices=[*([("", "Choose")] * (len(currencies) > 1)), *currencies]
            )
            return {name: forms.CharField(required=False, label="Currency", widget=widget)}
        return {name: self._value_field(name)}

    def _value_field(self, name: str) -> forms.Field:
        scale, help_text = self.kpi.scale, allowed(self.kpi.scale)
        if self.labelled:
            choices = [(LABEL + label, label) for label in scale.labels()]
            if isinstance(scale, Choices):
                choices += [(NONE_OF_THESE, "None of these"), *INSTEAD_CHOICES]
                widget = forms.CheckboxSelectMultiple
                return AnyOf(
                    choices=choices,
                    required=False,
                    widget=widget,
                    label="Answer",
                    help_text=help_text,
                )
            return forms.CharField(
                required=False,
                label="Answer",
                widget=forms.RadioSelect(choices=[*choices, *INSTEAD_CHOICES]),
            )
        if isinstance(scale, PointsScale) and len(scale.allowed) <= MOST_POINTS_TO_CHOOSE:
            points = [(digits(number), digits(number)) for number in scale.allowed]
            widget = forms.Select(choices=[("", "Choose"), *points])
            return forms.CharField(required=False, label="Answer", widget=widget)
        label = getattr(scale, name, None) if name in {"numerator", "denominator"} else "Answer"
        shown = help_text if name == "number" else ""  # of a ratio it stands above both
        return forms.CharField(required=False, label=label, widget=Digits(), help_text=shown)

    def typed(self) -> Typed:
        """Return what was typed, whether or not it can be read."""
        sent = dict(self.cleaned_data)
        if not self.labelled:
            counts = tuple(
                (field.label, sent.get(name) or "")
                for name, field in self.fields.items()
                if name.startswith("count-")
            )
            sent["labels"] = (sent["labels"],) if sent.get("labels") else ()
            known = {n: v for n, v in sent.items() if n in Typed.__dataclass_fields__}
            return Typed(**known, counts=counts)
        chosen = sent.get("labels") or []
        chosen = [chosen] if isinstance(chosen, str) else chosen
        labels = tuple(c.removeprefix(LABEL) for c in chosen if c.startswith(LABEL))
        words = ",".join(c for c in chosen if not c.startswith(LABEL))
        return Typed(labels=labels, instead=words, note=sent.get("note", ""))

    def show(self, problems: Mapping[str, str]) -> None:
        """Set each problem beside its field."""
        for name, problem in problems.items():
            first = {"counts": "count-0"}.get(name, next(iter(self.fields)))
            known = name if name in self.fields else first
            self.add_error(known, problem)


class EvidenceForm(forms.Form):
    """Files for one KPI, the days that they cover, and those to be removed."""

    files = FilesField(required=False, label="Add evidence")
    covers_from = DayField(required=False, label="It covers from", widget=DayInput())
    covers_until = DayField(required=False, label="until", widget=DayInput())
    remove = forms.TypedMultipleChoiceField(required=False, coerce=int)

    def __init__(self, kpi: Kpi, held: Mapping[int, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"{kpi.code}-evidence", **kwargs)
        self.kpi, self.held = kpi, list(held.values())
        self.fields["remove"].choices = [(pk, pk) for pk in held]


def sent_by(kpi: Kpi, typed: Typed) -> dict[str, Any]:
    """Return the fields as a browser would send them for what was typed."""
    prefix = kpi.code
    if not kpi.scale.labels():
        texts = {name: getattr(typed, name) for name in Typed.__dataclass_fields__}
        texts["labels"] = "".join(typed.labels)
        counts = dict(typed.counts)
        if isinstance(kpi.scale, Findings):
            for place, severity in enumerate(kpi.scale.points):
                texts[f"count-{place}"] = counts.get(severity, "")
        return {f"{prefix}-{name}": text for name, text in texts.items()}
    chosen = [LABEL + label for label in typed.labels] + ([typed.instead] if typed.instead else [])
    labels = chosen if isinstance(kpi.scale, Choices) else (chosen or [""])[0]
    return {f"{prefix}-labels": labels, f"{prefix}-note": typed.note}


class MarkForm(AnswerForm):
    """What is said about one value: an outcome, the reason, the value instead."""

    def __init__(self, kpi: Kpi, filed: Answer, *args: Any, **kwargs: Any) -> None:
        super().__init__(kpi, *args, **kwargs)
        del self.fields["note"]
        self.fields.pop("instead", None)
        if self.labelled:
            field = self.fields["labels"]
            words = {NOT_KNOWN, DOES_NOT_APPLY}
            kept = [choice for choice in field.widget.choices if choice[0] not in words]
            field.widget.choices = kept
        words = [(outcome.value, OUTCOMES[outcome]) for outcome in outcomes(kpi, filed)]
        outcome = forms.CharField(
            required=False,
            label="Your word on it",
            widget=forms.RadioSelect(choices=[("", "As it stands"), *words]),
        )
        reason = forms.CharField(
            required=False,
            label="Reasons" if not kpi.is_asked else "Reason (needed unless verified)",
            widget=forms.Textarea({"rows": 2}),
        )
        self.fields = {"outcome": outcome, "reason": reason, **self.fields}

    def mark(self) -> Mark | None:
        """Return the mark, None where nothing was said."""
        sent = self.cleaned_data
        if not sent.get("outcome"):
            return None
        return Mark(sent["outcome"], sent.get("reason", ""), self.typed())
