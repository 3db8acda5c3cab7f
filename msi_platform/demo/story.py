"""The demo's history, acted out through the services, day by day.

Each scene has its day; scenes are played in the order of days with the platform's clock standing
on them, so that every fact, entry and letter is as if it had happened then.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random

from django.utils import timezone

from accounts.selectors import system_user
from ledger import services as ledger
from members import services as members
from msi_platform.demo import world
from msi_platform.demo.calendar import Calendar, Window, acting_on
from msi_platform.demo.cast import Cast
from msi_platform.demo.scenes import (
    applying,
    belonging,
    cases,
    due_days,
    entry,
    history,
    joining,
    promising,
    reporting,
    signing,
)

SEED = 20
SCORED_WINDOWS = 3
LETTERS_EVERY = 6  # days between two looks into the outbox; the last look was so long ago
Play = Callable[[date], None]


class Story:
    """Everything that happens in the demo, from the founding of the initiative until today."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.calendar = Calendar(today)
        self.random = Random(SEED)
        self.cast = Cast(self.random)
        self._scenes: list[tuple[date, int, Play]] = []
        self._place = count()

    def at(self, day: date, play: Play) -> None:
        """Lay out a scene; what would lie in the future does not happen."""
        if day <= self.today:
            heappush(self._scenes, (day, next(self._place), play))

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def play(self, tell: Callable[[str], None]) -> None:
        """Act everything out; ``tell`` hears each year as it comes."""
        self._write()
        year = 0
        while self._scenes:
            day, _, play = heappop(self._scenes)
            if day.year != year:
                year = day.year
                tell(f"{year} …")
            with acting_on(day):
                play(day)
                self._follow()

    def _follow(self) -> None:
        """What follows by itself: reactions, and letters of templates that are automatic."""
        while ledger.work_due(now=timezone.now()):
            pass
        while members.letters.send_next(by=system_user()):
            pass

    def _write(self) -> None:
        begin = self.calendar.in_force_from
        self.at(begin - timedelta(days=30), lambda on: joining.found(self, on))
        for company in world.companies(SEED):
            joined = begin + timedelta(days=self.random.randint(1, 15))
            if company.joined is not None:
                joined = self.ago(company.joined)
            signed = joined + timedelta(days=self.random.randint(3, 40))
            self.at(joined, lambda on, who=company: joining.join(self, who, on))
            self.at(signed, lambda on, who=company: joining.sign(self, who, on))
            for place, window in enumerate(self.calendar.windows):
                if company.reports and joined + timedelta(days=280) <= window.opens_on:
                    reporting.lay_out(self, company, place, window)
        for window in self.calendar.windows[:SCORED_WINDOWS]:
            self._close(window)
        last = self.calendar.windows[SCORED_WINDOWS - 1]
        self.at(self.ago(6), lambda on: reporting.correct(self, last, on))
        self.at(self.ago(5), lambda on: reporting.show_correction(self, last, on))
        self.at(self.ago(2), lambda on: reporting.contest(self, last, on))
        cases.lay_out(self)
        entry.lay_out(self)
        promising.lay_out(self)
        due_days.lay_out(self)
        signing.lay_out(self, world.companies(SEED))
        history.lay_out(self)
        belonging.lay_out(self)
        for days in range(LETTERS_EVERY, (self.today - begin).days, LETTERS_EVERY):
            self.at(self.ago(days), lambda on: joining.release_letters(self, on))
        applying.lay_out(self)
        self.at(self.today, lambda on: cases.advance(self, on))

    def _close(self, window: Window) -> None:
        """The daily run after a window closed; its scores, and the daily run after those."""
        self.at(window.late_until + timedelta(days=2), lambda on: cases.advance(self, on))
        self.at(window.scored_on, lambda on: reporting.score(self, window, on))
        self.at(window.published_on, lambda on: reporting.publish(self, window, on))
        self.at(window.published_on + timedelta(days=1), lambda on: cases.advance(self, on))
        self.at(window.shown_on, lambda on: reporting.show(self, window, on))
