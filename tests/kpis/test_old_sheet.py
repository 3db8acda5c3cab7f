"""An old spreadsheet beside the platform: what differs, and that nothing is changed by it."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kpis.forms.old_sheet import DEFAULT
from kpis.rules.mapping import Refused
from kpis.rules.old_sheet import Here, Sort, There, compare, read
from kpis.rules.profiles import Profile
from ledger.models import Entry
from members.models import Fact
from rulebooks.rules import facts
from tests.conftest import everybody
from tests.factories import make_member, state

PAGE = "/old-sheet/"
DAY = date(2025, 3, 12)
PROFILE = Profile.load(DEFAULT.read_bytes())


def here(name="Lamps", state="overdue", filed_on=None):
    return Here("M1", name, state, filed_on)


@pytest.mark.parametrize(
    ("there", "stands", "sort", "why"),
    [
        ([There(2, "LAMPS ", DAY)], here(state="met", filed_on=DAY), Sort.EQUAL, ""),
        ([There(2, "Lamps", None)], here(), Sort.EQUAL, ""),
        ([There(2, "Lamps", DAY)], here(), Sort.DIFFERENT, "filed by the sheet, not here"),
        (
            [There(2, "Lamps", None)],
            here(state="met", filed_on=DAY),
            Sort.DIFFERENT,
            "filed here, not by the sheet",
        ),
        (
            [There(2, "Lamps", date(2025, 3, 13))],
            here(state="met", filed_on=DAY),
            Sort.DIFFERENT,
            "filed on another day",
        ),
        ([There(2, "Lamps", None)], here(state=""), Sort.DIFFERENT, "it owes nothing"),
        ([There(2, "Lamps", None)] * 2, here(), Sort.DIFFERENT, "more than once: 2, 2"),
        ([There(2, "Lamps", DAY)], None, Sort.ONLY_THERE, "no member of that name"),
        ([], here(), Sort.ONLY_HERE, ""),
    ],
    ids=lambda value: value.value if isinstance(value, Sort) else None,
)
def test_each_line_is_of_one_sort_and_says_why(there, stands, sort, why):
    lines = compare(there, {"lamps": stands} if stands else {})

    assert [line.sort for line in lines] == [sort]
    assert why in lines[0].why


def test_who_owes_nothing_and_is_not_in_the_sheet_is_no_line():
    assert compare([], {"lamps": here(state="")}) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "the file is empty"),
        (b"Member,Status\nLamps,Filed\n", "column Filed on: the column is missing"),
        (b"Member,Status,Filed on\nLamps,Filed,31.3.2025\n", "row 2, column Filed on"),
        (b"Member,Status,Filed on\n,Filed,2025-03-12\n", "row 2, column Member"),
        (b"Member,Status,Filed on\nLa\x00mps,Filed,2025-03-12\n", "NUL"),
        (b"Member,Status,Filed on\nL\xff,Filed,2025-03-12\n", "utf-8"),
    ],
    ids=["empty", "no column", "no day", "no member", "a NUL", "no text"],
)
def test_a_sheet_that_cannot_be_read_is_refused_with_the_place(text, says):
    with pytest.raises(Refused) as refused:
        read(PROFILE, BytesIO(text), period="2024")

    assert says in str(refused.value)


@pytest.fixture
def ready(member, work_due):
    work_due()
    make_member("Only Here")
    state(member, facts.ReturnFiled(), DAY, "2024")
    return member


def sheet(rows, name="old.csv"):
    text = "Member,Status,Filed on\n" + "".join(f"{row}\n" for row in rows)
    return SimpleUploadedFile(name, text.encode())


def groups(answer):
    return {word: [line.there and line.there.member for line in found]
            for word, _, _, found in answer.context["groups"]}  # fmt: skip


@pytest.mark.django_db
def test_the_page_shows_what_differs_and_changes_nothing(client, people, ready):
    client.force_login(people.sam)
    before = Fact.objects.count(), Entry.objects.count()
    rows = ["Ada & Co,Filed,2025-03-12", "Other Lamps,Filed,2025-03-01", "مصابيح,Filed,2025-03-01"]

    answer = client.post(PAGE, {"period": "2024", "sheet": sheet(rows)})

    assert groups(answer) == {
        "Different": ["Other Lamps"],
        "Only in the sheet": ["مصابيح"],
        "Only here": [None],
        "Equal": ["Ada & Co"],
    }
    assert "3 of 4 lines differ" in answer.content.decode()
    assert (Fact.objects.count(), Entry.objects.count()) == before


@pytest.mark.django_db
def test_a_workbook_is_read_by_the_same_profile(client, people, ready):
    book = openpyxl.Workbook()
    for row in (["Member", "Status", "Filed on"], ["Ada & Co", "Filed", DAY]):
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    client.force_login(people.sam)

    upload = SimpleUploadedFile("old.xlsx", stream.getvalue())
    answer = client.post(PAGE, {"period": "2024", "sheet": upload})

    assert groups(answer)["Equal"] == ["Ada & Co"]


@pytest.mark.django_db
def test_faults_of_sheet_and_profile_are_said_on_the_page(client, people, ready):
    client.force_login(people.sam)
    bad = SimpleUploadedFile("mine.yaml", b"format: 1\ncode: [")

    page = client.post(
        PAGE, {"period": "2024", "sheet": sheet(["Ada & Co,Filed,soon"])}
    ).content.decode()
    assert "row 2, column Filed on" in page
    page = client.post(
        PAGE, {"period": "2024", "sheet": sheet([]), "profile": bad}
    ).content.decode()
    assert "The profile cannot be read" in page
    assert client.post(PAGE, {"period": "1999"}).status_code == 200


@pytest.mark.django_db
def test_it_is_for_who_may_import(client, people, ready):
    found = {}
    for name, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        found.setdefault(client.get(PAGE).status_code, set()).add(name)

    assert found == {200: {"sam"}, 403: set(vars(people)) - {"sam"}, 302: {"nobody"}}
