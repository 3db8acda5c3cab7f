"""``manage.py edition``, with nothing running and both addresses unreachable."""

import json
from hashlib import sha256
from pathlib import Path

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
    lines = Path(path).read_text().splitlines()
    line = next(n for n, text in enumerate(lines, start=1) if "next: suspended" in text)

    done = edition("check", STARTER, path)

    assert done.returncode == 1
    assert done.stderr == (
        f"{path}:{line}:15: ladders[0].steps[0].next: 'suspended' is no step; "
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


def test_check_compares_an_edition_with_the_one_before_and_with_its_legal_text(edition, tmp_path):
    before, new = (f"rulebooks/editions/knowthechain-ict-{year}.yaml" for year in (2018, 2020))
    text = tmp_path / "rulebook.txt"
    text.write_text("The rulebook.")
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("The rulebook!")
    named = changed(
        tmp_path,
        "replaces: null ",
        "legal_text: {file: rulebook.txt, resolution: R 7, adopted_by: Assembly, language: en, "
        f"sha256: {sha256(text.read_bytes()).hexdigest()}, effective_on: 2025-01-01, "
        'notice: {given_on: 2024-11-01, clause: "10"}, clause: "10"}\nreplaces: null ',
    )

    assert edition("check", new, "--against", before).returncode == 0
    refused = edition("check", new, "--against", STARTER)
    assert refused.returncode == 1
    assert "replaces: names knowthechain-ict-2018, and is compared with" in refused.stderr
    done = edition("check", named, "--legal-text", str(text))
    assert (done.returncode, done.stderr) == (0, "")
    assert "The adopted text prevails" in done.stdout
    refused = edition("check", named, "--legal-text", str(wrong))
    assert refused.returncode == 1
    assert f"{named}:17:" in refused.stderr
    assert "another text" in refused.stderr
    assert edition("check", STARTER, new, "--against", before).returncode == 2
