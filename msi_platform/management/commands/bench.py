"""``manage.py bench``: benchmarks, one JSON object a line."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from msi_platform.bench import BENCHES
from msi_platform.bench.worker import work


class Command(BaseCommand):
    help = (
        "Run benchmarks in scratch databases, each against a floor taken in the same run, and "
        "print one JSON object a line."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}")
        parser.add_argument("--members", type=positive, default=150_000)
        parser.add_argument(
            "--worker", action="store_true", help="work off the runs named on input"
        )

    def handle(
        self, *, names: list[str], members: int, worker: bool = False, **options: object
    ) -> None:
        if unknown := [name for name in names if name not in BENCHES]:
            known = ", ".join(BENCHES)
            raise CommandError(f"no benchmark {unknown[0]}; there are {known}", returncode=2)
        if worker:
            work(iter(sys.stdin.readline, ""), self._say)
            return
        for name in names or BENCHES:
            for result in BENCHES[name](members):
                self._say(json.dumps(result.as_plain()))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def positive(text: str) -> int:
    """:raises ValueError: it is no number from 10 on; a tenth of it is worked too."""
    number = int(text)
    if number < 10:
        raise ValueError("at least 10 members")
    return number
