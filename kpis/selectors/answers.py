"""The answers that count: as filed, as auditor and secretariat left them, and what before them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from kpis.models import Scorecard, Verification
from kpis.rules import stored
from kpis.rules.gathering import Earlier, gather, not_applicable
from kpis.selectors.copying import rows
from kpis.selectors.sites import with_sites
from members.models import Fact
from rulebooks import selectors as rulebooks
from rulebooks.rules.answers import MISSING, Answer, State, counts_of
from rulebooks.rules.continuity import Place, continuity
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import MemberDescribed
from rulebooks.rules.indicators import Kpi
from targets.models import Period
from targets.selectors import own_lines

Outcome = Verification.Outcome
# Of each member the newest version that was filed, its values, and the latest word on each.
FILED = """
select r.id, r.member_id, v.kpi, v.state, w.outcome,
    v.number, v.numerator, v.denominator, array_to_json(v.labels), v.counts,
    w.number, w.numerator, w.denominator, array_to_json(w.labels), w.counts
from (
    select distinct on (member_id) id, member_id from kpis_return
    where period_id = %(period)s and status = 'filed' and member_id = any(%(members)s)
    order by member_id, version desc
) r
left join kpis_value v on v.of_return_id = r.id
    and (%(kpis)s is null or v.kpi = any(%(kpis)s::text[]))
left join lateral (
    select outcome, number, numerator, denominator, labels, counts from kpis_verification
    where value_id = v.id order by id desc limit 1
) w on true
"""


@dataclass(frozen=True, slots=True)
class Effective:
    """The return of a member that counts, None when none was filed, and its answers by KPI."""

    of_return: int | None = None
    answers: dict[str, Answer] = field(default_factory=dict)


def effective_answers(
    member_ids: Sequence[int], *, period: Period, kpis: Collection[str] | None = None
) -> dict[int, Effective]:
    """Return the answers of each member for a period, in a fixed number of queries.

    They come from the newest version that was filed. The latest word on a value prevails: an
    adjusted or judged one takes its place, an unsupported one counts as missing, and so does "does
    not apply" until it is approved. Each is returned with what it is read with: earlier answers
    only where the edition asks for them. With ``kpis`` only the answers to these are looked at.
    """
    edition = period.edition.document
    found = _filed(member_ids, period, edition, kpis)
    earlier = _earlier(member_ids, period, edition, kpis)
    ends = fiscal_year_ends(member_ids) if edition.fiscal_years else {}
    lines = own_lines(member_ids, edition)
    return {
        member: Effective(
            one.of_return,
            gather(
                edition,
                one.answers,
                period=period.code,
                ends_on=period.about_until,
                fiscal_year_ends=ends.get(member, (12, 31)),
                earlier=earlier.get(member, ()),
                lines=lines.get(member, {}),
                kpis=kpis,
            ),
        )
        for member, one in found.items()
    }


def _filed(
    member_ids: Sequence[int], period: Period, edition: Edition, asked: Collection[str] | None
) -> dict[int, Effective]:
    """Return the answers as filed and marked, in one query for any number of members.

    And one more where the edition asks sites.
    """
    found = {member: Effective() for member in member_ids}
    by_return: dict[int, Effective] = {}
    kpis = {kpi.code: kpi for kpi in edition.kpis}
    wanted = None if asked is None else list(asked)
    given = {"period": period.pk, "members": list(member_ids), "kpis": wanted}
    for of_return, member, kpi, state, outcome, *parts in rows(FILED, given):
        pk = int(of_return)
        if pk not in by_return:
            found[int(member)] = by_return[pk] = Effective(pk)
        if kpi:
            answer = _answer(kpis.get(kpi), state, parts[:5], outcome, parts[5:])
            by_return[pk].answers[kpi] = answer
    own = {pk: effective.answers for pk, effective in by_return.items()}
    for pk, answers in with_sites(edition, own, kpis=asked).items():
        by_return[pk].answers.update(answers)
    return found


def _answer(
    kpi: Kpi | None, state: str, own: Sequence[str], outcome: str, word: Sequence[str]
) -> Answer:
    """Return an answer from its own parts and from those of the latest word on it, if any."""
    if outcome == Outcome.UNSUPPORTED:
        return MISSING
    if outcome in (Outcome.ADJUSTED, Outcome.JUDGED):
        return _parts(State.ANSWERED, *word)
    if kpi is not None and state == State.NOT_APPLICABLE:
        approved = {Outcome.APPROVED: True, Outcome.REFUSED: False}.get(outcome)
        return not_applicable(kpi, approved=approved)
    return _parts(State(state), *own)


def _parts(state: State, *fields: str) -> Answer:
    """Return an answer from the text of its parts, empty where there is none."""
    *numbers, labels, counts = fields
    return Answer(
        state,
        *(Decimal(number) if number else None for number in numbers),
        labels=tuple(json.loads(labels)) if labels else (),
        counts=counts_of(json.loads(counts)) if counts else (),
    )


def _earlier(
    member_ids: Sequence[int], period: Period, edition: Edition, kpis: Collection[str] | None
) -> dict[int, list[Earlier]]:
    """Return the answers for the periods before, newest first: published ones, else filed ones.

    Only of those periods that the edition reads, and of KPIs whose series goes on, under the codes
    that they have now.
    """
    found: dict[int, list[Earlier]] = {member: [] for member in member_ids}
    needed = max((kpi.past_needed for kpi in edition.kpis), default=0)
    named = {kpi.scale.past_named for kpi in edition.kpis} - {None}
    if not needed and not named:
        return found
    before = Period.objects.filter(about_from__lt=period.about_from).order_by("-about_from", "pk")
    before = before.select_related("edition")
    read = [one for place, one in enumerate(before) if place < needed or one.code in named]
    for one in read:
        names = names_now(one.edition.document, edition)
        if kpis is not None:
            names = {then: now for then, now in names.items() if now in kpis}
        filed = _filed(member_ids, one, one.edition.document, names)
        published = _published(member_ids, one, names)
        for member in member_ids:
            answers = published.get(member, filed[member].answers)
            is_published = member in published
            followed = {names[code]: answers[code] for code in answers if code in names}
            found[member].append(Earlier(one.code, one.about_until, followed, is_published))
    return found


def names_now(before: Edition, edition: Edition) -> dict[str, str]:
    """Return what each KPI of an earlier edition is called now, if its series goes on."""
    if before.code == edition.code:
        return {kpi.code: kpi.code for kpi in edition.kpis}
    followed = continuity(rulebooks.adopted_documents())
    places = {kpi.code: Place(edition.code, "kpi", kpi.code) for kpi in edition.kpis}
    names = {now: followed.code_in(before.code, place) for now, place in places.items()}
    return {then: now for now, then in names.items() if then is not None}


def _published(
    member_ids: Sequence[int], period: Period, kpis: Collection[str]
) -> dict[int, Mapping[str, Answer]]:
    cards = Scorecard.objects.standing().filter(period=period, member__in=member_ids)
    return {
        member: stored.sound_answers(inputs, kpis)
        for member, inputs in cards.values_list("member", "inputs").iterator()
    }


def fiscal_year_ends(member_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return month and day on which the fiscal year of each member ends that said so."""
    described = Fact.objects.filter(member__in=member_ids, kind=MemberDescribed.kind)
    said = described.filter(corrected_by=None, data__has_key="year_ends")
    latest = said.order_by("member", "-about_on", "-pk").distinct("member")
    return {
        member: tuple(map(int, data["year_ends"].split("-")))
        for member, data in latest.values_list("member", "data")
    }
