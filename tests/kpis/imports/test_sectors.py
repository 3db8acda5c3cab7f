"""Lists of sectors: all or nothing, each fault at its cell; nothing twice, nothing brought back."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from kpis.rules.profiles import Profile
from kpis.services.imports import Refused
from ledger.models import Entry
from members import selectors, services
from members.models import InSector, Letter, Member
from rulebooks.models import Edition
from tests.factories import LAMPS, make_edition, make_member
from tests.kpis.imports.builders import ON, csv_of, run
from tests.members.test_sectors import SECTORS as OF_EDITION

pytestmark = pytest.mark.django_db
SECTORS = Path("kpis/profiles/sectors.yaml").read_text()
HEADER = ("Member", "Sector", "Since", "Known by")


@pytest.fixture
def edition(people) -> Edition:
    return make_edition(LAMPS + OF_EDITION, by=people.sam)


@pytest.fixture
def ada(edition) -> Member:
    return make_member("Ada & Co")


@pytest.fixture
def lamps(ada) -> tuple[str, ...]:
    return (ada.code, "lamps", "2020-05-04", "Annual report 2020, page 4")


def held(member, on=ON) -> frozenset[str]:
    return selectors.sectors_of([member.organisation_id], on=on)


def faults_of(*rows) -> list[str]:
    with pytest.raises(Refused) as refused:
        run(SECTORS, csv_of(HEADER, *rows))
    return [str(fault) for fault in refused.value.faults]


def test_sectors_are_on_record_since_their_day_with_how_they_are_known(ada, lamps):
    done = run(SECTORS, csv_of(HEADER, lamps, (ada.code.lower(), "rugs", "2021-01-01", "")))

    assert (done.rows, done.sectors_added, done.facts_added) == (2, 2, 0)
    rows = InSector.objects.order_by("pk").values_list("sector", "from_on", "until_on", "source")
    assert list(rows) == [
        ("lamps", date(2020, 5, 4), None, "Annual report 2020, page 4"),
        ("rugs", date(2021, 1, 1), None, "Sectors of members"),
    ]
    assert held(ada, date(2020, 12, 31)) == {"lamps"}
    assert held(ada) == {"lamps", "rugs"}
    entry = Entry.objects.get(event="kpis.file.imported")
    assert entry.data["sectors_added"] == 2
    assert not Letter.objects.exists()


def test_who_shares_an_imported_sector_competes(ada, lamps):
    other = make_member("Lux")
    run(SECTORS, csv_of(HEADER, lamps, (other.code, "lamps", "2020-01-01", "")))

    mine, its = (selectors.standing_of_member(one, on=ON).sectors for one in (ada, other))
    assert mine == its == {"lamps"}


def test_the_same_list_again_or_a_longer_one_adds_nothing_twice(ada, lamps):
    run(SECTORS, csv_of(HEADER, lamps))

    assert run(SECTORS, csv_of(HEADER, lamps)).sectors_added == 0
    later = (*lamps[:2], "2024-01-01", "")
    rugs = (ada.code, "rugs", "2024-01-01", "")
    assert run(SECTORS, csv_of(HEADER, later, rugs)).sectors_added == 1
    assert Entry.objects.filter(event="kpis.file.imported").count() == 2


def test_an_old_list_brings_back_no_sector_that_was_left(ada, lamps, people):
    run(SECTORS, csv_of(HEADER, lamps))
    services.set_sectors(
        organisation=ada.organisation, sectors=[], source="It sold them.", by=people.sam, on=ON
    )

    assert run(SECTORS, csv_of(HEADER, lamps)).sectors_added == 0
    assert held(ada) == frozenset()
    again = (*lamps[:2], str(ON), "It bought them back.")
    assert run(SECTORS, csv_of(HEADER, again)).sectors_added == 1
    assert held(ada) == {"lamps"}


@pytest.mark.parametrize(
    ("place", "cell", "says"),
    [
        pytest.param(0, "M9999", "row 3, column Member: 'M9999' is no member", id="member"),
        pytest.param(1, "shoes", "row 3, column Sector: 'shoes' is no sector", id="sector"),
        pytest.param(1, "", "row 3, column Sector: '' is no sector", id="no sector"),
        pytest.param(2, "2023-02-30", "row 3, column Since: '2023-02-30' is no day", id="day"),
        pytest.param(2, "", "row 3, column Since: the day since when", id="no day"),
        pytest.param(
            2, str(ON + timedelta(days=1)), "row 3, column Since: 2026-03-03 has not", id="to come"
        ),
        pytest.param(3, "x" * 201, "row 3, column Known by: longer than 200", id="long source"),
    ],
)
def test_a_fault_is_told_at_its_cell_and_nothing_is_imported(ada, lamps, place, cell, says):
    wrong = [ada.code, "rugs", "2021-01-01", ""]
    wrong[place] = cell

    [fault] = faults_of(lamps, wrong)

    assert says in fault
    assert not InSector.objects.exists()


def test_every_fault_is_told_at_once_with_what_is_allowed(lamps):
    found = faults_of(lamps, ("M9999", "shoes", "soon", "x" * 201))

    assert len(found) == 4
    assert "allowed: 'lamps', 'rugs'" in "\n".join(found)


def test_a_sector_stands_once_for_a_member(lamps):
    [fault] = faults_of(lamps, (*lamps[:2], "2024-01-01", ""))
    assert "row 3, column Sector" in fault
    assert "works in lamps twice, first in row 2" in fault


def test_an_edition_without_sectors_takes_none(people):
    make_edition(by=people.sam)
    ada = make_member("Ada & Co")

    [fault] = faults_of((ada.code, "lamps", "2020-01-01", ""))

    assert "allowed: none is defined" in fault


def test_a_dry_run_records_nothing(lamps):
    assert run(SECTORS, csv_of(HEADER, lamps), dry_run=True).sectors_added == 1
    assert not InSector.objects.exists()


def test_the_profile_reads_its_columns():
    assert Profile.load(SECTORS).columns() == frozenset(HEADER)
