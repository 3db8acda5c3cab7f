"""A file that comes with an application or a comment: read whole, within limits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath

from django.core.files import File

MOST_BYTES = 10 * 1024 * 1024
LONGEST_NAME = 200
MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,59}")
UNKNOWN_TYPE = "application/octet-stream"
NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class BadFile(ValueError):
    """The file is empty, or larger than is taken."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it is kept; its name holds no path and no sign that is not printed."""

    name: str
    media_type: str
    content: bytes
    sha256: str


def read_file(file: File) -> Received:
    """Return a file that was read to its end.

    :raises BadFile: it is empty or has more than ``MOST_BYTES``.
    """
    content = b"" if file.size > MOST_BYTES else file.read(MOST_BYTES + 1)
    if file.size > MOST_BYTES or len(content) > MOST_BYTES:
        size = max(file.size, len(content)) / 2**20
        raise BadFile(f"the file has {size:.1f} MB; at most {MOST_BYTES // 2**20} MB are taken")
    if not content:
        raise BadFile("the file is empty; choose one with something in it")
    plain = NOT_PRINTED.sub("", PurePosixPath((file.name or "").replace("\\", "/")).name)
    media_type = (getattr(file, "content_type", "") or "").lower()
    return Received(
        name=plain[:LONGEST_NAME] or "document",
        media_type=media_type if MEDIA_TYPE.fullmatch(media_type) else UNKNOWN_TYPE,
        content=content,
        sha256=sha256(content).hexdigest(),
    )
