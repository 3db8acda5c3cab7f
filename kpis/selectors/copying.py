"""Reading many rows at once, straight into a frame."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

import polars as pl
from django.db import connection


def read(
    query: str, given: Mapping[str, object], schema: Mapping[str, pl.DataType]
) -> pl.DataFrame:
    """Return the rows of ``query`` as a frame with the columns of ``schema``, by COPY."""
    stream = BytesIO()
    with connection.cursor() as cursor:
        asked = cursor.cursor.mogrify(query, given).decode()
        cursor.copy_expert(f"copy ({asked}) to stdout (format csv)", stream)
    if not stream.tell():
        return pl.DataFrame(schema=schema)
    stream.seek(0)
    return pl.read_csv(stream, has_header=False, schema=schema)
