"""What a member signed, how far its targets are, and where imported facts come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count, Max, Min

from accounts.models import User
from dashboard.selectors.then import Then
from kpis import selectors as kpis
from members import selectors as members
from members.models import Fact, Member
from members.rules import Source
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import RequirementSigned

DECIMALS = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A text that the edition in force asks of a member, and when it was signed, if it was.

    ``source`` says where an imported signature comes from.
    """

    title: str
    clause: str
    signed_on: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Aimed:
    """A target, the member's own published number, and how far it is from the line, rounded.

    ``due`` is None where the line is of all members' numbers added, and asks nothing of one.
    """

    title: str
    unit: str
    clause: str
    year: int
    due: Decimal | None
    measured: Decimal | None
    ahead: Decimal | None


@dataclass(frozen=True, slots=True)
class Origin:
    """A source of imported facts: how many, about which days, and when they were recorded."""

    label: str
    facts: int
    first_on: date
    last_on: date
    recorded_on: date


def texts(member: Member, edition: Edition | None, then: Then) -> list[Text]:
    """Return what the edition asks the member to sign, each with the signature that stood."""
    if edition is None:
        return []
    accepted = members.texts_that_count(edition)
    rows = Fact.objects.filter(member=member, kind=RequirementSigned.kind, about_on__lte=then.on)
    if then.recorded_by is None:
        rows = rows.filter(corrected_by=None)
    else:
        rows = rows.filter(recorded_at__lte=then.recorded_by)
        rows = rows.exclude(corrected_by__recorded_at__lte=then.recorded_by)
    place = members.places_on([member.pk], on=then.on)[member.pk]
    signed: dict[tuple[str, str], Fact] = {}
    for fact in rows.select_related("entry__provenance").order_by("about_on", "pk"):
        signed.setdefault((fact.key, fact.data["text_sha256"]), fact)
    return [
        _text(text.title, text.clause, [signed[t] for t in accepted[text.code] if t in signed])
        for text in edition.texts_of(place.member_class)
    ]


def _text(title: str, clause: str, signed: Iterable[Fact]) -> Text:
    first = min(signed, key=lambda fact: (fact.about_on, fact.pk), default=None)
    if first is None:
        return Text(title, clause, None, "")
    return Text(title, clause, first.about_on, _source(first))


def _source(fact: Fact) -> str:
    provenance = getattr(fact.entry, "provenance", None)
    return provenance.label if provenance else ""


def targets(member: Member, then: Then) -> list[Aimed]:
    """Return the targets of the last period published by then, each with the member's own number.

    Answers that are for counsel alone are left out.
    """
    period = kpis.last_published_period(then.moment)
    if period is None:
        return []
    document = period.edition.document
    closed = {kpi.code for kpi in document.kpis if kpi.confidentiality == "counsel"}
    found = kpis.aims(document, period, sees_all=False)
    shown = [aim for aim in found if aim.target.kpi not in closed]
    return [
        _aimed(
            aim,
            kpis.own_line(aim, document),
            kpis.own_progress(member, aim, document, period, at=then.moment),
        )
        for aim in shown
    ]


def _aimed(aim: kpis.Aim, line: tuple[Fraction | None, str], own: object) -> Aimed:
    due, unit = line
    return Aimed(
        title=aim.target.title,
        unit=unit,
        clause=aim.target.clause,
        year=aim.year,
        due=_rounded(due),
        measured=_rounded(own.measured) if own else None,
        ahead=_rounded(own.ahead) if own else None,
    )


def _rounded(number: Fraction | None) -> Decimal | None:
    """Round for the eye: what was published stands in the scorecards, exact."""
    if number is None:
        return None
    return Decimal(round(number * 10**DECIMALS)).scaleb(-DECIMALS)


def origins(member: Member, *, user: User, then: Then) -> list[Origin]:
    """Return where the imported facts that ``user`` may read come from, the newest import first.

    Of facts about days by then, as far as they were known.
    """
    rows = Fact.objects.visible_to(user).filter(member=member, source=Source.IMPORTED)
    rows = rows.filter(about_on__lte=then.on)
    if then.recorded_by is not None:
        rows = rows.filter(recorded_at__lte=then.recorded_by)
    found = rows.values("entry_id", "entry__provenance__label", "entry__effective_on").annotate(
        facts=Count("pk"), first_on=Min("about_on"), last_on=Max("about_on")
    )
    return [
        Origin(
            label=row["entry__provenance__label"] or "An import",
            facts=row["facts"],
            first_on=row["first_on"],
            last_on=row["last_on"],
            recorded_on=row["entry__effective_on"],
        )
        for row in found.order_by("-entry_id")
    ]
