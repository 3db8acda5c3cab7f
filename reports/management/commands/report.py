"""``manage.py report member CODE --period CODE --out FILE``: one accountability report."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.selectors import system_user
from members.models import Member
from reports import services
from reports.selectors import paper
from rulebooks.selectors import day_of
from targets.models import Period


class Command(BaseCommand):
    help = "Makes the PDF accountability report of one member for one period."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["member"])
        parser.add_argument("code", help="the member's code, such as M0042")
        parser.add_argument("--period", required=True, help="the period's code")
        parser.add_argument("--out", required=True, type=Path, help="the file to write")
        parser.add_argument("--as", dest="reader", metavar="EMAIL", help="for whom it is made")
        parser.add_argument("--size", choices=paper.SIZES, default="a4")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, code: str, period: str, out: Path, reader: str | None, **options: Any):
        try:
            with transaction.atomic():  # what could not be written was not issued
                issued = services.issue_report(
                    member=_found(Member.objects.select_related("organisation"), code, "member"),
                    period=_found(Period.objects.select_related("edition"), period, "period"),
                    by=_reader(reader),
                    on=day_of(timezone.now()),
                    at=timezone.now(),
                    size=options["size"],
                )
                _write(out, issued.pdf)
        except (PermissionDenied, services.NotYet, OSError) as error:
            raise CommandError(f"{code}: {error}") from error
        self._say(issued, out, as_json=options["json"])

    def _say(self, issued: services.Issued, out: Path, *, as_json: bool) -> None:
        said = {
            "member": issued.report.member.code,
            "period": issued.report.period.code,
            "edition": issued.report.edition.code,
            "reader": issued.report.reader.code,
            "file": str(out),
            "bytes": len(issued.pdf),
            "sha256": issued.row.sha256,
            "content_sha256": issued.row.content_sha256,
        }
        self.stdout.write(json.dumps(said) if as_json else f"{out}: {said['sha256']}")


def _found(rows, code: str, noun: str):
    row = rows.filter(code=code).first()
    if row is None:
        raise CommandError(f"there is no {noun} {code}")
    return row


def _reader(email: str | None) -> User:
    """Return for whom the report is made: a user named, else the platform, as staff see it."""
    if not email:
        return system_user()
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"nobody signs in as {email}")
    return user


def _write(out: Path, content: bytes) -> None:
    """Write all of ``content`` to ``out`` or leave it as it was."""
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
