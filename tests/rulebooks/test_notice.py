"""No edition applies to a period that opened before members were notified of it."""

from datetime import date

import pytest

from rulebooks.rules import facts as f
from rulebooks.rules.edition import Edition
from rulebooks.rules.timeline import Kind
from rulebooks.rules.timeline.cycles import Told, cycles
from tests.factories import LAMPS
from tests.rulebooks.test_timeline import EDITION, fact, tell

NEXT = (
    LAMPS.replace("code: lamps-2024", "code: lamps-2026")
    .replace("in_force_from: 2023-01-01", "in_force_from: 2025-06-01")
    .replace("due_on: 2026-03-31", "due_on: 2026-04-15")
    .replace("due_on: 2027-03-31", "due_on: 2027-04-15")
)
TEXT = """
legal_text:
  file: rulebook.pdf
  sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
  resolution: Resolution 7
  adopted_by: Assembly
  language: en
  effective_on: 2023-01-01
  notice: {given_on: DAY, clause: "10.2"}
  clause: "10.1"
"""


def governed(text, *, served=()):
    editions = (EDITION, Edition.load(text))
    return {c.period.code: c.edition.code for c in cycles(editions, Told(served=frozenset(served)))}


@pytest.mark.parametrize(
    ("named", "served", "first"),
    [
        pytest.param(None, None, "2025", id="none is known: from the day it takes effect"),
        pytest.param("2025-05-01", None, "2025", id="the text names an earlier day"),
        pytest.param("2026-01-15", None, "2025", id="told on the day the window opens"),
        pytest.param("2026-01-16", None, "2026", id="told a day after the window opened"),
        pytest.param("2025-05-01", "2026-02-01", "2026", id="the recorded day prevails"),
        pytest.param("2026-02-01", "2025-05-01", "2025", id="also when it is the earlier one"),
        pytest.param(None, "2027-02-01", None, id="told after every window opened"),
    ],
)
def test_an_edition_governs_what_opens_once_members_know_it(named, served, first):
    text = NEXT + (TEXT.replace("DAY", named) if named else "")
    found = governed(text, served=[("lamps-2026", date.fromisoformat(served))] if served else ())

    new = [code for code, edition in found.items() if edition == "lamps-2026"]
    assert new == [code for code in found if first and code >= first]
    assert len(found) == 4


def test_even_the_first_edition_governs_nothing_before_members_knew_it():
    served = frozenset({("lamps-2024", date(2025, 1, 1))})

    assert [c.period.code for c in cycles((EDITION,), Told(served=served))] == [
        "2024",
        "2025",
        "2026",
    ]


def test_the_timeline_takes_the_day_from_the_recorded_notice():
    notice = fact(90, date(2026, 2, 1), "lamps-2026", f.EditionNotified())
    editions = (EDITION, Edition.load(NEXT))

    for initiative, edition in (((), "lamps-2026"), ((notice,), "lamps-2024")):
        changes = tell(initiative=initiative, editions=editions)
        under = {c.edition for c in changes if c.kind == Kind.OBLIGATION and c.key.endswith("2025")}
        assert under == {edition}
