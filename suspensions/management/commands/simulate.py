"""``manage.py simulate``: who would score, stand or be proposed differently under a draft."""

from __future__ import annotations

import json as to_json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from accounts.selectors import system_user
from rulebooks import selectors as rulebooks
from rulebooks.models import Edition
from rulebooks.rules.document import Invalid, decode
from suspensions import services
from suspensions.management.commands.advance import a_day
from suspensions.rules.simulation.simulating import Days, Outcome
from suspensions.rules.simulation.words import ASPECT_WORDS, ASSUMED, caveats, told
from suspensions.services import CannotSimulate, Simulated

REFUSED, WRONG_CALL = 1, 2


class Command(BaseCommand):
    help = (
        "Try a draft edition on stored facts and answers. Nothing is written but the record that "
        "it was run. Names are shown to --by, for a --purpose that is kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("draft", help="a YAML file, or the code of an edition that is stored")
        parser.add_argument("--from", dest="first", type=a_day, required=True, metavar="DATE")
        parser.add_argument(
            "--to", "--until", dest="last", type=a_day, required=True, metavar="DATE"
        )
        parser.add_argument("--members", default="", metavar="M0001,M0002", help="only these")
        parser.add_argument("--by", metavar="EMAIL", help="who asks")
        parser.add_argument("--purpose", default="", help="what the names are for")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, draft: str, first: date, last: date, json: bool, **options: Any) -> None:
        if last < first:
            raise CommandError(f"--to {last} lies before --from {first}", returncode=WRONG_CALL)
        if options["purpose"] and not options["by"]:
            raise CommandError("--purpose shows names; say --by whom", returncode=WRONG_CALL)
        simulated = self._run(draft, Days(first, last), options, quiet=json)
        told = as_json(simulated)
        self.stdout.write(to_json.dumps(told, ensure_ascii=False) if json else as_text(simulated))

    def _run(self, draft: str, days: Days, options: dict[str, Any], *, quiet: bool) -> Simulated:
        try:
            return services.simulate_draft(
                text=text_of(draft),
                days=days,
                by=who(options["by"]),
                on=rulebooks.day_of(timezone.now()),
                only=[code.strip() for code in options["members"].split(",") if code.strip()],
                purpose=options["purpose"],
                progress=self._tell,
            )
        except Invalid as invalid:
            lines = "\n".join(f"{draft}:{problem}" for problem in invalid.problems)
            raise CommandError(lines, returncode=REFUSED) from None
        except (CannotSimulate, PermissionDenied) as error:
            raise CommandError(str(error), returncode=REFUSED) from None

    def _tell(self, done: int, of: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done >= of else "\r"
            self.stderr.write(f"{done:,} of {of:,} members", ending=end)


def text_of(draft: str) -> str:
    """Return the text of a file, or of the edition of that code.

    :raises CommandError: there is neither.
    :raises Invalid: it is no text.
    """
    path = Path(draft)
    if path.is_file():
        return decode(path.read_bytes())
    row = Edition.objects.filter(code=draft).first()
    if row is None:
        message = f"{draft}: there is no such file, and no edition of that code"
        raise CommandError(message, returncode=WRONG_CALL)
    return row.text


def who(email: str | None) -> User:
    """Return the user with that address, or the machine.

    :raises CommandError: there is no such user.
    """
    if not email:
        return system_user()
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"{email}: nobody signs in with that address", returncode=WRONG_CALL)
    return user


def as_json(simulated: Simulated) -> dict[str, Any]:
    record = simulated.record
    named = [member_as_json(outcome) for outcome in simulated.named]
    return {
        "run": record.pk,
        "edition": record.edition,
        "sha256": record.sha256,
        "from": record.first_on.isoformat(),
        "to": record.last_on.isoformat(),
        **record.counts,
        "paper": record.paper,
        "assumed": list(ASSUMED),
        **({"named": named} if record.names_shown else {}),
    }


def member_as_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "member": outcome.member.code,
        "shifts": [
            {
                "aspect": shift.aspect.value,
                "what": str(shift.what),
                "key": shift.key,
                "on": shift.on.isoformat(),
                "until": shift.until and shift.until.isoformat(),
                "before": shift.before,
                "after": shift.after,
                "way": shift.way.value,
                "clause": shift.clause,
                "because": shift.because,
            }
            for shift in outcome.shifts
        ],
    }


def as_text(simulated: Simulated) -> str:
    return "\n".join(lines(simulated))


def lines(simulated: Simulated) -> Iterator[str]:
    record = simulated.record
    counts = record.counts
    yield f"{record.title}, {record.first_on} to {record.last_on}: run {record.pk}"
    yield f"{counts['changed']:,} of {counts['members']:,} members would come out otherwise."
    for aspect, words in ASPECT_WORDS.items():
        ways = counts["aspects"][aspect.value]
        yield f"  {words}: " + ", ".join(f"{number:,} {way}" for way, number in ways.items())
    yield from (f"  {number:6,}  {what}" for what, number in counts["by_clause"].items())
    for outcome in simulated.named:
        yield outcome.member.code
        yield from (f"  {told(shift)}" for shift in outcome.shifts)
    yield "Assumed:"
    yield from (f"  {sentence}" for sentence in (*ASSUMED, *caveats(counts)))
