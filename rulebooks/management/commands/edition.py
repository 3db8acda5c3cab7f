"""``manage.py edition``: check editions, and compare two. Needs no server and no database."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from rulebooks.management.editions import Found, read
from rulebooks.rules.differences import differences
from rulebooks.rules.document import Problem
from rulebooks.rules.edition import Edition
from rulebooks.rules.legal_text import PREVAILS
from rulebooks.rules.vocabulary import json_schema, reference

TEXT = Path(settings.BASE_DIR) / "docs" / "rulebook.template.md"


class Command(BaseCommand):
    help = "Check editions of the rulebook, or say what changes between two."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        check = actions.add_parser("check", help="every error as FILE:LINE:COL: path: message")
        check.add_argument("files", nargs="+", metavar="FILE")
        check.add_argument("--against", metavar="OLD", help="the edition that FILE replaces")
        check.add_argument("--legal-text", metavar="TEXT", help="the text that FILE encodes")
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

    def check(
        self,
        *,
        files: list[str],
        against: str | None,
        legal_text: str | None,
        json: bool,
        **_: object,
    ) -> bool:
        if len(files) > 1 and (against or legal_text):
            raise CommandError("--against and --legal-text are for one FILE", returncode=2)
        before = read(against) if against else Found(None)
        self.report(against, before.errors)
        found = {name: read(name, before=before.edition, text=legal_text) for name in files}
        for name, one in found.items():
            self.report(name, one.errors)
            self.report(name, one.warnings, prefix="warning: ")
            if one.edition is not None and not one.errors and not json:
                self.stdout.write(f"{name}: {_in_short(one.edition)}")
        if json:
            self.write_json(files=[_as_data(name, one) for name, one in found.items()])
        return not (before.errors or any(one.errors for one in found.values()))

    def diff(self, *, files: list[str], json: bool, **_: object) -> bool:
        before, after = map(read, files)
        for name, one in zip(files, (before, after), strict=True):
            self.report(name, one.errors)
        if before.errors or after.errors:
            return False
        changes = differences(before.edition, after.edition)
        if json:
            a, b = files
            self.write_json(a=a, b=b, differences=[asdict(change) for change in changes])
        else:
            for change in changes:
                self.stdout.write(str(change))
        return not changes

    def schema(self, **_: object) -> bool:
        self.stdout.write(json.dumps(json_schema(Edition), indent=2, ensure_ascii=False))
        return True

    def reference(self, *, text: Path, **_: object) -> bool:
        self.stdout.write(reference(Edition, text.read_text(encoding="utf-8")).removesuffix("\n"))
        return True

    def report(self, name: str | None, problems: tuple[Problem, ...], prefix: str = "") -> None:
        for problem in problems:
            place = f"{name}:{problem.line}:{problem.column}"
            path = f"{problem.path}: " if problem.path else ""
            self.stderr.write(f"{place}: {prefix}{path}{problem.message}")

    def write_json(self, **report: object) -> None:
        self.stdout.write(json.dumps(report, ensure_ascii=False))


def _as_data(name: str, found: Found) -> dict[str, object]:
    return {
        "file": name,
        "valid": not found.errors,
        "code": found.edition and found.edition.code,
        "errors": [asdict(problem) for problem in found.errors],
        "warnings": [asdict(problem) for problem in found.warnings],
    }


def _in_short(edition: Edition) -> str:
    counts = f"{len(edition.requirements)} requirements, {len(edition.kpis)} KPIs"
    holds = f"{edition.code} holds: {counts}, {len(edition.scoring.nodes)} nodes"
    if edition.illustrative:
        holds += ". It is illustrative and cannot be adopted"
    text = edition.legal_text
    return f"{holds}. {PREVAILS} ({text.file}, {text.resolution})" if text else holds
