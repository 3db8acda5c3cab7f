"""Scoring: a whole run, its growth, sites, one member among many, and a peer's own numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from statistics import median
from time import process_time
from typing import Any

from django.conf import settings
from django.db import connection

from accounts.selectors import system_user
from kpis import services
from kpis.models import Scorecard, ScoreRun
from members.models import Member
from msi_platform.bench import editions
from msi_platform.bench.timing import Result, best, seconds, statement
from msi_platform.bench.workers import Workers
from msi_platform.bench.world import ON, World, enact
from suspensions.services.scratch import Scratch

WORKERS = 2
TIMES_OF_ONE = 20
FEW = 2_000  # among whom one is scored anew in the same time as among all
SITES, KPIS_OF_SITES, MEMBERS_WITH_SITES = 200, 15, 2_000
FLOOR = "select member_id, count(*), sum({number}) from {table} group by member_id"
OF_VALUES = FLOOR.format(number="number", table="kpis_value")
OF_SITES = FLOOR.format(number="numerator", table="kpis_sitevalue")
ONE = (
    "select kpi, state, number, numerator, denominator, labels"
    " from kpis_value where of_return_id = %s"
)


def growth(members: int) -> Iterator[Result]:
    """Time per member at a tenth, a third and all of the members: flat, so the ratio stays at 1."""
    with Scratch():
        world = World(enact(editions.of_many_kpis()))
        first: float | None = None
        for size in (members // 10, members // 3, members):
            world.grow_to(size, editions.kinds())
            _, took, told = _run(world)
            first = first or took / size
            yield Result("score_growth", {"members": size, **told}, took, first * size)


def full(members: int) -> Iterator[Result]:
    """All members, stored with trace lines, against a statement that groups their values."""
    with Scratch():
        world = World(enact(editions.of_many_kpis()))
        world.grow_to(members, editions.kinds())
        floor = best(statement(OF_VALUES))
        _, took, told = _run(world)
        work = {"members": members, "kpis": editions.KPIS, **_columns("kpis_value"), **told}
        yield Result("score_full", work, took, floor)


def sites(members: int) -> Iterator[Result]:
    """Members with many sites each, rolled up, against the same statement over sites' values."""
    wanted = min(MEMBERS_WITH_SITES, members)
    with Scratch():
        world = World(enact(editions.of_sites(KPIS_OF_SITES, SITES)))
        codes = [kpi.code for kpi in world.period.edition.document.kpis]
        world.grow_sites(wanted, SITES, codes)
        floor = best(statement(OF_SITES))
        _, took, told = _run(world)
        work = {"members": wanted, "sites": SITES, "kpis": KPIS_OF_SITES}
        yield Result("score_sites", {**work, **_columns("kpis_sitevalue"), **told}, took, floor)


def one(members: int) -> Iterator[Result]:
    """One member among few, and among all, scored anew and stored, against a select of its values.

    ``settle_seconds`` is how long what the run comes to as a whole takes to follow.
    """
    with Scratch():
        world = World(enact(editions.of_many_kpis()))
        for size in sorted({min(FEW, members), members}):
            world.grow_to(size, editions.kinds())
            run, *_ = _run(world)
            yield _one_among(world, run, size)


def _one_among(world: World, run: ScoreRun, size: int) -> Result:
    by = system_user()
    member = Member.objects.select_related("organisation").order_by("pk")[size // 2]
    of_return = member.returns.values_list("pk", flat=True).get()
    floor = best(statement(ONE, [of_return]), times=50)
    times, cpu = [], []
    for number in range(TIMES_OF_ONE):
        world.change(of_return, number)
        act = {"period": world.period, "member": member, "by": by, "on": ON}
        before = process_time()
        times.append(seconds(lambda act=act: services.rescore(**act)))
        cpu.append(process_time() - before)
    settled = seconds(lambda: services.settle(run_id=run.pk, by=by, on=ON))
    work = {
        "among": size,
        "kpis": editions.KPIS,
        "median_seconds": round(median(times), 4),
        "cpu_seconds": round(min(cpu), 4),  # of this process, whatever else the machine does
        "settle_seconds": round(settled, 3),
        **_columns("kpis_value"),
    }
    return Result("score_one", work, min(times), floor)


def oracle(members: int) -> Iterator[Result]:
    """A peer's own benchmark: 100 members, 100 weighted values each, the same 100 numbers."""
    file = settings.MSI_DATA / "peer-oracle/ciso_100x100.json"
    given = json.loads(file.read_text())["members"]
    [weights] = {tuple(weight for weight, _ in one["values"]) for one in given.values()}
    codes = [f"k{place}" for place in range(len(weights))]
    answers = {
        who: dict(zip(codes, (n for _, n in one["values"]), strict=True))
        for who, one in given.items()
    }
    with Scratch():
        world = World(enact(editions.of_weights(dict(zip(codes, weights, strict=True)))))
        world.file(answers)
        floor = best(statement(OF_VALUES))
        _, took, told = _run(world, workers=1)
        found = list(Scorecard.objects.order_by("member").values_list("total", flat=True))
        expected = [Decimal(str(one["expected"])) for one in given.values()]
        values = len(given) * len(codes)
        work = {
            "members": len(given),
            "kpis": len(codes),
            "equal": sum(a == b for a, b in zip(found, expected, strict=True)),
            "values_per_second": round(values / took),
        }
        yield Result("score_oracle", {**work, **told}, took, floor)


def _run(world: World, *, workers: int = WORKERS) -> tuple[ScoreRun, float, dict[str, Any]]:
    """Score the period once, and return the run, how long workers took and what they say."""
    run = services.start_run(period=world.period, by=system_user(), on=ON)
    with Workers(workers) as ready:
        said: list[dict[str, float]] = []
        took = seconds(lambda: said.extend(ready.work(run.pk)))
    run.refresh_from_db()
    if run.status != ScoreRun.Status.PROVISIONAL:
        raise RuntimeError(f"the run is {run.status}")
    told = {"workers": workers, "shards": run.shards.count()}
    told["peak_mib"] = max(one["peak_mib"] for one in said)
    told["workers_cpu_seconds"] = round(sum(one["cpu_seconds"] for one in said), 2)
    return run, took, told


def _columns(table: str) -> dict[str, Any]:
    """Return how many rows a table has, and the types of the columns that the floor reads."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select column_name, format_type(a.atttypid, a.atttypmod) from pg_attribute a"
            " join information_schema.columns c on c.column_name = a.attname"
            " where a.attrelid = %s::regclass and c.table_name = %s"
            " and column_name in ('member_id', 'number', 'numerator') order by a.attnum",
            [table, table],
        )
        types = dict(cursor.fetchall())
        cursor.execute(f"select count(*) from {table}")
        return {"values": cursor.fetchone()[0], "columns": types}
