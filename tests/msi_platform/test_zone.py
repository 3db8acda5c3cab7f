from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.utils import timezone

from msi_platform import zone
from tests.factories import LAMPS, make_edition

pytestmark = pytest.mark.django_db
LATE = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)  # 1 April in Berlin


@pytest.fixture(autouse=True)
def as_the_edition_says(settings, monkeypatch):
    settings.INITIATIVE_TIME_ZONE = ""
    monkeypatch.setattr(zone, "_kept", None)


@pytest.fixture
def day_of_request(monkeypatch):
    """The day that a view would read from the clock."""
    monkeypatch.setattr(timezone, "now", lambda: LATE)
    view = zone.in_initiative_zone(lambda request: HttpResponse(str(timezone.localdate())))
    return lambda: view(None).content.decode()


def test_a_request_late_in_the_evening_is_of_the_initiatives_next_day(day_of_request):
    make_edition(LAMPS)

    assert day_of_request() == "2026-04-01"
    assert str(timezone.localdate()) == "2026-03-31"


def test_without_an_edition_days_are_the_platforms(day_of_request):
    assert day_of_request() == "2026-03-31"


def test_the_zone_is_asked_for_once_a_minute(day_of_request, django_assert_num_queries):
    make_edition(LAMPS)

    with django_assert_num_queries(1):
        day_of_request()
        day_of_request()
