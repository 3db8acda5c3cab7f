from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InternalError, transaction
from django.db.utils import DatabaseError

from kpis import selectors, services
from kpis.models import Evidence, Return, SentBack, Value
from kpis.rules.reading import Typed
from ledger.models import Entry
from members.models import Fact, Span
from targets import selectors as targets
from targets.models import Period
from tests.factories import make_member, make_user
from tests.kpis.drafts import COMPLETE, draft, filed, save, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _calendar(member, work_due):
    work_due()


def period(code="2025"):
    return Period.objects.get(code=code)


def events():
    codes = Entry.objects.filter(event__startswith="kpis.").order_by("pk")
    return [code.removeprefix("kpis.return.") for code in codes.values_list("event", flat=True)]


def start(member, by, on, code="2025"):
    return services.start_return(member=member, period=period(code), by=by, on=on)


def test_a_return_begins_as_a_draft_and_twice_is_the_same_one(member, people, today):
    begun = start(member, people.ada, today)

    assert start(member, people.ada, today) == begun
    assert (begun.status, begun.version) == ("draft", 1)
    assert events() == ["started"]


@pytest.mark.parametrize(
    ("code", "error", "says"),
    [
        ("2024", targets.WindowClosed, "closed on 30 Apr 2025"),
        ("2026", targets.NotYetOpen, "opens on 15 Jan 2027"),
    ],
)
def test_a_return_begins_only_while_its_window_is_open(member, people, today, code, error, says):
    with pytest.raises(error, match=says):
        start(member, people.ada, today, code)

    assert not Return.objects.exists()
    assert events() == []


def test_a_class_that_owes_no_return_files_none(people, today):
    union = make_member(member_class="partner", chamber="unions", representative=people.noor)

    with pytest.raises(targets.NothingOwed):
        start(union, people.noor, today)


def test_another_members_return_cannot_be_begun_or_found(member, people, today):
    with pytest.raises(PermissionDenied):
        start(member, people.eve, today)
    begun = start(member, people.ada, today)
    with pytest.raises(Return.DoesNotExist):
        services.submit(return_id=begun.pk, by=people.eve, on=today)


# Drafts


def test_a_draft_keeps_what_is_valid_and_what_was_typed_beside_it(member, people, today):
    begun = start(member, people.ada, today)

    saved = save(
        begun,
        people,
        today,
        {"days-to-repay": Typed(number="20"), "policy": Typed(labels=("oral",), note="see web")},
    )

    assert set(saved.problems) == {"policy"}
    assert Value.objects.get(of_return=begun).kpi == "days-to-repay"
    begun.refresh_from_db()
    assert begun.unread == {"policy": {"labels": ["oral"], "note": "see web"}}
    assert selectors.typed_in(begun)["policy"] == Typed(labels=("oral",), note="see web")
    assert selectors.typed_in(begun)["days-to-repay"].number == "20"


def test_what_could_not_be_read_goes_when_it_is_put_right(member, people, today):
    begun = start(member, people.ada, today)
    save(begun, people, today, {"policy": Typed(labels=("oral",))})

    save(begun, people, today, {"policy": Typed(labels=("none",))})

    begun.refresh_from_db()
    assert begun.unread == {}
    assert begun.values_reported.get().labels == ["none"]


def test_an_answer_can_be_taken_back(member, people, today):
    begun = draft(member, people, today)

    save(begun, people, today, {"policy": Typed()})

    assert set(selectors.still_missing(begun)) == {"policy"}


def test_autosave_leaves_no_trace_in_the_record(member, people, today):
    draft(member, people, today)

    assert events() == ["started"]


def test_two_people_at_once_do_not_overwrite_each_other(member, people, today):
    begun = start(member, people.ada, today)
    seen = begun.saved_at
    save(begun, people, today, {"days-to-repay": Typed(number="20")}, seen=seen)

    with pytest.raises(services.ChangedMeanwhile, match="Ada saved this return") as caught:
        save(begun, people, today, {"days-to-repay": Typed(number="30")}, seen=seen)

    assert caught.value.kpis == ("days-to-repay",)
    assert Value.objects.get().number == 20


def test_the_same_form_sent_twice_saves_once(member, people, today):
    begun = start(member, people.ada, today)
    seen, typed = begun.saved_at, {"days-to-repay": Typed(number="20")}
    first = save(begun, people, today, typed, seen=seen)

    second = save(begun, people, today, typed, seen=seen)

    assert second.of_return.saved_at == first.of_return.saved_at


def test_a_kpi_that_nobody_asked_for_is_refused(member, people, today):
    begun = start(member, people.ada, today)

    with pytest.raises(services.NoSuchKpi, match="'nonsense' is no KPI"):
        save(begun, people, today, {"policy": Typed(labels=("none",)), "nonsense": Typed()})

    assert not Value.objects.exists()


def test_no_draft_is_saved_after_the_window_closed(member, people, today):
    begun = start(member, people.ada, today)

    with pytest.raises(targets.WindowClosed):
        save(begun, people, date(2026, 5, 1), COMPLETE)

    assert not Value.objects.exists()


# Submission


def test_a_submission_needs_every_kpi_and_the_evidence_required(member, people, today):
    begun = start(member, people.ada, today)
    save(begun, people, today, COMPLETE | {"policy": Typed()})

    with pytest.raises(services.Incomplete) as caught:
        services.submit(return_id=begun.pk, by=people.ada, on=today)

    assert set(caught.value.missing) == {"fees-repaid", "policy"}
    assert "evidence" in caught.value.missing["fees-repaid"]
    assert Return.objects.get().status == "draft"


def test_a_submission_needs_everything_typed_to_be_an_answer(member, people, today):
    begun = draft(member, people, today)
    save(begun, people, today, {"days-to-repay": Typed(number="soon")})

    with pytest.raises(services.Incomplete) as caught:
        services.submit(return_id=begun.pk, by=people.ada, on=today)

    assert set(caught.value.missing) == {"days-to-repay"}


def test_a_submitted_return_waits_unchanged(member, people, today):
    waiting = submitted(member, people, today)

    assert (waiting.status, waiting.submitted_by) == ("submitted", people.ada)
    with pytest.raises(services.NotNow, match=r"was submitted on .* by Ada; only a draft"):
        save(waiting, people, today, {"policy": Typed(labels=("none",))})
    with pytest.raises(services.NotNow):
        services.submit(return_id=waiting.pk, by=people.ada, on=today)
    assert events() == ["started", "submitted"]


# Sign-off


def test_a_signed_return_is_filed_stated_and_recorded(member, people, today):
    signed = filed(member, people, today)

    assert (signed.status, signed.filed_by) == ("filed", people.sid)
    entry = Entry.objects.get(event="kpis.return.filed")
    assert entry.data == {
        "member": member.code,
        "period": "2025",
        "edition": "lamps-2024",
        "version": 1,
        "late": False,
        "content": selectors.content_digest(signed),
    }
    fact = Fact.objects.get(entry=entry)
    assert (fact.kind, fact.key, fact.about_on) == ("submission.filed", "2025", today)
    span = Span.objects.get(member=member, key="annual-return:2025", state="met")
    assert span.from_on == today


def test_a_return_signed_in_the_late_window_is_late(member, people, today):
    waiting = submitted(member, people, today)

    services.sign_off(return_id=waiting.pk, by=people.sid, on=date(2026, 4, 1))

    assert Entry.objects.get(event="kpis.return.filed").data["late"] is True
    assert Span.objects.filter(member=member, key="annual-return:2025", state="met_late").exists()


def test_a_return_not_signed_in_time_is_not_filed(member, people, today):
    waiting = submitted(member, people, today)

    with pytest.raises(targets.WindowClosed):
        services.sign_off(return_id=waiting.pk, by=people.sid, on=date(2026, 5, 1))

    assert Return.objects.get().status == "submitted"


def test_a_return_is_signed_once(member, people, today):
    signed = filed(member, people, today)

    with pytest.raises(services.NotNow, match=r"was signed off and filed on .* by Sid"):
        services.sign_off(return_id=signed.pk, by=people.sid, on=today)

    assert Fact.objects.filter(kind="submission.filed").count() == 1


def test_what_is_signed_is_what_was_read(member, people, today):
    waiting = submitted(member, people, today)
    read = waiting.submitted_at
    services.send_back(return_id=waiting.pk, reason="Wrong year", by=people.sid, on=today)
    services.submit(return_id=waiting.pk, by=people.ada, on=today)

    with pytest.raises(services.NotNow, match="read it again"):
        services.sign_off(return_id=waiting.pk, by=people.sid, on=today, seen=read)


def test_a_signatory_sends_back_with_a_reason(member, people, today):
    waiting = submitted(member, people, today)

    with pytest.raises(services.NotNow, match="say what has to be changed"):
        services.send_back(return_id=waiting.pk, reason=" ", by=people.sid, on=today)
    services.send_back(return_id=waiting.pk, reason="Wrong year", by=people.sid, on=today)

    waiting.refresh_from_db()
    assert (waiting.status, waiting.submitted_by) == ("draft", None)
    assert SentBack.objects.get().reason == "Wrong year"
    assert events() == ["started", "submitted", "sent_back"]
    assert "Wrong year" not in str(list(Entry.objects.values_list("data")))


@pytest.mark.parametrize("who", ["ada", "avi", "ann", "sam", "lou", "bea"])
def test_only_a_signatory_signs(member, people, today, who):
    waiting = submitted(member, people, today)

    with pytest.raises((PermissionDenied, Return.DoesNotExist)):
        services.sign_off(return_id=waiting.pk, by=getattr(people, who), on=today)


@pytest.mark.parametrize("who", ["sid", "avi", "ann", "sam", "lou"])
def test_only_a_representative_fills_in(member, people, today, who):
    begun = start(member, people.ada, today)

    with pytest.raises(PermissionDenied):
        services.save_draft(return_id=begun.pk, typed=COMPLETE, by=getattr(people, who), on=today)


# Filed is filed


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda r: Return.objects.filter(pk=r.pk).update(status="draft"), id="return"),
        pytest.param(lambda r: r.values_reported.update(number=99), id="values"),
        pytest.param(lambda r: r.evidence.update(name="other"), id="evidence"),
        pytest.param(lambda r: r.evidence.all().delete(), id="evidence removed"),
    ],
)
def test_the_database_keeps_a_filed_return_as_it_is(member, people, today, change):
    signed = filed(member, people, today)

    with pytest.raises((DatabaseError, InternalError)), transaction.atomic():
        change(signed)


# Corrections


def test_a_correction_is_the_next_version_with_all_that_was_filed(member, people, today):
    signed = filed(member, people, today)

    correction = services.start_correction(
        return_id=signed.pk, reason="A receipt came late", by=people.ada, on=today
    )

    assert (correction.version, correction.status) == (2, "draft")
    assert selectors.answers_of(correction) == selectors.answers_of(signed)
    assert correction.evidence.get().sha256 == signed.evidence.get().sha256
    assert list(Return.objects.counting()) == [signed]

    services.submit(return_id=correction.pk, by=people.ada, on=today)
    services.sign_off(return_id=correction.pk, by=people.sid, on=today)
    assert list(Return.objects.counting()) == [correction]


def test_a_late_correction_of_a_return_filed_in_time_leaves_it_met_in_time(member, people, today):
    signed = filed(member, people, today)
    late = date(2026, 4, 15)
    again = services.start_correction(
        return_id=signed.pk, reason="A receipt", by=people.ada, on=late
    )
    services.submit(return_id=again.pk, by=people.ada, on=late)
    services.sign_off(return_id=again.pk, by=people.sid, on=late)

    assert not Span.objects.filter(member=member, state="met_late").exists()


@pytest.mark.parametrize(
    ("reason", "later", "error"),
    [
        pytest.param("", timedelta(), services.NotNow, id="without a reason"),
        pytest.param("why", timedelta(days=90), targets.WindowClosed, id="after the window"),
    ],
)
def test_a_correction_is_refused(member, people, today, reason, later, error):
    signed = filed(member, people, today)

    with pytest.raises(error):
        services.start_correction(
            return_id=signed.pk, reason=reason, by=people.ada, on=today + later
        )

    assert Return.objects.count() == 1


def test_one_correction_at_a_time_and_only_of_what_is_filed(member, people, today):
    signed = filed(member, people, today)
    again = services.start_correction(return_id=signed.pk, reason="why", by=people.ada, on=today)

    for pk, says in ((signed.pk, "begun already"), (again.pk, "only a filed return")):
        with pytest.raises(services.NotNow, match=says):
            services.start_correction(return_id=pk, reason="why", by=people.ada, on=today)


def test_starting_over_points_to_the_correction(member, people, today):
    filed(member, people, today)

    with pytest.raises(services.NotNow, match="start a correction instead"):
        start(member, people.ada, today)


def test_last_periods_values_stand_beside(member, people, today):
    filed(member, people, today)
    services_day = date(2027, 2, 1)
    before, said = selectors.values_before(member, period("2026"))

    assert (before, said["fees-repaid"], said["days-to-repay"]) == (
        period("2025"),
        "30 of 40",
        "20 days",
    )
    assert "open-claims" not in said
    assert start(member, people.ada, services_day, "2026").version == 1


def test_an_inactive_user_does_nothing(member, people, today):
    begun = start(member, people.ada, today)
    gone = make_user("Gone", is_active=False)

    with pytest.raises(Return.DoesNotExist):
        save(begun, type(people)(ada=gone), today, COMPLETE)
    assert not Evidence.objects.exists()
