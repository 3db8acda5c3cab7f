"""``manage.py verify FILE``: checks a PDF that the platform signed. Needs nothing."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.rules.verification import LARGEST, NotGenuine, Verified, verify
from reports.selectors import seal


class Command(BaseCommand):
    help = "Checks the signature of a report or certificate, its data, and the record it names."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the PDF")
        parser.add_argument(
            "--fingerprint",
            action="append",
            default=[],
            metavar="SHA256",
            help="of the certificate that is trusted, beside those known here",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, file: Path, fingerprint: list[str], **options: Any) -> None:
        named = {one.lower().replace(":", "").replace(" ", "") for one in fingerprint}
        try:
            with file.open("rb") as opened:
                content = opened.read(LARGEST + 1)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}", returncode=2) from error
        try:
            verified = verify(content, known=seal.known() | named)
        except NotGenuine as error:
            if options["json"]:
                self.stdout.write(json.dumps({"file": str(file), "genuine": False}))
            self.stderr.write(f"{file}: {error}")
            sys.exit(1)
        self._say(file, verified, as_json=options["json"])

    def _say(self, file: Path, verified: Verified, *, as_json: bool) -> None:
        said = {"file": str(file), "genuine": True, **asdict(verified)}
        if as_json:
            self.stdout.write(json.dumps(said, default=lambda day: day.isoformat()))
            return
        self.stdout.write(f"{file}: genuine; {verified.what}, signed {verified.signed_at}")
        self.stdout.write(f"by {verified.signer}, key {verified.fingerprint}")
        for line in verified.checked:
            self.stdout.write(f"checked: {line}")
