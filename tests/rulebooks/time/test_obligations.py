"""What a member owes, and by when: courses of obligations as tables."""

import pytest

from rulebooks.rules import facts as f
from rulebooks.rules.document import Invalid
from tests.rulebooks.time.editions import (
    ACOP,
    DAY,
    course,
    keys,
    make,
    obligations,
    owed,
    periods,
    state,
    tell,
)

NEWCOMER = "{exempt: {months: 12}, tested_on: window_opens}"


def reporting(**keys):
    return make(periods(ACOP), obligations(owed("return", "report", **keys)))


def owing(what, code="owe", **keys):
    return make(obligations(owed(what, code, **keys)))


@pytest.mark.parametrize(
    ("tested", "joined", "owes"),
    [
        pytest.param("window_opens", "2023-03-01", True, id="a year before the window opens"),
        pytest.param("window_opens", "2023-06-01", False, id="nine months before"),
        pytest.param("period_begins", "2022-01-02", False, id="less than a year before the period"),
        pytest.param("period_begins", "2022-01-01", True, id="a year before the period begins"),
        pytest.param("period_ends", "2022-12-31", True, id="a year before it ends"),
        pytest.param("due", "2023-06-05", True, id="a year before it is due"),
        pytest.param("due", "2023-06-06", False, id="a day less"),
        pytest.param("named_day, named_day: 04-01", "2023-04-01", True, id="on a named day"),
        pytest.param("named_day, named_day: 04-01", "2023-04-02", False, id="a day too late"),
    ],
)
def test_newcomers_are_told_on_the_day_that_the_edition_names(tested, joined, owes):
    newcomer = NEWCOMER.replace("window_opens", tested)
    changes = tell(editions=reporting(newcomer=newcomer), joined=joined)

    assert ("report:acop.2023" in keys(changes)) is owes


@pytest.mark.parametrize(
    ("who", "told", "owes"),
    [
        pytest.param("{chambers: [companies]}", [], True, id="its chamber"),
        pytest.param("{chambers: [ngos]}", [], False, id="another chamber"),
        pytest.param("{sizes: [large]}", [], False, id="a size that is not known"),
        pytest.param("{sizes: [large]}", ["2021-01-01 large"], True, id="its size"),
        pytest.param(
            "{sizes: [large]}", ["2021-01-01 large", "2023-12-01 small"], False, id="shrunk"
        ),
        pytest.param("{sizes: [large]}", ["2024-03-02 large"], False, id="grown after the opening"),
        pytest.param("{countries: [DE, FR]}", ["2021-01-01 - FR"], True, id="one of two countries"),
        pytest.param("{countries: [DE]}", ["2021-01-01 - FR"], False, id="another country"),
        pytest.param("{years_of_membership: {from: 4}}", [], True, id="four years on the day"),
        pytest.param("{years_of_membership: {from: 5}}", [], False, id="not yet five years"),
        pytest.param("{years_of_membership: {below: 5}}", [], True, id="below five"),
        pytest.param(
            "{years_of_membership: {from: 1, below: 4}}", [], False, id="four is too many"
        ),
    ],
)
def test_an_obligation_binds_whom_it_names_on_the_day_the_window_opens(who, told, owes):
    said = [_described(*line.split()) for line in told]
    changes = tell(*said, editions=reporting(who=who), joined="2020-03-01")

    assert ("report:acop.2023" in keys(changes)) is owes


def _described(day, size, country=None):
    return day, f.MemberDescribed(size=None if size == "-" else size, country=country)


def test_parallel_obligations_run_beside_each_other():
    edition = make(
        periods(ACOP),
        obligations(owed("return", "report"), owed("disclosure", "publish", applies_to="[full]")),
    )
    published = ("2024-06-05", "acop.2023", f.DisclosurePublished())

    changes = tell(published, editions=edition)

    assert state(changes, "publish:acop.2023", "2024-08-01") == "met"
    assert state(changes, "report:acop.2023", "2024-08-01") == "missed"


@pytest.mark.parametrize(
    ("due", "joined", "expected"),
    [
        pytest.param("{after: {years: 2}, counted_from: join}", "2022-03-10",
            ("2024-03-11", "2024-09-11"), id="certified within two years, six months to cure"),
        pytest.param("{after: {years: 2}, counted_from: join, starts_no_earlier: 2018-04-15}",
            "2016-01-01", ("2020-04-16", "2020-10-16"), id="counted from a day for old members"),
        pytest.param("{after: {years: 2}, counted_from: join, ends_no_earlier: 2023-07-31}",
            "2020-01-01", ("2023-08-01", "2024-02-01"), id="never due before a day"),
        pytest.param("{on: 2015-06-09}", "2014-01-01", ("2015-06-10", "2015-12-10"),
            id="on a day"),
    ],
)  # fmt: skip
def test_what_is_owed_once_is_overdue_then_missed(due, joined, expected):
    edition = owing("certificate", due=due, late="{months: 6}")

    found = course(tell(editions=edition, joined=joined), "owe:once")

    assert found == [("open", joined), ("overdue", expected[0]), ("missed", expected[1])]


def test_who_joins_after_the_day_of_a_one_off_duty_does_not_owe_it():
    edition = owing("deed", due="{on: 2015-06-09}")

    assert keys(tell(editions=edition, joined="2015-06-10")) == []


def test_two_targets_are_due_eighteen_and_thirty_six_months_after_joining():
    edition = make(obligations(
        owed("deed", "first-targets", due="{after: {months: 18}, counted_from: join}"),
        owed("deed", "further-targets", due="{after: {months: 36}, counted_from: join}"),
    ))  # fmt: skip
    done = ("2022-10-21", "first-targets", f.DeedDone())

    changes = tell(done, editions=edition, joined="2021-04-21")

    assert course(changes, "first-targets:once")[-1] == ("met", "2022-10-21")
    assert course(changes, "further-targets:once")[-1] == ("missed", "2024-04-22")


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        pytest.param("actual", "2023-09-02", id="a year after the targets were set"),
        pytest.param("due", "2023-10-22", id="a year after they had been due"),
    ],
)
def test_a_duty_follows_another_from_the_day_it_was_met_or_had_been_due(anchor, expected):
    edition = make(obligations(
        owed("deed", "targets", due="{after: {months: 18}, counted_from: join}"),
        owed("deed", "strategy", due="{after: {years: 1}, counted_from: obligation, "
             f"obligation: targets, anchor: {anchor}}}"),
    ))  # fmt: skip
    done = ("2022-09-01", "targets", f.DeedDone())

    changes = tell(done, editions=edition, joined="2021-04-21")

    assert course(changes, "strategy:once")[-1] == ("missed", expected)


def test_each_commitment_is_a_duty_of_its_own_and_not_told_twice():
    edition = owing("deed", "submit", due="{after: {months: 24}, counted_from: commitment}")
    told = [
        ("2021-05-05", "near-term", f.CommitmentMade(None)),
        ("2021-08-31", "net-zero", f.CommitmentMade(None)),
        ("2022-02-01", "long-term", f.CommitmentMade(None)),
        ("2023-05-05", "near-term", f.CommitmentMet()),
        ("2023-06-01", "long-term", f.CommitmentRemoved(None)),
    ]

    changes = tell(*told, editions=edition)

    assert course(changes, "submit:near-term")[-1] == ("met", "2023-05-05")
    assert course(changes, "submit:net-zero")[-1] == ("missed", "2023-09-01")
    assert course(changes, "submit:long-term")[-1] == ("removed", "2023-06-01")
    assert not [key for key in keys(changes) if key.startswith("commitment:")]


def test_a_certificate_is_renewed_before_it_runs_out():
    edition = owing("certificate", due="{after: {years: 2}, counted_from: join}",
                    valid_for="{years: 3}", late="{days: 30}")  # fmt: skip
    told = [
        ("2021-12-01", "owe", f.CertificateGranted()),
        ("2024-12-15", "owe", f.CertificateGranted(DAY("2026-06-30"))),
        ("2026-01-10", "owe", f.CertificateWithdrawn()),
    ]

    changes = tell(*told, editions=edition, joined="2020-01-01")

    assert course(changes, "owe:once")[-1] == ("met", "2021-12-01")
    assert course(changes, "owe:renewal-2024-12-01") == [
        ("open", "2021-12-01"), ("overdue", "2024-12-02"), ("met_late", "2024-12-15"),
    ]  # fmt: skip
    assert course(changes, "owe:renewal-2026-01-10") == [
        ("open", "2024-12-15"), ("overdue", "2026-01-11"), ("missed", "2026-02-10"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("invoice", "paid", "expected"),
    [
        pytest.param(None, None, [("overdue", "2024-02-01"), ("missed", "2024-05-01")],
            id="due thirty days after the invoice, three months late"),
        pytest.param("2024-01-31", None, [("overdue", "2024-02-01"), ("missed", "2024-05-01")],
            id="the invoice names the day; the month's end is kept"),
        pytest.param(None, "2024-01-31", [("met", "2024-01-31")], id="paid on the last day"),
        pytest.param(None, "2024-03-01", [("overdue", "2024-02-01"), ("met_late", "2024-03-01")],
            id="paid late"),
    ],
)  # fmt: skip
def test_a_fee_is_invoiced_due_and_paid(invoice, paid, expected):
    edition = owing("fee", "fees", within="{days: 30}", late="{months: 3}")
    told = [("2024-01-01", "I-7", f.FeeInvoiced("fees", invoice and DAY(invoice)))]
    told += [(paid, "I-7", f.FeePaid())] if paid else []

    changes = tell(*told, editions=edition)

    assert course(changes, "fees:I-7") == [("open", "2024-01-01"), *expected]


def test_a_duty_keeps_the_edition_under_which_it_began():
    two = owed("certificate", "certify", due="{after: {years: 2}, counted_from: join}")
    three = two.replace("{years: 2}", "{years: 3}")
    old, new = make(obligations(two)), make(obligations(three), code="new", in_force="2021-01-01")

    assert (
        course(tell(editions=(old, new), joined="2020-06-01"), "certify:once")[-1][1]
        == "2022-06-02"
    )
    assert (
        course(tell(editions=(old, new), joined="2021-06-01"), "certify:once")[-1][1]
        == "2024-06-02"
    )


def test_a_duty_that_a_later_edition_brings_in_is_counted_from_there():
    duty = owed("certificate", "certify", due="{after: {years: 2}, counted_from: join}")
    old, new = make(), make(obligations(duty), code="new", in_force="2021-01-01")

    found = course(tell(editions=(old, new), joined="2015-06-01"), "certify:once")

    assert found == [("open", "2021-01-01"), ("missed", "2023-01-02")]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (owed("deed", "a", due="{}"), "say either"),
        (owed("deed", "a", due="{on: 2020-01-01, after: {days: 3}}"), "say either"),
        (owed("deed", "a", due="{after: {days: 3}}"), "with `counted_from`"),
        (
            owed("deed", "a", due="{after: {days: 3}, counted_from: obligation, obligation: a}"),
            "'a' is no certificate or deed that stands before it",
        ),
        (
            owed("deed", "a", due="{after: {days: 3}, counted_from: join, anchor: due}"),
            "anchor: due belongs to",
        ),
        (owed("return", "a", who="{sizes: [huge]}"), "'huge' is no size; allowed: large, small"),
        (owed("return", "a", who="{countries: [Germany]}"), "who.countries"),
        (owed("return", "a", periods="[x]"), "'x' is no period"),
        (
            owed("return", "a", newcomer="{exempt: {months: 1}, tested_on: named_day}"),
            "named_day, such as 03-01",
        ),
        (
            owed("return", "a", who="{years_of_membership: {from: 3, below: 3}}"),
            "below must be more than from",
        ),
    ],
)
def test_what_nobody_could_owe_is_refused(written, says):
    with pytest.raises(Invalid, match=says):
        make(obligations(written))
