"""Documents that are huge, twisted or absurd: refused at their place, in bounded time."""

import time
from pathlib import Path

import pytest

from rulebooks.rules.document import Invalid
from rulebooks.rules.edition import Edition

STARTER = (
    Path(__file__).resolve().parents[2] / "rulebooks" / "editions" / "starter.yaml"
).read_text()
KPI = (
    "  - {{code: k{0}, title: t, unit: u, scale: {{kind: yes_no}}, direction: higher,"
    ' missing: zero, confidentiality: public, clause: "1"}}\n'
)
NODE = "    - {{code: n{0}, title: t, op: {1}, clause: x}}\n"


def loaded(text):
    """Return the problems of an edition, which are told within seconds."""
    begun = time.process_time()
    try:
        Edition.load(text).warnings()
    except Invalid as error:
        found = [str(problem) for problem in error.problems]
    else:
        found = []
    assert time.process_time() - begun < 60  # a few seconds, on a machine that does nothing else
    return found


def starter(before, after):
    assert before in STARTER
    return STARTER.replace(before, after, 1)


def kpis(count):
    return "kpis:\n" + "".join(KPI.format(number) for number in range(count))


def nodes(count, words):
    return "  nodes:\n" + "".join(NODE.format(n, words(n)) for n in range(count))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(starter("correction_days: 14", "correction_days: " + "9" * 5000),
                     "correction_days: must be a valid integer", id="a number of 5,000 digits"),
        pytest.param(starter("max: 3650", "max: " + "9" * 5000),
                     "scale.max: must be a number such as 3 or 0.25, without quotes, not '9999",
                     id="a limit of 5,000 digits"),
        pytest.param(starter("max: 3650", "max: 1e400"), "must be a number", id="an exponent"),
        pytest.param(starter("max: 3650", "max: .nan"), "must be a number", id="not a number"),
        pytest.param(starter("in_force_from: 2025-01-01", "in_force_from: 0000-00-00"),
                     "write a day of the calendar as YYYY-MM-DD", id="a day that is none"),
        pytest.param(starter("in_force_from: 2025-01-01", "in_force_from: 2025-W01-1"),
                     "write a day of the calendar as YYYY-MM-DD", id="a day by its week"),
        pytest.param(starter("in_force_from: 2025-01-01", "in_force_from: '20250101'"),
                     "write a day of the calendar as YYYY-MM-DD", id="a day without dashes"),
        pytest.param(starter("in_force_from: 2025-01-01", "in_force_from: 9999-12-31"),
                     "a day lies in the years 1900 to 2200", id="the last day of the calendar"),
        pytest.param(starter("in_force_from: 2025-01-01", "in_force_from: 0001-01-01"),
                     "a day lies in the years 1900 to 2200", id="the first day of the calendar"),
        pytest.param(starter('{kpi: papers-kept, is: ["no"]}', '{kpi: papers-kept, is: ["no"], '
                             "iss: 1}"),
                     "when.iss: 'iss' is not known here; did you mean 'is'? allowed: kpi, node, "
                     "member, is", id="an unknown key of a condition"),
        pytest.param(starter('{kpi: papers-kept, is: ["no"]}', '{not: {all: [{kpi: papers-kept, '
                             'is: ["no"], wat: 1}]}}'),
                     "when.not.all[0].wat: 'wat' is not known here; allowed: kpi",
                     id="an unknown key of a condition, deep inside"),
        pytest.param("\n".join(" " * depth + "a:" for depth in range(1500)),
                     "nested deeper than 40 levels", id="1,500 levels of keys"),
        pytest.param(STARTER.encode("utf-16"), "byte 0xff is not UTF-8", id="UTF-16"),
        pytest.param(STARTER + "\0", "character U+0000 is not allowed", id="a NUL at the end"),
        pytest.param(STARTER + "\nperiods: []\n", "periods: stands twice", id="a key twice"),
    ],
)  # fmt: skip
def test_what_is_absurd_is_refused_at_its_place(text, problem):
    found = loaded(text)

    assert any(problem in line for line in found), found[:3]
    assert all(len(line) < 400 for line in found)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\ufeff" + STARTER, id="a byte order mark"),
        pytest.param(STARTER.replace("\n", "\r\n"), id="lines that end as on Windows"),
        pytest.param(STARTER.replace("\n", "\r"), id="lines that end as on old machines"),
    ],
)
def test_how_a_text_was_saved_makes_no_difference(text):
    assert Edition.load(text).normalized() == Edition.load(STARTER).normalized()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\n".join(f"k{n}: 1" for n in range(20_000)), id="20,000 unknown keys"),
        pytest.param("k: 1\n" * 20_000, id="a key 20,000 times"),
        pytest.param(
            starter("kpis:\n", kpis(2_000)).replace(
                "  nodes:\n",
                nodes(1, lambda _: f"sum, of: [{', '.join(f'x{n}' for n in range(2_000))}]"),
            ),
            id="2,000 dangling names",
        ),
    ],
)
def test_of_very_many_problems_the_first_are_told(text):
    found = loaded(text)

    assert 180 < len(found) <= 201
    assert found[-1].endswith("there are more than these 200 problems; correct them first")


def two_before(n):
    return "fees-repaid" if n < 2 else f"n{n - 1}, n{n - 2}"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(starter("kpis:\n", kpis(2_000)), id="2,000 KPIs"),
        pytest.param(
            starter("  nodes:\n", nodes(300, lambda n: f"sum, of: [{two_before(n)}]")),
            id="each node reads the two before: 10^62 ways down",
        ),
        pytest.param(
            starter(
                "  nodes:\n",
                nodes(1_500, lambda n: f"sum, of: [{'fees-repaid' if not n else f'n{n - 1}'}]"),
            ),
            id="1,500 nodes, one above the other",
        ),
    ],
)
def test_what_is_only_large_is_read(text):
    assert loaded(text) == []
