"""Whether misses from before an obligation was enforced make a later one the second."""

from pathlib import Path

import pytest

from rulebooks.rules import facts as f
from rulebooks.rules.document import Invalid
from rulebooks.rules.edition import Edition
from rulebooks.rules.reading.breaches import breach
from rulebooks.rules.timeline import Kind
from tests.rulebooks.time.editions import make, obligations, owed, periods, tell

YEARS = periods(
    "{kind: calendar_year, code: year, name: Year, first: 2018, last: 2023, opens: {on: 01-15},"
    ' due: {on: 03-31}, clause: "3"}'
)
# The returns for 2018 and 2019 fall due before the obligation is enforced.
RETURN = obligations(owed("return", "report", periods="all", enforced_from="2020-06-01"))
RULES = """breaches:
  - code: no-report
    title: No report
    detector: {kind: missed_obligation, obligation: report}
    correction_days: 0
    opens_case: false
    clause: "5"
  - code: often
    title: Often
    detector: DETECTOR
    correction_days: 0
    clause: "5"
"""
COUNTING = [
    pytest.param("{kind: consecutive, of: no-report, times: 2}", id="running"),
    pytest.param(
        "{kind: within_window, of: no-report, times: 2, within: {years: 2}}", id="within a window"
    ),
]


def edition(detector: str, old_misses: str) -> Edition:
    said = detector.replace("}", f", old_misses: {old_misses}}}", 1)
    if "within: " in detector:
        said = detector[:-1] + f", old_misses: {old_misses}}}"
    return make(YEARS, RETURN, RULES.replace("DETECTOR", said))


def often(changes) -> list[tuple[str, str]]:
    found = (c for c in changes if c.kind == Kind.BREACH and c.key.startswith("often:"))
    return [(c.key.removeprefix("often:year."), c.state) for c in found]


FILED = [
    (f"{year + 1}-02-01", f"year.{year}", f.ReturnFiled()) for year in (2020, 2021, 2022, 2023)
]


@pytest.mark.parametrize("detector", COUNTING)
def test_an_old_miss_makes_no_later_one_the_second(detector):
    """2018 and 2019 were missed before it was enforced, 2020 after it; 2021 was filed."""
    changes = tell(*FILED[1:], editions=edition(detector, "do_not_count"), joined="2015-01-01")

    assert "proposed" not in {state for _, state in often(changes)}
    assert often(changes)[0] == ("2019", "quiet")


@pytest.mark.parametrize("detector", COUNTING)
def test_two_misses_that_have_consequences_count_whatever_was_before(detector):
    changes = tell(*FILED[2:], editions=edition(detector, "do_not_count"), joined="2015-01-01")

    assert ("2021", "proposed") in often(changes)


def test_where_old_misses_count_the_first_one_with_consequences_is_the_second_running():
    counts = edition("{kind: consecutive, of: no-report, times: 2}", "count")

    assert often(tell(*FILED[1:], editions=counts, joined="2015-01-01")) == [
        ("2019", "quiet"),
        ("2020", "proposed"),
    ]


def test_where_old_misses_count_they_alone_still_have_no_consequences():
    counts = edition("{kind: consecutive, of: no-report, times: 2}", "count")

    assert often(tell(*FILED, editions=counts, joined="2015-01-01")) == [("2019", "quiet")]


def test_within_a_window_an_old_miss_counts_once():
    """2018 and 2019 make a quiet pair; 2020 begins anew, and 2021 makes the next one."""
    window = "{kind: within_window, of: no-report, times: 2, within: {years: 2}}"

    changes = tell(*FILED[2:], editions=edition(window, "count"), joined="2015-01-01")

    assert often(changes) == [("2019", "quiet"), ("2021", "proposed")]


# Ladders that count

PALM = (Path(__file__).parents[2] / "editions" / "palm-grove-2022.yaml").read_text()


def palm(old_misses: str) -> Edition:
    text = PALM.replace("enforced_from: 2022-01-01", "enforced_from: 2024-01-01")
    name = "    name: Reports missed in consecutive years\n"
    return Edition.load(text.replace(name, f"{name}    old_misses: {old_misses}\n"))


@pytest.mark.parametrize(
    ("old_misses", "expected"),
    [
        pytest.param("do_not_count", ["good", "warned", "suspended"], id="it begins at a warning"),
        pytest.param("count", ["good", "suspended", "excluded"], id="an old miss was the first"),
    ],
)
def test_a_ladder_counts_old_misses_where_the_edition_says_so(old_misses, expected):
    changes = tell(editions=palm(old_misses), joined="2015-01-01", member_class="ordinary")

    assert [c.state for c in changes if c.kind == Kind.STANDING][:3] == expected


def test_a_ladder_that_counts_nothing_cannot_count_old_misses():
    lamps = (Path(__file__).parents[2] / "editions" / "lamps-2024.yaml").read_text()
    ladder = "ladders:\n  - "

    with pytest.raises(Invalid, match=r"no step of .* counts misses, so old ones cannot count"):
        Edition.load(lamps.replace(ladder, f"{ladder}old_misses: count\n    "))


# In words


def test_that_old_misses_count_is_said():
    counts = edition("{kind: consecutive, of: no-report, times: 2}", "count")

    assert breach(counts.breach("often"), counts) == (
        "“No report” in 2 periods running; misses that were imported, or not yet enforced, count "
        "towards it"
    )
