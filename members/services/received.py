"""A file that comes with an application or a comment: read whole, within limits."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from django.core.files import File

from accounts.rules.files import media_type, plain_name

MOST_BYTES = 10 * 1024 * 1024


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
    return Received(
        name=plain_name(file.name, unnamed="document"),
        media_type=media_type(getattr(file, "content_type", "")),
        content=content,
        sha256=sha256(content).hexdigest(),
    )
