"""Days, numbers and kinds as pages write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.templatetags import pages

TODAY = date(2026, 3, 12)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        pytest.param(date(2026, 3, 12), "12 Mar 2026", id="a day"),
        pytest.param(date(2026, 9, 1), "1 Sep 2026", id="no leading zero"),
        pytest.param(None, "\u2013", id="no day is a dash"),
    ],
)
def test_a_day_is_written_the_same_everywhere(value: date | None, said: str) -> None:
    assert pages.day(value) == said


def test_a_moment_is_told_in_the_time_zone_of_the_initiative(settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    late = datetime(2026, 3, 12, 23, 30, tzinfo=UTC)
    assert pages.moment(late) == "13 Mar 2026, 00:30 CET"
    assert pages.day(late) == "13 Mar 2026"
    assert pages.in_days(late, TODAY) == "(tomorrow)"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (date(2026, 3, 21), "(in 9 days)"),
        (date(2026, 3, 13), "(tomorrow)"),
        (TODAY, "(today)"),
        (date(2026, 3, 11), "(yesterday)"),
        (date(2026, 3, 10), "(2 days ago)"),
        (None, ""),
    ],
)
def test_how_far_off_a_day_is(value: date | None, said: str) -> None:
    assert pages.in_days(value, TODAY) == said


@pytest.mark.parametrize(
    ("value", "places", "said"),
    [
        pytest.param(Decimal("1234567.50"), None, "1\u202f234\u202f567.5", id="thin spaces"),
        pytest.param(Decimal("0.000"), None, "0", id="zero is 0"),
        pytest.param(Decimal("-0.0"), None, "0", id="zero has no sign"),
        pytest.param(Decimal("-3.20"), None, "\u22123.2", id="a true minus"),
        pytest.param(Decimal("1E+3"), None, "1\u202f000", id="no exponent"),
        pytest.param(Decimal("62.4"), 2, "62.40", id="padded to two places"),
        pytest.param(Decimal("62.4567"), "1", "62.4567", id="never cut"),
        pytest.param(100, None, "100", id="an integer keeps its zeros"),
        pytest.param("1300/17", None, "76.4705… = 1300/17", id="a fraction is written both ways"),
        pytest.param("-1/3", None, "-0.3333… = -1/3", id="a fraction below zero"),
        pytest.param("Jan/Feb", None, "Jan/Feb", id="words pass"),
        pytest.param("1/2", None, "1/2", id="what ends is written as a decimal, so this is a word"),
        pytest.param("24/9", None, "24/9", id="what can be shortened is a word too"),
        pytest.param("yes", None, "yes", id="a word passes"),
        pytest.param(None, None, "\u2013", id="nothing is a dash"),
    ],
)
def test_a_figure_is_written_as_stored(value, places, said: str) -> None:
    assert pages.figure(value, places) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(Decimal("3.20"), "↑ +3.2"), (-1, "↓ \u22121"), (0, "→ 0"), (None, "\u2013")],
)
def test_a_change_has_arrow_and_sign(value, said: str) -> None:
    assert pages.signed(value) == said


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("good", "good"),
        ("suspended", "suspended"),
        ("overdue", "breach"),
        ("In-Review", "soon"),
        ("never heard of", "none"),
        (None, "none"),
    ],
)
def test_a_state_has_a_kind(state: str | None, kind: str) -> None:
    assert pages.status_kind(state) == kind


def test_a_state_has_one_kind_only() -> None:
    states = [state for words in pages.KINDS.values() for state in words.split()]
    assert len(states) == len(set(states))


def test_a_strip_places_spans_and_years_in_percent() -> None:
    spans = [
        {"kind": "good", "since": date(2023, 1, 1), "until": date(2025, 1, 1)},
        {"kind": "suspended", "since": date(2025, 1, 1), "until": None},
        {"kind": "good", "since": date(2030, 1, 1), "until": None},
    ]
    strip = pages.strip_parts(spans, date(2024, 1, 1), date(2026, 1, 1))
    assert [(p["kind"], p["x"], p["width"]) for p in strip["parts"]] == [
        ("good", "0.0%", "50.1%"),
        ("suspended", "50.1%", "49.9%"),
    ]
    assert [(t["label"], t["anchor"]) for t in strip["ticks"]] == [
        ("2024", "start"),
        ("2025", "start"),
        ("2026", "end"),
    ]


def test_a_long_strip_labels_some_years_only() -> None:
    strip = pages.strip_parts([], date(2000, 1, 1), date(2026, 1, 1))
    assert len([tick for tick in strip["ticks"] if tick["label"]]) <= pages.MOST_YEARS


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("open until 2026-03-12; then 2026-04-01.", "open until 12 Mar 2026; then 1 Apr 2026."),
        ("2026-13-45 is no day", "2026-13-45 is no day"),
        ("R-2026-03-12 and 2026-03-12-a stay", "R-2026-03-12 and 2026-03-12-a stay"),
        ("nothing", "nothing"),
    ],
)
def test_days_in_what_is_refused_are_written_as_pages_write_them(text, shown):
    assert pages.days_in_words(text) == shown
