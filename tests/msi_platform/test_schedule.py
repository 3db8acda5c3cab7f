"""What the scheduler says, a worker knows; and nothing depends on being told."""

import pytest
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from accounts.selectors import system_user
from kpis.events import RunStarted
from ledger import services as ledger
from ledger.models import Due
from msi_platform.celery import app


def test_every_scheduled_task_exists():
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled <= set(app.tasks)


def no_broker() -> None:
    raise OperationalError("nobody listens")


@pytest.mark.django_db(transaction=True)
def test_an_act_stands_although_no_broker_hears_of_it(settings, today):
    settings.LOOK = f"{__name__}.no_broker"

    with transaction.atomic():
        event = RunStarted(period="2024", edition="lamps-2024", members=0)
        entry = ledger.record(event, subject=system_user(), actor=system_user(), on=today)

    assert Due.objects.open().filter(entry=entry).exists()
