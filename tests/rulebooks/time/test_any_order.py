"""What holds of any facts: their order does not matter, nor that days were told one by one."""

from datetime import date, datetime
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from rulebooks.rules import facts as f
from rulebooks.rules.timeline import Kind, timeline
from tests.rulebooks.time.editions import ACOP, COP, LATER, make, obligations, owed, periods, say

EDITION = make(
    periods(ACOP, COP),
    "extensions: [{code: grace, name: Grace, term: {days: 90}, approver: office, "
    'label: On a grace letter, clause: "3"}]',
    obligations(
        owed("return", "report", periods="[acop]", incomplete="{within: {months: 6}, at_most: 1}"),
        owed("return", "cop", periods="[cop]"),
        owed("certificate", "certify", due="{after: {years: 2}, counted_from: join}",
             valid_for="{years: 3}", late="{months: 6}"),
        owed("deed", "submit", due="{after: {months: 24}, counted_from: commitment}"),
        owed("fee", "fees", within="{days: 30}", late="{months: 3}"),
    ),
)  # fmt: skip
DAYS = st.dates(date(2018, 1, 1), date(2026, 12, 31))
PERIODS = st.sampled_from(["acop.2022", "acop.2023", "acop.2024", "cop.2019-01-01"])
EXEMPTIONS = st.builds(f.ExemptionGranted, DAYS, st.just("Board"), st.just("8"))
TOLD = st.one_of(
    st.tuples(DAYS, PERIODS, st.just(f.ReturnFiled())),
    st.tuples(DAYS, PERIODS, st.just(f.ReturnFoundIncomplete())),
    st.tuples(DAYS, st.just("certify"), st.just(f.CertificateGranted())),
    st.tuples(DAYS, st.just("net-zero"), st.just(f.CommitmentMade(None))),
    st.tuples(DAYS, st.just("net-zero"), st.just(f.CommitmentMet())),
    st.tuples(DAYS, st.just("I-1"), st.just(f.FeeInvoiced("fees"))),
    st.tuples(DAYS, st.just("I-1"), st.just(f.FeePaid())),
    st.tuples(
        DAYS, st.just("report"), st.builds(f.ExemptionGranted, DAYS, st.just("b"), st.just("1"))
    ),
)
EVERYONE = st.one_of(
    st.tuples(DAYS, st.just("all"), st.builds(f.MoratoriumDeclared, st.none() | DAYS)),
    st.tuples(DAYS, st.just("all"), st.just(f.MoratoriumEnded())),
    st.tuples(DAYS, st.just("o1"), st.builds(f.OutageRecorded, DAYS)),
)


def derive(everyone, member, known_at=LATER):
    return timeline([EDITION], everyone, member, known_at=known_at)


def facts(told, everyone):
    joined = ("2018-01-01", f.MemberAdmitted("full", "companies"))
    dated = [joined, *((str(day), key, what) for day, key, what in told)]
    about_all = say(*((str(day), key, what) for day, key, what in everyone))
    return say(*dated), about_all


def states(changes, on):
    return {c.key: c.state for c in changes if c.kind == Kind.OBLIGATION and c.on <= on}


@settings(deadline=None)
@given(st.lists(TOLD, max_size=8), st.lists(EVERYONE, max_size=3), st.randoms())
def test_any_order_of_facts_tells_the_same(told, everyone, random):
    member, about_all = facts(told, everyone)
    shuffled = random.sample(member, len(member)), random.sample(about_all, len(about_all))

    assert derive(about_all, member) == derive(shuffled[1], shuffled[0])


@settings(deadline=None)
@given(st.lists(TOLD, max_size=8), st.lists(EVERYONE, max_size=2), DAYS)
def test_told_day_by_day_a_day_stands_as_told_at_once(told, everyone, day):
    member, about_all = facts(
        told, [e for e in everyone if not isinstance(e[2], f.MoratoriumEnded)]
    )
    night = datetime(day.year, day.month, day.day, 23, tzinfo=LATER.tzinfo)

    by_day, at_once = derive(about_all, member, night), derive(about_all, member)

    assert states(by_day, day) == states(at_once, day)


@settings(deadline=None)
@given(st.lists(TOLD, max_size=8), st.lists(EVERYONE, max_size=3))
def test_every_obligation_begins_open_or_exempt_and_ends_once(told, everyone):
    changes = derive(*reversed(facts(told, everyone)))

    courses = {}
    for change in changes:
        courses.setdefault(change.key, []).append(change)
    for course in courses.values():
        words = [change.state for change in course]
        if course[0].kind == Kind.OBLIGATION:
            assert words[0] not in {"overdue", "extended", "removed"}
            assert all(a.on < b.on for a, b in pairwise(course))
            assert sum(word in {"exempt", "removed"} for word in words) <= 1
