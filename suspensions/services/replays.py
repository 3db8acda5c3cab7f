"""Outcomes by the platform's own path: import, services, scoring run, publication, daily run."""

from __future__ import annotations

from datetime import date

from accounts import services as accounts
from accounts.models import User
from accounts.rules import Role
from accounts.selectors import system_user
from kpis import services as kpis
from kpis.models import Scorecard
from kpis.rules import stored
from kpis.rules.scoring import Card
from kpis.rules.stating import normal
from kpis.services.imports import import_file
from members.models import Member, Span
from rulebooks import services as rulebooks
from rulebooks.rules.answers import Answer
from rulebooks.rules.timeline.changes import Kind
from suspensions.rules.replay import Given, Outcomes, Who
from suspensions.services.daily import advance
from suspensions.services.scratch import Scratch
from targets import services as targets
from targets.models import Period

CHUNK = 2_000


class PlatformPath:
    """Plays what is given through the services, in a scratch database.

    Reactions are not worked there, so that no message leaves it: the shards of a run are worked
    here, as a worker would.
    """

    def __init__(self, given: Given, *, on: date) -> None:
        self.given, self.on = given, on

    def outcomes(self) -> Outcomes:
        """Return what follows from what is given.

        :raises NoScratch: a scratch database cannot be made here.
        :raises Refused: an input cannot be imported.
        """
        with Scratch():
            system = system_user()
            office = self._office(system)
            self._enact(system, office)
            for source in self.given.sources:
                with source.path.open("rb") as stream:
                    import_file(
                        profile=source.profile,
                        stream=stream,
                        setting=source.setting,
                        by=system,
                        on=self.on,
                    )
            self._score(system, office)
            advance(by=system, on=self.on)
            return _found()

    def _office(self, system: User) -> User:
        """Return somebody who may draft and publish; they cannot sign in."""
        office = accounts.create_user(
            email="office@replay.invalid", name="Replay", password=None, by=system, on=self.on
        )
        accounts.grant_role(user=office, role=Role.SECRETARIAT, by=system, on=self.on)
        return office

    def _enact(self, system: User, office: User) -> None:
        draft = rulebooks.draft_edition(text=self.given.edition_text, by=office, on=self.on)
        enacted = rulebooks.enact_on_trial(edition_id=draft.pk, by=system, on=self.on)
        targets.open_periods(edition=enacted, by=system, on=self.on)

    def _score(self, system: User, office: User) -> None:
        """Score and publish each period for which a return was filed."""
        reported = Period.objects.filter(returns__isnull=False).distinct()
        for period in reported.order_by("about_from", "pk"):
            run = kpis.start_run(period=period, by=system, on=self.on)
            kpis.work_open_shards(run_id=run.pk, by=system, on=self.on)
            kpis.publish_run(run_id=run.pk, by=office, on=self.on)


def _found() -> Outcomes:
    """Return what the scratch database holds now."""
    people = Member.objects.values_list("code", "organisation__name").iterator(CHUNK)
    names = {code: normal(name) for code, name in people}
    cards: dict[Who, Card] = {}
    answers: dict[Who, dict[str, Answer]] = {}
    cohort: dict[str, dict[str, dict[str, int | None]]] = {}
    stored_cards = Scorecard.objects.published().select_related("run", "period").order_by("pk")
    for row in stored_cards.iterator(CHUNK):
        card = Card.read(row.card)
        who = names[card.member], row.period.code
        cards[who], answers[who] = card, dict(stored.read(row.inputs).answers)
        if row.period.code not in cohort:
            cohort[row.period.code] = _renamed(row.run.cohort, names)
    spans = Span.objects.of(Kind.BREACH).values_list("key", "member__code").iterator(CHUNK)
    hits = [(*key.partition(":")[::2], names[code]) for key, code in spans]
    return Outcomes(cards, answers, cohort, frozenset(hits))


def _renamed(
    cohort: dict[str, dict[str, int | None]], names: dict[str, str]
) -> dict[str, dict[str, int | None]]:
    return {
        word: {names[code]: value for code, value in by_member.items()}
        for word, by_member in cohort.items()
    }
