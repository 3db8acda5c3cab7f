from datetime import date
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.rules import Role
from ledger import services as ledger
from tests.factories import make_edition, make_member, make_user


@pytest.fixture
def today() -> date:
    """The day of the acts in a test. Pages and commands that read the clock see the real one."""
    return date(2026, 3, 2)


@pytest.fixture
def people(db) -> SimpleNamespace:
    """The cast. Ada represents the member under test, Sid signs for it, Avi advises it.

    Ann audits it and Aud audits others; Eve represents another member; Noor is from an NGO.
    """
    cast = {
        "ada": make_user("Ada"),
        "sid": make_user("Sid"),
        "avi": make_user("Avi"),
        "eve": make_user("Eve"),
        "sam": make_user("Sam", Role.SECRETARIAT),
        "cam": make_user("Cam", Role.CASE_OFFICER),
        "lou": make_user("Lou", Role.LEGAL_COUNSEL),
        "pat": make_user("Pat", Role.PANEL_CLERK),
        "bea": make_user("Bea", Role.BOARD),
        "apa": make_user("Apa", Role.APPEAL_PANEL),
        "ann": make_user("Ann", Role.AUDITOR),
        "aud": make_user("Aud", Role.AUDITOR),
        "noor": make_user("Noor", Role.NGO),
        "dot": make_user("Dot", Role.DATA_PROTECTION_OFFICER),
        "sys": make_user("Sys", Role.SYSTEM_ADMINISTRATOR),
    }
    return SimpleNamespace(**cast)


@pytest.fixture
def edition(people):
    return make_edition(by=people.sam)


@pytest.fixture
def member(edition, people):
    """The member under test. Another one, Eve's, is there too."""
    make_member("Other Lamps", representative=people.eve, signatory=people.eve)
    return make_member(
        "Ada & Co",
        representative=people.ada,
        signatory=people.sid,
        adviser=people.avi,
        auditor=people.ann,
    )


@pytest.fixture
def work_due():
    """Work off the reactions to what a test has done, as the worker would."""

    def work() -> int:
        done = 0
        while found := ledger.work_due(now=timezone.now()):  # a reaction may cause others
            done += found
        assert not ledger.Due.objects.open().exists(), "a reaction failed"
        return done

    return work


def everybody(people: SimpleNamespace) -> dict[str, User | None]:
    """The whole cast by name, and nobody signed in."""
    return {**vars(people), "nobody": None}
