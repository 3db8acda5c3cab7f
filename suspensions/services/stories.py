"""A story by the platform's own path: its facts are stated, and the spans kept are looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from accounts import services as accounts
from accounts.models import User
from accounts.rules import Role
from accounts.selectors import system_user
from ledger import services as ledger
from ledger.models import Entry
from members import services as members
from members.models import Member, Organisation, Span
from members.rules import Source
from members.services import Statement
from rulebooks import services as rulebooks
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import MemberAdmitted
from rulebooks.rules.timeline import spans
from suspensions import events
from suspensions.rules.stories import playing
from suspensions.rules.stories.playing import Inputs, Rulebook
from suspensions.rules.stories.schema import Case, Said, Story
from suspensions.services.scratch import Scratch

Stretch = tuple[str, str, str, date, date | None, str, str, str]


class FactsPath:
    """States the facts of a story through the services, in a scratch database."""

    def __init__(self, story: Story, rulebook: Rulebook, texts: Sequence[str], *, on: date) -> None:
        """Take a story and the texts of its editions, the first to take effect first."""
        self.story, self.rulebook, self.texts, self.on = story, rulebook, texts, on

    def disagreements(self) -> list[str]:
        """Return where the spans that the platform keeps are not those that the rules give.

        :raises NoScratch: a scratch database cannot be made here.
        """
        told = [case for case in self.story.cases if case.facts]
        if not told:
            return []
        with Scratch():
            system = system_user()
            _enact(self.texts, system, self.on)
            entry, kept = _state(self.story, told, self.rulebook.edition, system, self.on)
            return [
                f"{case.code}: the platform and the rules differ: {one}"
                for case, member in zip(told, kept, strict=True)
                for one in self._apart(case, member, entry.recorded_at)
            ]

    def _apart(self, case: Case, member: Member, recorded_at: datetime) -> list[str]:
        derived = _derived(self.story, case, self.rulebook, recorded_at)
        return _apart(_kept(member), derived)


def _enact(texts: Iterable[str], system: User, on: date) -> None:
    """Put the editions of a story into force."""
    office = accounts.create_user(
        email="office@replay.invalid", name="Replay", password=None, by=system, on=on
    )
    accounts.grant_role(user=office, role=Role.SECRETARIAT, by=system, on=on)
    for text in texts:
        draft = rulebooks.draft_edition(text=text, by=office, on=on)
        rulebooks.enact_on_trial(edition_id=draft.pk, by=system, on=on)


@transaction.atomic
def _state(
    story: Story, told: Sequence[Case], edition: Edition, system: User, on: date
) -> tuple[Entry, list[Member]]:
    """State what a story says, and return the entry and the members, in the order of cases."""
    kept = [_member(case, edition, place) for place, case in enumerate(told, start=1)]
    entry = ledger.record(events.StoryTold(cases=len(told)), subject=system, actor=system, on=on)
    said = [(None, one) for one in story.initiative]
    said += [(m, one) for case, m in zip(told, kept, strict=True) for one in case.facts]
    for imported, source in ((False, Source.LIVE), (True, Source.IMPORTED)):
        chosen = [_statement(m, one) for m, one in said if one.imported == imported]
        members.state_many(chosen, entry=entry, source=source)
    members.derive_all()
    return entry, kept


def _statement(member: Member | None, said: Said) -> Statement:
    return Statement(member=member, what=said.what(), about_on=said.on, key=said.key)


def _member(case: Case, edition: Edition, place: int) -> Member:
    """Make the row that the facts of a case are about."""
    admitted = [one for one in case.facts if one.fact == MemberAdmitted.kind]
    first = edition.classes[0]
    what = admitted[0].what() if admitted else MemberAdmitted(first.code, first.chambers[0])
    return Member.objects.create(
        code=f"R{place:04d}",
        organisation=Organisation.objects.create(name=case.title, sort="company"),
        member_class=what.member_class,
        chamber=what.chamber,
        admitted_on=min(one.on for one in admitted or case.facts),
    )


def _kept(member: Member) -> set[Stretch]:
    rows = Span.objects.filter(member=member)
    fields = ("kind", "key", "state", "from_on", "until_on", "ground", "clause", "edition")
    return set(rows.values_list(*fields))


def _derived(story: Story, case: Case, rulebook: Rulebook, recorded_at: datetime) -> set[Stretch]:
    changes = playing.changes(Inputs.of(story, case), rulebook, recorded_at=recorded_at)
    return {
        (c.kind.value, c.key, c.state, c.on, span.until, c.ground, c.clause, c.edition)
        for span in spans(changes)
        for c in (span.change,)
    }


def _apart(kept: set[Stretch], derived: set[Stretch]) -> list[str]:
    return [
        f"{kind} {key} {state} from {first}".replace("  ", " ")
        for kind, key, state, first, *_ in sorted(kept ^ derived, key=str)
    ]
