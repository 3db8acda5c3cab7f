"""Evidence on disk: one file for each content of a member, named by its SHA-256.

A row is written only when its file is in place, so a crash can leave a file without a row, which
is harmless, and never a row without its file. Keeping and discarding the same content exclude
each other by a lock that the database holds until the transaction ends.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection

INCOMING = "evidence/.incoming"
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700


class EmptyFile(ValueError):
    """The file holds nothing."""


class FileTooLarge(ValueError):
    """The file is larger than the platform takes."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was read to its end: where it lies for now, its hash and its size in bytes."""

    path: Path
    sha256: str
    size: int


class EvidenceFiles:
    """The private folder of evidence. It is never served by address."""

    def name_of(self, member: str, digest: str) -> str:
        """Return the name in the storage of a content of a member."""
        return f"evidence/{member}/{digest}"

    def receive(self, file: File, *, at_most: int) -> Received:
        """Read a file to its end into the incoming folder.

        :raises EmptyFile: it holds nothing.
        :raises FileTooLarge: it holds more than ``at_most`` bytes; nothing of it is kept.
        """
        if file.size > at_most:
            raise FileTooLarge(_too_large(file.size, at_most=at_most))
        folder = _folder(Path(default_storage.path(INCOMING)))
        path, digest, size = folder / secrets.token_hex(16), sha256(), 0
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
            with os.fdopen(descriptor, "wb") as out:
                for chunk in file.chunks():
                    size += len(chunk)
                    if size > at_most:
                        raise FileTooLarge(_too_large(size, at_most=at_most))
                    digest.update(chunk)
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            if size == 0:
                raise EmptyFile("The file is empty; choose one with something in it")
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Received(path, digest.hexdigest(), size)

    def keep(self, received: Received, *, member: str) -> str:
        """Put a received file in its place for good and return its name; a known content stays.

        Holds the lock on the content until the transaction ends.
        """
        name = self.name_of(member, received.sha256)
        self.hold(name)
        place = Path(default_storage.path(name))
        _folder(place.parent)
        received.path.replace(place)
        descriptor = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)  # the name too must survive a crash
        finally:
            os.close(descriptor)
        return name

    def hold(self, name: str) -> None:
        """Lock a content until the transaction ends."""
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])

    def discard(self, name: str) -> None:
        """Remove a content that no row names: the caller holds it, and has looked since."""
        Path(default_storage.path(name)).unlink(missing_ok=True)


def _folder(path: Path) -> Path:
    path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    return path


def _too_large(size: int, *, at_most: int) -> str:
    return f"The file has {size / 2**20:.1f} MB; at most {at_most // 2**20} MB are taken"
