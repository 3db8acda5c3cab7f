"""What lists of breaches and cases are narrowed by, on pages and in the API alike."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet

from members.models import Span
from suspensions.models import Breach, Case
from suspensions.rules.procedure import OPEN, BreachStage, Stage
from suspensions.rules.words import BREACHES, STAGES


class BreachFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        choices=[(state.value, BREACHES[state][0]) for state in BreachStage],
        help_text="Where the breach stands today.",
    )
    member = django_filters.CharFilter(field_name="member__code", help_text="A member's code.")
    rule = django_filters.CharFilter(
        field_name="key", method="of_rule", help_text="The code of the breach rule."
    )
    in_case = django_filters.BooleanFilter(
        field_name="case",
        lookup_expr="isnull",
        exclude=True,
        help_text="Whether a case was opened.",
    )

    class Meta:
        model = Breach
        fields = ["state", "member", "rule", "in_case"]

    def of_rule(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(key__startswith=f"{value}:")


class QuietFilter(django_filters.FilterSet):
    member = django_filters.CharFilter(field_name="member__code", help_text="A member's code.")
    rule = django_filters.CharFilter(help_text="The code of the breach rule.")
    edition = django_filters.CharFilter(help_text="The code of the edition it was derived from.")

    class Meta:
        model = Span
        fields = ["member", "rule", "edition"]


class CaseFilter(django_filters.FilterSet):
    stage = django_filters.ChoiceFilter(
        choices=[(stage.value, STAGES[stage][0]) for stage in Stage],
        help_text="Where the case stands today.",
    )
    open = django_filters.BooleanFilter(
        method="that_are_open", help_text="Whether anything is still to be done or decided."
    )
    member = django_filters.CharFilter(field_name="member__code", help_text="A member's code.")
    step = django_filters.CharFilter(help_text="The step of the ladder that it aims at.")

    class Meta:
        model = Case
        fields = ["stage", "open", "member", "step"]

    def that_are_open(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        return rows.filter(stage__in=OPEN) if value else rows.exclude(stage__in=OPEN)
