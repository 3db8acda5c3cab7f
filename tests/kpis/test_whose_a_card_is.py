"""The database holds the member of a card, with a return and without."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.selectors import system_user
from kpis import services
from kpis.models import Scorecard
from tests.factories import make_edition, make_member
from tests.kpis.filings import GOOD, file_return, many_members, period_of

pytestmark = pytest.mark.django_db
NOBODY = 987_654_321


@pytest.fixture
def cards(today):
    """The card of a member who filed a return, and that of one who did not."""
    period = period_of(make_edition())
    filer, silent = many_members(2)
    file_return(filer, period, GOOD)
    run = services.start_run(period=period, by=system_user(), on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
    return [run.cards.get(member=one) for one in (filer, silent)]


def copied(card, **changed):
    values = {field.attname: getattr(card, field.attname) for field in card._meta.fields}
    Scorecard.objects.create(**values | {"id": None} | changed)


def test_a_card_without_a_return_is_of_a_member(cards):
    with pytest.raises(IntegrityError, match="scorecard_of_a_member_without_return"):
        copied(cards[1], member_id=NOBODY)


def test_a_card_with_a_return_is_of_the_member_who_filed_it(cards):
    another = make_member("Another")

    for member in (NOBODY, another.pk):
        with (
            pytest.raises(IntegrityError, match="scorecard_of_the_returns_member"),
            transaction.atomic(),
        ):
            copied(cards[0], member_id=member)


@pytest.mark.parametrize(
    ("place", "key"),
    [
        pytest.param(0, "foreign key", id="with a return: its own key"),
        pytest.param(1, "scorecard_of_a_member_without_return", id="without one"),
    ],
)
def test_a_member_who_has_a_card_stays(cards, place, key):
    def go():
        with connection.cursor() as cursor:
            cursor.execute("delete from members_member where id = %s", [cards[place].member_id])
            cursor.execute("set constraints all immediate")

    with pytest.raises(IntegrityError, match=key):
        go()
