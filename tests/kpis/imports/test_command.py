"""``manage.py import``: what it prints, and with which status it ends."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from members.models import Member
from tests.kpis.imports.builders import FACTS, FACTS_HEADER, csv_of

pytestmark = pytest.mark.django_db
FIG = ("Fig Ltd", "clean", "2024-01-01", "31/05/2025", "active")


@pytest.fixture
def profile(tmp_path):
    path = tmp_path / "pledges.yaml"
    path.write_text(FACTS.replace("as_of: given", "as_of: file_name"))
    return str(path)


@pytest.fixture
def snapshot(tmp_path):
    path = tmp_path / "list-2025-06-01.csv"
    path.write_bytes(csv_of(FACTS_HEADER, FIG).getvalue())
    return str(path)


def printed(*words, **options) -> str:
    out = StringIO()
    call_command("import", *words, stdout=out, **options)
    return out.getvalue()


def ended(*words, **options) -> tuple[int, str]:
    with pytest.raises(CommandError) as refused:
        printed(*words, **options)
    return refused.value.returncode, str(refused.value)


def test_it_says_what_was_new(profile, snapshot):
    assert json.loads(printed(profile, snapshot, "--json")) == {
        "rows": 1,
        "skipped": 0,
        "members_added": 1,
        "facts_added": 1,
        "facts_corrected": 0,
        "facts_retracted": 0,
        "returns_filed": 0,
        "values_added": 0,
        "contacts_added": 0,
        "sectors_added": 0,
        "dry_run": False,
        "note": "",
    }
    assert printed(profile, snapshot).split() == ["1", "rows"]


def test_a_dry_run_says_so(profile, snapshot):
    assert "A dry run: nothing was kept." in printed(profile, snapshot, "--dry-run")
    assert not Member.objects.exists()


def test_a_refused_file_ends_with_1_and_names_file_and_place(profile, tmp_path):
    bad = tmp_path / "2025-06-01.csv"
    bad.write_bytes(csv_of(FACTS_HEADER, (*FIG[:2], "soon", *FIG[3:])).getvalue())

    status, told = ended(profile, str(bad))

    assert status == 1
    assert told == (
        "2025-06-01.csv: row 2, column Made: 'soon' is no day; write it as YYYY-MM-DD\n"
        "Nothing was imported."
    )


def test_a_wrong_call_ends_with_2(profile, snapshot, tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text(FACTS.replace("format: 1", "format: 2"))

    assert ended("no-such-profile", snapshot)[0] == 2
    assert ended(profile, str(tmp_path / "missing.csv"))[0] == 2
    assert ended(profile, str(tmp_path))[0] == 2
    status, told = ended(str(broken), snapshot)
    assert status == 2
    assert f"{broken}:2:9: format:" in told
