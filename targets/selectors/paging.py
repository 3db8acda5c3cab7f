"""Long lists, read by key: the next page begins after the last row of this one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

SIZE = 50


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows of a long list; ``next`` is the key after which the rest begins, None at the end.

    ``begun`` says that rows came before.
    """

    rows: list[Any]
    next: int | None
    begun: bool


def slice_after(
    rows: QuerySet, *, after: int | None, key: str = "pk", newest: bool = False, size: int = SIZE
) -> Slice:
    """Return the rows that follow ``after`` by ``key``, the highest first if ``newest``.

    ``rows`` must be ordered by ``key`` accordingly, and keys must differ.
    """
    if after is not None:
        rows = rows.filter(**{f"{key}__{'lt' if newest else 'gt'}": after})
    found = list(rows[: size + 1])
    more = len(found) > size
    last = getattr(found[size - 1], key) if more else None
    return Slice(found[:size], last, begun=after is not None)
