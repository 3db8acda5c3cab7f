import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from msi_platform.running import Ended, Together
from msi_platform.servers import processes
from tests.msi_platform.holders import ROOT, wait_until

SLEEP = ["sleep", "300"]


def alive(pid):
    return processes.exists(pid) and processes.read(Path(f"/proc/{pid}/cmdline")) != ""


def test_all_run_inside_and_none_outside(tmp_path):
    with Together({"a": SLEEP, "b": SLEEP}, env=os.environ, logs=tmp_path) as parts:
        pids = [process.pid for process in parts._processes.values()]
        wait_until(lambda: all(map(alive, pids)))
        parts.check()

    assert not any(map(alive, pids))


def test_one_that_ends_is_named_with_the_end_of_its_log(tmp_path):
    commands = {"a": SLEEP, "b": ["sh", "-c", "echo 'no room'; exit 3"]}

    with Together(commands, env=os.environ, logs=tmp_path) as parts:
        parts._processes["b"].wait()
        with pytest.raises(Ended, match=r"b ended \(status 3\)(.|\n)*no room"):
            parts.check()


def test_one_that_does_not_listen_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr("msi_platform.running.PATIENCE", 0.2)
    deaf = ["sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 1; done"]

    with Together({"deaf": deaf}, env=os.environ, logs=tmp_path) as parts:
        wait_until(lambda: "deaf" in (tmp_path / "deaf.log").read_text())
        pid = parts._processes["deaf"].pid

    assert not alive(pid)


def test_a_command_that_does_not_exist_stops_those_before_it(tmp_path):
    commands = {"a": SLEEP, "b": [str(tmp_path / "none")]}
    parts = Together(commands, env=os.environ, logs=tmp_path)

    def run():
        with parts:
            wait_until(lambda: parts._processes["b"].poll() is not None)
            parts.check()

    with pytest.raises((Ended, FileNotFoundError)):  # with setpriv, without
        run()
    assert parts._processes == {}


RUN = """
import os, sys, time
from pathlib import Path
from msi_platform.running import Together
with Together({"a": ["sleep", "300"]}, env=os.environ, logs=Path(sys.argv[1])) as parts:
    print(parts._processes["a"].pid, flush=True)
    time.sleep(300)
"""


def test_they_end_with_a_caller_that_is_killed(tmp_path):
    caller = subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    pid = int(caller.stdout.readline())
    time.sleep(0.3)  # setpriv asks for the signal after it has started

    caller.send_signal(signal.SIGKILL)
    caller.communicate()

    wait_until(lambda: not alive(pid))
