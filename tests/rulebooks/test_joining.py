"""How one joins: the vocabulary, what is missing, the course and its clocks, names made alike."""

from datetime import date
from pathlib import Path

import pytest

from rulebooks.rules.differences import differences
from rulebooks.rules.document import Invalid
from rulebooks.rules.edition import Edition
from rulebooks.rules.joining import (
    Admission,
    Before,
    Content,
    Days,
    Stage,
    Standing,
    closed_because,
    course,
    gaps,
    groups_alike,
    marks,
    normalised,
    waits_until,
)
from rulebooks.rules.reading.paragraphs import sections

LAMPS = (Path(__file__).parents[1] / "editions" / "lamps-2024.yaml").read_text()
ADMISSION = """
admissions:
  - code: companies
    applies_to: [full]
    opens_on: 2026-01-01
    closes_on: 2026-12-31
    questions:
      - {code: why, title: Why do you apply?, answer: text, at_most: 20, clause: "2.7"}
      - {code: staff, title: How many people?, answer: number, min: 1, max: 900, clause: "2.7"}
      - code: sells
        title: What do you sell?
        answer: choice
        choices: [Lamps, Light]
        clause: "2.7"
      - {code: mines, title: Do you mine?, answer: yes_no, required: false, clause: "2.7"}
    documents: [{code: register, title: Extract of the register, clause: "2.7"}]
    sites: required
    corporate_group: required
    contacts:
      - {code: head, name: Head, clause: "2.7"}
      - {code: spare, name: Spare, required: false, clause: "2.7"}
    criteria: [{code: buys, text: It buys lamps., clause: "2.6"}]
    due_diligence: [{code: sanctions, text: Is it on a list of sanctions?, clause: "2.8"}]
    check_within: {days: 20}
    objections: {window: {days: 14}, reply: {days: 10}, competitors: same_class, clause: "2.9"}
    decided_by: board
    decide_within: {days: 60}
    appeal: {to: panel, within: {days: 30}, decide_within: {days: 45}, clause: "2.11"}
    reapplying: {after_refusal: {months: 6}, after_exclusion: {years: 2}, clause: "2.12"}
    clause: "2.6"
"""
TEXT = LAMPS + ADMISSION
SECTORS = """
sectors:
  - {code: lamps, name: Lamps, clause: "2.4"}
  - {code: C27.4, name: Electric lighting, clause: "2.4"}
"""
FILED = date(2026, 3, 2)


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition.load(TEXT)


@pytest.fixture(scope="module")
def admission(edition) -> Admission:
    return edition.admission_to("full", on=FILED)


def content(**given) -> Content:
    full = {
        "answers": {"why": "Light.", "staff": "12", "sells": "Lamps"},
        "contacts": {"head": {"name": "Hed", "email": "hed@lamps.example"}},
        "sites": [{"name": "Mill", "country": "India"}],
        "group": "none",
        "documents": {"register"},
    }
    return Content(**full | given)


# The vocabulary


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("applies_to: [full]\n    opens", "applies_to: [gold]\n    opens", "'gold' is no class"),
        ("closes_on: 2026-12-31", "closes_on: 2025-12-31", "is before opens_on"),
        ("to: panel", "to: board", "an appeal goes to another body"),
        ('    criteria: [{code: buys, text: It buys lamps., clause: "2.6"}]\n', "", "criterion"),
        ("choices: [Lamps, Light]", "choices: [Lamps]", "two choices"),
        ("choices: [Lamps, Light]", "choices: [Lamps, Lamps]", "stands twice"),
        ("min: 1, max: 900", "min: 901, max: 900", "is above max"),
        ("answer: yes_no", "answer: yes_no, max: 3", "answer by number"),
        ("answer: yes_no", "answer: yes_no, at_most: 3", "answer by text"),
        ("code: staff", "code: why", "'why' is taken"),
        ('    clause: "2.6"\n', '    until_decided: nothing\n    clause: "2.6"\n', "comment on"),
    ],
)
def test_what_cannot_hold_is_a_fault_with_its_place(before, after, says):
    assert before in TEXT
    with pytest.raises(Invalid) as raised:
        Edition.load(TEXT.replace(before, after, 1))

    assert any(says in problem.message and problem.line > 1 for problem in raised.value.problems)


def test_a_class_has_one_admission():
    twice = TEXT + '  - {code: all, applies_to: all, decide_within: {days: 9}, clause: "2"}\n'

    with pytest.raises(Invalid, match="companies takes in class full already"):
        Edition.load(twice)


def test_no_appeal_and_no_day_for_a_decision_are_warned_of():
    text = TEXT.replace("    decide_within: {days: 60}\n", "", 1)
    start = text.index("    appeal: {to")
    text = text[:start] + text[text.index("    reapplying") :]
    said = [warning.message for warning in Edition.load(text).warnings()]

    assert "companies can be refused, and there is no appeal" in said
    assert "companies has no decide_within: it may wait for ever" in said


def test_an_edition_that_says_nothing_lets_the_secretariat_decide():
    assert Edition.load(LAMPS).admission_to("full", on=FILED) is None
    later = TEXT.replace("    closes_on:", "    applies_from: 2026-03-03\n    closes_on:", 1)
    assert Edition.load(later).admission_to("full", on=FILED) is None


def test_it_is_read_in_words_and_told_apart_by_code(edition):
    [joining] = [s for s in sections(edition) if s.key == "admissions"]
    assert {"Why do you apply?", "Extract of the register"} <= {p.title for p in joining.paragraphs}

    changed = Edition.load(TEXT.replace("window: {days: 14}", "window: {days: 21}", 1))
    [told] = [d for d in differences(edition, changed) if d.what == "admission"]
    assert (told.code, told.field) == ("companies", "objections.window.days")


# What is missing


def test_a_complete_application_has_no_gap(admission):
    assert gaps(admission, content()) == ()


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"answers": {"staff": "1", "sells": "Lamps"}}, "answer-why", "not answered"),
        (
            {"answers": {"why": "x" * 21, "staff": "1", "sells": "Lamps"}},
            "answer-why",
            "at most 20",
        ),
        ({"answers": {"why": "x", "staff": "many", "sells": "Lamps"}}, "answer-staff", "a number"),
        ({"answers": {"why": "x", "staff": "NaN", "sells": "Lamps"}}, "answer-staff", "a number"),
        ({"answers": {"why": "x", "staff": "0", "sells": "Lamps"}}, "answer-staff", "at least 1"),
        (
            {"answers": {"why": "x", "staff": "901", "sells": "Lamps"}},
            "answer-staff",
            "at most 900",
        ),
        ({"answers": {"why": "x", "staff": "9", "sells": "Oil"}}, "answer-sells", "Lamps, Light"),
        ({"group": " "}, "group", "corporate group"),
        ({"sites": []}, "sites", "at least one site"),
        ({"contacts": {}}, "contact-head-name", "name and e-mail"),
        ({"documents": set()}, "document-register", "hand in"),
    ],
)
def test_what_is_missing_is_said_with_its_field(admission, given, field, says):
    [gap] = gaps(admission, content(**given))

    assert gap.field == field
    assert says in gap.message


def test_half_a_contact_is_a_gap_even_where_none_is_asked(admission):
    half = {"head": {"name": "H", "email": "h@x.example"}, "spare": {"name": "S", "email": ""}}

    assert [g.field for g in gaps(admission, content(contacts=half))] == ["contact-spare-name"]


# The course


@pytest.mark.parametrize(
    ("days", "on", "stage", "clocks"),
    [
        (
            Days(FILED),
            FILED,
            Stage.CHECKED,
            {"check": "2026-03-22", "objections": "2026-03-16", "decide": "2026-05-01"},
        ),
        (
            Days(FILED, checked_on=date(2026, 3, 9)),
            date(2026, 3, 16),
            Stage.COMMENTED,
            {"objections": "2026-03-16", "decide": "2026-05-01"},
        ),
        (
            Days(FILED, checked_on=date(2026, 3, 9)),
            date(2026, 3, 17),
            Stage.DECIDED_NEXT,
            {"decide": "2026-05-01"},
        ),
        (
            Days(FILED, checked_on=FILED, put=((date(2026, 3, 10), None),)),
            date(2026, 3, 18),
            Stage.COMMENTED,
            {"reply": "2026-03-20", "decide": "2026-05-01"},
        ),
        (
            Days(FILED, checked_on=FILED, put=((date(2026, 3, 10), date(2026, 3, 12)),)),
            date(2026, 3, 18),
            Stage.DECIDED_NEXT,
            {"decide": "2026-05-01"},
        ),
        (
            Days(FILED, outcome="refused", decided_on=date(2026, 4, 1)),
            date(2026, 5, 1),
            Stage.REFUSED,
            {"appeal": "2026-05-01"},
        ),
        (
            Days(FILED, outcome="refused", decided_on=date(2026, 4, 1)),
            date(2026, 5, 2),
            Stage.FINAL,
            {},
        ),
        (
            Days(
                FILED, outcome="refused", decided_on=date(2026, 4, 1), appealed_on=date(2026, 4, 9)
            ),
            date(2026, 5, 2),
            Stage.APPEALED,
            {"appeal_decision": "2026-05-24"},
        ),
        (
            Days(FILED, outcome="admitted", decided_on=date(2026, 4, 1)),
            date(2026, 5, 2),
            Stage.ADMITTED,
            {},
        ),
        (
            Days(FILED, outcome="withdrawn", decided_on=date(2026, 4, 1)),
            date(2026, 5, 2),
            Stage.WITHDRAWN,
            {},
        ),
    ],
)
def test_the_stage_and_every_clock_follow_from_recorded_days(admission, days, on, stage, clocks):
    came = course(admission, days, on=on)

    assert came.stage is stage
    assert {c.code: c.due_on.isoformat() for c in came.clocks} == clocks


def test_a_decision_waits_for_all_that_is_open(admission):
    came = course(admission, Days(FILED, put=((FILED, None),), waiting=2), on=FILED)

    assert came.waits_for == (
        "not every item of the due diligence is looked into",
        "members can comment until 2026-03-16",
        "the applicant can reply to a comment until 2026-03-12",
        "2 comments wait to be put to the applicant",
    )
    assert came.next.code == "reply"


def test_without_steps_an_application_just_waits():
    assert course(None, Days(FILED), on=FILED).stage is Stage.DECIDED_NEXT


@pytest.mark.parametrize(
    ("on", "says"),
    [
        (date(2025, 12, 31), "open on 2026-01-01"),
        (date(2026, 1, 1), ""),
        (date(2026, 12, 31), ""),
        (date(2027, 1, 1), "closed on 2026-12-31 (clause 2.6)"),
    ],
)
def test_applications_are_taken_from_the_first_day_to_the_last(admission, on, says):
    assert says in closed_because(admission, on=on)
    assert bool(says) is bool(closed_because(admission, on=on))


@pytest.mark.parametrize(
    ("how", "until"), [("refused", "2026-09-02"), ("excluded", "2028-03-02"), ("left", "None")]
)
def test_who_was_refused_or_excluded_waits(admission, how, until):
    assert str(waits_until(admission, Before(how, FILED))) == until


LAMPS_AND_BULBS = frozenset({"lamps", "bulbs"})


@pytest.mark.parametrize(
    ("competitors", "theirs", "marked"),
    [
        ("same_class", ("full", "unions"), True),
        ("same_chamber", ("full", "unions"), False),
        ("same_class_and_chamber", ("full", "companies"), True),
        ("same_class_and_chamber", ("full", "unions"), False),
        ("same_sector", ("partner", "unions", LAMPS_AND_BULBS), True),
        ("same_sector", ("full", "companies", frozenset({"rugs"})), False),
        ("same_sector", ("full", "companies"), False),
        ("same_class_and_sector", ("full", "unions", LAMPS_AND_BULBS), True),
        ("same_class_and_sector", ("partner", "unions", LAMPS_AND_BULBS), False),
        ("declared_only", ("full", "companies", LAMPS_AND_BULBS), False),
    ],
)
def test_a_competitor_is_whom_the_edition_calls_one(competitors, theirs, marked):
    applied = Standing("full", "companies", frozenset({"lamps"}))

    found = marks(competitors, Standing(*theirs), applied, declared=False)

    assert found == ((competitors,) if marked else ())


@pytest.mark.parametrize(
    ("theirs", "said", "kin"),
    [
        (["Ada & Co", "Lumen Holding"], "LUMEN Holding plc", True),
        (["Lumen Holding"], "Lumen Holding", True),
        (["Ada & Co", "None"], "none", False),
        (["Ada & Co"], "", False),
    ],
)
def test_whoever_is_of_the_applicants_group_is_marked_beside_what_it_says(theirs, said, kin):
    applied = Standing("full", "companies", groups=groups_alike([said]))
    member = Standing("partner", "unions", groups=groups_alike(theirs))

    found = marks("declared_only", member, applied, declared=True)

    assert found == ("declared", *(["same_group"] if kin else []))


def test_competitors_by_sector_need_applicants_to_name_theirs():
    by_sector = TEXT.replace("competitors: same_class", "competitors: same_sector")
    with pytest.raises(Invalid, match="ask for it: sectors: required"):
        Edition.load(by_sector)
    asked = by_sector.replace(
        "    sites: required\n", "    sectors: required\n    sites: required\n"
    )
    with pytest.raises(Invalid, match="the edition names no sectors"):
        Edition.load(asked)
    assert Edition.load(asked + SECTORS).admissions[0].sectors == "required"


# Names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller & Söhne GmbH", "MULLER UND SOHNE G.m.b.H."),
        ("Lampes d'Été, S.A.", "lampes dete SA"),
        ("The Łódź Lamp Co., Ltd.", "Lodz Lamp Company Limited"),
        ("شركة  المصابيح", "شركة المصابيح"),
        ("Straße AG", "STRASSE"),
    ],
)
def test_two_spellings_of_one_name_are_alike(one, other):
    assert normalised(one) == normalised(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("GmbH", "Ltd"), ("&", "--"), ("New Lamps", "Newer Lamps")]
)
def test_other_names_stay_apart(one, other):
    assert normalised(one) != normalised(other)
