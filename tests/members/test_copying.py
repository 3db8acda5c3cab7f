"""Facts and spans written by COPY: what is read back is what was stated."""

from datetime import date

import pytest
from django.db import transaction

from accounts.selectors import system_user
from ledger import services as ledger
from members import events, selectors, services
from members.models import Fact, Span
from members.rules import Source
from members.services.copying import Into
from rulebooks import selectors as rulebooks
from rulebooks.rules import facts
from tests.factories import make_member

pytestmark = pytest.mark.django_db
ODD = ["", "\\N", 'a "quoted", key', "two\nlines\r\nand a \\. line", "tab\tand \\t", "مرحبا\u200f"]
FIELDS = [field.attname for field in Span._meta.concrete_fields if field.name != "id"]


@transaction.atomic
def state_paid(member, keys) -> int:
    entry = ledger.record(
        events.FactCorrected(fact_id=0), subject=member, actor=system_user(), on=date(2024, 5, 1)
    )
    statements = [
        services.Statement(member, facts.FeePaid(), date(2024, 5, 1), key, ref=f"paid-{n}")
        for n, key in enumerate(keys)
    ]
    return services.state_many(statements, entry=entry, source=Source.IMPORTED)


def test_any_text_is_read_back_as_it_was_stated(edition):
    member = make_member("Ada & Co")

    count = state_paid(member, ODD)

    stored = Fact.objects.filter(member=member, kind="fee.paid").order_by("pk")
    assert count == len(ODD)
    assert list(stored.values_list("key", flat=True)) == ODD
    assert {(f.data == {}, f.corrects_id, f.source) for f in stored} == {(True, None, "imported")}


def test_stored_spans_are_those_that_follow(edition):
    member = make_member("Ada & Co")
    state_paid(member, ODD)

    follow = selectors.derived_spans(
        [member.pk], editions=rulebooks.adopted_documents(), initiative=[]
    )

    stored = Span.objects.filter(member=member)
    assert follow, "the member owes something"
    assert {tuple(str(getattr(s, f)) for f in FIELDS) for s in stored} == {
        tuple(str(getattr(s, f)) for f in FIELDS) for s in follow
    }


def test_many_rows_go_in_several_texts(edition, monkeypatch):
    monkeypatch.setattr("members.services.copying.AT_ONCE", 4)
    member = make_member("Ada & Co")

    assert state_paid(member, [f"invoice-{n}" for n in range(11)]) == 11

    assert Fact.objects.filter(member=member, kind="fee.paid").count() == 11


def test_nothing_to_copy_is_no_row(edition):
    assert Into(Span, ("kind", "key")).copy([]) == 0
