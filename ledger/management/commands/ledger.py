"""``manage.py ledger verify``: check the whole record."""

from __future__ import annotations

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from ledger import selectors
from ledger.models import Entry


class Command(BaseCommand):
    help = "Check the whole record: every entry must still have the hash it was written with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["verify"])
        parser.add_argument("--json", action="store_true")

    def handle(self, *, action: str, json: bool, **options: object) -> None:
        damaged = [entry.pk for entry in selectors.damaged_entries()]
        total = Entry.objects.count()
        self.stdout.write(_as_json(total, damaged) if json else _as_text(total, damaged))
        if damaged:
            raise CommandError(f"{len(damaged)} entries were changed", returncode=1)


def _as_json(total: int, damaged: list[int]) -> str:
    return json.dumps({"entries": total, "damaged": damaged, "whole": not damaged})


def _as_text(total: int, damaged: list[int]) -> str:
    lines = [f"entry {pk}: its content is not what was recorded" for pk in damaged]
    return "\n".join([*lines, f"{total} entries checked, {len(damaged)} damaged"])
