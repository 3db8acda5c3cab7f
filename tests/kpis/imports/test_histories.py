"""Years of history: members, changes of class, signatures, fees, measures; each with its source."""

from datetime import date

import pytest

from kpis.services.imports import Refused
from members.models import Fact, Member, Organisation, Provenance, Span
from rulebooks.models import Edition
from rulebooks.rules.document import Invalid
from tests.factories import make_member, make_organisation
from tests.kpis.imports.builders import csv_of, run

pytestmark = pytest.mark.django_db
MEMBERS = """
format: 1
code: old-members
title: Members of the old list
source: "Old list of the secretariat, 2015 to 2024"
file: {kind: csv}
member:
  by: name
  column: Name
  unknown:
    country: Country
    identifier: Number
    member_class: {column: Class, codes: {Full member: full, Partner: partner}}
    chamber: {column: Chamber, unlisted: keep}
    admitted_on: {column: Joined, day: DD.MM.YYYY}
    admitted: true
into: {kind: facts}
"""
MEMBERS_HEADER = ("Name", "Country", "Number", "Class", "Chamber", "Joined")
ADA = ("Ada & Co", "DE", "HRB 1", "Full member", "companies", "01.02.2015")
HISTORY = """
format: 1
code: old-history
title: What happened to members
file: {kind: csv}
member: {by: name, column: Name, unknown: refuse}
into:
  kind: facts
  facts:
    - kind: requirement.signed
      when: [{column: What, is: [signed]}]
      key: {column: Of, unlisted: keep}
      about_on: {column: On}
      data: {edition: {column: Text, unlisted: keep}, text_sha256: text}
    - kind: member.class_changed
      when: [{column: What, is: [class]}]
      about_on: {column: On}
      each_day: true
      data: {member_class: {column: Of}, chamber: {fixed: companies}}
    - kind: member.left
      when: [{column: What, is: [left]}]
      about_on: {column: On}
    - kind: fee.invoiced
      when: [{column: What, is: [invoiced]}]
      key: {column: Of}
      about_on: {column: On}
      data: {obligation: {fixed: annual-fee}}
    - kind: fee.paid
      when: [{column: What, is: [paid]}]
      key: {column: Of}
      about_on: {column: On}
    - kind: case.opened
      when: [{column: What, is: [case]}]
      key: {column: Of}
      about_on: {column: On}
      data: {edition: {fixed: lamps-2024}, step: {fixed: warning}, breaches: {column: Text}}
"""
HEADER = ("Name", "What", "Of", "On", "Text")


@pytest.fixture
def ada(edition):
    return make_member("Ada & Co")


def faults_of(profile, *rows) -> list[str]:
    before = (Fact.objects.count(), Member.objects.count(), Organisation.objects.count())
    with pytest.raises(Refused) as refused:
        run(profile, csv_of(*rows))
    assert (
        Fact.objects.count(),
        Member.objects.count(),
        Organisation.objects.count(),
    ) == before
    return [str(fault) for fault in refused.value.faults]


def stated(kind: str) -> list[tuple]:
    rows = Fact.objects.filter(kind=kind, source="imported").order_by("about_on", "pk")
    return list(rows.values_list("key", "about_on", "data"))


# Members


def test_a_list_gives_each_member_its_class_chamber_and_number(edition):
    guild = ("Guild", "", "", "Partner", "unions", "03.04.2016")

    done = run(MEMBERS, csv_of(MEMBERS_HEADER, ADA, guild))

    ada, other = Member.objects.order_by("pk")
    assert done.members_added == 2
    assert (ada.member_class, ada.chamber, ada.admitted_on) == (
        "full",
        "companies",
        date(2015, 2, 1),
    )
    assert (ada.organisation.identifier, ada.organisation.country) == ("HRB 1", "DE")
    assert (other.member_class, other.chamber, other.organisation.identifier) == (
        "partner",
        "unions",
        "",
    )
    assert Span.objects.filter(member=ada, kind="standing", state="good").exists()


def test_a_class_that_is_not_there_is_told_with_its_row(edition):
    fig = ("Fig", "", "", "Friend", "companies", "01.02.2015")

    [told] = faults_of(MEMBERS, MEMBERS_HEADER, ADA, fig)

    assert told == ("row 3, column Class: 'Friend' is not known; allowed: 'Full member', 'Partner'")


def test_a_chamber_that_the_class_is_not_open_to_is_told_with_its_row(edition):
    [told] = faults_of(MEMBERS, MEMBERS_HEADER, (*ADA[:4], "moon", ADA[5]))

    assert told.startswith("row 2, column Class: class full is open to ")
    assert told.endswith("not to moon")


def test_two_members_with_one_number_are_refused(edition):
    [told] = faults_of(MEMBERS, MEMBERS_HEADER, ADA, ("Fig", "", "HRB 1", *ADA[3:]))

    assert told == "row 3, column Number: 'HRB 1' stands for 'Ada & Co' too, in row 2"


def test_a_number_that_another_organisation_bears_is_refused(edition):
    make_organisation("Elm", identifier="HRB 1")

    [told] = faults_of(MEMBERS, MEMBERS_HEADER, ADA)

    assert told == "row 2, column Number: 'HRB 1' is the identifier of 'Elm' already"


# Signatures


def signed_text(edition: Edition) -> str:
    return next(r.text_sha256 for r in edition.document.requirements if r.code == "R1")


def test_a_signature_carries_the_hash_of_the_text_that_its_edition_has(ada, edition):
    run(HISTORY, csv_of(HEADER, (ada.name, "signed", "R1", "2023-02-01", "lamps-2024")))

    [(key, on, data)] = stated("requirement.signed")
    assert (key, on) == ("R1", date(2023, 2, 1))
    assert data == {"edition": "lamps-2024", "text_sha256": signed_text(edition)}
    assert Span.objects.filter(member=ada, key="sign-requirements:R1", state="met").exists()


@pytest.mark.parametrize(
    ("requirement", "edition_code", "says"),
    [
        ("R9", "lamps-2024", "edition lamps-2024 has no requirement 'R9'; it has: 'R1', 'R2'"),
        ("R1", "lamps-1999", "there is no edition 'lamps-1999' in force; there are: 'lamps-2024'"),
        ("R1", "", "there is no edition '' in force; there are: 'lamps-2024'"),
    ],
)
def test_a_text_that_is_not_here_is_refused(ada, requirement, edition_code, says):
    [told] = faults_of(
        HISTORY, HEADER, (ada.name, "signed", requirement, "2023-02-01", edition_code)
    )

    assert told == f"row 2, column Of: {says}"


# Other facts


def test_each_change_of_class_is_a_fact_of_its_day_and_the_same_file_adds_nothing(ada):
    file = (
        HEADER,
        (ada.name, "class", "partner", "2023-02-01", ""),
        (ada.name, "class", "full", "2024-02-01", ""),
    )

    counts = [run(HISTORY, csv_of(*file)).facts_added for _ in range(2)]

    assert counts == [2, 0]
    assert [data["member_class"] for _, _, data in stated("member.class_changed")] == [
        "partner",
        "full",
    ]


def test_two_classes_on_one_day_contradict_each_other(ada):
    [told] = faults_of(
        HISTORY,
        HEADER,
        (ada.name, "class", "partner", "2023-02-01", ""),
        (ada.name, "class", "full", "2023-02-01", ""),
    )

    assert "states member.class_changed" in told


def test_fees_leaving_and_measures_are_facts_too(ada):
    rows = [
        ("invoiced", "2023-17", "2023-01-31", ""),
        ("paid", "2023-17", "2023-03-01", ""),
        ("case", "C-1", "2023-05-01", "late:2022, late:2021"),
        ("left", "", "2024-01-01", ""),
    ]

    run(HISTORY, csv_of(HEADER, *((ada.name, *row) for row in rows)))

    assert stated("fee.paid") == [("2023-17", date(2023, 3, 1), {})]
    assert stated("case.opened")[0][2]["breaches"] == ["late:2022", "late:2021"]
    assert Span.objects.filter(member=ada, kind="standing", state="left").exists()


def test_a_key_that_is_too_long_is_told(ada):
    [told] = faults_of(HISTORY, HEADER, (ada.name, "paid", "x" * 73, "2023-02-01", ""))

    assert told.startswith("row 2, column Of: longer than 72 characters")


@pytest.mark.parametrize(
    ("profile", "says"),
    [
        (HISTORY.replace("data: {obligation: {fixed: annual-fee}}", "data: {obligation: text}"),
         "only text_sha256 of requirement.signed is the hash of a text"),
        (HISTORY.replace("kind: fee.paid", "kind: score.published"),
         "score.published holds several numbers in numbers, which no cell can"),
    ],
)  # fmt: skip
def test_a_profile_that_no_table_can_fill_is_refused(profile, says):
    with pytest.raises(Invalid, match=says):
        run(profile, csv_of(HEADER))


# Sources


def test_what_was_imported_says_where_it_comes_from(edition):
    run(MEMBERS, csv_of(MEMBERS_HEADER, ADA))
    run(HISTORY, csv_of(HEADER, ("Ada & Co", "paid", "2023-17", "2023-03-01", "")))

    labels = {f.kind: f.entry.provenance.label for f in Fact.objects.filter(source="imported")}
    assert labels == {
        "member.admitted": "Old list of the secretariat, 2015 to 2024",
        "fee.paid": "What happened to members",
    }


def test_a_dry_run_names_no_source(edition):
    run(MEMBERS, csv_of(MEMBERS_HEADER, ADA), dry_run=True)

    assert not Provenance.objects.exists()
