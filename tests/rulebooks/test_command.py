"""``manage.py edition``, with nothing running and both addresses unreachable."""

import json

import pytest

from tests.msi_platform.test_manage import NOWHERE, ROOT, manage

STARTER = "rulebooks/editions/starter.yaml"


@pytest.fixture
def edition(tmp_path):
    def run(*words):
        return manage("edition", *words, var=tmp_path / "var", **NOWHERE)

    return run


def changed(tmp_path, before, after):
    path = tmp_path / "changed.yaml"
    path.write_text((ROOT / STARTER).read_text().replace(before, after))
    return str(path)


def test_check_says_what_holds(edition):
    done = edition("check", STARTER)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{STARTER}: fair-kettles-2025 holds: 2 requirements, 4 KPIs, 2 nodes\n"


def test_check_tells_each_error_in_one_line(edition, tmp_path):
    path = changed(tmp_path, "next: suspension", "next: suspended")

    done = edition("check", STARTER, path)

    assert done.returncode == 1
    assert done.stderr == (
        f"{path}:215:15: ladders[0].steps[0].next: 'suspended' is no step; "
        "allowed: warning, suspension, exclusion\n"
    )


def test_check_as_json_is_one_object(edition, tmp_path):
    path = changed(tmp_path, "format: 1", "format: 2")

    done = edition("check", path, "--json")

    assert done.returncode == 1
    [report] = json.loads(done.stdout)["files"]
    assert report["valid"] is False
    assert report["errors"] == [
        {"line": 10, "column": 9, "path": "format", "message": "must be 1, not 2"}
    ]


@pytest.mark.parametrize("content", [b"", b"a: \x00", b"\xff\xfe", b"x" * 10_000_000, b"a: &a b"])
def test_check_refuses_what_is_no_edition_without_a_traceback(edition, tmp_path, content):
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)

    done = edition("check", str(path))

    assert done.returncode == 1
    assert done.stderr.startswith(f"{path}:1:")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", [("check", "nowhere.yaml"), ("check", "."), ("check",), ()])
def test_a_wrong_call_exits_2(edition, words):
    done = edition(*words)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_diff_speaks_of_parts_of_the_rulebook(edition, tmp_path):
    path = changed(tmp_path, "within 90 days", "within 60 days")

    done = edition("diff", STARTER, path)

    assert done.returncode == 1
    assert done.stdout == (
        "requirement no-fees: text was No worker pays a fee for the job. Fees that were paid are "
        "paid back within 90 days., is No worker pays a fee for the job. Fees that were paid are "
        "paid back within 60 days.; members sign it again\n"
    )
    assert edition("diff", STARTER, STARTER).returncode == 0
