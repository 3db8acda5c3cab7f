"""Temporary tables that hold what a file states until it is known that all of it is right."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from io import StringIO

from django.db import connection

from kpis.rules.mapping import Mapped, Reported
from kpis.rules.naming import Named
from kpis.rules.stating import Stated, normal
from kpis.rules.working import Works
from rulebooks.rules.facts import What

CHUNK = 10_000
SORTED_IN = "64MB"  # of the server's memory; larger files are sorted on its disk
ONE_AT_A_TIME = 7_238_115  # imports wait for each other
TABLES = {
    "import_value": """
        row integer, member text, period text, kpi text, filed_on date, state text,
        number numeric, numerator numeric, denominator numeric, labels text[], counts jsonb,
        site text, site_name text, site_country text, most_sites integer""",
    "import_fact": """
        row integer, member text, kind text, key text, about_on date, dated boolean,
        once boolean, each_day boolean, data jsonb""",
    "import_contact": """
        row integer, member text, role text, name text, email text, phone text, from_on date""",
    "import_sector": """
        row integer, member text, sector text, from_on date, source text""",
    "import_member": "member text primary key, member_id bigint",
}


class Staging:
    """The temporary tables of one import, gone at the end of its transaction."""

    def __init__(self) -> None:
        self.waiting: dict[str, list[tuple]] = {table: [] for table in TABLES}

    @classmethod
    def begin(cls) -> Staging:
        """Wait for any other import, then make the tables empty."""
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
            cursor.execute("set constraints all immediate")  # checks do not pile up
            cursor.execute(f"set local work_mem = '{SORTED_IN}'")
            for table, columns in TABLES.items():
                cursor.execute(f"drop table if exists pg_temp.{table}")
                cursor.execute(f"create temporary table {table} ({columns}) on commit drop")
        return cls()

    def add(self, mapped: Mapped) -> None:
        """Hold what a row states."""
        for thing in mapped.states:
            if isinstance(thing, Reported):
                self._hold("import_value", _value(thing))
            elif isinstance(thing, Named):
                self._hold("import_contact", _contact(thing))
            elif isinstance(thing, Works):
                self._hold("import_sector", _sector(thing))
            else:
                self._hold("import_fact", _fact(thing))

    def name_members(self, ids: Mapping[str, int]) -> None:
        """Hold which member each name means, and tell the planner how large everything is."""
        for name, member_id in ids.items():
            self._hold("import_member", (name, member_id))
        self.flush()
        with connection.cursor() as cursor:
            cursor.execute(f"analyze {', '.join(TABLES)}")

    def flush(self) -> None:
        """Write what is still held in memory."""
        for table, rows in self.waiting.items():
            _copy(table, rows)
            rows.clear()

    def _hold(self, table: str, row: tuple) -> None:
        self.waiting[table].append(row)
        if len(self.waiting[table]) >= CHUNK:
            _copy(table, self.waiting[table])
            self.waiting[table].clear()


def _copy(table: str, rows: Iterable[tuple]) -> None:
    text = StringIO()
    csv.writer(text).writerows(rows)
    text.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"copy {table} from stdin (format csv, null '\\N')", text)


def _value(reported: Reported) -> tuple:
    answer = reported.answer
    return (
        reported.row,
        normal(reported.member),
        reported.period,
        reported.kpi,
        _or_null(reported.filed_on),
        answer.state.value,
        *map(_or_null, (answer.number, answer.numerator, answer.denominator)),
        _array(sorted(answer.labels)),
        json.dumps(dict(answer.counts)),
        reported.site.code,
        reported.site.name,
        reported.site.country,
        _or_null(reported.most_sites),
    )


def _fact(stated: Stated) -> tuple:
    return (
        stated.row,
        normal(stated.member),
        stated.what.kind,
        stated.key,
        stated.about_on,
        stated.dated,
        stated.once,
        stated.each_day,
        _said(stated.what),
    )


def _contact(named: Named) -> tuple:
    return (
        named.row,
        normal(named.member),
        named.role,
        named.name,
        named.email,
        named.phone,
        named.from_on,
    )


def _sector(works: Works) -> tuple:
    return (works.row, normal(works.member), works.sector, works.from_on, works.source)


@lru_cache(maxsize=10_000)
def _said(what: What) -> str:
    """Return what a fact says as JSON; many rows say the same, and what they say is frozen."""
    return json.dumps(what.data())


def _or_null(value: date | object | None) -> object:
    return "\\N" if value is None else value


def _array(texts: Iterable[str]) -> str:
    """Return texts as PostgreSQL writes an array."""
    escaped = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in escaped) + "}"
