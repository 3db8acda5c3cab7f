#!/usr/bin/env python
"""Run a command, with the embedded servers where it needs some and none are named."""

import os
import signal
import sys
from contextlib import nullcontext

from msi_platform import environment
from msi_platform.servers import Servers, ServersError

NEED_NOTHING = {
    *("", "help", "version", "--help", "-h", "--version"),
    *("check", "collectstatic", "diffsettings", "edition", "verify"),
}


def needs_servers(words: list[str]) -> bool:
    command = words[0] if words else ""
    if command in NEED_NOTHING or {"--help", "-h"} & set(words):
        return False
    return not (command == "replay" and "--pure" in words)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "msi_platform.settings")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # leave in order
    wanted = {
        "postgres": environment.has_own_database(),
        "valkey": environment.has_own_broker(),
    }
    held = nullcontext()
    if needs_servers(sys.argv[1:]) and any(wanted.values()):
        held = Servers(environment.var_folder()).hold(**wanted)
    try:
        with held:
            from django.core.management import execute_from_command_line

            execute_from_command_line(sys.argv)
    except (ServersError, environment.Misconfigured) as error:
        sys.exit(f"manage.py: {error}")
    except Exception as error:
        if type(error.__cause__).__name__ not in {"UndefinedTable", "UndefinedColumn"}:
            raise
        sys.exit("manage.py: the database lacks tables of this version; run: manage.py migrate")


if __name__ == "__main__":
    main()
