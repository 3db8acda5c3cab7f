from decimal import Decimal as D

import pytest
from django.core.exceptions import PermissionDenied

from kpis import selectors, services
from kpis.models import Return, Verification
from kpis.rules.marks import Mark
from kpis.rules.reading import Typed
from ledger.models import Entry
from members.models import Assignment
from rulebooks.rules.answers import MISSING
from tests.kpis.drafts import filed, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(member, people, today, work_due):
    work_due()
    return filed(member, people, today)


def mark(signed, marks, by, on):
    return services.mark_values(return_id=signed.pk, marks=marks, by=by, on=on)


MARKS = {
    "fees-repaid": Mark("adjusted", "5 receipts are missing", Typed("", "25", "40")),
    "policy": Mark("unsupported", "The page does not exist"),
    "papers-kept": Mark("verified"),
}


def effective(signed):
    found = selectors.effective_answers([signed.member_id], period=signed.period)
    return found[signed.member_id].answers


def test_an_auditors_word_counts(signed, people, today):
    mark(signed, MARKS, people.ann, today)

    answers = effective(signed)
    assert (answers["fees-repaid"].numerator, answers["fees-repaid"].denominator) == (D(25), D(40))
    assert answers["policy"] == MISSING
    assert answers["papers-kept"].labels == ("no",)
    assert answers["days-to-repay"].number == 20  # nobody has said a word on it
    assert selectors.answers_of(signed)["fees-repaid"].numerator == 30  # as filed


def test_one_act_is_one_entry_and_holds_no_reason(signed, people, today):
    mark(signed, MARKS, people.ann, today)

    entry = Entry.objects.get(event="kpis.values.marked")
    assert entry.data["kpis"] == list(MARKS)
    assert entry.data["outcomes"] == ["adjusted", "unsupported", "verified"]
    assert "receipts" not in str(entry.data)


def test_a_later_word_stands_beside_the_earlier_one_and_counts(signed, people, today):
    mark(signed, MARKS, people.ann, today)
    mark(signed, {"policy": Mark("verified")}, people.ann, today)

    assert Verification.objects.filter(value__kpi="policy").count() == 2
    assert effective(signed)["policy"].labels == ("written",)


def test_the_same_marks_twice_are_said_once(signed, people, today):
    mark(signed, MARKS, people.ann, today)

    with pytest.raises(services.NothingNew):
        mark(signed, MARKS, people.ann, today)

    assert Verification.objects.count() == 3


def test_one_bad_mark_keeps_all_from_being_written(signed, people, today):
    with pytest.raises(services.BadMarks) as caught:
        mark(
            signed,
            MARKS | {"days-to-repay": Mark("adjusted", "", Typed("9999"))},
            people.ann,
            today,
        )

    assert set(caught.value.problems) == {"days-to-repay"}
    assert set(caught.value.problems["days-to-repay"]) == {"reason", "number"}
    assert not Verification.objects.exists()


def test_the_auditor_does_not_reach_what_is_for_counsel_alone(signed, people, today):
    with pytest.raises(services.NoSuchKpi):
        mark(signed, {"open-claims": Mark("verified")}, people.ann, today)


@pytest.mark.parametrize("who", ["ada", "sid", "avi", "sam", "lou", "cam"])
def test_only_the_assigned_auditor_marks(signed, people, today, who):
    with pytest.raises(PermissionDenied):
        mark(signed, MARKS, getattr(people, who), today)


@pytest.mark.parametrize("who", ["aud", "eve", "bea", "noor"])
def test_others_do_not_find_it(signed, people, today, who):
    with pytest.raises(Return.DoesNotExist):
        mark(signed, MARKS, getattr(people, who), today)


@pytest.mark.parametrize("who", ["ada", "sid"])
def test_who_had_a_hand_in_it_does_not_verify_it(signed, people, member, today, who):
    turned = getattr(people, who)
    member.mandates.filter(user=turned).update(until_on=today)
    Assignment.objects.create(member=member, user=turned, from_on=today)

    with pytest.raises(services.OwnWork):
        mark(signed, MARKS, turned, today)


def test_only_a_filed_return_is_verified(member, people, today, work_due):
    work_due()
    waiting = submitted(member, people, today)

    with pytest.raises(services.NotNow, match="only a filed return is verified"):
        mark(waiting, MARKS, people.ann, today)
