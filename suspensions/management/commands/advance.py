"""``manage.py advance``: the daily run."""

from __future__ import annotations

import json as to_json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.selectors import system_user
from rulebooks import selectors as rulebooks
from suspensions import selectors, services
from suspensions.selectors import reminders

REFUSED = 1


def a_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day; write it as 2026-03-31") from None


class Command(BaseCommand):
    help = (
        "The daily run: put each new hit to its member as a provisional breach, remind of "
        "returns due soon, and say which steps the rules propose. What is raised is dated today, "
        "however long ago it came about. Run twice, it changes nothing the second time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--on",
            type=a_day,
            metavar="DATE",
            help="take what came about by then (default: today); a day to come only with "
            "--dry-run, or in a demo, where it is played as today",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what it would do")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, on: date | None, dry_run: bool, json: bool, **options: object) -> None:
        today = rulebooks.day_of(timezone.now())
        up_to = on or today
        outcome = planned(today, up_to) if dry_run else done(day_of_acts(today, up_to), up_to)
        self.stdout.write(to_json.dumps(outcome) if json else "\n".join(in_words(outcome)))


def day_of_acts(today: date, up_to: date) -> date:
    """Return the day that acts bear: today, or in a demo a day to come.

    :raises CommandError: the day has not come.
    """
    if up_to > today and not settings.DEMO:
        raise CommandError(
            f"{up_to} has not come yet (today is {today}): use --dry-run to see what it brings",
            returncode=REFUSED,
        )
    return max(today, up_to)


def done(on: date, up_to: date) -> dict[str, Any]:
    ran = services.advance(by=system_user(), on=on, up_to=up_to)
    return {
        "on": on.isoformat(),
        "up_to": up_to.isoformat(),
        "dry_run": False,
        "raised": ran.raised,
        "by_rule": dict(ran.by_rule),
        "reminded": ran.reminded,
        "steps": list(steps(on)),
    }


def planned(today: date, up_to: date) -> dict[str, Any]:
    """Return what a run would do, if nothing more happens until then."""
    on = max(today, up_to)
    hits = list(selectors.proposals(selectors.proposed(on=on, up_to=up_to)))
    return {
        "on": on.isoformat(),
        "up_to": up_to.isoformat(),
        "dry_run": True,
        "raised": len(hits),
        "reminded": sum(1 for _ in selectors.returns_due(selectors.open_returns(on=on)))
        + len(reminders.to_remind(reminders.may_remind(on=on), on=on)),
        "steps": list(steps(on)),
        "proposals": [
            {
                "member": hit.member.code,
                "breach": hit.span.key,
                "arose_on": hit.span.from_on.isoformat(),
                "because": hit.span.because,
                "clause": hit.span.clause,
            }
            for hit in hits
        ],
    }


def steps(on: date) -> Iterable[dict[str, str]]:
    """Yield the steps that wait for a case on a day, those due first above."""
    spans = selectors.steps_due(system_user(), on=on).select_related("member__organisation")
    for due in selectors.with_steps(spans.order_by("from_on", "member", "key")):
        yield {
            "member": due.member.code,
            "step": due.span.key,
            "due_on": due.span.from_on.isoformat(),
            "because": due.span.because,
            "clause": due.step.clause,
        }


def in_words(outcome: dict[str, Any]) -> Iterable[str]:
    raised, reminded = ("Would raise", "remind") if outcome["dry_run"] else ("Raised", "reminded")
    yield (
        f"{outcome['on']}: {raised} {outcome['raised']} as provisional, of what came about by "
        f"{outcome['up_to']}; {reminded} of {outcome['reminded']} returns due soon."
    )
    yield from (f"  {count:6}  {rule}" for rule, count in outcome.get("by_rule", {}).items())
    yield from (
        f"  {hit['member']}  {hit['breach']}  {hit['arose_on']}  {hit['because']}"
        for hit in outcome.get("proposals", ())
    )
    if outcome["steps"]:
        yield f"{len(outcome['steps'])} steps are proposed and wait for a case:"
    yield from (
        f"  {due['member']}  {due['step']}  {due['due_on']}  {due['because']}"
        for due in outcome["steps"]
    )
