"""Answers of sites on PostgreSQL: imported, kept, and rolled up where the member is scored."""

import json
from fractions import Fraction as F

import pytest
from django.db import DatabaseError, transaction
from django.template.loader import render_to_string

from kpis import selectors, services
from kpis.forms.returns import ReturnForm
from kpis.models import Return, SiteValue
from kpis.rules import stored
from kpis.rules.scoring import Card
from kpis.services.imports import Refused
from members.models import Site
from rulebooks.rules.answers import State
from tests.factories import LAMPS, make_edition, make_member
from tests.kpis.filings import period_of
from tests.kpis.imports.builders import csv_of, run

pytestmark = pytest.mark.django_db

KPIS = """
  - code: site-fees
    title: Fees repaid, all sites
    unit: "%"
    scale: {kind: ratio, numerator: Repaid, denominator: Found, max: 1000, times: 100}
    direction: higher
    missing: leave_out
    per_site: {roll_up: parts, most_sites: 5, clause: "5.7"}
    confidentiality: public
    clause: "5.6"
  - code: site-hours
    title: Hours a week, all sites
    unit: hours
    scale: {kind: number, min: 0, max: 168, decimals: 0}
    direction: higher
    missing: leave_out
    per_site: {roll_up: mean_of_applicable, most_sites: 5, clause: "5.7"}
    confidentiality: public
    clause: "5.6"
  - code: site-doors
    title: Fire doors open, all sites
    unit: answer
    scale: {kind: yes_no}
    direction: higher
    missing: not_scored
    per_site: {roll_up: worst, most_sites: 5, clause: "5.7"}
    confidentiality: public
    clause: "5.6"

"""
NODES = """
    - {code: site-fees-node, title: Fees, op: sum, of: [site-fees], clause: "6.9"}
    - {code: site-hours-node, title: Hours, op: sum, of: [site-hours], clause: "6.9"}
    - {code: site-doors-node, title: Doors, op: sum, of: [site-doors], clause: "6.9"}
"""
PROFILE = """
format: 1
code: sites
title: A row for each site
file: {kind: csv}
member: {by: name, column: Company, unknown: refuse}
into:
  kind: values
  period: {fixed: "2024"}
  site: {column: Site, name: Place, country: Country}
  layout:
    kind: wide
    columns: {site-fees: Repaid, site-hours: Hours, site-doors: Doors, days-to-repay: Days}
    denominators: {site-fees: Found}
  answers: {unknown: ["?"], not_applicable: [n/a]}
"""
HEADER = ("Company", "Site", "Place", "Country", "Repaid", "Found", "Hours", "Doors", "Days")


def row(company: str, site: str, repaid, found, hours, doors, days="") -> tuple:
    return (company, site, f"Plant {site}" if site else "", "KE", repaid, found, hours, doors, days)


THREE = [
    *(row("Ada", f"a-{n}", n, 10 * n, 40 + n, "yes") for n in range(1, 6)),
    row("Bea", "b-1", 1, 2, 40, "yes"),
    row("Bea", "b-2", 30, 100, 41, "no"),
    row("Bea", "b-3", "n/a", "", "n/a", "yes"),
    row("Bea", "b-4", "?", "", 50, "yes"),
    row("Bea", "b-5", 0, 7, "", "yes"),
    *(row("Cy", f"c-{n}", 1, 3, 40, "yes" if n < 5 else "") for n in range(1, 6)),
]
# fees: parts added; hours: plain mean; doors: the worst, or no number where a site is silent
EXPECTED = {
    "Ada": (F(100 * 15, 150), F(215, 5), F(1)),
    "Bea": (F(100 * 31, 109), F(131, 3), F(0)),
    "Cy": (F(100 * 5, 15), F(40), None),
}


def edition_with_sites() -> str:
    text = LAMPS
    kpis = text.index("\nkpis:\n") + len("\nkpis:\n")
    text = text[:kpis] + KPIS.lstrip("\n") + text[kpis:]
    nodes = text.index("  nodes:\n") + len("  nodes:\n")
    return text[:nodes] + NODES.lstrip("\n") + text[nodes:]


@pytest.fixture
def period(people):
    return period_of(make_edition(edition_with_sites(), by=people.sam))


@pytest.fixture
def three(period):
    return {name: make_member(name) for name in ("Ada", "Bea", "Cy")}


def numbers(text: str) -> tuple:
    card = Card.read(text)
    nodes = ("site-fees-node", "site-hours-node", "site-doors-node")
    return tuple(card.line(code).exact for code in nodes)


def test_three_members_with_five_sites_each_are_imported_and_scored(three, period, people, today):
    done = run(PROFILE, csv_of(HEADER, *THREE))

    begun = services.start_run(period=period, by=people.sam, on=today)
    services.work_open_shards(run_id=begun.pk, by=people.sam, on=today)

    assert (done.returns_filed, Site.objects.count(), SiteValue.objects.count()) == (3, 15, 45)
    cards = {name: begun.cards.get(member=member) for name, member in three.items()}
    assert {name: numbers(card.card) for name, card in cards.items()} == EXPECTED
    said = {r.code: r.says for r in Card.read(cards["Bea"].card).remarks}
    assert said["site-fees"] == "the parts of 3 sites, added; b-4 left out: no answer"
    assert said["site-doors"] == "the worst of 5 sites: b-2"
    again = stored.score(
        period.edition.document, period.edition.sha256, [stored.read(cards["Bea"].inputs)]
    )
    assert again[0].card == cards["Bea"].card


def test_a_site_keeps_its_name_and_country(three):
    run(PROFILE, csv_of(HEADER, THREE[0]))
    run(PROFILE, csv_of(HEADER, ("Ada", "a-1", "Another name", "UG", 2, 10, 41, "yes", "")))

    site = Site.objects.get()
    assert (site.member, site.code, site.name, site.country) == (
        three["Ada"], "a-1", "Plant a-1", "KE"
    )  # fmt: skip


def test_the_same_file_twice_adds_nothing(three):
    run(PROFILE, csv_of(HEADER, *THREE))

    done = run(PROFILE, csv_of(HEADER, *THREE))

    assert (done.returns_filed, done.values_added) == (0, 0)
    assert Return.objects.count() == 3


def test_a_later_file_changes_one_site_and_keeps_the_others(three, period):
    run(PROFILE, csv_of(HEADER, *THREE))

    done = run(PROFILE, csv_of(HEADER, row("Ada", "a-1", 10, 10, 41, "no")))

    assert done.returns_filed == 1
    found = selectors.effective_answers([three["Ada"].pk], period=period)[three["Ada"].pk].answers
    fees = {one.site: one.answer.numerator for one in found["site-fees"].read_with.sites}
    assert fees == {"a-1": 10, "a-2": 2, "a-3": 3, "a-4": 4, "a-5": 5}


def test_a_site_that_stands_in_the_return_is_silent_where_it_has_no_row(three, period):
    long = PROFILE.replace(
        "kind: wide", "kind: long\n    kpi: {column: KPI}\n    value: Value\n    denominator: Of"
    )
    start, end = long.index("    columns:"), long.index("  answers:")
    run(
        long[:start].replace("name: Place, country: Country", "name: Place") + long[end:],
        csv_of(
            ("Company", "Site", "Place", "KPI", "Value", "Of"),
            ("Ada", "a-1", "", "site-doors", "yes", ""),
            ("Ada", "a-2", "", "site-hours", "40", ""),
        ),
    )

    found = selectors.effective_answers([three["Ada"].pk], period=period)[three["Ada"].pk].answers
    doors = {one.site: one.answer.state for one in found["site-doors"].read_with.sites}
    assert doors == {"a-1": State.ANSWERED, "a-2": State.MISSING}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param([row("Ada", f"a-{n}", 1, 2, 40, "yes") for n in range(6)],
                     "row 2: site-doors of 'ada' for 2024 has 6 sites; at most 5",
                     id="more sites than the rules allow"),
        pytest.param([row("Ada", "", 1, 2, "", "")],
                     "row 2, column Site: site-fees is answered per site; name the site",
                     id="an answer for no site"),
        pytest.param([row("Ada", "a-1", "", "", "", "", 20)],
                     "row 2, column Site: days-to-repay asks for one answer of the member",
                     id="a site answers for the member"),
        pytest.param([row("Ada", "a" * 41, "", "", "", "")],
                     "row 2, column Site: the code of a site is longer than 40 characters",
                     id="a site with a long code"),
        pytest.param([THREE[0], row("Ada", "a-1", 2, 10, 41, "yes")],
                     "row 3, column Company: 'ada' answers site-doors at site a-1 for 2024 twice",
                     id="a site that contradicts itself"),
        pytest.param([row("Ada", "a-1", 1, 2, 169, "yes")],
                     "row 2, column Hours: site-hours: 169 is not on the scale: 0 to 168",
                     id="a site is off the scale"),
    ],
)  # fmt: skip
def test_a_file_that_sites_cannot_mean_is_refused(three, rows, told):
    with pytest.raises(Refused) as refused:
        run(PROFILE, csv_of(HEADER, *rows))

    assert any(told in str(fault) for fault in refused.value.faults), refused.value.faults
    assert not Site.objects.exists()


def test_sites_that_are_held_count_among_the_most(three):
    run(PROFILE, csv_of(HEADER, *THREE))

    with pytest.raises(Refused, match="'ada' for 2024 has 6 sites; at most 5"):
        run(PROFILE, csv_of(HEADER, row("Ada", "a-6", 1, 2, 40, "yes")))


def test_a_profile_without_sites_cannot_answer_for_them(three):
    profile = PROFILE.replace("  site: {column: Site, name: Place, country: Country}\n", "")

    with pytest.raises(Refused, match="the profile has to say which column names it"):
        run(profile, csv_of(HEADER, THREE[0]))


def test_what_a_site_answered_in_a_filed_return_is_kept(three):
    run(PROFILE, csv_of(HEADER, *THREE))

    for change in (
        lambda: SiteValue.objects.update(number=1),
        lambda: SiteValue.objects.all().delete(),
        lambda: Site.objects.filter(member=three["Ada"]).update(member=three["Bea"]),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_answers_of_sites_are_seen_by_whoever_reads_the_members_data(three, people):
    run(PROFILE, csv_of(HEADER, *THREE))

    assert SiteValue.objects.visible_to(people.sam).count() == 45
    assert Site.objects.visible_to(people.noor).count() == 0


def test_the_form_says_that_sites_answer_and_asks_for_no_total(three):
    run(PROFILE, csv_of(HEADER, *THREE))
    held = Return.objects.get(member=three["Ada"])

    form = ReturnForm(held, typed=selectors.typed_in(held), before={})

    questions = {question.kpi.code: question for question in form.questions}
    shown = render_to_string(
        "kpis/partials/question.html", {"question": questions["site-fees"], "number": 1}
    )
    assert "the answers of 5 sites are held." in shown
    assert "<input" not in shown
    assert not form.typed().keys() & {"site-fees", "site-hours", "site-doors"}
    assert not selectors.still_missing(held).keys() & {"site-fees", "site-hours", "site-doors"}


def test_what_sites_answered_is_part_of_what_a_return_holds(three):
    run(PROFILE, csv_of(HEADER, *THREE))
    before = selectors.content_of(Return.objects.get(member=three["Ada"]))

    run(PROFILE, csv_of(HEADER, row("Ada", "a-1", 10, 10, 41, "no")))

    after = Return.objects.get(member=three["Ada"], version=2)
    assert json.loads(before)["sites"] != json.loads(selectors.content_of(after))["sites"]
