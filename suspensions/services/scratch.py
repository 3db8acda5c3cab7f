"""A database of its own for one replay, in which nothing can be sent, and which is always dropped.

What a killed replay left behind is dropped by the next one: a scratch database belongs to whoever
holds its lock, and the server drops a lock with the session, however that ends.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from types import TracebackType

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper

NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"
LOCK = "select pg_try_advisory_lock(hashtextextended(%s, 0))"
UNLOCK = "select pg_advisory_unlock(hashtextextended(%s, 0))"


class NoScratch(RuntimeError):
    """A scratch database cannot be made here; the message says why."""


class Scratch:
    """Inside the block the platform's connection is to a fresh, migrated database."""

    def __init__(self) -> None:
        self.home = str(connection.settings_dict["NAME"])
        # Locks are those of one database, so its name is part of the names that it looks after.
        self.prefix = f"msi_replay_{sha256(self.home.encode()).hexdigest()[:8]}_"
        self.name = self.prefix + secrets.token_hex(6)
        self.admin: BaseDatabaseWrapper | None = None
        self.mail = settings.EMAIL_BACKEND

    def __enter__(self) -> Scratch:
        if connection.in_atomic_block:
            raise NoScratch("a replay cannot run inside a transaction")
        self.admin = connection.copy()
        try:
            self.drop_stale()
            with self.admin.cursor() as cursor:
                cursor.execute(LOCK, [self.name])
                cursor.execute(f'create database "{self.name}" template template0')
        except Error as error:
            self.admin.close()
            reason = str(error).strip().splitlines()[0]
            raise NoScratch(f"no scratch database can be made: {reason}; try --pure") from None
        try:
            settings.EMAIL_BACKEND = NO_MAIL
            self._connect(self.name)
            call_command("migrate", interactive=False, verbosity=0)
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leave()

    def drop_stale(self) -> list[str]:
        """Drop the scratch databases whose replay is gone, and return their names."""
        dropped = []
        self.admin = self.admin or connection.copy()
        with self.admin.cursor() as cursor:
            cursor.execute(
                "select datname from pg_database where starts_with(datname, %s)", [self.prefix]
            )
            for (name,) in cursor.fetchall():
                cursor.execute(LOCK, [name])
                if cursor.fetchone()[0]:
                    cursor.execute(f'drop database if exists "{name}" with (force)')
                    cursor.execute(UNLOCK, [name])
                    dropped.append(name)
        return dropped

    def _connect(self, name: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = name
        ContentType.objects.clear_cache()

    def _leave(self) -> None:
        settings.EMAIL_BACKEND = self.mail
        try:
            self._connect(self.home)
            with self.admin.cursor() as cursor:
                cursor.execute(f'drop database if exists "{self.name}" with (force)')
        finally:
            self.admin.close()
