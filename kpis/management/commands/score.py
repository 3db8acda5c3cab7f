"""``manage.py score``: score a period, or show how one member scores in it."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from accounts.selectors import system_user
from accounts.templatetags.pages import both_ways
from kpis import access, selectors, services
from kpis.models import Return, Scorecard, ScoreRun
from kpis.rules import shortfalls
from kpis.rules.receipts import as_plain
from kpis.rules.scoring import Card
from members.models import Member
from rulebooks.rules.indicators import Confidentiality
from rulebooks.selectors import day_of
from targets.models import Period

PAUSE = 0.2  # seconds between looks while other workers hold the last shards
WIDTH = 40  # of the bar on a terminal
WRONG_CALL, REFUSED = 2, 1


class Command(BaseCommand):
    help = (
        "Score everybody who owes or filed a return for a period, as a provisional run. Works off "
        "the run itself, beside workers if there are any; a run that was left half done is "
        "finished. With --member nothing is stored: the member is scored on what is filed and "
        "verified now, and compared with the stored card; it is shown as somebody may see it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--period", required=True, metavar="CODE")
        parser.add_argument("--member", metavar="CODE", help="score one member; stores nothing")
        parser.add_argument("--explain", action="store_true", help="print the member's receipt")
        parser.add_argument(
            "--as", dest="reader", metavar="EMAIL", help="of one member: as whom it is read"
        )
        parser.add_argument("--json", action="store_true")

    def handle(
        self,
        *,
        period: str,
        member: str | None,
        explain: bool,
        reader: str | None,
        json: bool,
        **options: object,
    ) -> None:
        for name, given in (("--explain", explain), ("--as", reader)):
            if given and member is None:
                raise CommandError(f"{name} needs --member CODE", returncode=WRONG_CALL)
        row = found(Period.objects.select_related("edition"), "period", period)
        if member is None:
            outcome = of_run(self.work(row))
            lines = run_text(outcome)
        else:
            one = found(Member.objects.select_related("organisation"), "member", member)
            outcome = of_member(one, row, allowed=classes_seen(reader, one), explain=explain)
            lines = member_text(outcome)
        self.stdout.write(as_json(outcome) if json else "\n".join(lines))
        if outcome.get("stored", {}).get("equal") is False and outcome["stored"]["same_inputs"]:
            run = outcome["stored"]["run"]
            raise CommandError(f"run {run} stored another card for the same inputs", returncode=1)

    def work(self, period: Period) -> ScoreRun:
        """Start a run, or take up the one that is going on, and return it when it is finished."""
        by, on = system_user(), day_of(timezone.now())
        try:
            run = ScoreRun.objects.running().filter(period=period).first()
            run = run or services.start_run(period=period, by=by, on=on)
        except services.CannotScore as error:
            raise CommandError(str(error), returncode=REFUSED) from None
        while run.status == ScoreRun.Status.RUNNING:
            try:
                done = services.work_open_shards(run_id=run.pk, by=by, on=on, limit=1)
            except Exception as error:
                message = f"run {run.pk}: a shard failed ({type(error).__name__}: {error})"
                raise CommandError(message, returncode=REFUSED) from error
            self.tell(run)
            run.refresh_from_db()
            if run.status == ScoreRun.Status.RUNNING and not done:
                time.sleep(PAUSE)
        self.tell(None)
        if run.status == ScoreRun.Status.CANCELLED:
            raise CommandError(f"run {run.pk} was cancelled", returncode=REFUSED)
        return run

    def tell(self, run: ScoreRun | None) -> None:
        """Draw how far a run is on the terminal, if there is one; a line of its own at the end."""
        if not self.stderr.isatty():
            return
        if run is None:
            self.stderr.write("")
            return
        parts = ScoreRun.objects.with_progress().get(pk=run.pk)
        drawn = "█" * (parts.parts_done * WIDTH // parts.parts)
        told = f"{parts.parts_done} of {parts.parts} parts are scored"
        self.stderr.write(f"\r{drawn:·<{WIDTH}} {told}", ending="")
        self.stderr.flush()


def found(rows: Any, what: str, code: str) -> Any:
    """:raises CommandError: no row has that code; it says what is there when that is little."""
    row = rows.filter(code=code).first()
    if row is None:
        known = list(rows.order_by("code").values_list("code", flat=True)[:9])
        those = f"; there are {', '.join(known)}" if 0 < len(known) < 9 else ""
        raise CommandError(f"no {what} has the code {code}{those}", returncode=WRONG_CALL)
    return row


def of_run(run: ScoreRun) -> dict[str, Any]:
    return {
        "run": run.pk,
        "period": run.period.code,
        "edition": run.edition.code,
        "status": run.status,
        "members": run.cards.count(),
        "bands": {band.label: band.count for band in selectors.by_band(run)},
        "with_problems": run.cards.with_problems().count(),
        "fingerprint": run.fingerprint,
        "root": run.root,
    }


def run_text(run: dict[str, Any]) -> Iterable[str]:
    yield (
        f"Run {run['run']} of period {run['period']} under {run['edition']}: "
        f"{run['members']} members scored, {run['status']}."
    )
    yield from (f"  {count:6}  {label}" for label, count in run["bands"].items())
    if run["with_problems"]:
        yield f"  {run['with_problems']:6}  with answers that are not on their scale"
    yield f"fingerprint {run['fingerprint']}"
    yield f"root        {run['root']}"


def classes_seen(email: str | None, member: Member) -> frozenset[Confidentiality]:
    """Return the classes of answers that are shown: at a console alone, all but for counsel.

    :raises CommandError: nobody signs in by that address, or they may not read the member.
    """
    if not email:
        return access.BUT_COUNSEL
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"nobody signs in as {email}", returncode=WRONG_CALL)
    if not Member.objects.visible_to(user).filter(pk=member.pk).exists():
        raise CommandError(f"{email} may not read {member.code}", returncode=REFUSED)
    return access.classes_seen(user, member)


def of_member(
    member: Member, period: Period, *, allowed: frozenset[Confidentiality], explain: bool
) -> dict[str, Any]:
    """Return how a member scores now, to who may see the ``allowed`` classes of answers."""
    edition = period.edition.document
    now = selectors.score_now(member, period)
    scored, _ = selectors.scored_inputs([member.pk], period=period)[member.pk]
    reading = selectors.reading(
        edition, now.card, now.inputs, allowed=allowed, of_return=scored.of_return
    )
    card = Card.read(now.card)
    outcome = {
        "member": member.code,
        "period": period.code,
        "edition": edition.code,
        "return_version": version(scored.of_return),
        "total": None if card.total is None else f"{card.total:f}",
        "band": card.band,
        "verdict": card.verdict,
        "grounds": [f"{ground.label}: {ground.note}" for ground in reading.grounds],
        "alone": reading.alone,
        "assured": [f"{line.label}: {line.note}" for line in reading.assured],
        "problems": reading.problems,
        "problems_hidden": reading.problems_hidden,
        "fingerprint": now.fingerprint,
        "digest": now.digest,
        "stored": of_stored(member, period, now.fingerprint, now.digest),
    }
    if not explain:
        return outcome
    short = shortfalls.as_plain(reading.shortfall)
    return outcome | {"trace": as_plain(reading.receipt), "shortfall": short}


def version(of_return: int | None) -> int | None:
    return Return.objects.filter(pk=of_return).values_list("version", flat=True).first()


def of_stored(member: Member, period: Period, fingerprint: str, digest: str) -> dict[str, Any]:
    cards = Scorecard.objects.filter(member=member, period=period).select_related("run")
    card = cards.order_by("-run").first()
    if card is None:
        return {}
    return {
        "run": card.run_id,
        "status": card.run.status,
        "equal": card.digest == digest,
        "same_inputs": card.fingerprint == fingerprint,
    }


def member_text(outcome: dict[str, Any]) -> Iterable[str]:
    yield f"{outcome['member']} in {outcome['period']} under {outcome['edition']}"
    filed = outcome["return_version"]
    yield f"  return   {'none was filed' if filed is None else f'version {filed}'}"
    for name in ("total", "band", "verdict"):
        yield f"  {name:8} {outcome[name] if outcome[name] is not None else 'none'}"
    yield from (f"  ground   {ground}" for ground in outcome["grounds"])
    yield from (f"  problem  {kpi}: {says}" for kpi, says in outcome["problems"].items())
    if outcome["problems_hidden"]:
        yield f"  problem  not shown here: {outcome['problems_hidden']}"
    yield f"  stored   {stored_text(outcome['stored'])}"
    for node in outcome.get("trace", ()):
        yield ""
        yield from receipt_text(node)
    if short := outcome.get("shortfall"):
        yield ""
        yield from shortfall_text(short)


def stored_text(card: dict[str, Any]) -> str:
    if not card:
        return "nothing yet"
    same = "the same card" if card["equal"] else "another card, from other inputs"
    return f"{same} in run {card['run']}, {card['status']}"


def receipt_text(node: dict[str, Any], width: int = 66) -> Iterable[str]:
    yield f"{node['label']} ({node['note']}), clause {node['clause']}"
    for line in node["lines"]:
        weight = f" × {line['weight']}" if "weight" in line else ""
        note = f"  [{line['note']}]" if "note" in line else ""
        label = f"  {line['label']}{weight} "
        yield f"{label:.<{width}} {both_ways(line['figure']):>12}{note}"
        yield from (f"      evidence {sha256}" for sha256 in line.get("evidence", ()))


def shortfall_text(short: dict[str, Any]) -> Iterable[str]:
    lacks = f"; {short['lacks']} short" if short["lacks"] not in (None, "0") else ""
    yield f"Next band: {short['label']}, {short['needs']}{lacks}"
    yield from (f"  held back by {ground}" for ground in short["held_back"])
    for requirement in short["requirements"]:
        yield f"  {requirement['requirement'] or 'no requirement'} {requirement['title']}".rstrip()
        for one in requirement["answers"]:
            gives = one["says"] or f"{both_ways(one['number'])} of {one['best']}"
            yield f"    {one['title']} (clause {one['clause']}): {gives}"
    if short["hidden"]:
        yield f"  {short['hidden']} KPIs are not shown here"


def as_json(outcome: dict[str, Any]) -> str:
    return json.dumps(outcome, ensure_ascii=False)
