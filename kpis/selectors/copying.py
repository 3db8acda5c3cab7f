"""Reading many rows at once: by COPY or as whole columns, straight into a frame, or as text."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import BytesIO, StringIO
from struct import unpack_from

import polars as pl
from django.db import connection

CELLS = "e'\\n'"  # what stands between the texts of a column


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
    told = ", ".join(f"string_agg(coalesce({name}::text, ''), {CELLS})" for name in names)
    asked = f"select count(*)::text, {told} from ({query}) t({', '.join(names)})"
    count, *columns = fields(asked, given)
    return pl.DataFrame(
        {
            name: _column(cells(text, int(count)), kind)
            for (name, kind), text in zip(schema.items(), columns, strict=True)
        }
    )


def _column(told: pl.Series, kind: pl.DataType) -> pl.Series:
    if kind != pl.String:
        return told.cast(kind, strict=False)
    return told.set(told == "", None)


def cells(text: str, height: int) -> pl.Series:
    """Return the lines of ``text``, which are to be ``height``.

    :raises ValueError: they are not.
    """
    if not height and not text:
        return pl.Series(dtype=pl.String)
    found = pl.Series([text]).str.split("\n").explode()
    if len(found) != height:
        raise ValueError(f"{height} texts have {len(found)} lines")
    return found


def fields(query: str, given: Mapping[str, object]) -> list[str]:
    """Return the texts of the only row of ``query``; empty for null.

    Source: PostgreSQL, COPY, file formats: a head of 19 bytes, how many fields, and each behind
    its length.
    """
    row = _copied(query, given, form="binary").getbuffer()
    (count,), at, found = unpack_from("!h", row, 19), 21, []
    for _ in range(count):
        (length,) = unpack_from("!i", row, at)
        at += 4
        found.append(str(row[at : at + max(length, 0)], "utf-8"))
        at += max(length, 0)
    return found


def _copied(query: str, given: Mapping[str, object], *, form: str = "csv") -> BytesIO:
    stream = BytesIO()
    with connection.cursor() as cursor:
        asked = cursor.cursor.mogrify(query, given).decode()
        cursor.copy_expert(f"copy ({asked}) to stdout (format {form})", stream)
    return stream
