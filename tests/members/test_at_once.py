"""Two at once: the lock on the member makes the second see what the first has stated."""

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from accounts.models import User
from members import selectors, services
from members.models import Fact, Signature, Span
from rulebooks.rules import facts
from tests.factories import make_edition, make_member, make_user, moment, state

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], object]) -> list[Exception | None]:
    """Run calls in threads of their own, begun together, and return what each raised."""
    barrier, outcomes = Barrier(len(calls)), [None] * len(calls)

    def run(place: int, call: Callable[[], object]) -> None:
        try:
            barrier.wait()
            call()
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.fixture
def sid(db) -> User:
    return make_user("Sid")


@pytest.fixture
def member(sid):
    make_edition()
    return make_member(signatory=sid)


def test_facts_stated_at_once_all_count(member):
    def file(year: int) -> Callable[[], object]:
        def call() -> None:
            with transaction.atomic():
                state(member, facts.ReturnFiled(), date(year + 1, 2, 1), str(year))

        return call

    assert at_once(*(file(year) for year in (2023, 2024, 2025))) == [None] * 3

    met = Span.objects.filter(member=member, state="met").values_list("key", flat=True)
    assert set(met) == {"annual-return:2023", "annual-return:2024", "annual-return:2025"}


def test_signing_at_once_signs_once(member, sid):
    on = date(2026, 3, 2)
    texts = {r.code: r.text_sha256 for r in selectors.unsigned(member, on=on)}

    def sign() -> None:
        services.sign(member=member, texts=texts, by=sid, on=on, at=moment(on))

    outcomes = at_once(sign, sign)

    assert sorted(type(error).__name__ for error in outcomes) == ["NoneType", "NothingToSign"]
    assert Signature.objects.count() == len(texts)
    assert Fact.objects.filter(kind="requirement.signed").count() == len(texts)
