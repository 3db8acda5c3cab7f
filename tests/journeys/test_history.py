"""An initiative brings its past: nothing follows from it, and one page says what would have."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.selectors import system_user
from kpis.services.imports import Imported
from members.models import Fact, Letter, Member, Span
from suspensions import services as suspensions
from suspensions.models import Breach, Case
from tests.kpis.imports.builders import csv_of, run
from tests.plugin_browser import flaws

MEMBERS = 500
YEARS = range(2015, 2025)
LIST = """
format: 1
code: old-members
title: Members of the old register
source: Register of the old office, 2015 to 2024
file: {kind: csv}
member:
  by: identifier
  column: Number
  unknown:
    member_class: {column: Class, unlisted: keep}
    chamber: {column: Class, codes: {full: companies, partner: unions}}
    admitted_on: {column: Joined, day: DD.MM.YYYY}
    admitted: true
into: {kind: facts}
"""
HISTORY = """
format: 1
code: old-history
title: Ten years of the old register
source: Register of the old office, 2015 to 2024
file: {kind: csv}
member: {by: identifier, column: Number, unknown: refuse}
into:
  kind: facts
  facts:
    - kind: requirement.signed
      when: [{column: What, is: [signed]}]
      key: {column: Of}
      about_on: {column: On}
      data: {edition: {fixed: lamps-2024}, text_sha256: text}
    - kind: submission.filed
      when: [{column: What, is: [filed]}]
      key: {column: Of}
      about_on: {column: On}
    - kind: fee.invoiced
      when: [{column: What, is: [invoiced]}]
      key: {column: Of}
      about_on: {column: On}
      data: {obligation: {fixed: fee}}
    - kind: fee.paid
      when: [{column: What, is: [paid]}]
      key: {column: Of}
      about_on: {column: On}
    - {kind: member.left, when: [{column: What, is: [left]}], about_on: {column: On}}
"""


def history(number: int):
    """Yield what happened to a member in ten years: a third never filed, a tenth left."""
    who = f"N{number:04}"
    yield (who, "signed", "R1", f"{2015 + number % 8}-05-02")
    for year in YEARS:
        yield (who, "invoiced", f"{who}-{year}", f"{year}-01-31")
        yield (who, "paid", f"{who}-{year}", f"{year}-03-0{1 + number % 9}")
        if number % 3:
            yield (who, "filed", str(year), f"{year + 1}-03-15")
    if number % 10 == 0:
        yield (who, "left", "", "2024-12-31")


def bring_the_past(members: int) -> list[Imported]:
    people = [(f"N{n:04}", "full" if n % 2 else "partner", "01.02.2015") for n in range(members)]
    rows = [row for n in range(members) for row in history(n)]
    return [
        run(LIST, csv_of(("Number", "Class", "Joined"), *people)),
        run(HISTORY, csv_of(("Number", "What", "Of", "On"), *rows)),
    ]


@pytest.mark.django_db
def test_ten_years_of_500_members_open_nothing_and_send_nothing(edition, people, work_due, client):
    joined, told = bring_the_past(MEMBERS)
    work_due()
    suspensions.advance(by=system_user(), on=timezone.localdate())

    assert (joined.members_added, told.facts_added) == (500, 500 + 10_000 + 3_330 + 50)
    assert (Letter.objects.count(), Breach.objects.count(), Case.objects.count()) == (0, 0, 0)
    quiet = Span.objects.filter(state="quiet").count()
    # 83 of the 250 full members never filed for 2023 and 2024; nobody did for 2025.
    assert quiet == 83 * 2 + 250

    client.force_login(people.cam)
    assert client.get("/would-have-fired/").context["count"] == quiet
    today = Span.objects.in_force(timezone.localdate()).filter(kind="standing")
    standing = {state: today.filter(state=state).count() for state in ("good", "left")}
    assert standing == {"good": 450, "left": 50}
    call_command("recompute", check=True)


@pytest.mark.django_db
def test_the_same_past_twice_adds_nothing(edition):
    bring_the_past(3)
    before = Fact.objects.count(), Member.objects.count()

    again = bring_the_past(3)

    assert [(done.members_added, done.facts_added) for done in again] == [(0, 0), (0, 0)]
    assert (Fact.objects.count(), Member.objects.count()) == before


@pytest.mark.django_db(transaction=True)
def test_an_officer_reads_what_would_have_fired(edition, people, live_server, tab):
    bring_the_past(4)
    client = Client()
    client.force_login(people.cam)
    cookie = client.cookies["sessionid"].value
    tab.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

    tab.goto(live_server.url + "/breaches/")
    tab.get_by_role("link", name="What would have fired").click()

    assert tab.get_by_role("heading", level=1).inner_text() == "Would have fired"
    assert flaws(tab) == []
    tab.get_by_role("link", name="only").first.click()
    assert "member=" in tab.url
    tab.set_viewport_size({"width": 390, "height": 860})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
