"""Importing years of signatures, against a plain COPY of as many rows into a bare table."""

from __future__ import annotations

import csv
import resource
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from accounts.selectors import system_user
from kpis.rules.profiles import Profile
from kpis.rules.stating import Setting
from kpis.services.imports import Imported, import_file
from msi_platform.bench import editions
from msi_platform.bench.timing import Result, plain_copy, seconds
from msi_platform.bench.world import ON, enact
from suspensions.services.scratch import Scratch

MEMBERS, REQUIREMENTS, YEARS = 20_000, 100, 10
FIRST_YEAR = 2016
JOINED = """
format: 1
code: bench-members
title: Members
file: {kind: csv}
member:
  by: name
  column: Name
  unknown: {member_class: member, chamber: all, admitted_on: {column: Joined}, admitted: true}
into: {kind: facts}
"""
SIGNED = """
format: 1
code: bench-signatures
title: Signatures
file: {kind: csv}
member: {by: name, column: Name, unknown: refuse}
into:
  kind: facts
  facts:
    - kind: requirement.signed
      key: {column: Requirement, unlisted: keep}
      about_on: {column: Signed}
      data: {edition: {fixed: bench-2025}, text_sha256: text}
"""
STORED = """
copy (
    select member_id, kind, key, about_on, recorded_at, data, entry_id, source, ref
    from members_fact where kind = 'requirement.signed' order by id
) to stdout (format csv)
"""
BARE = """
drop table if exists bare;
create table bare (
    member_id bigint, kind text, key text, about_on date, recorded_at timestamptz, data jsonb,
    entry_id bigint, source text, ref text)
"""


def imported(members: int) -> Iterator[Result]:
    """Members and ten years of their signatures, with all that is checked, and their spans."""
    wanted = min(MEMBERS, members)
    with TemporaryDirectory() as folder, Scratch():
        enact(editions.of_requirements(REQUIREMENTS))
        joined, signed = _files(Path(folder), wanted)
        import_from(JOINED, joined)
        before = peak()
        done: list[Imported] = []
        took = seconds(lambda: done.append(import_from(SIGNED, signed)))
        work = {
            "members": wanted,
            "facts": done[0].facts_added,
            "peak_mb": peak(),
            "peak_mb_before": before,
        }
        yield Result("import_facts", work, took, plain_copy(STORED, BARE, Path(folder)))


def _files(folder: Path, members: int) -> tuple[Path, Path]:
    """Write who joined when, and who signed what on which day of ten years."""
    joined, signed = folder / "joined.csv", folder / "signed.csv"
    with joined.open("w", newline="") as one, signed.open("w", newline="") as other:
        people, signatures = csv.writer(one), csv.writer(other)
        people.writerow(("Name", "Joined"))
        signatures.writerow(("Name", "Requirement", "Signed"))
        for number in range(members):
            name = f"Member {number}"
            people.writerow((name, _day(number, 0)))
            for place in range(REQUIREMENTS):
                signatures.writerow((name, f"r-{place:03}", _day(number, place)))
    return joined, signed


def _day(member: int, place: int) -> date:
    year = FIRST_YEAR + (member + place) % YEARS
    return date(year, 1 + (member * 7 + place) % 12, 1 + (member + place * 3) % 28)


def import_from(profile: str, path: Path) -> Imported:
    """Import a file through a profile, as the command does."""
    with path.open("rb") as stream:
        return import_file(
            profile=Profile.load(profile),
            stream=stream,
            setting=Setting(),
            by=system_user(),
            on=ON,
        )


def peak() -> int:
    """Return the most memory that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
