"""``manage.py import PROFILE FILE``: import a table through a column-mapping profile."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.selectors import system_user
from kpis.rules.cells import day_of_file
from kpis.rules.profiles import Profile
from kpis.rules.stating import Setting
from kpis.services.imports import Imported, Refused, import_file
from rulebooks.rules import document
from rulebooks.selectors import day_of

PROFILES = settings.BASE_DIR / "kpis" / "profiles"


class Command(BaseCommand):
    help = "Import a CSV or XLSX file through a profile: all of it, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("profile", help="a name under kpis/profiles, or the path of a profile")
        parser.add_argument("file", type=Path)
        parser.add_argument("--period", help="code of the period, where the profile asks for it")
        parser.add_argument("--as-of", type=day, help="the day of the snapshot, YYYY-MM-DD")
        parser.add_argument("--dry-run", action="store_true", help="say what it would do")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, profile: str, file: Path, json: bool, dry_run: bool, **options) -> None:
        read = load(profile)
        try:
            with file.open("rb") as stream:
                done = import_file(
                    profile=read,
                    stream=stream,
                    setting=setting(read, file, options["period"], options["as_of"]),
                    by=system_user(),
                    on=day_of(timezone.now()),
                    dry_run=dry_run,
                )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}", returncode=2) from None
        except Refused as refused:
            lines = "\n".join(f"{file.name}: {fault}" for fault in refused.faults)
            raise CommandError(f"{lines}\nNothing was imported.", returncode=1) from None
        self.stdout.write(as_json(done) if json else as_text(done))


def day(text: str) -> date:
    return date.fromisoformat(text)


def load(name: str) -> Profile:
    """Return the profile of that name, or at that path.

    :raises CommandError: there is none, or it is no valid profile.
    """
    path = PROFILES / f"{name}.yaml"
    if not path.exists():
        path = Path(name)
    try:
        return Profile.load(path.read_bytes())
    except OSError:
        known = ", ".join(sorted(path.stem for path in PROFILES.glob("*.yaml")))
        message = f"there is no profile {name}; give a path, or one of: {known}"
        raise CommandError(message, returncode=2) from None
    except document.Invalid as invalid:
        lines = "\n".join(f"{path}:{problem}" for problem in invalid.problems)
        raise CommandError(lines, returncode=2) from None


def setting(profile: Profile, file: Path, period: str | None, as_of: date | None) -> Setting:
    if as_of is None and profile.as_of == "file_name":
        as_of = day_of_file(file.name)
    return Setting(period=period, as_of=as_of)


def as_json(done: Imported) -> str:
    return json.dumps(asdict(done))


def as_text(done: Imported) -> str:
    counts = {
        "rows": done.rows,
        "left out by the profile": done.skipped,
        "members added": done.members_added,
        "facts added": done.facts_added,
        "of these, corrections": done.facts_corrected,
        "of these, retractions": done.facts_retracted,
        "returns filed": done.returns_filed,
        "answers in them": done.values_added,
        "contacts added": done.contacts_added,
        "sectors added": done.sectors_added,
    }
    lines = [f"{count:>9,}  {what}" for what, count in counts.items() if count or what == "rows"]
    if done.note:
        lines.append(f"Nothing was imported: {done.note}.")
    if done.dry_run:
        lines.append("A dry run: nothing was kept.")
    return "\n".join(lines)
