"""What the address of a page, or a form, names."""

from __future__ import annotations


def row_number(text: str) -> int | None:
    """Return the number of a row that is named, None where none is."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
