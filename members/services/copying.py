"""Rows written by COPY: while they are made, in memory that does not grow with their number."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from django.db import connection, models

AT_ONCE = 500  # rows handed over together


@dataclass(frozen=True, slots=True)
class Into:
    """The columns of a table that are written, or of ``table`` where that has the same columns.

    The caller holds the transaction. Every cell is quoted, so that no text is taken for null; an
    empty one is null only in a column that may be.
    """

    model: type[models.Model]
    columns: Sequence[str]
    table: str = ""

    def copy(self, rows: Iterable[Sequence[object]]) -> int:
        """Add rows, and return how many.

        They are drawn while the server takes in those before: drawing one must not ask it anything.
        """
        text = _Text(rows)
        with connection.cursor() as cursor:
            cursor.copy_expert(self._command(), text)
        return text.count

    def _command(self) -> str:
        fields = {field.column: field for field in self.model._meta.concrete_fields}
        nullable = ", ".join(column for column in self.columns if fields[column].null)
        forced = f", force_null ({nullable})" if nullable else ""
        table, columns = self.table or self.model._meta.db_table, ", ".join(self.columns)
        return f"copy {table} ({columns}) from stdin (format csv{forced})"


class _Text:
    """Rows as a file of CSV that is written when it is read."""

    def __init__(self, rows: Iterable[Sequence[object]]) -> None:
        self.rows = iter(rows)
        self.count = 0

    def read(self, size: int) -> str:
        """Return the next rows as text, whatever ``size``; none at the end."""
        part = list(islice(self.rows, AT_ONCE))
        self.count += len(part)
        text = StringIO()
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows(part)
        return text.getvalue()
