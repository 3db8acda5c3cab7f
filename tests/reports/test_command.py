"""``manage.py report``: the file, the words, the exit status."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command

from reports.models import IssuedReport

pytestmark = pytest.mark.django_db


def report(*arguments: str) -> None:
    call_command("report", "member", *arguments)


def test_it_writes_the_file_and_says_what_it_is(story, tmp_path, capsys):
    out = tmp_path / "report.pdf"

    report(story.member.code, "--period", "2024", "--out", str(out), "--json")

    said = json.loads(capsys.readouterr().out)
    assert said["sha256"] == sha256(out.read_bytes()).hexdigest()
    assert (said["reader"], said["bytes"]) == ("staff", out.stat().st_size)
    assert IssuedReport.objects.get().sha256 == said["sha256"]
    assert [path.name for path in tmp_path.iterdir()] == ["report.pdf"]


def test_it_can_be_made_for_somebody(story, people, tmp_path, capsys):
    out = str(tmp_path / "report.pdf")

    report(story.member.code, "--period", "2024", "--out", out, "--as", people.ann.email)

    assert IssuedReport.objects.get().issued_to == people.ann


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"code": "M9999"}, "there is no member M9999"),
        ({"--period": "1999"}, "there is no period 1999"),
        ({"--as": "nobody@people.example"}, "nobody signs in as nobody@people.example"),
        ({"--as": "eve@people.example"}, "report_issue"),
        ({"--out": "/nowhere/at/all.pdf"}, "No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_writes_nothing(story, tmp_path, change, says):
    given = {"code": story.member.code, "--period": "2024", "--out": str(tmp_path / "r.pdf")}
    given |= change
    code = given.pop("code")

    with pytest.raises(CommandError, match=says) as error:
        report(code, *[word for pair in given.items() for word in pair])

    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []
    assert not IssuedReport.objects.exists()
