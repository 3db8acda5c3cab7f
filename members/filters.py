"""Filters shared by the directory and the API."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from members import selectors
from members.models import Application, Letter, Member
from members.rules import DUE_WORDS, STANDING_WORDS


class MemberFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="named", max_length=200, label="Name, code, number, country"
    )
    member_class = django_filters.CharFilter(label="Class")
    chamber = django_filters.CharFilter(label="Chamber")
    country = django_filters.CharFilter(field_name="organisation__country", label="Country")
    size = django_filters.CharFilter(method="of_size", label="Size")
    due = django_filters.ChoiceFilter(
        method="that_owe",
        choices=[(due.value, words) for due, (words, _) in DUE_WORDS.items()],
        label="What is owed",
    )
    standing = django_filters.ChoiceFilter(
        choices=[(standing.value, words) for standing, (words, _) in STANDING_WORDS.items()],
        label="Standing",
    )

    class Meta:
        model = Member
        fields = ["q", "member_class", "chamber", "country", "size", "due", "standing"]

    def named(self, members: QuerySet, name: str, value: str) -> QuerySet:
        return members.filter(selectors.called(value) | Q(code__iexact=value.strip()))

    def of_size(self, members: QuerySet, name: str, value: str) -> QuerySet:
        return selectors.of_size(members, value, on=timezone.localdate())

    def that_owe(self, members: QuerySet, name: str, value: str) -> QuerySet:
        return selectors.that_owe(members, value, on=timezone.localdate())


class LetterFilter(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(choices=Letter.Status.choices)
    template = django_filters.CharFilter()

    class Meta:
        model = Letter
        fields = ["status", "template"]


class ApplicationFilter(django_filters.FilterSet):
    outcome = django_filters.ChoiceFilter(choices=Application.Outcome.choices[1:])
    open = django_filters.BooleanFilter(field_name="decided_at", lookup_expr="isnull")
    member_class = django_filters.CharFilter(label="Class")

    class Meta:
        model = Application
        fields = ["outcome", "open", "member_class"]
