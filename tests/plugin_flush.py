"""Empties the tables after a test that commits, although the record refuses to be emptied.

The owner of the database may switch triggers off for a session; nobody else can. The platform's
own user, which a migration adds, is put back.
"""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import TransactionTestCase


def pytest_configure(config: pytest.Config) -> None:
    flush = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = _without_triggers(flush)


def _without_triggers(flush: Callable) -> Callable:
    def teardown(self: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            cursor.execute("set session_replication_role = replica")
        try:
            flush(self)
            _add_the_platform_itself()
        finally:
            with connection.cursor() as cursor:
                cursor.execute("set session_replication_role = default")

    return teardown


def _add_the_platform_itself() -> None:
    from accounts.models import RoleHeld, User  # once the apps are loaded

    user = User.objects.create(email="platform@localhost.example", name="The platform")
    RoleHeld.objects.create(user=user, role="system", since_on=date(2000, 1, 1))
