"""Rows written by COPY: many at once, in memory that does not grow with their number."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO

from django.db import connection, models

AT_ONCE = 20_000  # rows held as text


@dataclass(frozen=True, slots=True)
class Into:
    """The columns of a table that are written; the caller holds the transaction.

    Every cell is quoted, so that no text is taken for null; an empty one is null only in a column
    that may be.
    """

    model: type[models.Model]
    columns: Sequence[str]

    def copy(self, rows: Iterable[Sequence[object]]) -> int:
        """Add rows, and return how many."""
        text, count = StringIO(), 0
        writer = csv.writer(text, quoting=csv.QUOTE_ALL)
        for count, row in enumerate(rows, start=1):
            writer.writerow(row)
            if count % AT_ONCE == 0:
                self._send(text)
        if text.tell():
            self._send(text)
        return count

    def _send(self, text: StringIO) -> None:
        text.seek(0)
        with connection.cursor() as cursor:
            cursor.copy_expert(self._command(), text)
        text.seek(0)
        text.truncate()

    def _command(self) -> str:
        fields = {field.column: field for field in self.model._meta.concrete_fields}
        nullable = ", ".join(column for column in self.columns if fields[column].null)
        forced = f", force_null ({nullable})" if nullable else ""
        table, columns = self.model._meta.db_table, ", ".join(self.columns)
        return f"copy {table} ({columns}) from stdin (format csv{forced})"
