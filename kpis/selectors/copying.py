"""Reading many rows at once: by COPY or as whole columns, straight into a frame, or as text."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import BytesIO, StringIO
from struct import unpack_from

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


def read_columns(
    query: str, given: Mapping[str, object], schema: Mapping[str, pl.DataType]
) -> pl.DataFrame:
    """Return the same, each column sent as one text: of very many short rows this costs less.

    What is empty is read as null. No text may hold an end of line: codes, numbers, JSON.

    :raises ValueError: one did.
    """
    names = [f"c{place}" for place in range(len(schema))]
    told = ", ".join(f"string_agg(coalesce({name}::text, ''), e'\\n')" for name in names)
    asked = f"select count(*)::text, {told} from ({query}) t({', '.join(names)})"
    count, *columns = _fields(_copied(asked, given, form="binary").getbuffer())
    height = int(count)
    if not height:
        return pl.DataFrame(schema=schema)
    return pl.DataFrame(
        {
            name: _column(text, kind, height)
            for (name, kind), text in zip(schema.items(), columns, strict=True)
        }
    )


def _column(text: str, kind: pl.DataType, height: int) -> pl.Series:
    cells = pl.Series([text]).str.split("\n").explode()
    if len(cells) != height:
        raise ValueError(f"{height} texts have {len(cells)} lines")
    if kind != pl.String:
        return cells.cast(kind, strict=False)
    if not text.strip("\n"):
        return pl.repeat(None, height, dtype=kind, eager=True)
    return cells.set(cells == "", None)


def _fields(row: memoryview) -> Iterator[str]:
    """Yield the texts of the only row that COPY gave as binary; empty for null.

    Source: PostgreSQL, COPY, file formats: a head of 19 bytes, how many fields, and each behind
    its length.
    """
    (fields,), at = unpack_from("!h", row, 19), 21
    for _ in range(fields):
        (length,) = unpack_from("!i", row, at)
        at += 4
        yield str(row[at : at + max(length, 0)], "utf-8")
        at += max(length, 0)


def _copied(query: str, given: Mapping[str, object], *, form: str = "csv") -> BytesIO:
    stream = BytesIO()
    with connection.cursor() as cursor:
        asked = cursor.cursor.mogrify(query, given).decode()
        cursor.copy_expert(f"copy ({asked}) to stdout (format {form})", stream)
    return stream
