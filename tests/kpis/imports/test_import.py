"""Importing: all of it or nothing; the same file twice adds nothing; no case and no mail."""

from datetime import date
from decimal import Decimal

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from accounts.selectors import system_user
from kpis.models import Return, Value
from kpis.rules.mapping import MAX_FAULTS
from kpis.rules.profiles import Profile
from kpis.rules.stating import Setting
from kpis.services.imports import Refused, import_file
from ledger.models import Due, Entry
from members import services as members
from members.models import Fact, Letter, Member, Organisation, Span
from suspensions import services as suspensions
from suspensions.models import Breach
from tests.factories import make_member, make_organisation
from tests.kpis.filings import file_return, period_of
from tests.kpis.imports.builders import (
    FACTS,
    FACTS_HEADER,
    JULY,
    JUNE,
    LONG,
    LONG_HEADER,
    ON,
    WIDE,
    WIDE_HEADER,
    csv_of,
    run,
    xlsx_of,
)

pytestmark = pytest.mark.django_db
Y2024 = Setting(period="2024")
ROW = ("Ada & Co", "2024", "days-to-repay", "20", "")


@pytest.fixture
def periods(edition):
    return [period_of(edition, code) for code in ("2023", "2024")]


@pytest.fixture
def ada(member, periods):
    return member


def counts() -> tuple[int, ...]:
    models = (Entry, Fact, Span, Member, Organisation, Return, Value)
    return tuple(model.objects.count() for model in models)


def refusal(profile, file, setting=Y2024) -> list[str]:
    """Return why a file is refused; nothing may be left of it."""
    before = counts()
    with pytest.raises(Refused) as refused:
        run(profile, file, setting)
    assert counts() == before
    return [str(fault) for fault in refused.value.faults]


# Answers


def test_answers_become_a_filed_return_and_an_imported_fact(ada):
    done = run(
        LONG,
        csv_of(
            LONG_HEADER,
            ROW,
            ("ada  & CO", "2024", "fees-repaid", "30.5", "40"),
            ("Ada & Co", "2024", "policy", "written and public", ""),
            ("Ada & Co", "2024", "papers-kept", "?", ""),
            ("Ada & Co", "2024", "open-claims", "", ""),
        ),
    )

    filed = Return.objects.get()
    values = {v.kpi: (v.state, v.number, v.numerator, v.labels) for v in Value.objects.all()}
    fact = Fact.objects.get(kind="submission.filed")
    assert (done.rows, done.returns_filed, done.values_added) == (5, 1, 4)
    assert (filed.member, filed.status, filed.version) == (ada, "filed", 1)
    assert values == {
        "days-to-repay": ("answered", Decimal(20), None, []),
        "fees-repaid": ("answered", None, Decimal("30.5"), []),
        "policy": ("answered", None, None, ["written and public"]),
        "papers-kept": ("unknown", None, None, []),
    }
    assert (fact.member, fact.key, fact.source) == (ada, "2024", "imported")
    assert fact.about_on == date(2025, 3, 31), "nobody is made late by an import"


def test_one_import_is_one_entry_of_the_record(ada):
    before = Entry.objects.count()

    run(LONG, csv_of(LONG_HEADER, ROW))

    entry = Entry.objects.order_by("pk").last()
    assert Entry.objects.count() == before + 1
    assert entry.event == "kpis.file.imported"
    assert entry.data["rows"] == entry.data["returns_filed"] == 1
    assert not Due.objects.filter(entry=entry).exists()


def test_the_same_file_twice_adds_nothing(ada):
    run(LONG, csv_of(LONG_HEADER, ROW))
    before = counts()

    done = run(LONG, csv_of(LONG_HEADER, ROW))

    assert (done.returns_filed, done.values_added) == (0, 0)
    assert counts() == before


def test_a_changed_answer_is_the_next_version_and_keeps_what_the_file_does_not_ask(ada):
    run(LONG, csv_of(LONG_HEADER, ROW, ("Ada & Co", "2024", "policy", "written", "")))

    run(LONG, csv_of(LONG_HEADER, ("Ada & Co", "2024", "policy", "none", "")))

    latest = Return.objects.get(version=2)
    values = {value.kpi: value.number or value.labels for value in latest.values_reported.all()}
    assert values == {"days-to-repay": Decimal(20), "policy": ["none"]}
    assert Fact.objects.filter(kind="submission.filed").count() == 1


def test_a_dry_run_says_the_same_and_keeps_nothing(ada):
    before = counts()

    done = run(LONG, csv_of(LONG_HEADER, ROW), dry_run=True)

    assert (done.dry_run, done.returns_filed) == (True, 1)
    assert counts() == before


def test_a_wide_workbook_creates_members_that_are_unknown(periods):
    done = run(
        WIDE, xlsx_of(WIDE_HEADER, ("Fig Ltd", "Chad", 20, "Yes"), ("Eel", "", 30, "No")), Y2024
    )

    fig = Member.objects.get(organisation__name="Fig Ltd")
    admitted = Fact.objects.get(member=fig, kind="member.admitted")
    assert done.members_added == 2
    assert (fig.organisation.country, fig.admitted_on) == ("Chad", date(2023, 1, 1))
    assert admitted.source == "imported"
    assert Span.objects.filter(member=fig, kind="standing", state="good").exists()


def test_an_organisation_that_is_known_becomes_the_member(periods):
    known = make_organisation("Fig Ltd", country="Togo")

    run(WIDE, xlsx_of(WIDE_HEADER, ("fig ltd", "Chad", 20, "Yes")), Y2024)

    assert Member.objects.get().organisation == known


def test_identical_rows_count_once(ada):
    done = run(LONG, csv_of(LONG_HEADER, ROW, ROW))

    assert (done.rows, done.values_added) == (2, 1)


BAD_ANSWERS = {
    "text in a number": (
        ("Ada & Co", "2024", "days-to-repay", "many", ""),
        "row 3, column Value: 'many' is not a number",
    ),
    "out of range": (
        ("Ada & Co", "2024", "days-to-repay", "4000", ""),
        "row 3, column Value: days-to-repay: 4000 is not on the scale: 0 to 3650",
    ),
    "a label that is none": (
        ("Ada & Co", "2024", "policy", "brilliant", ""),
        "row 3, column Value: policy: 'brilliant' is not on the scale",
    ),
    "half a ratio": (
        ("Ada & Co", "2024", "fees-repaid", "3", ""),
        "row 3, column Value: '' is not a number",
    ),
    "an unknown KPI": (
        ("Ada & Co", "2024", "smiles", "3", ""),
        "row 3, column Value: 'smiles' is no KPI of period 2024",
    ),
    "an unknown period": (
        ("Ada & Co", "1999", "policy", "none", ""),
        "row 3, column Year: there is no period '1999'",
    ),
    "an unknown member": (
        ("Nobody", "2024", "policy", "none", ""),
        "row 3, column Company: 'Nobody' is no member",
    ),
    "no member": (
        ("", "2024", "policy", "none", ""),
        "row 3, column Company: the name of the member is missing",
    ),
    "another answer to the same": (
        ("Ada & Co", "2024", "days-to-repay", "21", ""),
        "answers days-to-repay for 2024 twice, first in row 2",
    ),
}


@pytest.mark.parametrize(("row", "message"), BAD_ANSWERS.values(), ids=list(BAD_ANSWERS))
def test_a_bad_row_refuses_the_whole_file_and_names_its_place(ada, row, message):
    [told] = refusal(LONG, csv_of(LONG_HEADER, ROW, row))

    assert message in told


def test_every_fault_is_told_up_to_a_hundred(ada):
    bad = ("Ada & Co", "2024", "days-to-repay", "many", "")

    assert len(refusal(LONG, csv_of(LONG_HEADER, bad, ROW, bad))) == 2
    assert len(refusal(LONG, csv_of(LONG_HEADER, *[bad] * 300))) == MAX_FAULTS


def test_a_missing_column_is_named(ada):
    [told] = refusal(LONG, csv_of(LONG_HEADER[:-1], ROW[:-1]))

    assert told == (
        "row 1, column Of: the column is missing; the header has: Company, Year, KPI, Value"
    )


def test_a_member_that_stands_twice_in_a_wide_table_is_refused(periods):
    rows = [("Fig Ltd", "Chad", 20, "Yes"), ("FIG LTD", "Chad", 20, "Yes")]

    told = refusal(WIDE, xlsx_of(WIDE_HEADER, *rows))

    assert "row 3, column Company: 'fig ltd' answers" in told[0]
    assert "twice, first in row 2; keep one" in told[0]


def test_a_name_of_two_members_is_refused(ada):
    make_member("Ada & Co")

    [told] = refusal(LONG, csv_of(LONG_HEADER, ROW))

    assert "2 members are called 'Ada & Co'; use their identifiers" in told


def test_what_a_member_filed_itself_is_not_replaced(ada, periods, people):
    file_return(ada, periods[1])

    [told] = refusal(LONG, csv_of(LONG_HEADER, ("Ada & Co", "2024", "days-to-repay", "99", "")))

    assert f"{ada.code} filed a return itself for 2024; an import does not replace it" in told


def test_the_period_must_be_given_where_the_profile_asks(periods):
    [told] = refusal(WIDE, xlsx_of(WIDE_HEADER), Setting())

    assert told == "profile wide asks for the period: --period CODE"


def test_a_class_that_the_edition_lacks_is_refused(periods):
    profile = WIDE.replace("member_class: full", "member_class: huge")

    [told] = refusal(profile, xlsx_of(WIDE_HEADER, ("Fig Ltd", "", 1, "No")))

    assert told == "edition lamps-2024 has no class huge; allowed: full, partner"


@pytest.mark.parametrize("who", ["ada", "eve", "cam", "bea", "ann", "noor", "sys"])
def test_only_the_office_and_the_platform_import(member, people, who):
    with pytest.raises(PermissionDenied):
        import_file(
            profile=Profile.load(LONG),
            stream=csv_of(LONG_HEADER),
            setting=Setting(),
            by=getattr(people, who),
            on=ON,
        )


# Facts


def pledges(*rows):
    return csv_of(FACTS_HEADER, *rows)


def stands(kind: str) -> dict[str, dict]:
    """Return what facts of a kind say that nothing corrects, by key."""
    rows = Fact.objects.filter(kind=kind, corrected_by=None)
    return {row.key: row.data for row in rows}


FIG = ("Fig Ltd", "clean", "2024-01-01", "31/05/2025", "active")


def test_facts_are_imported_and_their_spans_derived(db):
    done = run(FACTS, pledges(FIG), JUNE)

    span = Span.objects.in_force(date(2025, 6, 1)).get()
    assert (done.facts_added, done.members_added) == (1, 1)
    assert (span.key, span.state, span.from_on) == (
        "commitment:clean",
        "overdue",
        date(2025, 6, 1),
    )


def test_the_next_snapshot_adds_changes_only(db):
    others = [
        (name, "clean", "2024-01-01", "31/12/2026", "active") for name in ("Eel", "Oak", "Elm")
    ]
    run(FACTS, pledges(FIG, *others), JUNE)

    changed = [
        ("Fig Ltd", "clean", "2024-01-01", "31/10/2025", "extended"),
        ("Eel", "clean", "2024-01-01", "30/11/2026", "active"),
        others[1],
    ]
    done = run(FACTS, pledges(*changed), JULY)

    by_kind = sorted(Fact.objects.filter(corrected_by=None).values_list("kind", flat=True))
    assert (done.facts_added, done.facts_corrected, done.facts_retracted) == (3, 1, 1)
    assert by_kind == [
        *("commitment.extended", "commitment.made", "commitment.made", "commitment.made"),
        "fact.retracted",
    ]
    assert stands("commitment.extended")["clean"] == {"due_on": "2025-10-31"}
    fig = Fact.objects.get(kind="commitment.made", member__organisation__name="Fig Ltd")
    assert fig.data == {"due_on": "2025-05-31"}, "the first deadline stays"


def test_what_comes_back_is_stated_again(db):
    run(FACTS, pledges(FIG), JUNE)
    run(FACTS, pledges(), JULY)
    assert not Span.objects.exists()

    run(FACTS, pledges(FIG), Setting(as_of=date(2025, 8, 1)))

    assert Span.objects.filter(state="overdue").exists()


def test_a_status_that_is_taken_back_is_retracted(db):
    run(FACTS, pledges((*FIG[:-1], "removed")), JUNE)
    run(FACTS, pledges(FIG), JULY)

    assert stands("commitment.removed") == {}
    assert Span.objects.filter(state="removed").count() == 0


def test_an_older_snapshot_never_undoes_a_newer_one(db):
    run(FACTS, pledges(FIG), JUNE)
    run(FACTS, pledges((*FIG[:-1], "removed")), JULY)

    again = run(FACTS, pledges(FIG), JUNE)
    [told] = refusal(FACTS, pledges((*FIG[:-1], "extended")), JUNE)

    assert (again.facts_added, again.note) == (
        0,
        "this file was imported before, and then the snapshot of 2025-07-01",
    )
    assert "a snapshot of 2025-07-01 was imported already" in told


def test_what_a_person_corrected_stays(people):
    run(FACTS, pledges(FIG), JUNE)
    members.correct(fact_id=Fact.objects.get().pk, by=people.sam, on=ON)

    done = run(FACTS, pledges((*FIG[:3], "30/06/2025", "active")), JULY)

    assert done.facts_added == 0
    assert stands("commitment.made") == {}


def test_rows_that_contradict_each_other_are_refused(db):
    [told] = refusal(FACTS, pledges(FIG, (*FIG[:3], "30/06/2025", "active")), JUNE)

    assert "row 3, column Company: 'fig ltd' states commitment.made clean twice" in told


def test_repeated_rows_are_numbered_where_the_profile_says(db):
    numbered = FACTS.replace("gone: retract", "gone: retract\n  repeated: number")

    run(numbered, pledges(FIG, FIG, FIG), JUNE)

    assert set(stands("commitment.made")) == {"clean", "clean-2", "clean-3"}


def test_the_day_of_the_snapshot_must_be_known(db):
    [told] = refusal(FACTS, pledges(FIG), Setting())

    assert told == "the file says no day: give it with --as-of YYYY-MM-DD"


# What an import never does


def test_an_import_opens_no_case_and_sends_nothing(edition, periods):
    """The worst that a file can say: hopeless answers, filed late, and a broken commitment."""
    late = WIDE.replace("kind: values", "kind: values\n  filed_on: {fixed: 2025-12-01}")
    run(late, xlsx_of(WIDE_HEADER, ("Fig Ltd", "", 3650, "No")), Setting(period="2023"))
    run(late, xlsx_of(WIDE_HEADER, ("Fig Ltd", "", 3650, "No")), Y2024)
    run(FACTS, pledges(FIG), JUNE)

    suspensions.advance(by=system_user(), on=ON)

    assert not Due.objects.filter(entry__event="kpis.file.imported").exists()
    assert not Breach.objects.exists()
    assert not Letter.objects.exists()
    assert mail.outbox == []


# Size


@pytest.mark.slow
def test_a_hundred_thousand_rows(periods):
    rows = (
        (f"Company {n}", "2024" if year else "2023", "days-to-repay", str(n % 3650), "")
        for n in range(50_000)
        for year in (0, 1)
    )
    created = "{member_class: full, chamber: companies, admitted_on: {fixed: 2022-01-01}"
    created += ", admitted: false}"

    done = run(LONG.replace("unknown: refuse", f"unknown: {created}"), csv_of(LONG_HEADER, *rows))

    assert (done.rows, done.members_added, done.returns_filed) == (100_000, 50_000, 100_000)
    assert Value.objects.count() == 100_000
