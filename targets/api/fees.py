"""Fees, by programs: what was invoiced, what came in, what is late."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers, viewsets

from members.api import ByNumber
from targets.models import Invoice


class InvoiceFilter(django_filters.FilterSet):
    member = django_filters.CharFilter(field_name="member__code", label="Code of the member")
    obligation = django_filters.CharFilter(label="Code of the fee")
    year = django_filters.NumberFilter(min_value=2000, max_value=2100)
    settled = django_filters.BooleanFilter(
        field_name="settled_on", lookup_expr="isnull", exclude=True, label="All of it has come in"
    )
    late = django_filters.BooleanFilter(method="arrears", label="Due before today and not settled")

    class Meta:
        model = Invoice
        fields = ["member", "obligation", "year", "settled", "late"]

    def arrears(self, invoices: QuerySet, name: str, value: bool) -> QuerySet:
        late = {"settled_on": None, "due_on__lt": timezone.localdate()}
        return invoices.filter(**late) if value else invoices.exclude(**late)


class InvoiceOut(serializers.ModelSerializer):
    """What a member owes as a fee for a year, and how that came about; amounts as text."""

    member = serializers.CharField(source="member.code")
    edition = serializers.CharField(source="edition.code")
    paid = serializers.DecimalField(max_digits=16, decimal_places=2, help_text="Came in so far.")

    class Meta:
        model = Invoice
        fields = [
            *("code", "member", "obligation", "year", "edition"),
            *("amount", "paid", "currency", "how", "clause"),
            *("issued_on", "due_on", "settled_on"),
        ]


class InvoiceViewSet(viewsets.ReadOnlyModelViewSet):
    """Fees that were invoiced, of the members that the caller may read."""

    serializer_class = InvoiceOut
    pagination_class = ByNumber
    filterset_class = InvoiceFilter
    lookup_field = "code"
    queryset = Invoice.objects.none()

    def get_queryset(self) -> QuerySet[Invoice]:
        rows = Invoice.objects.visible_to(self.request.user).with_paid()
        return rows.select_related("member", "edition").defer("edition__text").order_by("pk")
