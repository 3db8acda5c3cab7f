"""What a simulation reads: members in batches, with their facts and what they were scored on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from accounts.models import User
from kpis.models import Scorecard
from kpis.rules import stored
from kpis.rules.scoring import Card
from members.models import Fact, Member
from members.selectors import as_rule
from rulebooks.rules.facts import Fact as Told
from rulebooks.rules.facts import MemberDescribed
from suspensions.rules.simulation.rescoring import Scored
from suspensions.rules.simulation.simulating import Known

BATCH = 1_000


def simulated_members(by: User, only: Sequence[str]) -> QuerySet[Member]:
    """Return the members that a simulation is about: all that ``by`` may read, or only some."""
    members = Member.objects.visible_to(by)
    return members.filter(code__in=only) if only else members


def known_members(members: QuerySet[Member], *, batch: int = BATCH) -> Iterator[list[Known]]:
    """Yield members in batches, in the order of their keys; one batch is held at a time."""
    last = 0
    while rows := list(members.filter(pk__gt=last).order_by("pk")[:batch]):
        last = rows[-1].pk
        yield _known(rows)


def _known(rows: Sequence[Member]) -> list[Known]:
    ids = [row.pk for row in rows]
    told: dict[int, list[Told]] = defaultdict(list)
    for fact in Fact.objects.filter(member__in=ids).order_by("pk").iterator():
        told[fact.member_id].append(as_rule(fact))
    scored: dict[int, list[Scored]] = defaultdict(list)
    cards = Scorecard.objects.standing().filter(member__in=ids).order_by("pk")
    for member, period, inputs, card in cards.values_list(
        "member", "period__code", "inputs", "card"
    ).iterator():
        scored[member].append(Scored(period, stored.read(inputs), Card.read(card)))
    return [
        Known(
            code=row.code,
            member_class=row.member_class,
            size=_size(told[row.pk]),
            chamber=row.chamber,
            group=str(row.organisation_id),
            facts=tuple(told[row.pk]),
            scored=tuple(scored[row.pk]),
        )
        for row in rows
    ]


def _size(facts: Sequence[Told]) -> str:
    """Return the size that was last stated of a member, empty when none was."""
    said = [fact.what.size for fact in facts if isinstance(fact.what, MemberDescribed)]
    return next((size for size in reversed(said) if size), "")
