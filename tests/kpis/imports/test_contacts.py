"""Lists of contacts: all or nothing, each fault at its cell, nobody named twice or brought back."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from kpis.rules.profiles import Profile
from kpis.services.imports import Refused
from ledger.models import Entry
from members import selectors, services
from members.models import Contact, Letter
from members.services import Person
from rulebooks.models import Edition
from tests.factories import make_edition, make_member
from tests.kpis.imports.builders import ON, csv_of, run, xlsx_of
from tests.members.belonging import EDITION

pytestmark = pytest.mark.django_db
CONTACTS = Path("kpis/profiles/contacts.yaml").read_text()
HEADER = ("Member", "Role", "Name", "E-mail", "Phone", "Since")


@pytest.fixture
def edition(people) -> Edition:
    text = EDITION.replace("letters: [return-due]", "applies_to: [full]")
    return make_edition(text, by=people.sam)


@pytest.fixture
def ada(edition):
    return make_member("Ada & Co")


@pytest.fixture
def mia(ada) -> tuple[str, ...]:
    return (ada.code, "main", "Mia Main", "mia@ada.example", "+49 30 1", "2020-05-04")


def faults_of(*rows) -> list[str]:
    with pytest.raises(Refused) as refused:
        run(CONTACTS, csv_of(HEADER, *rows))
    return [str(fault) for fault in refused.value.faults]


def test_contacts_are_named_and_the_record_holds_counts_and_hashes_only(ada, mia):
    finn = (ada.code.lower(), "finance", "فين  Finance", "Finn@ada.example", "", "2021-01-01")

    done = run(CONTACTS, csv_of(HEADER, mia, finn))

    assert (done.rows, done.contacts_added, done.facts_added) == (2, 2, 0)
    rows = Contact.objects.order_by("pk").values_list("member", "role", "name", "email", "from_on")
    assert list(rows) == [
        (ada.pk, "main", "Mia Main", "mia@ada.example", date(2020, 5, 4)),
        (ada.pk, "finance", "فين Finance", "Finn@ada.example", date(2021, 1, 1)),
    ]
    entry = Entry.objects.get(event="kpis.file.imported")
    assert entry.data["contacts_added"] == 2
    assert not any(word in str(entry.data) for word in ("Mia", "ada.example", "+49"))
    assert entry.provenance.label == "Contacts of members"
    assert not Letter.objects.exists()


def test_who_is_imported_as_main_contact_is_reached(ada, mia, people):
    assert ada in selectors.unreachable(people.sam, on=ON)
    run(CONTACTS, csv_of(HEADER, mia))
    assert ada not in selectors.unreachable(people.sam, on=ON)


def test_the_same_list_again_or_a_longer_one_names_nobody_twice(ada, mia):
    upper = (*mia[:3], "MIA@ada.example", *mia[4:])
    new = (ada.code, "main", "Max Main", "max@ada.example", "", "2022-02-02")
    run(CONTACTS, csv_of(HEADER, mia))

    assert run(CONTACTS, csv_of(HEADER, mia)).contacts_added == 0
    assert run(CONTACTS, csv_of(HEADER, upper)).contacts_added == 0
    assert run(CONTACTS, csv_of(HEADER, mia, new)).contacts_added == 1
    assert Entry.objects.filter(event="kpis.file.imported").count() == 2


@pytest.mark.parametrize("became", ["corrected", "handed over", "erased"])
def test_an_old_list_brings_nobody_back(mia, people, became):
    run(CONTACTS, csv_of(HEADER, mia))
    contact = Contact.objects.get()
    who = {"contact_id": contact.pk, "by": people.sam, "on": ON}
    if became == "corrected":
        services.correct_contact(person=Person("Mia Main", "mia.main@ada.example"), **who)
    else:
        services.hand_over(person=Person("Max Main", "max@ada.example"), **who)
    if became == "erased":
        services.erase_contact(**who)
    before = Contact.objects.count()

    assert run(CONTACTS, csv_of(HEADER, mia)).contacts_added == 0
    assert Contact.objects.count() == before


@pytest.mark.parametrize(
    ("place", "cell", "says"),
    [
        pytest.param(0, "M9999", "row 3, column Member: 'M9999' is no member", id="member"),
        pytest.param(0, "", "row 3, column Member: the code of the member", id="no member"),
        pytest.param(1, "boss", "row 3, column Role: 'boss' is no role", id="role"),
        pytest.param(1, "", "row 3, column Role: '' is no role", id="no role"),
        pytest.param(2, "  ", "row 3, column Name: the name of the contact", id="no name"),
        pytest.param(2, "x" * 151, "row 3, column Name: longer than 150", id="long name"),
        pytest.param(3, "mia(at)ada", "row 3, column E-mail: 'mia(at)ada' is no e-mail", id="mail"),
        pytest.param(3, "", "row 3, column E-mail: '' is no e-mail", id="no mail"),
        pytest.param(3, f"{'m' * 300}@a.example", "column E-mail: longer than 254", id="long mail"),
        pytest.param(4, "1" * 41, "row 3, column Phone: longer than 40", id="phone"),
        pytest.param(5, "2023-02-30", "row 3, column Since: '2023-02-30' is no day", id="day"),
        pytest.param(5, "", "row 3, column Since: the day since when", id="no day"),
        pytest.param(
            5, str(ON + timedelta(days=1)), "row 3, column Since: 2026-03-03 has not", id="to come"
        ),
    ],
)
def test_a_fault_is_told_at_its_cell_and_nothing_is_imported(ada, mia, place, cell, says):
    wrong = list((ada.code, "main", "Max", "max@ada.example", "", "2021-01-01"))
    wrong[place] = cell

    [fault] = faults_of(mia, wrong)

    assert says in fault
    assert not Contact.objects.exists()


def test_every_fault_is_told_at_once_with_what_is_allowed(mia):
    wrong = ("M9999", "boss", "", "nobody", "", "soon")

    found = faults_of(mia, wrong)

    assert len(found) == 5
    assert "allowed: 'finance', 'main'" in "\n".join(found)


def test_an_address_stands_once_in_a_role_of_a_member(mia):
    [fault] = faults_of(mia, (*mia[:3], "Mia@Ada.example", *mia[4:]))
    assert "row 3, column E-mail" in fault
    assert "as main twice, first in row 2" in fault


def test_a_role_of_another_class_is_no_role_of_this_member(edition):
    union = make_member("Union", member_class="partner", chamber="unions")
    row = (union.code, "finance", "Uma", "uma@union.example", "", "2021-01-01")

    assert faults_of(row) == [
        "row 2, column Role: members of class partner name no contact as finance"
    ]


def test_a_workbook_names_its_sheet_also_between_rows(mia):
    with pytest.raises(Refused, match="sheet People, row 3, column E-mail"):
        run(
            CONTACTS.replace("kind: csv", "kind: xlsx"),
            xlsx_of(HEADER, mia, mia, sheets=["People"]),
        )


def test_a_dry_run_names_nobody(mia):
    assert run(CONTACTS, csv_of(HEADER, mia), dry_run=True).contacts_added == 1
    assert not Contact.objects.exists()


def test_the_profile_reads_its_columns():
    assert Profile.load(CONTACTS).columns() == frozenset(HEADER)
