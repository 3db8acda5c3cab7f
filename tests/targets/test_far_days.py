"""Days at an end of the calendar, from which no term can be reckoned, are refused."""

import re
from datetime import date
from pathlib import Path

import pytest
from django import forms
from django.utils import timezone

from accounts.forms import DayField
from ledger.models import Entry
from members.models import Fact
from tests.factories import make_edition, make_member
from tests.members.belonging import EDITION

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("far", ["9999-12-31", "2201-01-01", "1899-12-31", "0001-01-01"])
def test_a_day_lies_in_the_years_of_editions(far):
    with pytest.raises(forms.ValidationError, match="years 1900 to 2200"):
        DayField().clean(far)


def test_the_first_and_the_last_year_are_taken():
    assert DayField().clean("1900-01-01") == date(1900, 1, 1)
    assert DayField().clean("2200-12-31") == date(2200, 12, 31)


def test_every_day_that_is_typed_to_be_kept_is_such_a_day():
    """A day that only reads the record may be any: the record is looked at, nothing reckoned."""
    plain = [
        (path.relative_to(ROOT).as_posix(), name)
        for pattern in ("*/forms.py", "*/forms/*.py")
        for path in ROOT.glob(pattern)
        for name in re.findall(r"(\w+) = forms\.DateField", path.read_text())
    ]
    assert plain == [("members/forms/letters.py", "on"), ("members/forms/letters.py", "known")]


@pytest.mark.django_db
@pytest.mark.parametrize("named", ["about_on", "day"])
@pytest.mark.parametrize("far", ["9999-12-31", "0001-01-01"])
def test_an_invoice_of_the_end_of_days_is_refused_and_leaves_nothing(client, people, named, far):
    make_edition(EDITION, by=people.sam)
    member = make_member("Payer")
    client.force_login(people.sam)
    before = Entry.objects.count(), Fact.objects.count()
    sent = {"obligation": "fees", "key": "2026-014", "about_on": timezone.localdate(), named: far}

    shown = client.post(f"/members/{member.code}/obligations/invoice/", sent).content.decode()

    assert "Write a day of the years 1900 to 2200." in shown
    assert (Entry.objects.count(), Fact.objects.count()) == before
