"""Filters shared by pages and API."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils import timezone

from kpis.models import Contest, Return, Scorecard, ScoreRun
from members import selectors as members
from targets.models import Period

CLASS = "Class when the period ended"


def _of_class_then(rows: QuerySet, name: str, value: str) -> QuerySet:
    """Return the rows of members that were of a class at the end of the row's period."""
    return members.of_class_then(rows, value, ends="period__about_until", on=timezone.localdate())


class ScoreRunFilter(django_filters.FilterSet):
    period = django_filters.CharFilter("period__code", label="Period")
    status = django_filters.ChoiceFilter(choices=ScoreRun.Status.choices, label="Status")

    class Meta:
        model = ScoreRun
        fields = ["period", "status"]


class ScorecardFilter(django_filters.FilterSet):
    """Without a run, the cards that stand; with one, all of that run, corrected ones too."""

    run = django_filters.NumberFilter("run", label="Run")
    period = django_filters.CharFilter("period__code", label="Period")
    band = django_filters.CharFilter("band", label="Band")
    member_class = django_filters.CharFilter(method=_of_class_then, label=CLASS)
    member = django_filters.CharFilter("member__code", label="Member")

    class Meta:
        model = Scorecard
        fields = ["run", "period", "band", "member_class", "member"]

    def filter_queryset(self, queryset):
        if not self.form.cleaned_data["run"]:
            queryset = queryset.standing()
        return super().filter_queryset(queryset)


class ContestFilter(django_filters.FilterSet):
    """By run, period, member and what became of it; ``open`` for those without an answer."""

    run = django_filters.NumberFilter("run", label="Run")
    period = django_filters.CharFilter("run__period__code", label="Period")
    member = django_filters.CharFilter("member__code", label="Member")
    outcome = django_filters.ChoiceFilter(
        choices=[one for one in Contest.Outcome.choices if one[0]], label="Outcome"
    )
    open = django_filters.BooleanFilter(method="only_open", label="Without an answer")

    class Meta:
        model = Contest
        fields = ["run", "period", "member", "outcome", "open"]

    def only_open(self, queryset, name, value):
        return queryset.open() if value else queryset.exclude(outcome="")


class ReturnFilter(django_filters.FilterSet):
    """By period, stage, class of membership and member."""

    period = django_filters.ModelChoiceFilter(
        queryset=Period.objects.order_by("-about_from"), to_field_name="code"
    )
    status = django_filters.ChoiceFilter(choices=Return.Status.choices)
    member_class = django_filters.CharFilter(method=_of_class_then, label=CLASS)
    member = django_filters.CharFilter(field_name="member__code")

    class Meta:
        model = Return
        fields = ["period", "status", "member_class", "member"]
