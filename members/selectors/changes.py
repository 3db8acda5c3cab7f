"""What a change of membership would bring, before anybody confirms it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ledger.models import Entry
from members.models import Fact, Member, Span
from members.rules import Source, Standing
from members.selectors.timelines import EVERYTHING_KNOWN, as_rule, history, initiative_facts
from rulebooks import selectors as rulebooks
from rulebooks.rules import facts as rules
from rulebooks.rules.belonging import Merger
from rulebooks.rules.terms import add_days, after
from rulebooks.rules.timeline import spans, timeline
from rulebooks.rules.timeline.changes import Change, Kind

DECIDED = "governance.membership.decided"
CARRIED_OUT = ("members.class.changed", "members.members.merged")
WITHDRAWN = "members.withdrawal.ended"
OVER = ("dismissed", "set_aside", "lifted", "cured")  # stages in which nothing more is to be done
LONG = 400  # days ahead in which a preview looks for what begins
SETTLED = ("met", "met_late", "removed", "exempt")


class NotDecided(ValueError):
    """The body that the edition names has not agreed to it."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be other for a member from a day on, each line a change of the timeline.

    ``gains`` and ``loses`` are rights, ``begins`` what it would owe or sign, ``ends`` what it would
    no longer, and ``goes_on`` what began before and is owed as before.
    """

    gains: Sequence[Change]
    loses: Sequence[Change]
    begins: Sequence[Change]
    ends: Sequence[Change]
    goes_on: Sequence[Change]


def preview(member: Member, what: rules.What, *, on: date, key: str = "") -> Preview:
    """Return what a fact about a member would change from ``on``, without stating it."""
    rows = Fact.objects.filter(member=member).order_by("pk")
    stated = [as_rule(row) for row in rows]
    number = max((fact.id for fact in stated), default=0) + 1
    moment = max((fact.recorded_at for fact in stated), default=EVERYTHING_KNOWN)
    would = rules.Fact(number, what, key, on, moment)
    before, then = _changes(stated), _changes([*stated, would])
    return _compared(before, then, on)


def _changes(stated: Iterable[rules.Fact]) -> tuple[Change, ...]:
    editions = rulebooks.adopted_documents()
    return timeline(editions, initiative_facts(), stated, known_at=EVERYTHING_KNOWN)


def _compared(before: Iterable[Change], then: Iterable[Change], on: date) -> Preview:
    held, holds = _on(before, Kind.RIGHT, on), _on(then, Kind.RIGHT, on)
    owed, owes = _owed(before, on), _owed(then, on)
    return Preview(
        gains=[c for key, c in holds.items() if c.state == "held" and not _is(held, key, "held")],
        loses=[c for key, c in held.items() if c.state == "held" and not _is(holds, key, "held")],
        begins=[change for key, change in owes.items() if key not in owed],
        ends=[change for key, change in owed.items() if key not in owes],
        goes_on=[change for key, change in owes.items() if key in owed and change.on < on],
    )


def _is(found: dict[str, Change], key: str, state: str) -> bool:
    return key in found and found[key].state == state


def _on(changes: Iterable[Change], kind: Kind, on: date) -> dict[str, Change]:
    """Return the state of each thing of a kind on a day."""
    of_kind = spans(change for change in changes if change.kind == kind)
    return {
        span.change.key: span.change
        for span in of_kind
        if span.change.on <= on and (span.until is None or span.until > on)
    }


def _owed(changes: Iterable[Change], on: date) -> dict[str, Change]:
    """Return what is owed on a day, or begins to be within a year from it."""
    duties = [change for change in changes if change.kind == Kind.OBLIGATION]
    now = {key: c for key, c in _on(duties, Kind.OBLIGATION, on).items() if c.state not in SETTLED}
    last = add_days(on, LONG)
    soon = {c.key: c for c in duties if c.state == "open" and on < c.on <= last}
    return {**soon, **now}


def notice_of(member: Member, *, on: date) -> rules.Fact | None:
    """Return the notice of withdrawal whose last day is not over, None where there is none."""
    said = history(member)
    ended_by = [spell.ended_by for spell in said.spells if spell.ended_by is not None]
    notices = [fact for fact in ended_by if isinstance(fact.what, rules.WithdrawalNotified)]
    return next((fact for fact in notices if fact.about_on <= on <= fact.what.last_on), None)


def notices_over(*, on: date) -> list[int]:
    """Return the notices, as numbers of facts, that ended a membership before a day.

    Not those of which that is on record, and no imported ones.
    """
    recorded = Entry.objects.filter(event=WITHDRAWN).values_list("data__fact_id", flat=True)
    notices = Fact.objects.filter(
        kind=rules.WithdrawalNotified.kind,
        source=Source.LIVE,
        corrected_by=None,
        data__last_on__lt=on.isoformat(),
    )
    new = notices.exclude(pk__in=list(recorded)).order_by("pk")
    given = {
        (member, add_days(date.fromisoformat(last_on), 1)): pk
        for pk, member, last_on in new.values_list("pk", "member", "data__last_on")
    }
    left = Span.objects.of(Kind.STANDING).filter(state=Standing.LEFT, from_on__lte=on)
    gone = left.filter(member__in=[member for member, _ in given])
    return sorted(given[key] for key in gone.values_list("member", "from_on") if key in given)


def last_day_after_notice(on: date) -> date:
    """Return the last day of a member that gives notice on a day: that day where no term is set."""
    edition = rulebooks.edition_in_force(on).document
    rule = edition.belonging.withdrawal
    if rule is None or rule.notice is None:
        return on
    return after(on, rule.notice, holidays=edition.closed_days)


def merger_rule(*, on: date) -> Merger | None:
    """Return what the edition of a day says of mergers, None where it says nothing."""
    return rulebooks.edition_in_force(on).document.belonging.merger


def open_cases(member: Member, *, on: date) -> list[Span]:
    """Return the cases of a member that go on, the oldest first. Every one counts, whoever asks."""
    cases = Span.objects.in_force(on).of(Kind.CASE).filter(member=member).exclude(state__in=OVER)
    return list(cases.order_by("from_on", "key"))


def agreed(member: Member, matter: str, body: str | None) -> int | None:
    """Return the entry by which a body agreed to an act about a member that is not carried out."""
    if body is None:
        return None
    said = {"member": member.code, "body": body, "matter": matter, "outcome": "agreed"}
    asked = {f"data__{name}": value for name, value in said.items()}
    made = Entry.objects.filter(event=DECIDED, **asked).order_by("-pk").first()
    used = made and Entry.objects.filter(event__in=CARRIED_OUT, data__decision=made.pk).exists()
    return made.pk if made and not used else None


def require_decided(member: Member, matter: str, body: str | None, decision: int | None) -> None:
    """Refuse an act that a body has to agree to first. ``decision`` is its entry in the ledger.

    :raises NotDecided: the edition names a body, and the entry is no agreement of it in the matter
        of this member, or was used before.
    """
    if body is None:
        return
    entry = Entry.objects.filter(pk=decision, event=DECIDED).first()
    said = entry.data if entry else {}
    wanted = {"member": member.code, "body": body, "matter": matter, "outcome": "agreed"}
    if any(said.get(name) != value for name, value in wanted.items()):
        asked = "record that it agreed, and name its decision"
        raise NotDecided(f"{body} decides on this for {member.code}; {asked}")
    used = Entry.objects.filter(event__in=CARRIED_OUT, data__decision=decision)
    if used.exists():
        raise NotDecided(f"decision {decision} was carried out already; {body} decides anew")
