"""The embedded servers, really started, killed and stopped, each case in a folder of its own."""

import os
import signal
import stat
import subprocess
from pathlib import Path

import pytest

from msi_platform.servers import Servers, ServersError, postgres, processes
from tests.msi_platform.holders import Holder, as_ordinary_user, wait_until


@pytest.fixture
def var(tmp_path):
    """Yield a folder for servers; nothing may run on it after the test."""
    folder = tmp_path / "var"
    yield folder
    assert pids(Servers(folder)) == (None, None)


def pids(servers):
    return servers.postgres.postmaster(), servers.valkey.process()


def ask(servers, query="select 'yes'"):
    psql = [postgres.binaries() / "psql", "-XAtq", "-h", servers.sockets, "-U", "postgres"]
    done = subprocess.run([*psql, "-d", "msi", "-c", query], check=True, capture_output=True)
    return done.stdout.decode().strip()


def test_both_answer_inside_and_are_gone_outside(var):
    with Servers(var, durable=False).hold() as servers:
        assert ask(servers) == "yes"
        assert servers.valkey.answers()

    assert not servers.sockets.exists()
    assert not (var / "pg/postmaster.pid").exists()


def test_what_is_written_is_there_after_the_next_start(var):
    with Servers(var, durable=False).hold() as servers:
        ask(servers, "create table kept as select 7 as number")

    with servers.hold():
        assert ask(servers, "select number from kept") == "7"


def test_the_last_to_leave_stops_them(var):
    first, second = Holder(var), Holder(var)
    started = first.pids()
    assert second.pids() == started

    first.leave()
    assert pids(Servers(var)) == started

    second.leave()
    assert pids(Servers(var)) == (None, None)


def test_many_that_come_at_once_share_one_pair(var):
    holders = [Holder(var) for _ in range(4)]

    assert len({holder.pids() for holder in holders}) == 1

    for holder in holders:
        holder.leave()


def test_what_a_killed_command_leaves_running_is_used_and_stopped_by_the_next(var):
    killed = Holder(var)
    started = killed.pids()
    killed.kill()

    with Servers(var).hold() as servers:
        assert pids(servers) == started


def test_killed_servers_are_started_again(var):
    holder = Holder(var)
    for pid in holder.pids():
        os.kill(pid, signal.SIGKILL)
    holder.kill()

    with Servers(var, durable=False).hold() as servers:
        assert ask(servers) == "yes"


def test_a_child_that_outlives_its_postmaster_is_waited_for(var):
    """Two postmasters on one folder would spoil it."""
    holder = Holder(var)
    postmaster, _ = holder.pids()
    servers = Servers(var, durable=False)
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    orphan = int(children[0])
    os.kill(orphan, signal.SIGSTOP)
    os.kill(postmaster, signal.SIGKILL)
    holder.kill()
    wait_until(lambda: servers.postgres.postmaster() is None)
    assert servers.postgres.is_in_the_way()

    with subprocess.Popen(["sh", "-c", f"sleep 1; kill -CONT {orphan}"]), servers.hold():
        assert ask(servers) == "yes"
        assert processes.read(Path(f"/proc/{orphan}/cmdline")) == ""  # at most a zombie of init


@pytest.fixture
def foreigner():
    """A living process that is no server."""
    process = subprocess.Popen(["sleep", "300"])
    yield process.pid
    assert process.poll() is None, "it was signaled"
    process.kill()
    process.wait()


@pytest.fixture
def zombie():
    """A process that has ended and that nobody has collected."""
    process = subprocess.Popen(["true"])
    wait_until(lambda: "Z (zombie)" in processes.read(Path(f"/proc/{process.pid}/status")))
    yield process.pid
    process.wait()


@pytest.mark.parametrize("whose", ["foreigner", "zombie"])
def test_a_stale_pid_file_with_the_number_of_another_is_put_aside(var, whose, request):
    number = request.getfixturevalue(whose)
    with Servers(var, durable=False).hold() as servers:
        content = (servers.postgres.data / "postmaster.pid").read_text().split("\n")
    stale = "\n".join([str(number), *content[1:]])
    (servers.postgres.data / "postmaster.pid").write_text(stale)
    servers.sockets.mkdir(mode=0o700)
    (servers.sockets / ".s.PGSQL.5432.lock").write_text(stale)

    with servers.hold():
        assert ask(servers) == "yes"


@pytest.mark.parametrize("content", ["", "no number\n", "999999999\n"], ids=repr)
def test_a_spoilt_pid_file_is_put_aside(var, content):
    with Servers(var, durable=False).hold() as servers:
        pass
    (servers.postgres.data / "postmaster.pid").write_text(content)

    with servers.hold():
        assert ask(servers) == "yes"


def test_a_half_made_data_folder_is_made_again(var):
    (var / "pg.new/base").mkdir(parents=True)

    with Servers(var, durable=False).hold() as servers:
        assert ask(servers) == "yes"


def test_a_data_folder_of_another_version_is_refused_and_untouched(var):
    with Servers(var, durable=False).hold() as servers:
        pass
    version = servers.postgres.data / "PG_VERSION"
    version.write_text("9\n")

    with pytest.raises(ServersError, match=r"was made by PostgreSQL 9, the installed one is \d"):
        servers.hold().__enter__()

    assert version.read_text() == "9\n"


def test_a_long_path_is_no_hindrance(tmp_path):
    var = tmp_path / ("long" * 50) / ("longer" * 30) / "var"

    with Servers(var, durable=False).hold() as servers:
        assert len(str(var)) > 400
        assert ask(servers) == "yes"


def test_two_clones_run_side_by_side(tmp_path):
    one, other = Servers(tmp_path / "one", durable=False), Servers(tmp_path / "two", durable=False)

    with one.hold(), other.hold():
        ask(one, "create table mine as select 1")
        assert ask(other, "select to_regclass('mine') is null") == "t"
        assert set(pids(one)).isdisjoint(pids(other))


def test_only_what_is_wanted_is_started(var):
    with Servers(var, durable=False).hold(postgres=False) as servers:
        assert servers.valkey.answers()
        assert servers.postgres.postmaster() is None


def test_a_server_that_cannot_start_says_why_in_its_own_words(var):
    with Servers(var, durable=False).hold() as servers:
        pass
    (servers.postgres.data / "postgresql.conf").write_text("no_such_option = 1\n")

    with pytest.raises(ServersError, match='unrecognized configuration parameter "no_such_option"'):
        servers.hold().__enter__()


def test_nobody_else_reaches_the_sockets(var):
    with Servers(var, durable=False).hold() as servers:
        assert stat.S_IMODE(servers.sockets.stat().st_mode) == 0o700
        assert stat.S_IMODE(servers.postgres.data.stat().st_mode) == 0o700


@pytest.mark.parametrize("trap", ["a link", "open to others"])
def test_a_folder_of_sockets_that_is_not_ours_alone_is_refused(var, trap, tmp_path):
    servers = Servers(var, durable=False)
    if trap == "a link":
        servers.sockets.symlink_to(tmp_path)
    else:
        servers.sockets.mkdir()
        servers.sockets.chmod(0o777)

    with pytest.raises(ServersError, match="is not a private folder of ours"):
        servers.hold().__enter__()

    assert servers.sockets.exists()
    servers.sockets.unlink() if trap == "a link" else servers.sockets.rmdir()


def test_no_server_runs_as_root_and_a_closed_home_stays_closed(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)

    with Servers(home / "var", durable=False).hold() as servers:
        owners = {Path(f"/proc/{pid}").stat().st_uid for pid in pids(servers)}
        assert 0 not in owners
        assert ask(servers) == "yes"

    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_an_ordinary_user_has_servers_too(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)

    holder = Holder(home / "var", prefix=as_ordinary_user(home))

    started = holder.pids()
    assert {Path(f"/proc/{pid}").stat().st_uid for pid in started} == {home.stat().st_uid}
    holder.leave()
    assert not any(map(processes.exists, started))
