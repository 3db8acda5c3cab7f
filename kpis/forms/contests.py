"""Shape of a contest, and of the answer to it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from kpis.models import Contest
from kpis.services.contests import LONGEST
from rulebooks.rules.edition import Edition

ANSWERS = (Contest.Outcome.UPHELD, Contest.Outcome.REJECTED)


class ContestForm(forms.Form):
    """What of a card is wrong, and why."""

    of = forms.ChoiceField(label="What is wrong", required=False)
    reasons = forms.CharField(
        label="Why, and by which evidence it shows",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 5}),
    )

    def __init__(self, *args: Any, edition: Edition, allowed: Collection[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        tree = edition.tree
        kpis = [k for k in tree.kpis.values() if k.confidentiality in allowed]
        self.fields["of"].choices = [
            ("", "The score as a whole"),
            *((node.code, node.title) for node in tree.nodes.values()),
            *((kpi.code, kpi.title) for kpi in kpis),
        ]


class ContestAnswerForm(forms.Form):
    """Whether a contest is upheld, and why."""

    outcome = forms.ChoiceField(
        label="Answer",
        choices=[(one.value, one.label) for one in ANSWERS],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label="Why; the member reads it",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
    )
