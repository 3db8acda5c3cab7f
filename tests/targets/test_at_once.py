"""Two at once: an invoicing waits for another of the same edition, and invoices nobody twice."""

import pytest
from django.utils import timezone

from accounts.rules import Role
from rulebooks.rules import facts
from targets import services
from targets.models import Invoice
from tests.factories import make_edition, make_member, make_user, state
from tests.members.belonging import EDITION
from tests.members.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_invoicing_a_year_at_once_invoices_each_member_once(db):
    sam, today = make_user("Sam", Role.SECRETARIAT), timezone.localdate()
    make_edition(EDITION, by=sam)
    for number in range(3):
        member = make_member(f"Payer {number}")
        state(member, facts.MemberDescribed(size="large"), member.admitted_on)

    def invoice() -> None:
        services.invoice_year(obligation="fees", year=2026, by=sam, on=today)

    outcomes = at_once(invoice, invoice, invoice)

    assert sorted(type(one).__name__ for one in outcomes) == [
        "CannotInvoice",
        "CannotInvoice",
        "NoneType",
    ]
    assert Invoice.objects.count() == 3
