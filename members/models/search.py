"""Text as it is sought: whatever its case and accents. The index is one of trigrams."""

from __future__ import annotations

from django.db.models import Func, TextField


class Folded(Func):
    """A text without case and accents: a function of the database, so that an index can hold it."""

    function = "members_folded"
    output_field = TextField()
