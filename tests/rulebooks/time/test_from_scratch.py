"""For any story of a membership, what is owed on a day is what is owed derived from scratch.

It is told fact by fact as each was recorded, at once in any order, and by an oracle that knows no
timeline.
"""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from rulebooks.rules import facts as f
from rulebooks.rules.timeline import Kind, spans, timeline
from tests.rulebooks.time.editions import ACOP, make, obligations, owed, periods

ACOP_ALL = ACOP.replace("code: acop", "code: all")
OWED = obligations(
    owed("return", "report", periods="[acop]", applies_to="[full]"),
    owed("return", "survey", periods="[all]"),
    owed("return", "chat", periods="[all]", who="{chambers: [ngos]}"),
)
EXTENSIONS = (
    'extensions: [{code: grace, name: Grace, term: {days: 90}, approver: office, clause: "3"}]'
)
EDITION = make(periods(ACOP, ACOP_ALL), EXTENSIONS, OWED)
JOINED = date(2021, 1, 1)
LATE = datetime(2031, 1, 1, tzinfo=UTC)
DAYS = st.dates(date(2022, 1, 1), date(2026, 6, 30))
PLACES = st.sampled_from([("full", "companies"), ("full", "ngos"), ("guest", "companies")])
YEARS = (2022, 2023, 2024)
PERIODS = st.sampled_from([f"{row}.{year}" for row in ("acop", "all") for year in YEARS])
CHANGES = st.tuples(DAYS, st.just(""), st.builds(lambda p: f.ClassChanged(*p), PLACES))


def due(period):
    """Return the day on which the return for a period is due, before anything moves it."""
    return date(int(period.rpartition(".")[2]) + 1, 6, 5)


EXTENDED = st.builds(
    lambda day, period, more: (day, period, f.ExtensionGranted(due(period) + more, "grace")),
    *(DAYS, PERIODS, st.timedeltas(timedelta(days=1), timedelta(days=90))),
)
FILED = st.tuples(DAYS, PERIODS, st.just(f.ReturnFiled()))
MEMBER = st.lists(st.one_of(CHANGES, EXTENDED, FILED), max_size=8)
CANCELLED = st.lists(st.tuples(DAYS, PERIODS, st.just(f.CycleCancelled())), max_size=3)


def tell(told, start=1):
    """Return facts recorded one after the other, whatever days they are about."""
    return [
        f.Fact(number, what, key, day, datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=number))
        for number, (day, key, what) in enumerate(told, start=start)
    ]


def on_day(changes, day):
    """Return what is owed on a day: each obligation with its state and the day it has that from."""
    return {
        span.change.key: (span.change.state, span.change.on)
        for span in spans(c for c in changes if c.kind == Kind.OBLIGATION)
        if span.change.on <= day and (span.until is None or span.until > day)
    }


def derive(member, everyone, known_at=LATE):
    return timeline([EDITION], everyone, member, known_at=known_at)


def of(member):
    return tell([(JOINED, "", f.MemberAdmitted("full", "companies")), *member])


@settings(deadline=None)
@given(MEMBER, CANCELLED, DAYS, st.randoms())
def test_kept_fact_by_fact_a_day_stands_as_derived_from_scratch(member, cancelled, day, random):
    told, everyone = of(member), tell(cancelled, start=100)
    kept = {}
    for count in range(1, len(told) + 1):  # as ``state`` does: each fact replaces what was kept
        kept = on_day(derive(told[:count], everyone), day)

    shuffled = random.sample(told, len(told))

    assert kept == on_day(derive(shuffled, everyone), day)


@settings(deadline=None)
@given(MEMBER, CANCELLED, DAYS)
def test_what_was_known_on_a_day_is_what_those_facts_alone_give(member, cancelled, day):
    told, everyone = of(member), tell(cancelled, start=100)
    known_at = told[len(told) // 2].recorded_at

    known = derive(told, everyone, known_at)

    recorded = [fact for fact in told if fact.recorded_at <= known_at]
    assert known == derive(recorded, [x for x in everyone if x.recorded_at <= known_at])


@settings(deadline=None)
@given(MEMBER, CANCELLED, DAYS)
def test_returns_are_owed_by_the_class_of_the_day_on_which_each_window_opens(
    member, cancelled, day
):
    """The oracle knows no timeline: who was what when the window opened, and what was cancelled."""
    told, everyone = of(member), tell(cancelled, start=100)

    owed_then = {key for key in on_day(derive(told, everyone), day)}

    gone = {key for _, key, _ in cancelled}
    expected, filed = set(), {}
    for fact in told:
        if isinstance(fact.what, f.ReturnFiled):
            filed[fact.key] = min(fact.about_on, filed.get(fact.key, fact.about_on))
    for year in YEARS:
        opens = date(year + 1, 3, 1)
        places = [fact for fact in told if hasattr(fact.what, "member_class")]
        known = [fact for fact in places if fact.about_on <= opens]
        what = max(known, key=lambda fact: (fact.about_on, fact.id)).what
        owes = {"survey": f"all.{year}"}
        owes |= {"report": f"acop.{year}"} if what.member_class == "full" else {}
        owes |= {"chat": f"all.{year}"} if what.chamber == "ngos" else {}
        expected |= {
            f"{code}:{period}"
            for code, period in owes.items()
            if period not in gone and min(opens, filed.get(period, opens)) <= day
        }
    assert owed_then == expected


@settings(deadline=None)
@given(MEMBER, CANCELLED, DAYS)
def test_an_extension_moves_the_days_of_its_period_and_of_no_other(member, cancelled, day):
    told, everyone = of(member), tell(cancelled, start=100)
    extended = {fact.key for fact in told if isinstance(fact.what, f.ExtensionGranted)}
    without = [fact for fact in told if not isinstance(fact.what, f.ExtensionGranted)]

    others = {
        key: state
        for key, state in on_day(derive(told, everyone), day).items()
        if key.partition(":")[2] not in extended
    }

    then = on_day(derive(without, everyone), day)
    assert others == {k: s for k, s in then.items() if k.partition(":")[2] not in extended}


@settings(deadline=None)
@given(PLACES, MEMBER, CANCELLED, DAYS)
def test_a_change_into_the_same_class_changes_nothing(place, member, cancelled, day):
    changes = [one for one in member if not isinstance(one[2], f.ClassChanged)]
    first = (JOINED, "", f.MemberAdmitted(*place))
    everyone = tell(cancelled, start=100)

    again = tell([first, *changes, (day, "", f.ClassChanged(*place))])

    assert on_day(derive(again, everyone), day) == on_day(
        derive(tell([first, *changes]), everyone), day
    )
