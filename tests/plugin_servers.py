"""Holds the embedded servers while tests run, in the tests' own folder, with relaxed durability.

With ``DATABASE_URL`` and ``REDIS_URL`` the tests use those servers instead.
"""

from contextlib import ExitStack

import pytest

from msi_platform import environment
from msi_platform.servers import Servers


def pytest_configure(config: pytest.Config) -> None:
    servers = Servers(environment.var_folder(), durable=False)
    stack = ExitStack()
    wanted = {
        "postgres": environment.has_own_database(),
        "valkey": environment.has_own_broker(),
    }
    if any(wanted.values()):
        stack.enter_context(servers.hold(**wanted))
    config.add_cleanup(stack.close)
