"""The daily run: it derives and proposes. What needs a person is left to people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.rules import Permission
from accounts.selectors import system_user
from ledger import services as ledger
from ledger.rules import merkle_root
from members import access
from members import services as members
from members.models import Member
from members.services import Statement
from members.services.letters import Occasion
from rulebooks.rules import facts
from rulebooks.rules.terms import add_days
from suspensions import events, selectors
from suspensions.models import Breach
from suspensions.selectors import DueSoon, Proposal, reminders
from suspensions.selectors.reminders import ToRemind
from targets import services as targets

BATCH = 500  # members


@dataclass(slots=True)
class Advanced:
    """What a daily run did, or with ``dry_run`` would do."""

    on: date
    up_to: date
    dry_run: bool = False
    raised: int = 0
    reminded: int = 0
    by_rule: Counter[str] = field(default_factory=Counter)


def advance(*, by: User, on: date, up_to: date | None = None) -> Advanced:
    """Open members' own periods, end memberships withdrawn from, raise breaches, and remind.

    A breach is raised for each hit by ``up_to``, which is ``on`` if not said; it is provisional
    until an officer has confirmed it. Acts are dated ``on``, the day they are done, however long
    ago a hit came about. Members are taken in batches, each in a transaction of its own: a run that
    was stopped is simply run again. A second run finds nothing left to do.

    :raises PermissionDenied: ``by`` may not run it.
    """
    access.require(by, Permission.ADVANCE_RUN)
    done = Advanced(on=on, up_to=up_to or on)
    targets.open_own_periods(by=system_user(), on=on)
    members.keep_places(None, on=on)
    members.end_withdrawn(by=by, on=on)
    for ids in _batches(lambda: selectors.proposed(on=on, up_to=done.up_to)):
        rules = raise_breaches(member_ids=ids, by=by, on=on, up_to=done.up_to)
        done.by_rule.update(rules)
        done.raised += rules.total()
    for ids in _batches(lambda: selectors.open_returns(on=on)):
        done.reminded += remind(member_ids=ids, by=by, on=on)
    for ids in _batches(lambda: reminders.may_remind(on=on)):
        done.reminded += remind_by_edition(member_ids=ids, by=by, on=on)
    done.reminded += members.remind_to_sign(by=by, on=on)
    return done


def _batches(spans: Callable[[], Sequence]) -> Sequence[list[int]]:
    last = 0
    while ids := selectors.members_of(spans(), after=last, limit=BATCH):
        yield ids
        last = ids[-1]


@transaction.atomic
def raise_breaches(*, member_ids: Sequence[int], by: User, on: date, up_to: date) -> Counter[str]:
    """Put each new hit about these members to them as provisional; return how many by rule.

    Each becomes a breach with its proof, a fact about ``on`` and a held letter. What another run
    has raised meanwhile is left alone: the members are locked first.

    :raises PermissionDenied: ``by`` may not run it.
    """
    access.require(by, Permission.ADVANCE_RUN)
    _lock(member_ids)
    spans = selectors.proposed(on=on, up_to=up_to).filter(member__in=member_ids)
    found = list(selectors.proposals(spans))
    if not found:
        return Counter()
    breaches = Breach.objects.bulk_create(_breach(proposal, on) for proposal in found)
    leaves = [f"{p.member.code} {p.span.key}".encode() for p in found]
    event = events.BreachesRaised(count=len(found), root=merkle_root(sorted(leaves)))
    entry = ledger.record(event, subject=by, actor=by, on=on)
    raised = [
        Statement(member=p.member, what=facts.BreachRaised(), about_on=on, key=p.span.key)
        for p in found
    ]
    members.state_many(raised, entry=entry)
    pairs = zip(found, breaches, strict=True)
    letters = [_breach_letter(proposal, breach, on) for proposal, breach in pairs]
    members.letters.queue_many("breach-raised", occasions=letters, on=on)
    return Counter(p.rule.code for p in found)


def _lock(member_ids: Sequence[int]) -> None:
    list(Member.objects.select_for_update().filter(pk__in=member_ids).order_by("pk"))


def _breach(proposal: Proposal, on: date) -> Breach:
    span = proposal.span
    return Breach(
        member=proposal.member,
        key=span.key,
        edition=proposal.edition,
        arose_on=span.from_on,
        raised_on=on,
        because=span.because,
        facts=span.facts,
    )


def _breach_letter(proposal: Proposal, breach: Breach, on: date) -> Occasion:
    rule = proposal.rule
    context = {
        "rule": rule,
        "breach": breach,
        "correct_until": add_days(on, rule.correction_days),
        "contact": settings.DEFAULT_FROM_EMAIL,
    }
    return Occasion(proposal.member, f"{proposal.member.code}:{breach.key}", context)


@transaction.atomic
def remind(*, member_ids: Sequence[int], by: User, on: date) -> int:
    """Write to these members about returns due soon, once each; return how many were due.

    :raises PermissionDenied: ``by`` may not run it.
    """
    access.require(by, Permission.ADVANCE_RUN)
    _lock(member_ids)
    spans = selectors.open_returns(on=on).filter(member__in=member_ids)
    letters = [_reminder(due) for due in selectors.returns_due(spans)]
    queued = members.letters.queue_many(selectors.REMINDER, occasions=letters, on=on)
    reminded = {letter.key.rpartition(":")[0] for letter in queued}
    if reminded:
        root = merkle_root(key.encode() for key in sorted(reminded))
        event = events.RemindersQueued(count=len(reminded), root=root)
        ledger.record(event, subject=by, actor=by, on=on)
    return len(reminded)


@transaction.atomic
def remind_by_edition(*, member_ids: Sequence[int], by: User, on: date) -> int:
    """Write to these members what the reminders of their edition say, once each; return how many.

    :raises PermissionDenied: ``by`` may not run it.
    """
    access.require(by, Permission.ADVANCE_RUN)
    _lock(member_ids)
    spans = reminders.may_remind(on=on).filter(member__in=member_ids)
    keys: list[str] = []
    for found in reminders.reminders_of(spans, on=on):
        letters = [_by_edition(one) for one in found]
        queued = members.letters.queue_many(found[0].template, occasions=letters, on=on)
        keys += sorted({letter.key.rpartition(":")[0] for letter in queued})
    if keys:
        root = merkle_root(key.encode() for key in keys)
        event = events.RemindersQueued(count=len(keys), root=root)
        ledger.record(event, subject=by, actor=by, on=on)
    return len(keys)


def _by_edition(one: ToRemind) -> Occasion:
    context = {
        "title": one.title,
        "clause": one.reminder.clause,
        "due_on": one.due_on,
        "contact": settings.DEFAULT_FROM_EMAIL,
    }
    return Occasion(one.member, one.letter, context)


def _reminder(due: DueSoon) -> Occasion:
    context = {
        "period": due.period,
        "due_on": due.due_on,
        "contact": settings.DEFAULT_FROM_EMAIL,
    }
    return Occasion(due.member, f"{due.member.code}:{due.key}", context)
