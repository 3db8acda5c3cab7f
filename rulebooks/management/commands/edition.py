"""``manage.py edition``: check editions, and compare two. Needs no server and no database."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from rulebooks.rules import document
from rulebooks.rules.differences import differences
from rulebooks.rules.document import Invalid, Problem
from rulebooks.rules.edition import Edition
from rulebooks.rules.vocabulary import json_schema, reference

TEXT = Path(settings.BASE_DIR) / "docs" / "rulebook.template.md"


class Command(BaseCommand):
    help = "Check editions of the rulebook, or say what changes between two."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        check = actions.add_parser("check", help="every error as FILE:LINE:COL: path: message")
        check.add_argument("files", nargs="+", metavar="FILE")
        diff = actions.add_parser("diff", help="what changes from edition A to edition B")
        diff.add_argument("files", nargs=2, metavar=("A", "B"))
        actions.add_parser("schema", help="the JSON Schema of editions, on stdout")
        page = actions.add_parser("reference", help="the page that explains every word, on stdout")
        page.add_argument("--text", default=TEXT, type=Path, metavar="FILE", help="text around it")
        for action in (check, diff):
            action.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *, action: str, **options: object) -> None:
        if not getattr(self, action)(**options):
            sys.exit(1)

    def schema(self, **_: object) -> bool:
        made = json.dumps(json_schema(Edition), indent=2, ensure_ascii=False)
        self.stdout.write(made)
        return True

    def reference(self, *, text: Path, **_: object) -> bool:
        self.stdout.write(reference(Edition, text.read_text(encoding="utf-8")).removesuffix("\n"))
        return True

    def check(self, *, files: list[str], json: bool, **_: object) -> bool:
        found = {name: _read(name) for name in files}
        for name, (edition, errors, warnings) in found.items():
            self.report(name, errors)
            self.report(name, warnings, prefix="warning: ")
            if edition is not None and not json:
                self.stdout.write(f"{name}: {_in_short(edition)}")
        if json:
            self.write_json(
                files=[
                    {
                        "file": name,
                        "valid": not errors,
                        "code": edition and edition.code,
                        "errors": [asdict(problem) for problem in errors],
                        "warnings": [asdict(problem) for problem in warnings],
                    }
                    for name, (edition, errors, warnings) in found.items()
                ]
            )
        return not any(errors for _, errors, _ in found.values())

    def diff(self, *, files: list[str], json: bool, **_: object) -> bool:
        a, b = files
        found = {name: _read(name) for name in (a, b)}
        for name, (_, errors, _) in found.items():
            self.report(name, errors)
        if any(errors for _, errors, _ in found.values()):
            return False
        changes = differences(found[a][0], found[b][0])
        if json:
            self.write_json(a=a, b=b, differences=[asdict(change) for change in changes])
        else:
            for change in changes:
                self.stdout.write(str(change))
        return not changes

    def report(self, name: str, problems: tuple[Problem, ...], prefix: str = "") -> None:
        for problem in problems:
            place = f"{name}:{problem.line}:{problem.column}"
            path = f"{problem.path}: " if problem.path else ""
            self.stderr.write(f"{place}: {prefix}{path}{problem.message}")

    def write_json(self, **report: object) -> None:
        self.stdout.write(json.dumps(report, ensure_ascii=False))


def _read(name: str) -> tuple[Edition | None, tuple[Problem, ...], tuple[Problem, ...]]:
    """Return the edition in a file or its errors, and its warnings."""
    try:
        with Path(name).open("rb") as stream:
            text = stream.read(document.MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}", returncode=2) from None
    try:
        read = document.read(text)
        edition = read.into(Edition)
    except Invalid as error:
        return None, error.problems, ()
    return edition, (), tuple(sorted(read.place(warning) for warning in edition.warnings()))


def _in_short(edition: Edition) -> str:
    counts = f"{len(edition.requirements)} requirements, {len(edition.kpis)} KPIs"
    return f"{edition.code} holds: {counts}, {len(edition.scoring.nodes)} nodes"
