"""The days of the demo: three past periods and an open one, relative to the day it is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from string import Template

from django.utils import timezone

from rulebooks.rules.continuity.lineage import LISTS
from rulebooks.rules.edition import Edition

EDITION = Path(__file__).with_name("edition.yaml")
LEGAL_TEXT = Path(__file__).with_name("rulebook.txt")
OPENED_DAYS_AGO = 82  # so that returns were due a week ago, and the late window is open
RENEWED_DAYS_AGO = 2
YEAR = timedelta(days=365)
JOINING_SINCE = timedelta(days=80)  # before that day the secretariat admitted members by itself
REWORDED = "good-faith"
SAYS_MORE = {
    "and do not retaliate\n      against anybody who raises a concern.": (
        "and neither retaliate nor\n      let others do so against anybody who raises a concern."
    )
}
PERIOD = """\
  - kind: fixed_window
    code: "{code}"
    name: Year to {name}
    about_from: {about_from}
    about_until: {about_until}
    opens_on: {opens_on}
    due_on: {due_on}
    late_until: {late_until}
    clause: "4.1"
"""


@dataclass(frozen=True)
class Window:
    """One reporting period of the demo. What follows it has its days too."""

    opens_on: date

    @property
    def about_until(self) -> date:
        return self.opens_on.replace(day=1) - timedelta(days=1)

    @property
    def about_from(self) -> date:
        year_before = self.about_until.year - 1
        return (self.about_until.replace(day=1, year=year_before) + timedelta(days=31)).replace(
            day=1
        )

    @property
    def code(self) -> str:
        return str(self.about_until.year)

    @property
    def due_on(self) -> date:
        return self.opens_on + timedelta(days=75)

    @property
    def late_until(self) -> date:
        return self.opens_on + timedelta(days=105)

    @property
    def scored_on(self) -> date:
        return self.opens_on + timedelta(days=230)

    @property
    def published_on(self) -> date:
        return self.opens_on + timedelta(days=245)

    @property
    def shown_on(self) -> date:
        return self.published_on + timedelta(days=30)


@dataclass(frozen=True)
class Calendar:
    """The windows around ``today``, oldest first; the last one is open."""

    today: date

    @property
    def windows(self) -> tuple[Window, ...]:
        opened = self.today - timedelta(days=OPENED_DAYS_AGO)
        return tuple(Window(opened - YEAR * back) for back in (3, 2, 1, 0))

    @property
    def in_force_from(self) -> date:
        return self.windows[0].opens_on - timedelta(days=300)

    def edition_text(self) -> str:
        """Return the edition with its days filled in."""
        periods = "".join(_period(window) for window in self.windows)
        return Template(EDITION.read_text(encoding="utf-8")).substitute(
            self._years(),
            code=f"clear-circuit-{self.windows[0].about_until.year}",
            in_force_from=self.in_force_from,
            enforced_from=self.windows[1].opens_on,
            joining_from=self.today - JOINING_SINCE,
            periods=periods,
            legal_sha256=sha256(self.legal_text()).hexdigest(),
        )

    @property
    def renewed_from(self) -> date:
        """The day on which the second edition takes effect."""
        return self.today - timedelta(days=RENEWED_DAYS_AGO)

    def next_edition_text(self) -> str:
        """Return the edition that follows: one requirement says more, all else stays."""
        text, year = self.edition_text(), self.renewed_from.year
        first = Edition.load(text)
        changes = {
            f"code: {first.code}": f"code: clear-circuit-{year}-{self.renewed_from.month}",
            f"title: {first.title}": f"title: Rulebook {year} of the Clear Circuit Initiative",
            f"in_force_from: {first.in_force_from}": f"in_force_from: {self.renewed_from}",
            f"effective_on: {first.in_force_from}": f"effective_on: {self.renewed_from}",
            f"given_on: {first.in_force_from}": f"given_on: {self.renewed_from}",
            "replaces: null": f"replaces: {first.code}\n{_continuity(first)}",
            "Resolution FA-1": "Resolution GA-4",
            sha256(self.legal_text()).hexdigest(): sha256(self.next_legal_text()).hexdigest(),
            **SAYS_MORE,
        }
        for before, after in changes.items():
            text = text.replace(before, after, 1)
        return text

    def next_legal_text(self) -> bytes:
        """Return the adopted text that the second edition encodes."""
        text = self.legal_text().decode()
        for before, after in {"resolution FA-1": "resolution GA-4", **SAYS_MORE}.items():
            text = text.replace(" ".join(before.split()), " ".join(after.split()), 1)
        return text.encode()

    def legal_text(self) -> bytes:
        """Return the adopted text that the edition encodes, with its years filled in."""
        return Template(LEGAL_TEXT.read_text(encoding="utf-8")).substitute(self._years()).encode()

    def _years(self) -> dict[str, int | str]:
        year, since = self.windows[0].about_until.year, self.today - JOINING_SINCE
        told = f"{since.day} {since:%B %Y}"
        return {
            "joining_since": told,
            "year": year,
            "baseline_year": year - 1,
            "goal_year": year + 6,
        }


def _continuity(first: Edition) -> str:
    """Return what the second edition says of everything in the first: one text is reworded."""
    lines = ["continuity:"]
    for what, name in LISTS.items():
        codes = [part.code for part in getattr(first, name)]
        kept = [code for code in codes if code != REWORDED]
        for word, some in (("same", kept), ("reworded", [c for c in codes if c == REWORDED])):
            if some:
                was = f"{{as: {word}, what: {what}, was: [{', '.join(some)}]"
                lines.append(f'  - {was}, clause: "10.2"}}')
    return "\n".join(lines)


def _period(window: Window) -> str:
    fields = ("about_from", "about_until", "opens_on", "due_on", "late_until")
    until = window.about_until
    return PERIOD.format(
        code=window.code,
        name=f"{until.day} {until:%b %Y}",
        **{field: getattr(window, field) for field in fields},
    )


@contextmanager
def acting_on(day: date, hour: int = 10) -> Iterator[datetime]:
    """Let the platform's clock stand on a past day: the demo's history is acted out day by day."""
    moment = datetime.combine(day, time(hour), tzinfo=UTC)
    real, timezone.now = timezone.now, lambda: moment
    try:
        yield moment
    finally:
        timezone.now = real
