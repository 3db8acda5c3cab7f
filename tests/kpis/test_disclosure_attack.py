"""The attack on what is published of all members: nobody's value, and no number of too few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, product

from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.rules.counting import Came, Counted, Lines, may_tell, tabled
from rulebooks.rules import disclosure
from rulebooks.rules.disclosure import USUAL, Disclosed
from tests.kpis.attack import Attack, Unknown

LINES = Lines(("class", "size", "country"), ("class", "size", "country"))
BANDS = ("low", "middle", "high")
PARTS = ("", *BANDS)  # in no band, too


@dataclass
class Publisher:
    """Publishes the tables of one period, as the service does, with or without the rule."""

    period: str
    is_naive: bool = False
    told: list[Disclosed] = field(default_factory=list)
    stood: list[tuple[Counted, ...]] = field(default_factory=list)

    def publish(self, rows: tuple[Counted, ...]) -> None:
        """Tell of members as they stand, where that may be told beside what was told before."""
        first = next((table for table in self.told if table.total.counts is not None), None)
        table = tabled(rows, LINES, BANDS, first=first, rule=USUAL)
        if self.stood and not self.is_naive:
            stood = [{row.member: row.came for row in then} for then in self.stood]
            is_withheld = first is not None and table.total.counts is None
            if is_withheld or not may_tell([*self.told, table], rows, stood, LINES, rule=USUAL):
                return
        self.told.append(table)
        self.stood.append(rows)

    def expose(self, attack: Attack) -> None:
        """Hand all that was told to whoever attacks, and how it really was to the judge."""
        for version, (table, rows) in enumerate(zip(self.told, self.stood, strict=True)):
            attack.truth |= {self._unknown(row, row.came.band) for row in rows}
            for row in (table.total, *table.rows):
                if row.counts is None:
                    continue
                for column in table.columns:
                    where = f"{self.period} v{version} {row.line} {row.value} {column}"
                    attack.tell(where, self._summed(rows, row.line, row.value, column))

    def small_cells(self) -> Iterator[tuple[str, list[Unknown]]]:
        """Yield what is worth finding out: each row, and each part of two, by each band."""
        for version, rows in enumerate(self.stood):
            values = [sorted({row.atom[n] for row in rows}) for n in range(len(LINES.all))]
            for asked in product(*([None, *these] for these in values)):
                within = [row for row in rows if fits(row.atom, asked)]
                for band in PARTS:
                    where = f"{self.period} v{version} {asked} {band!r}"
                    yield where, [self._unknown(row, band) for row in within]

    def _summed(self, rows, line, value, column) -> Iterator[Unknown]:
        for row in rows:
            if not line or row.atom[LINES.all.index(line)] == value:
                yield from (self._unknown(row, band) for band in column)

    def _unknown(self, row: Counted, band: str) -> Unknown:
        return Unknown(row.group, (self.period, row.came.card), band)


def fits(atom, asked) -> bool:
    return all(one is None or here == one for here, one in zip(atom, asked, strict=True))


def attacked(*publishers: Publisher) -> Attack:
    attack = Attack(PARTS)
    for one in publishers:
        one.expose(attack)
    return attack


def gains(*publishers: Publisher) -> list[str]:
    """Return all that the attack finds."""
    attack = attacked(*publishers)
    wanted = dict(cell for one in publishers for cell in one.small_cells())
    return [*attack.pairs(), *attack.isolated(), *attack.found(wanted)]


# A world made to be attacked

_cards = count(1)


def member(number: int, atom: tuple[str, ...], band: str, group: str = "") -> Counted:
    return Counted(number, Came(f"card {next(_cards)}", band), group or f"g{number}", atom)


def corrected(rows: tuple[Counted, ...], changes: dict[int, str]) -> tuple[Counted, ...]:
    """Give some members another card."""

    def came(row: Counted) -> Came:
        if row.member not in changes:
            return row.came
        return Came(f"card {next(_cards)}", changes[row.member])

    return tuple(row._replace(came=came(row)) for row in rows)


def adversarial(is_naive: bool) -> list[Publisher]:
    """Two periods of 58 members, each scored anew three times: one member, eleven, and ten back.

    Every row is safe by itself. All full members are large, and so are two partners: large less
    full is these two. In the second period nobody's answers changed.
    """
    spread = [
        *((("full", "large"), band) for band in ["low"] * 20 + ["high"] * 20),
        *((("partner", "small"), band) for band in ["low"] * 8 + ["high"] * 8),
        *((("partner", "large"), band) for band in ("low", "high")),
    ]
    rows = tuple(
        member(n, (*atom, ("DE", "FR")[n % 2]), band, "one" if n in (8, 11) else "")
        for n, (atom, band) in enumerate(spread)
    )
    made = []
    for period in ("2024", "2025"):
        publisher = Publisher(period, is_naive)
        publisher.publish(rows)
        publisher.publish(after := corrected(rows, {0: "high"}))
        publisher.publish(after := corrected(after, dict.fromkeys(range(1, 12), "high")))
        publisher.publish(corrected(after, dict.fromkeys(range(2, 12), "low")))  # all but one again
        made.append(publisher)
        rows = corrected(rows, {row.member: row.came.band for row in rows})
    return made


def each_row_by_itself(_tally, _everybody, rows, is_safe, _rule):
    """Show each row that is safe by itself: suppression that is not complementary."""
    return frozenset(row for row, region in rows.items() if is_safe(region))


def test_in_a_world_made_for_it_the_attack_gains_nothing():
    told = adversarial(is_naive=False)

    assert gains(*told) == []
    for one in told:
        first, second = one.told  # of one member's correction, and of what undoes most, nothing
        shown = {(row.line, row.value) for row in first.rows if row.counts}
        assert shown == {("size", "large"), ("size", "small"), ("country", "DE"), ("country", "FR")}
        assert (first.total.counts, second.total.counts) == ((29, 29), (17, 41))


def test_without_complementary_suppression_the_same_attack_succeeds(monkeypatch):
    """The counter-check: rows that are safe by themselves, and every version, are told."""
    monkeypatch.setattr(disclosure, "_shown", each_row_by_itself)

    told = adversarial(is_naive=True)

    attack = attacked(*told)
    assert any(" v0 " in where and "v1" not in where for where in attack.pairs())  # two rows
    assert any(" v0 " in where and " v1 " in where for where in attack.pairs())  # two versions
    assert "g0" in attack.isolated()
    assert any(attack.found(dict(cell for one in told for cell in one.small_cells())))


def test_each_part_of_the_rule_is_needed(monkeypatch):
    """With rows held together but versions not, or the other way round, it succeeds too."""
    versions = adversarial(is_naive=True)
    assert "g0" in attacked(*versions).isolated()

    monkeypatch.setattr(disclosure, "_shown", each_row_by_itself)
    rows = adversarial(is_naive=False)
    assert any(attacked(*rows).pairs())


# Worlds by the dozen


@st.composite
def histories(draw) -> list[Publisher]:
    """One or two periods with a few versions each, of some forty members in few groups or many."""
    groups = draw(st.sampled_from([8, 15, 40]))
    places = [("full", "partner"), ("large", "small"), ("DE", "FR")]
    atoms = draw(st.lists(st.tuples(*map(st.sampled_from, places)), min_size=2, max_size=5))
    some = st.lists(st.sampled_from([0, 1, 3, 6, 9, 12]), min_size=2, max_size=2)
    numbers, rows = count(), []
    for atom in atoms:
        for band, several in zip(("low", "high"), draw(some), strict=True):
            for n in (next(numbers) for _ in range(several)):
                rows.append(member(n, atom, band, f"g{n % groups}"))
    made = []
    for period in ("2024", "2025")[: draw(st.integers(1, 2))]:
        publisher, stands = Publisher(period), tuple(rows)
        if stands:
            publisher.publish(stands)
        for _ in range(draw(st.integers(0, 2))):
            who = st.integers(0, max(len(rows) - 1, 0))
            changed = draw(st.dictionaries(who, st.sampled_from(BANDS), max_size=24))
            stands = corrected(stands, changed)
            if stands:
                publisher.publish(stands)
        made.append(publisher)
        rows = list(corrected(tuple(rows), {row.member: row.came.band for row in rows}))
    return made


@settings(max_examples=60, deadline=None)
@given(histories())
def test_in_any_world_the_attack_gains_nothing(told):
    assert gains(*told) == []
