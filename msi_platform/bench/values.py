"""Importing the answers of many members for a period, against a plain COPY into a bare table."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from kpis.models import Value
from kpis.services.imports import Imported
from msi_platform.bench import editions, facts
from msi_platform.bench.timing import Result, plain_copy, seconds
from msi_platform.bench.world import World, enact
from suspensions.services.scratch import Scratch

MEMBERS = 20_000
YES, LABELS = ("yes", "no"), ("none", "some", "all")
PROFILE = """
format: 1
code: bench-values
title: Answers
file: {{kind: csv}}
member: {{by: name, column: Name, unknown: refuse}}
into:
  kind: values
  period: {{fixed: "2025"}}
  layout:
    kind: wide
    columns: {{{columns}}}
    denominators: {{{denominators}}}
"""
STORED = """
copy (
    select member_id, of_return_id, kpi, state, number, numerator, denominator, labels, counts, note
    from kpis_value order by id
) to stdout (format csv)
"""
BARE = """
drop table if exists bare;
create table bare (
    member_id bigint, of_return_id bigint, kpi text, state text, number numeric(36, 12),
    numerator numeric(36, 12), denominator numeric(36, 12), labels text[], counts jsonb, note text)
"""


def imported(members: int) -> Iterator[Result]:
    """The answers of each member to 40 KPIs, a row each, with all that is checked and recorded."""
    wanted = min(MEMBERS, members)
    kinds = editions.kinds()
    ratios = [code for code, kind in kinds.items() if kind == "ratio"]
    profile = PROFILE.format(
        columns=", ".join(f"{code}: {code}" for code in kinds),
        denominators=", ".join(f"{code}: {code} of" for code in ratios),
    )
    with TemporaryDirectory() as folder, Scratch():
        World(enact(editions.of_many_kpis())).join(wanted)
        path = _file(Path(folder), wanted, kinds)
        before = facts.peak()
        done: list[Imported] = []
        took = seconds(lambda: done.append(facts.import_from(profile, path)))
        if done[0].values_added != Value.objects.count():
            raise RuntimeError(f"{done[0].values_added} values were said to be new")
        work = {
            "members": wanted,
            "kpis": len(kinds),
            "values": done[0].values_added,
            "values_per_second": round(done[0].values_added / took),
            "peak_mb": facts.peak(),
            "peak_mb_before": before,
        }
        yield Result("import_values", work, took, plain_copy(STORED, BARE, Path(folder)))


def _file(folder: Path, members: int, kinds: dict[str, str]) -> Path:
    """Write what each member answers; one answer in 33 is left out."""
    path = folder / "values.csv"
    with path.open("w", newline="") as stream:
        rows = csv.writer(stream)
        ratios = [code for code, kind in kinds.items() if kind == "ratio"]
        rows.writerow(["Name", *kinds, *(f"{code} of" for code in ratios)])
        for member in range(members):
            dice = [(member * 7919 + place * 104_729) % 30_030 for place in range(len(kinds))]
            said = [_said(kind, n) for kind, n in zip(kinds.values(), dice, strict=True)]
            wholes = [
                500 + n % 700 if n % 33 else ""
                for kind, n in zip(kinds.values(), dice, strict=True)
                if kind == "ratio"
            ]
            rows.writerow([f"Company {member}", *said, *wholes])
    return path


def _said(kind: str, dice: int) -> str:
    if dice % 33 == 0:
        return ""
    match kind:
        case "number":
            return f"{dice % 1001 / 10:.1f}"
        case "ratio":
            return str(dice % 500)
        case "yes_no":
            return YES[dice % 2]
    return LABELS[dice % 3]
