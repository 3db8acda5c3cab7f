"""Which processes live, judged by ``/proc``: a number alone says nothing about whose it is."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path


def find(program: str, *, naming: str) -> int | None:
    """Find the process that runs ``program`` with ``naming`` among its arguments."""
    for process in _all():
        words = read(process / "cmdline").split("\0")
        if Path(words[0]).name == program and naming in words[1:]:
            return int(process.name)
    return None


def any_inside(folder: Path, *, program: str) -> bool:
    """Whether a process called ``program`` works in ``folder``."""
    return any(
        read(process / "comm").strip() == program and _folder_of(process) == folder
        for process in _all()
    )


def exists(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def read(path: Path) -> str:
    """Read a file of ``/proc``; empty when the process ended meanwhile or is somebody else's."""
    try:
        return path.read_text(errors="surrogateescape")
    except OSError:
        return ""


def send(pid: int, number: signal.Signals, *, still: Callable[[], bool]) -> None:
    """Send a signal to the process that ``still`` recognizes, never to a later namesake."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        if still():
            signal.pidfd_send_signal(process, number)
    finally:
        os.close(process)


def _all() -> list[Path]:
    return [path for path in Path("/proc").iterdir() if path.name.isdigit()]


def _folder_of(process: Path) -> Path | None:
    try:
        return (process / "cwd").readlink()
    except OSError:
        return None
