"""Other processes that hold embedded servers, as this user or as an ordinary one."""

import os
import pwd
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys
from pathlib import Path
from msi_platform.servers import Servers
with Servers(Path(sys.argv[1]), durable=False).hold() as servers:
    print(servers.postgres.postmaster(), servers.valkey.process(), flush=True)
    sys.stdin.read()
"""


class Holder:
    """A process that holds the servers of a folder until it is told to leave, or killed."""

    def __init__(self, var, *, prefix=()):
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-c", HOLD, str(var)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def pids(self):
        """Wait until the servers run; return the numbers of PostgreSQL and Valkey."""
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()
        return tuple(map(int, line.split()))

    def leave(self):
        _, errors = self.process.communicate(timeout=60)
        assert (self.process.returncode, errors) == (0, "")

    def kill(self):
        self.process.kill()
        self.process.communicate()


def as_ordinary_user(folder):
    """Give ``folder`` to an ordinary user; return the words that run a command as that user.

    Nobody needs them who is an ordinary user already. The one right to pass through closed folders
    stays, because the interpreter may lie in root's home.
    """
    if os.geteuid():
        return ()
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return (
        *("setpriv", "--reuid", str(nobody.pw_uid), "--regid", str(nobody.pw_gid)),
        *("--clear-groups", "--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search"),
    )


def wait_until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
