"""Under which user the servers run, and the folder of their sockets."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
from pathlib import Path

from .errors import ServersError
from .processes import read

DAC_READ_SEARCH = 2  # the bit of this capability, linux/capability.h


def server_user() -> pwd.struct_passwd:
    """Who runs the servers: ourselves, or ``nobody`` for root, whom PostgreSQL refuses."""
    return pwd.getpwuid(os.geteuid()) if os.geteuid() else pwd.getpwnam("nobody")


def as_server_user() -> tuple[list[str], dict]:
    """Return how to run a command as the servers' user: words before it, arguments of ``Popen``.

    Root's clone may lie in a closed folder (a home of mode 700). With ``setpriv`` the servers keep
    the one right to pass through it, and no mode is changed. A container may not have that right
    to give; then its folders must be open.
    """
    if os.geteuid():
        return [], {}
    user = server_user()
    if shutil.which("setpriv") is None or not _may_give_passage():
        return [], {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return [
        *("setpriv", "--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"),
        *("--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search"),
        *("--bounding-set", "-all,+dac_read_search"),
    ], {}


def _may_give_passage() -> bool:
    for line in read(Path("/proc/self/status")).splitlines():
        if line.startswith("CapPrm:"):
            return bool(int(line.split()[1], 16) >> DAC_READ_SEARCH & 1)
    return False


def make_private_folder(folder: Path) -> None:
    """Make the folder of the sockets, or make sure that the one there is ours alone.

    :raises ServersError: when it is a link, somebody else's, or open to others.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    ours = {os.geteuid(), server_user().pw_uid}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours or found.st_mode & 0o077:
        raise ServersError(f"{folder} is not a private folder of ours: remove it.")
    give(folder)


def give(folder: Path) -> None:
    """Make the servers' user the owner of ``folder``."""
    user = server_user()
    if user.pw_uid != folder.lstat().st_uid:
        os.chown(folder, user.pw_uid, user.pw_gid, follow_symlinks=False)
