"""The form of returns in the API: answers as text, of the member and of its sites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from kpis import selectors
from kpis.access import readable_kpis
from kpis.models import Evidence, Return, SiteValue, Value
from kpis.rules.marks import WITH_VALUE
from kpis.rules.plain import plain
from kpis.rules.reading import LONGEST_NOTE, MOST_DIGITS, Reading, Typed, digits
from kpis.rules.sites import CODE_OF_SITE
from kpis.selectors import SheetLine
from members.models import Member, Site
from targets.models import Period


class SiteAnswerIn(serializers.Serializer):
    """The answer of one site as text: what the KPI's scale asks for, or ``instead`` of it."""

    number = serializers.CharField(required=False, allow_blank=True, max_length=MOST_DIGITS)
    numerator = serializers.CharField(required=False, allow_blank=True, max_length=MOST_DIGITS)
    denominator = serializers.CharField(required=False, allow_blank=True, max_length=MOST_DIGITS)
    labels = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, max_length=100
    )
    counts = serializers.DictField(
        child=serializers.CharField(max_length=9, allow_blank=True),
        required=False,
        help_text="Of findings: how many of each severity.",
    )
    instead = serializers.ChoiceField(["unknown", "not_applicable", "none"], required=False)

    def to_typed(self, given: dict[str, Any]) -> Typed:
        lists = {
            "labels": tuple(given.get("labels", ())),
            "counts": tuple(given.get("counts", {}).items()),
        }
        return Typed(**{**given, **lists})


class AnswerIn(SiteAnswerIn):
    """One answer as text: of the member, or of its sites where the KPI is answered per site."""

    note = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NOTE)
    sites = serializers.DictField(
        child=SiteAnswerIn(),
        required=False,
        help_text="Code of a site in this return → what it answers; others stay as they are.",
    )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if "sites" in given and len(given) > 1:
            raise ValidationError("sites stand alone; a KPI that they answer has no other answer")
        return given


class AnswersIn(serializers.Serializer):
    """Answers by KPI. KPIs that are not named stay as they are."""

    answers = serializers.DictField(child=AnswerIn())
    seen = serializers.DateTimeField(
        required=False, help_text="saved_at of the draft that was changed; guards against others."
    )

    def typed(self) -> dict[str, Typed]:
        """Return what is said for the member itself, by KPI."""
        answers = self.validated_data["answers"]
        own = {code: given for code, given in answers.items() if "sites" not in given}
        return {code: AnswerIn().to_typed(given) for code, given in own.items()}

    def typed_of_sites(self) -> dict[str, dict[str, Typed]]:
        """Return what sites answer, by site and KPI."""
        made: dict[str, dict[str, Typed]] = {}
        for code, given in self.validated_data["answers"].items():
            for site, said in given.get("sites", {}).items():
                made.setdefault(site, {})[code] = SiteAnswerIn().to_typed(said)
        return made


class ReturnIn(AnswersIn):
    """A return for a period. Begins the draft, or goes on with it."""

    member = serializers.SlugRelatedField(slug_field="code", queryset=Member.objects.none())
    period = serializers.SlugRelatedField(slug_field="code", queryset=Period.objects.all())

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["member"].queryset = Member.objects.visible_to(request.user)
        return fields


class SiteIn(serializers.Serializer):
    """A site to add to a draft. Its name and country stay where none is given."""

    code = serializers.RegexField(
        CODE_OF_SITE, help_text="Begins with a letter or digit; then also . _ -, up to 40."
    )
    name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    country = serializers.CharField(required=False, allow_blank=True, max_length=60)


class SiteOut(serializers.ModelSerializer):
    class Meta:
        model = Site
        fields = ["code", "name", "country"]


class EvidenceIn(serializers.Serializer):
    kpi = serializers.CharField(max_length=40)
    file = serializers.FileField(allow_empty_file=True)
    covers_from = serializers.DateField(required=False, allow_null=True)
    covers_until = serializers.DateField(required=False, allow_null=True)


class ReasonIn(serializers.Serializer):
    reason = serializers.CharField(max_length=2_000)


class SignatureIn(serializers.Serializer):
    seen = serializers.DateTimeField(help_text="submitted_at of the return that was read.")


class EvidenceOut(serializers.ModelSerializer):
    class Meta:
        model = Evidence
        fields = [
            *("id", "kpi", "name", "size", "sha256", "media_type", "covers_from", "covers_until"),
            "received_at",
        ]


def _digits(value: Value | SiteValue | None, name: str) -> str | None:
    number = getattr(value, name) if value else None
    return None if number is None else digits(number)


class SiteValueOut(serializers.Serializer):
    """What one site answers."""

    site = serializers.CharField(source="site.code")
    state = serializers.CharField()
    number = serializers.SerializerMethodField()
    numerator = serializers.SerializerMethodField()
    denominator = serializers.SerializerMethodField()
    labels = serializers.ListField(child=serializers.CharField())
    counts = serializers.DictField(child=serializers.IntegerField())

    def get_number(self, value: SiteValue) -> str | None:
        return _digits(value, "number")

    def get_numerator(self, value: SiteValue) -> str | None:
        return _digits(value, "numerator")

    def get_denominator(self, value: SiteValue) -> str | None:
        return _digits(value, "denominator")


class ValueOut(serializers.Serializer):
    """One answer as reported, those of sites, and the auditors' last word on it."""

    kpi = serializers.CharField(source="kpi.code")
    state = serializers.SerializerMethodField()
    number = serializers.SerializerMethodField()
    numerator = serializers.SerializerMethodField()
    denominator = serializers.SerializerMethodField()
    labels = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField(help_text="Severity → how many.")
    note = serializers.SerializerMethodField()
    verification = serializers.SerializerMethodField()
    verified = serializers.SerializerMethodField(help_text="The value that counts instead.")
    evidence = EvidenceOut(many=True)
    sites = serializers.SerializerMethodField(help_text="What each site answers, by its code.")

    def get_state(self, line: SheetLine) -> str:
        return line.value.state if line.value else "missing"

    def get_number(self, line: SheetLine) -> str | None:
        return _digits(line.value, "number")

    def get_numerator(self, line: SheetLine) -> str | None:
        return _digits(line.value, "numerator")

    def get_denominator(self, line: SheetLine) -> str | None:
        return _digits(line.value, "denominator")

    def get_labels(self, line: SheetLine) -> list[str]:
        return line.value.labels if line.value else []

    def get_counts(self, line: SheetLine) -> dict[str, int]:
        return line.value.counts if line.value else {}

    def get_note(self, line: SheetLine) -> str:
        return line.value.note if line.value else ""

    def get_verification(self, line: SheetLine) -> str | None:
        return line.last_mark.outcome if line.last_mark else None

    def get_verified(self, line: SheetLine) -> dict[str, Any] | None:
        mark = line.last_mark
        return plain(mark.answer) if mark and mark.outcome in WITH_VALUE else None

    @extend_schema_field(SiteValueOut(many=True))
    def get_sites(self, line: SheetLine) -> list[dict[str, Any]]:
        held = self.context.get("of_sites", {}).get(line.kpi.code, [])
        return SiteValueOut(held, many=True).data


class ReturnOut(serializers.ModelSerializer):
    member = serializers.CharField(source="member.code")
    period = serializers.CharField(source="period.code")
    edition = serializers.CharField(source="edition.code")

    class Meta:
        model = Return
        fields = [
            *("id", "member", "period", "edition", "version", "status", "saved_at"),
            *("submitted_at", "filed_at"),
        ]


class ReturnSheetOut(ReturnOut):
    """A return with the answers that the caller may read."""

    values = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField(help_text="KPI → what a draft still needs.")

    class Meta(ReturnOut.Meta):
        fields = [*ReturnOut.Meta.fields, "values", "missing"]

    def get_values(self, of_return: Return) -> list[dict[str, Any]]:
        kpis = readable_kpis(self.context["request"].user, of_return)
        of_sites = selectors.site_values(of_return, kpis=kpis)
        lines = selectors.sheet(of_return, kpis=kpis)
        return ValueOut(lines, many=True, context={"of_sites": of_sites}).data

    def get_missing(self, of_return: Return) -> dict[str, str]:
        readable = readable_kpis(self.context["request"].user, of_return)
        if of_return.status != Return.Status.DRAFT or not readable:
            return {}
        return selectors.still_missing(of_return)


class NotAnAnswer(ValidationError):
    """Some answers cannot be read; nothing was saved."""


def by_kpi(found: Mapping[str, Mapping[str, Reading]]) -> dict[str, dict[str, Any]]:
    """Return what is wrong with answers of sites as they were sent: KPI → sites → site → field."""
    said: dict[str, dict[str, Any]] = {}
    for site, readings in found.items():
        for code, reading in readings.items():
            said.setdefault(code, {"sites": {}})["sites"][site] = reading.problems
    return said
