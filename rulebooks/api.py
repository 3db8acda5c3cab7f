"""Editions of the rulebook, read by programs. Adopted ones are public."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import serializers, viewsets
from rest_framework.permissions import AllowAny

from rulebooks.models import Edition


class EditionOut(serializers.ModelSerializer):
    class Meta:
        model = Edition
        fields = ["code", "title", "status", "in_force_from", "adopted_at", "sha256"]


class EditionWithTextOut(EditionOut):
    class Meta(EditionOut.Meta):
        fields = [*EditionOut.Meta.fields, "text"]


class EditionViewSet(viewsets.ReadOnlyModelViewSet):
    """Editions, the newest first; one alone comes with its text, the YAML document."""

    permission_classes = [AllowAny]
    pagination_class = None
    filter_backends = []
    lookup_field = "code"
    lookup_value_regex = "[a-z0-9][a-z0-9.-]*"
    queryset = Edition.objects.none()

    def get_queryset(self) -> QuerySet[Edition]:
        found = Edition.objects.visible_to(self.request.user).order_by("-in_force_from", "pk")
        return found if self.action == "retrieve" else found.defer("text")

    def get_serializer_class(self) -> type[EditionOut]:
        return EditionWithTextOut if self.action == "retrieve" else EditionOut
