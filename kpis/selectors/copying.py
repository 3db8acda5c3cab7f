"""Reading many rows at once by COPY, straight into a frame, or as text."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import BytesIO, StringIO

import polars as pl
from django.db import connection


def rows(query: str, given: Mapping[str, object]) -> Iterator[list[str]]:
    """Yield the rows of ``query``, each value as text; what is null is empty."""
    yield from csv.reader(StringIO(_copied(query, given).getvalue().decode()))


def read(
    query: str, given: Mapping[str, object], schema: Mapping[str, pl.DataType]
) -> pl.DataFrame:
    """Return the rows of ``query`` as a frame with the columns of ``schema``, by COPY."""
    stream = _copied(query, given)
    if not stream.tell():
        return pl.DataFrame(schema=schema)
    stream.seek(0)
    return pl.read_csv(stream, has_header=False, schema=schema)


def _copied(query: str, given: Mapping[str, object]) -> BytesIO:
    stream = BytesIO()
    with connection.cursor() as cursor:
        asked = cursor.cursor.mogrify(query, given).decode()
        cursor.copy_expert(f"copy ({asked}) to stdout (format csv)", stream)
    return stream
