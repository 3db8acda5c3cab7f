"""The attack on what the platform really tells: tables and totals of two periods, versions of each.

Whoever is no staff reads tables and totals after every publication, and keeps them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import count

import pytest

from accounts.selectors import system_user
from kpis import selectors, services
from kpis.models import Aggregate, Scorecard
from kpis.rules.stored import read
from members.models import CorporateGroup, GroupMembership, Member
from tests.factories import LAMPS, LONG_AGO, make_edition
from tests.kpis.attack import Attack, Unknown
from tests.kpis.filings import GOOD, WEAK, file_return, file_returns, many_members, period_of

pytestmark = pytest.mark.django_db
TARGET = """  - code: {code}
    title: Fees are paid back soon, {code}
    kpi: days-to-repay
    aggregate: {{kind: sum}}
    applies_to: {who}
    baseline: {{year: 2022, value: 9000}}
    goal: {{year: 2028, value: 100}}
    trajectory: straight_line
    clause: "1.3"
"""
SHOWN = LAMPS.replace(
    "\npublicity:",
    '\naggregates: {breakdowns: [class, country], shown_to: public, clause: "9.4"}\npublicity:',
    1,
).replace(
    "\nscoring:\n",
    "".join(
        ["\n", *(TARGET.format(code=c, who=w) for c, w in (("all", "all"), ("full", "[full]")))]
    )
    + "\nscoring:\n",
    1,
)
BANDS = ("", "failing", "improving", "leading")
_version = count(2)


@pytest.fixture
def edition(db):
    return make_edition(SHOWN)


@pytest.fixture
def everybody(edition):
    """Forty full members in two countries, two of which are one group, and three partners."""
    made = many_members(40, countries=("DE", "FR"))
    group = CorporateGroup.objects.create(name="One")
    for one in made[:2]:
        GroupMembership.objects.create(
            organisation=one.organisation, group=group, from_on=LONG_AGO, source="Its report"
        )
    more = {"member_class": "partner", "chamber": "unions", "countries": ("FR",)}
    return made + many_members(3, first=7001, **more)


class Reader:
    """Somebody who keeps all that was ever told, by band and as totals."""

    def __init__(self, edition, *, sees_all: bool = False) -> None:
        self.edition, self.sees_all = edition.document, sees_all
        self.bands, self.days = Attack(BANDS), Attack()
        self.told: set[object] = set()

    def look(self, period) -> None:
        """Read what is told of a period now: what was told before is not told again."""
        cards = list(Scorecard.objects.standing().filter(period=period).select_related("member"))
        for table in Aggregate.objects.filter(period=period).order_by("pk"):
            if table.pk not in self.told:
                self.told.add(table.pk)
                self._table(table, cards)
        for aim in selectors.aims(self.edition, period, sees_all=self.sees_all):
            said = (period.pk, aim.target.code, aim.reached and aim.reached.measured)
            if aim.reached and aim.target.kpi == "days-to-repay" and said not in self.told:
                self.told.add(said)
                within = [c for c in cards if applies(aim.target, c.member)]
                where = f"{period} {aim.target.code} {aim.reached.measured}"
                assert aim.reached.measured == sum(days(card) for card in within)
                self.days.tell(where, (self._unknown(card, "days") for card in within))

    def _table(self, table, cards) -> None:
        for row in (table.table["total"], *table.table["rows"]):
            within = [card for card in cards if along(card.member, row["line"]) == row["value"]]
            for column, number in zip(table.table["columns"], row["counts"] or (), strict=False):
                assert number == sum(card.band in column for card in within)
                where = f"{table} {row['line']} {row['value']} {column}"
                told = (self._unknown(card, band) for card in within for band in column)
                self.bands.tell(where, told)
                self.bands.truth |= {self._unknown(card, card.band) for card in within}

    def _unknown(self, card, part: str) -> Unknown:
        return Unknown(group_of(card.member), (card.member_id, card.fingerprint), part)

    def gains(self) -> list[str]:
        return [one for of in (self.bands, self.days) for one in (*of.pairs(), *of.isolated())]


def applies(target, member: Member) -> bool:
    return target.applies_to == "all" or member.member_class in target.applies_to


def along(member: Member, line: str) -> str:
    said: Mapping[str, str] = {
        "": "",
        "class": member.member_class,
        "country": member.organisation.country,
    }
    return said[line]


def group_of(member: Member) -> str:
    return "One" if member.code in ("M5001", "M5002") else member.code


def days(card) -> Fraction:
    return Fraction(read(card.inputs).answers["days-to-repay"].number)


def answers_of(n: int) -> dict:
    return (GOOD if n % 4 < 2 else WEAK) | {"days-to-repay": 20 + n % 3}


@pytest.fixture
def told(everybody, edition, people, today, work_due):
    """Tell of two periods: each published, corrected for one, then for a dozen, and looked at.

    By somebody who sees what everybody sees, and by one of the staff, who keep all of it.
    """
    readers = Reader(edition), Reader(edition, sees_all=True)
    for code in ("2023", "2024"):
        period = period_of(edition, code)
        file_returns(everybody, period, [answers_of(n) for n in range(43)])
        for changed in ([], [0], range(4, 24)):
            for n in changed:
                again = answers_of(n + 2) | {"days-to-repay": 40 + n % 3}
                file_return(everybody[n], period, again, version=next(_version))
            run = services.start_run(period=period, by=people.sam, on=today)
            services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
            services.publish_run(run_id=run.pk, by=people.sam, on=today)
            work_due()
            for one in readers:
                one.look(period)
    return readers


def test_who_keeps_all_that_was_told_learns_nobodys_band_and_no_number_of_few(told, edition):
    """With a counter-check: told after each publication, as staff are, totals give members away."""
    reader, staff = told

    assert reader.gains() == []
    assert len(reader.bands.cells) > 4
    assert len(reader.days.cells) == 4  # two periods, twice: not after one member's correction
    assert any("all" in found and "full" in found for found in staff.days.pairs())
    assert "One" in staff.days.isolated()
    assert_the_smaller_total_is_withheld_and_says_why(edition)


def assert_the_smaller_total_is_withheld_and_says_why(edition) -> None:
    aims = selectors.aims(edition.document, period_of(edition), sees_all=False)
    told = {aim.target.code: aim for aim in aims}
    assert told["all"].reached is not None
    assert (told["full"].reached, told["full"].withheld) == (
        None,
        "beside another total it would give members away",
    )
