"""A whole return as a form: one question for each KPI, what is held, and what is still needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.files import File

from kpis.forms.answers import AnswerForm, EvidenceForm, sent_by
from kpis.forms.sites import no_site_form
from kpis.models import Evidence, Return
from kpis.rules.completeness import policy
from kpis.rules.confidentiality import SEEN_BY
from kpis.rules.reading import Typed, allowed, fields_of
from kpis.selectors import sites_held
from rulebooks.rules.indicators import Kpi

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class ReasonForm(forms.Form):
    """Why a return is sent back or corrected."""

    reason = forms.CharField(max_length=2_000, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, label: str = "What has to change, and why", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label


@dataclass(slots=True)
class Question:
    """One KPI on the page."""

    kpi: Kpi
    answer: AnswerForm
    evidence: EvidenceForm | None
    before: str = ""
    need: str = ""
    sites: int = 0

    @property
    def of_sites(self) -> str:
        """Say, of a KPI that sites answer, where the answers come from and how many are held."""
        held = "one site is" if self.sites == 1 else f"{self.sites or 'no'} sites are"
        return f"Each site answers this; the answers of {held} held."

    @property
    def anchor(self) -> str:
        return f"kpi-{self.kpi.code}"

    @property
    def seen_by(self) -> str:
        return SEEN_BY[self.kpi.confidentiality]

    @property
    def policy(self) -> str:
        return policy(self.kpi)

    @property
    def has_parts(self) -> bool:
        """Whether several fields make one answer, so that what is allowed stands above them."""
        return not self.kpi.per_site and fields_of(self.kpi.scale)[0] in ("numerator", "counts")

    @property
    def unit(self) -> str:
        """The unit that stands in the field; parts and amounts of money have none there."""
        return self.kpi.unit if fields_of(self.kpi.scale) == ("number",) else ""

    @property
    def allowed(self) -> str:
        return allowed(self.kpi.scale)

    @property
    def is_begun(self) -> bool:
        """Whether something stands there; before that, what is needed goes without saying."""
        typed = self.answer.typed()
        return bool(typed.given() or typed.instead)

    @property
    def is_wrong(self) -> bool:
        return bool(self.answer.errors or (self.evidence and self.evidence.errors))

    def problems(self) -> Iterator[dict[str, str]]:
        """Yield each error with the address of its field, for the summary."""
        for form in filter(None, (self.answer, self.evidence)):
            for name, errors in form.errors.items():
                href = f"#{self.anchor}" if name == "__all__" else f"#{form[name].auto_id}"
                for error in errors:
                    yield {"text": f"{self.kpi.title}: {error}", "href": href}


class ReturnForm:
    """The questions of a return, bound to what was sent or to what is saved."""

    def __init__(
        self,
        draft: Return,
        *,
        typed: Mapping[str, Typed],
        before: Mapping[str, str],
        data: Any = None,
        files: Any = None,
    ) -> None:
        held: dict[str, dict[int, Evidence]] = {}
        for evidence in draft.evidence.order_by("pk"):
            held.setdefault(evidence.kpi, {})[evidence.pk] = evidence
        self.is_sent = data is not None
        self.seen = _moment(data.get("seen", "")) if self.is_sent else draft.saved_at
        sites = sites_held(draft)
        self.questions = [
            Question(
                kpi,
                _answer(kpi, typed.get(kpi.code), data),
                None
                if kpi.evidence == "none"
                else EvidenceForm(kpi, held.get(kpi.code, {}), data=data, files=files),
                before=before.get(kpi.code, ""),
                sites=sites.get(kpi.code, 0),
            )
            for kpi in draft.edition.document.kpis
            if kpi.is_asked
        ]
        for question in self.questions:
            question.answer.full_clean()
        self.problem = ""

    def typed(self) -> dict[str, Typed]:
        asked = (q for q in self.questions if not (q.kpi.per_site and q.sites))
        return {question.kpi.code: question.answer.typed() for question in asked}

    def uploads(self) -> Iterator[tuple[Question, File, date | None, date | None]]:
        """Yield each file sent, with the days it covers; none where those days are wrong."""
        for question in self.questions:
            form = question.evidence
            if form is not None and form.is_valid():
                sent = form.cleaned_data
                for file in sent["files"]:
                    yield question, file, sent["covers_from"], sent["covers_until"]

    def removals(self) -> list[int]:
        forms_sent = [q.evidence for q in self.questions if q.evidence and q.evidence.is_valid()]
        return [pk for form in forms_sent for pk in form.cleaned_data["remove"]]

    def show(self, problems: Mapping[str, Mapping[str, str]]) -> None:
        """Set each problem beside its field: KPI → field → what is wrong."""
        for question in self.questions:
            question.answer.show(problems.get(question.kpi.code, {}))

    def show_needs(self, needs: Mapping[str, str], *, as_errors: bool = False) -> None:
        """Say at each KPI what it still needs."""
        for question in self.questions:
            question.need = needs.get(question.kpi.code, "")
            if as_errors and question.need and not question.is_wrong:
                question.answer.add_error(None, question.need)

    @property
    def errors(self) -> list[dict[str, str]]:
        own = [{"text": self.problem, "href": ""}] if self.problem else []
        return own + [problem for q in self.questions for problem in q.problems()]

    @property
    def needed(self) -> list[Question]:
        return [question for question in self.questions if question.need]


def _answer(kpi: Kpi, typed: Typed | None, data: Any) -> AnswerForm:
    """Return the form of one KPI, bound to what was sent, or to what is saved."""
    if kpi.per_site:
        return no_site_form(kpi, typed, data)
    return AnswerForm(kpi, data=sent_by(kpi, typed) if data is None else data)


def _moment(text: str) -> datetime:
    """Read the moment that a form carries; one that cannot be read is before everything."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return LONG_AGO
    return found if found.tzinfo else LONG_AGO
