"""Whatever stands in the rows of answers, a run ends, and both ways store the same cards.

Forms, API and imports keep such answers out. What is stored otherwise (by hand, by a fault, before
a scale was changed) keeps nobody's run from ending: the card says what could not be scored.
"""

import json

import pytest
from django.db import connection

from kpis import selectors
from kpis.models import SiteValue, Value, Verification
from kpis.rules import frames
from members.models import Site
from tests.factories import LAMPS, make_edition, moment
from tests.kpis.filings import GOOD, file_returns, many_members, period_of
from tests.kpis.more_kpis import MORE, with_more
from tests.kpis.test_frames_on_rows import MORE as MORE_AT_SITES
from tests.kpis.test_frames_on_rows import NODE, assert_stored_as_by_hand, run_of

pytestmark = pytest.mark.django_db

STRANGE = [
    {},
    {"number": "NaN"},
    {"number": "9" * 24 + "." + "9" * 12},
    {"number": "-0.000000000001"},
    {"number": "5"},
    {"number": "NaN", "labels": ["EUR"]},
    {"number": "5", "labels": ["EUR"], "counts": {"a": 1}, "numerator": "1", "denominator": "2"},
    {"numerator": "NaN", "denominator": "1"},
    {"numerator": "1", "denominator": "NaN"},
    {"numerator": "1", "denominator": "0"},
    {"numerator": "5", "denominator": "3"},
    {"labels": ["x"]},
    {"labels": ["EUR", "USD"]},
    {"labels": [""]},
    {"labels": ["yes", "no"]},
    {"labels": ['a\x01\x02\x03b"\\\n']},
    {"number": "5", "counts": []},
    {"labels": ["yes"], "counts": []},
    *({"counts": counts} for counts in ([], ["critical"], "x", 5, {"x": 1})),
    *(
        {"counts": {"critical": count, "major": 1, "minor": 1}}
        for count in (-1, 1.5, 10**30, True, None, "x", [1], {})
    ),
    {"state": "missing"},
    {"state": "unknown"},
    {"state": "not_applicable"},
]
PLAIN = {"state": "answered", "number": None, "numerator": None, "denominator": None, "labels": []}
COLUMNS = (*PLAIN, "counts")


def spoil(rows: list, *, first: int = 0) -> None:
    """Let each of some rows say something strange, by turns; all that constraints allow."""
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        for place, row in enumerate(rows, start=first):
            said = PLAIN | {"counts": {}} | STRANGE[place % len(STRANGE)]
            wanted = [name for name in COLUMNS if hasattr(row, name)]
            values = [said[name] for name in wanted]
            if "counts" in wanted:
                values[wanted.index("counts")] = json.dumps(said["counts"])
            told = ", ".join(f"{name} = %s" for name in wanted)
            cursor.execute(
                f"update {row._meta.db_table} set {told} where id = %s", [*values, row.pk]
            )
        cursor.execute("set session_replication_role = default")


@pytest.fixture
def periods(people):
    """Two periods of an edition with a KPI of every sort, two of them at sites."""
    text = with_more(LAMPS.replace("\nkpis:\n", MORE_AT_SITES, 1))
    text = text.replace("  nodes:\n", f"  nodes:\n{NODE}", 1)
    edition = make_edition(text, by=people.sam)
    assert frames.suits(edition.document)
    return [period_of(edition, code) for code in ("2023", "2024")]


def spoil_by_kpi(rows) -> None:
    """Let the rows of each KPI say something strange, each KPI beginning with something else."""
    by_kpi: dict[str, list] = {}
    for row in rows.order_by("kpi", "member"):
        by_kpi.setdefault(row.kpi, []).append(row)
    for place, found in enumerate(by_kpi.values()):
        spoil(found, first=place)


def answer_at_a_site(of_return) -> None:
    given = {"member": of_return.member, "of_return": of_return, "state": "missing"}
    site = Site.objects.create(member=of_return.member, code="a")
    for kpi in ("site-fees", "site-hours"):
        SiteValue.objects.create(kpi=kpi, site=site, **given)


def adjusted(value, by, today) -> Verification:
    said = {"outcome": "adjusted", "reason": "Seen.", "marked_at": moment(today), "marked_by": by}
    return Verification(member=value.member, value=value, **said)


def test_what_was_answered_then_or_now_or_by_a_site_or_an_auditor(periods, people, today):
    members = many_members(4 * len(STRANGE))
    then, now, at_sites, checked = (members[place::4] for place in range(4))
    for period in periods:
        filed = file_returns(members, period, [GOOD | MORE] * len(members))
    before, values = (Value.objects.filter(of_return__period=period) for period in periods)
    spoil_by_kpi(before.filter(member__in=then))
    spoil_by_kpi(values.filter(member__in=now))
    for of_return in filed:
        if of_return.member in at_sites:
            answer_at_a_site(of_return)
    spoil_by_kpi(SiteValue.objects.all())
    marked = values.filter(member__in=checked).order_by("pk")
    words = [adjusted(value, people.ann, today) for value in marked]
    spoil(Verification.objects.bulk_create(words))

    run = run_of(periods[1], today)

    assert (run.status, run.cards.count()) == ("provisional", len(members))
    assert_stored_as_by_hand(run)
    assert not any("NaN" in card.card for card in run.cards.all())
    with_problems = set(run.cards.with_problems().values_list("member", flat=True))
    assert not with_problems & {one.pk for one in then}  # what was strange then is read as none
    for of in (now, at_sites, checked):
        assert len(with_problems & {one.pk for one in of}) > len(of) / 2


def test_what_is_strange_of_one_answer_is_read_alike_of_all_and_of_one(periods, people, today):
    """Where nothing else of a member is strange, it stays on frames if the answer can be told."""
    period, asked = periods[1], ("days-to-repay", "policy", "audit")
    members = many_members(len(asked) * len(STRANGE))
    file_returns(members, period, [GOOD | MORE] * len(members))
    values = Value.objects.filter(of_return__period=period).order_by("member")
    for place, kpi in enumerate(asked):
        spoil(list(values.filter(kpi=kpi, member__in=members[place :: len(asked)])))

    run = run_of(period, today)

    assert_stored_as_by_hand(run)
    for card in run.cards.select_related("member"):
        now = selectors.score_now(card.member, period)
        assert (now.card, now.inputs) == (card.card, card.inputs)
