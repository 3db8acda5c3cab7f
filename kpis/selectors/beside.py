"""What is scored of a member: its answers, and what the edition's rules ask beside them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db.models import Q

from kpis.models import Evidence, Verification
from kpis.rules.scoring import MemberInputs
from kpis.selectors.answers import Effective, effective_answers
from kpis.selectors.submissions import asks_submission, submissions, waiting_of
from members.models import Member, Organisation
from members.selectors import Belonged, Described, described_on, places_on
from rulebooks.rules.assurance import Assurance
from rulebooks.rules.attributes import Attribute, CountryGroup, Submission, Tenure
from rulebooks.rules.edition import Edition
from targets.models import Period

PLACED = {"class", "chamber"}
CHECKED = (Verification.Outcome.VERIFIED, Verification.Outcome.ADJUSTED)


def scored_inputs(
    member_ids: Sequence[int], *, period: Period, members: Mapping[int, Member] | None = None
) -> dict[int, tuple[Effective, MemberInputs]]:
    """Return, for each member, the return that counts and all that is scored of it.

    ``members`` saves reading those that the caller has at hand.
    """
    edition = period.edition.document
    effective = effective_answers(member_ids, period=period)
    if members is None:
        members = Member.objects.filter(pk__in=member_ids).select_related("organisation").in_bulk()
    asked = edition.attributes_asked
    waiting = waiting_of(effective) if asks_submission(asked) else set()
    described = _described(members, asked, period, waiting)
    places = _places(member_ids, asked, period)
    levels = _levels(effective, edition.assurance) if edition.assurance else {}
    return {
        pk: (
            effective[pk],
            MemberInputs(
                members[pk].code,
                effective[pk].answers,
                attributes=_attributes(
                    members[pk], places.get(pk), described.get(pk, {}), period, edition
                ),
                assurance=levels.get(effective[pk].of_return, {}),
            ),
        )
        for pk in member_ids
    }


def attributes_of(
    member_ids: Sequence[int], *, period: Period, waiting: Collection[int] = ()
) -> list[dict[str, str | int]]:
    """Return what the edition's rules ask of each member itself, in the order given.

    ``waiting`` are those on whose return a word is still wanted: that is read from answers.
    """
    edition = period.edition.document
    members = Member.objects.filter(pk__in=member_ids).select_related("organisation").in_bulk()
    described = _described(members, edition.attributes_asked, period, waiting)
    places = _places(member_ids, edition.attributes_asked, period)
    return [
        _attributes(members[pk], places.get(pk), described.get(pk, {}), period, edition)
        for pk in member_ids
    ]


def _described(
    members: Mapping[int, Member],
    asked: Sequence[Attribute],
    period: Period,
    waiting: Collection[int],
) -> Described:
    """Return what is on record of each member, and how its return came in where rules ask it."""
    found = on_record(list(members), period) if asked else {}
    for attribute in asked:
        if isinstance(attribute, Submission):
            came_in = submissions(attribute, members, period, waiting=waiting)
            for member, state in came_in.items():
                found.setdefault(member, {})["submission"] = state
    return found


def _places(
    member_ids: Sequence[int], asked: Sequence[Attribute], period: Period
) -> dict[int, Belonged]:
    """Return class and chamber on the last day that the period is about, where rules ask them.

    Like the size: a class that changes later moves no score of the period.
    """
    if not PLACED & {attribute.code for attribute in asked}:
        return {}
    return places_on(member_ids, on=period.about_until)


def on_record(member_ids: Sequence[int], period: Period) -> Described:
    """Return what is on record of each member on the last day that the period is about."""
    return described_on(member_ids, on=period.about_until)


def _attributes(
    member: Member,
    place: Belonged | None,
    described: Mapping[str, str],
    period: Period,
    edition: Edition,
) -> dict[str, str | int]:
    """Return what is known of a member, without what the edition has no word for."""
    on_record = {
        "class": place and place.member_class,
        "chamber": place and place.chamber,
        "size": described.get("size"),
    }
    found: dict[str, str | int | None] = {}
    for attribute in edition.attributes_asked:
        if isinstance(attribute, Tenure):
            on = getattr(period, attribute.on)
            found[attribute.code] = attribute.years(joined_on=member.admitted_on, on=on)
        elif isinstance(attribute, CountryGroup):
            country = described.get("country") or member.organisation.country
            found[attribute.code] = attribute.group(country)
        elif isinstance(attribute, Submission):
            found[attribute.code] = described.get("submission")
        else:
            found[attribute.code] = on_record[attribute.code]
    return {
        code: value
        for code, value in found.items()
        if value is not None and edition.tree.attributes[code].problem(value) is None
    }


def _levels(
    effective: Mapping[int, Effective], assurance: Assurance
) -> dict[int | None, dict[str, str]]:
    """Return the level to which each answer was checked, by return and KPI; not the lowest."""
    returns = [one.of_return for one in effective.values() if one.of_return is not None]
    earned: dict[tuple[int, str], set[str]] = {}
    for key in Evidence.objects.filter(of_return__in=returns).values_list("of_return", "kpi"):
        earned.setdefault(key, set()).add("evidence")
    words = Verification.objects.filter(value__of_return__in=returns).latest()
    own = Q(marked_by__affiliations__organisation__sort=Organisation.Sort.INITIATIVE)
    of_initiative = set(words.filter(own).values_list("pk", flat=True))
    for pk, outcome, *key in words.values_list("pk", "outcome", "value__of_return", "value__kpi"):
        if outcome in CHECKED:
            by = "second_party" if pk in of_initiative else "audit"
            earned.setdefault(tuple(key), set()).add(by)
    found: dict[int | None, dict[str, str]] = {}
    for (of_return, kpi), by in earned.items():
        level = assurance.earned(*by)
        if assurance.place(level) > 0:
            found.setdefault(of_return, {})[kpi] = level
    return found
