"""Filters shared by the directory and the API."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from members.models import Application, Letter, Member
from members.rules import STANDING_WORDS


class MemberFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="named", label="Name or code")
    member_class = django_filters.CharFilter(label="Class")
    chamber = django_filters.CharFilter(label="Chamber")
    standing = django_filters.ChoiceFilter(
        choices=[(standing.value, words) for standing, (words, _) in STANDING_WORDS.items()],
        label="Standing",
    )

    class Meta:
        model = Member
        fields = ["q", "member_class", "chamber", "standing"]

    def named(self, members: QuerySet, name: str, value: str) -> QuerySet:
        return members.filter(Q(organisation__name__icontains=value) | Q(code__iexact=value))


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
