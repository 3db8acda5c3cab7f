"""Two people at once: locks make the second see what the first has done."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from kpis import services
from kpis.models import Evidence, Return, ScoreRun, Value
from kpis.rules.marks import Mark
from kpis.rules.reading import Typed
from ledger.models import Entry
from members.models import Fact
from targets.models import Period
from tests.kpis.drafts import draft, filed, save, submitted, upload

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _ready(member, work_due, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    work_due()


def at_once(*calls) -> list[Exception | None]:
    """Run the calls in threads that start together; return what each raised, in order."""
    barrier, outcomes = Barrier(len(calls)), [None] * len(calls)

    def run(index):
        try:
            barrier.wait(timeout=10)
            calls[index]()
        except Exception as error:
            outcomes[index] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


def kinds(outcomes) -> list[str]:
    return sorted(type(outcome).__name__ for outcome in outcomes)


def test_signing_at_once_files_once(member, people, today):
    waiting = submitted(member, people, today)

    def sign():
        services.sign_off(return_id=waiting.pk, by=people.sid, on=today)

    assert kinds(at_once(sign, sign)) == ["NoneType", "NotNow"]
    assert Entry.objects.filter(event="kpis.return.filed").count() == 1
    assert Fact.objects.filter(kind="submission.filed").count() == 1


def test_a_run_started_at_once_is_one_run_and_the_other_is_told(member, people, today):
    period = Period.objects.get(code="2025")

    def start():
        services.start_run(period=period, by=people.sam, on=today)

    outcomes = at_once(start, start)

    run = ScoreRun.objects.get()
    assert kinds(outcomes) == ["CannotScore", "NoneType"]
    assert str(next(filter(None, outcomes))) == f"run {run.pk} of period 2025 is going on"
    services.work_open_shards(run_id=run.pk, by=people.sam, on=today)
    run.refresh_from_db()
    assert run.status == "provisional"
    codes = list(run.cards.order_by("member").values_list("member__code", flat=True))
    assert codes == sorted(set(codes))
    assert member.code in codes
    assert Entry.objects.filter(event="kpis.run.started").count() == 1


def test_signing_and_sending_back_at_once_do_one_of_them(member, people, today):
    waiting = submitted(member, people, today)

    outcomes = at_once(
        lambda: services.sign_off(return_id=waiting.pk, by=people.sid, on=today),
        lambda: services.send_back(return_id=waiting.pk, reason="no", by=people.sid, on=today),
    )

    assert kinds(outcomes) == ["NoneType", "NotNow"]
    assert Return.objects.get().status == ("filed" if outcomes[0] is None else "draft")


def test_beginning_at_once_begins_once(member, people, today):
    period = Period.objects.get(code="2025")

    def begin():
        services.start_return(member=member, period=period, by=people.ada, on=today)

    assert kinds(at_once(begin, begin)) == ["NoneType", "NoneType"]
    assert Return.objects.count() == 1


def test_correcting_at_once_begins_one_correction(member, people, today):
    signed = filed(member, people, today)

    def correct():
        services.start_correction(return_id=signed.pk, reason="why", by=people.ada, on=today)

    assert kinds(at_once(correct, correct)) == ["NoneType", "NotNow"]


def test_saving_at_once_keeps_one_and_tells_the_other(member, people, today):
    begun = draft(member, people, today)
    seen = begun.saved_at

    def typing(number):
        return lambda: save(begun, people, today, {"days-to-repay": Typed(number)}, seen=seen)

    outcomes = at_once(typing("31"), typing("32"))

    assert kinds(outcomes) == ["ChangedMeanwhile", "NoneType"]
    kept = 31 if outcomes[0] is None else 32
    assert Value.objects.get(kpi="days-to-repay").number == kept


def test_saving_and_submitting_at_once_never_change_what_is_submitted(member, people, today):
    begun = draft(member, people, today)

    outcomes = at_once(
        lambda: save(begun, people, today, {"days-to-repay": Typed("soon")}),
        lambda: services.submit(return_id=begun.pk, by=people.ada, on=today),
    )

    begun.refresh_from_db()
    assert kinds(outcomes) in (["Incomplete", "NoneType"], ["NoneType", "NotNow"])
    assert begun.status == "draft" or begun.unread == {}


def test_the_same_file_at_once_is_one_piece_of_evidence(member, people, today, tmp_path):
    begun = draft(member, people, today)

    def add():
        services.add_evidence(
            return_id=begun.pk, kpi="policy", file=upload(b"same"), by=people.ada, on=today
        )

    assert kinds(at_once(add, add, add)) == ["NoneType"] * 3
    assert Evidence.objects.filter(kpi="policy").count() == 1


def test_a_file_removed_and_added_at_once_is_never_a_row_without_a_file(
    member, people, today, tmp_path
):
    begun = draft(member, people, today)
    for _ in range(5):
        there = services.add_evidence(
            return_id=begun.pk, kpi="policy", file=upload(b"same"), by=people.ada, on=today
        )
        at_once(
            lambda pk=there.pk: services.remove_evidence(evidence_id=pk, by=people.ada, on=today),
            lambda: services.add_evidence(
                return_id=begun.pk, kpi="fees-repaid", file=upload(b"same"), by=people.ada, on=today
            ),
        )
        for evidence in Evidence.objects.all():
            assert (tmp_path / evidence.file.name).exists()


def test_marking_at_once_says_it_once(member, people, today):
    signed = filed(member, people, today)

    def mark():
        marks = {"policy": Mark("verified")}
        services.mark_values(return_id=signed.pk, marks=marks, by=people.ann, on=today)

    assert kinds(at_once(mark, mark)) == ["NoneType", "NothingNew"]
