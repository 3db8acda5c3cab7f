"""What is believed of a file that somebody hands in: a name and a media type, made harmless."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

LONGEST_NAME = 200
LONGEST_SUFFIX = 20
MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,59}")
UNKNOWN_TYPE = "application/octet-stream"
NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def plain_name(said: str | None, *, unnamed: str) -> str:
    """Return a file's name without path and signs that are not printed, short enough to keep.

    A long name keeps its suffix. One of nothing is called ``unnamed``.
    """
    name = PurePosixPath(NOT_PRINTED.sub("", said or "").replace("\\", "/")).name
    stem, dot, suffix = name.rpartition(".")
    if len(name) > LONGEST_NAME and dot and len(suffix) < LONGEST_SUFFIX:
        return f"{stem[: LONGEST_NAME - len(suffix) - 1]}.{suffix}"
    return name[:LONGEST_NAME] or unnamed


def media_type(said: str | None) -> str:
    """Return a media type without its parameters; what is none is of an unknown type."""
    plain = (said or "").lower().split(";")[0].strip()
    return plain if MEDIA_TYPE.fullmatch(plain) else UNKNOWN_TYPE
