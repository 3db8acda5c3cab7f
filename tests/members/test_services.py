from datetime import date

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError
from django.utils import timezone

from accounts.rules import Role
from accounts.selectors import system_user
from ledger.models import Entry
from members import selectors, services
from members.models import Fact, Letter, Member, Signature, Span
from members.rules import Mode, Post, Source
from rulebooks.rules import facts
from tests.factories import (
    LAMPS,
    make_edition,
    make_member,
    make_organisation,
    make_user,
    moment,
    state,
)

pytestmark = pytest.mark.django_db


def apply(people, today, organisation=None, member_class="full", chamber="companies"):
    return services.file_application(
        organisation=organisation or make_organisation("New Lamps"),
        member_class=member_class,
        chamber=chamber,
        statement="",
        by=people.sam,
        on=today,
    )


def test_admitting_an_applicant_makes_a_member_in_good_standing(edition, people, today):
    application = apply(people, today)

    member = services.admit(application_id=application.pk, by=people.sam, on=today)

    standing = Span.objects.get(member=member, kind="standing")
    assert (standing.state, standing.from_on, standing.until_on) == ("good", today, None)
    assert Entry.objects.get(event="members.member.admitted").data["member"] == member.code
    assert "New Lamps" not in str([e.data for e in Entry.objects.all()])


def test_who_belongs_to_the_applicant_does_not_decide_alone(edition, people, today):
    application = apply(people, today)
    act = {"application_id": application.pk, "on": today}
    services.affiliate(
        user=people.sam, organisation=application.organisation, by=people.sam, on=today
    )
    other = make_user("Sue", Role.SECRETARIAT)
    services.scrutiny.declare_tie(has_tie=True, text="My brother runs it.", by=other, **act)

    for who, tie in ((people.sam, "belong to the applicant"), (other, "declared a tie")):
        for decide in (
            lambda by: services.admit(by=by, **act),
            lambda by: services.refuse(by=by, reason="No.", **act),
        ):
            with pytest.raises(services.NotDecided, match=tie):
                decide(who)
    application.refresh_from_db()
    assert not application.outcome
    assert services.admit(by=make_user("Sol", Role.SECRETARIAT), **act)


@pytest.mark.parametrize(
    ("member_class", "chamber", "says"),
    [
        ("gold", "companies", "choose one of full, partner"),
        ("full", "unions", "open to companies"),
    ],
)
def test_an_application_to_what_is_not_open_is_refused(
    edition, people, today, member_class, chamber, says
):
    with pytest.raises(services.NotOpen, match=says):
        apply(people, today, member_class=member_class, chamber=chamber)


def test_an_organisation_has_one_open_application(edition, people, today):
    organisation = make_organisation("New Lamps")
    apply(people, today, organisation)

    with pytest.raises(services.NotOpen, match="not yet decided"):
        apply(people, today, organisation)


def test_an_application_is_decided_once(edition, people, today):
    application = apply(people, today)
    services.refuse(application_id=application.pk, reason="2.2", by=people.sam, on=today)

    with pytest.raises(services.NotOpen, match="is refused"):
        services.admit(application_id=application.pk, by=people.sam, on=today)
    assert not Member.objects.filter(organisation=application.organisation).exists()


def test_who_does_not_belong_to_an_organisation_cannot_apply_for_it(edition, people, today):
    with pytest.raises(PermissionDenied):
        services.file_application(
            organisation=make_organisation(),
            member_class="full",
            chamber="companies",
            statement="",
            by=people.eve,
            on=today,
        )


def sign_all(member, by, today):
    texts = {r.code: r.text_sha256 for r in selectors.unsigned(member, on=today)}
    return services.sign(member=member, texts=texts, by=by, on=today, at=moment(today))


def test_a_signature_holds_who_in_what_capacity_and_exactly_what(member, people, today):
    sign_all(member, people.sid, today)

    signature = Signature.objects.get(requirement="R1")
    assert (signature.user, signature.capacity) == (people.sid, "Signatory")
    assert len(signature.text_sha256) == 64
    assert selectors.unsigned(member, on=today) == []
    assert set(Fact.objects.filter(kind="requirement.signed").values_list("key", flat=True)) == {
        "R1",
        "R2",
    }


@pytest.mark.parametrize("who", ["ada", "avi", "eve", "sam", "bea", "ann", "sys"])
def test_only_the_members_signatory_signs(member, people, today, who):
    with pytest.raises(PermissionDenied):
        sign_all(member, getattr(people, who), today)


def test_a_text_that_has_changed_since_it_was_shown_is_not_signed(member, people, today):
    with pytest.raises(services.NothingToSign, match="has changed"):
        services.sign(
            member=member, texts={"R1": "0" * 64}, by=people.sid, on=today, at=moment(today)
        )
    assert not Signature.objects.exists()


def test_signing_twice_signs_once(member, people, today):
    sign_all(member, people.sid, today)

    with pytest.raises(services.NothingToSign):
        sign_all(member, people.sid, today)


def test_a_signatory_whose_mandate_ended_signs_no_more(member, people, today):
    mandate = member.mandates.get(post=Post.SIGNATORY)
    services.end_mandate(mandate_id=mandate.pk, by=people.sam, on=today)

    with pytest.raises(PermissionDenied):
        sign_all(member, people.sid, today)


def test_a_new_edition_asks_only_for_the_text_that_changed(member, people, today):
    sign_all(member, people.sid, today)
    make_edition(
        LAMPS.replace("code: lamps-2024", "code: lamps-2026")
        .replace("in_force_from: 2023-01-01", "in_force_from: 2026-01-01")
        .replace("No worker pays for the job.", "No worker ever pays for the job.")
    )

    assert [r.code for r in selectors.unsigned(member, on=today)] == ["R1"]


def test_nobody_audits_a_member_that_they_act_for(member, people, today):
    with pytest.raises(services.ConflictOfInterest):
        services.assign_auditor(member=member, user=people.ada, by=people.sam, on=today)
    with pytest.raises(services.ConflictOfInterest):
        services.give_mandate(
            member=member, user=people.ann, post=Post.ADVISER, capacity="x", by=people.sam, on=today
        )


def test_a_fact_is_never_changed_or_removed(member):
    for sql in ("update members_fact set key = 'x'", "delete from members_fact"):
        with (
            pytest.raises(InternalError, match="cannot be changed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


def test_correcting_a_fact_changes_the_state_and_keeps_both(member, people):
    filed = state(member, facts.ReturnFiled(), date(2026, 2, 1), "2025")
    obligation = Span.objects.filter(member=member, key="annual-return:2025")
    assert obligation.filter(state="met").exists()

    services.correct(fact_id=filed.pk, by=people.sam, on=date(2026, 2, 2))

    assert not obligation.filter(state="met").exists()
    assert Fact.objects.filter(key="2025").count() == 2


def test_a_fact_is_corrected_once(member, people):
    filed = state(member, facts.ReturnFiled(), date(2026, 2, 1), "2025")
    services.correct(fact_id=filed.pk, by=people.sam, on=date(2026, 2, 2))

    with pytest.raises(IntegrityError), transaction.atomic():
        services.correct(fact_id=filed.pk, by=people.sam, on=date(2026, 2, 3))


def test_the_database_ties_a_correction_to_the_same_member(member):
    other = make_member()
    theirs = state(other, facts.ReturnFiled(), date(2026, 2, 1), "2025")

    with pytest.raises(IntegrityError, match="fact_corrects"), transaction.atomic():
        Fact.objects.create(
            member=member,
            kind="fact.retracted",
            about_on=date(2026, 2, 1),
            recorded_at=theirs.recorded_at,
            data={},
            corrects=theirs,
            entry=theirs.entry,
            source=Source.LIVE,
        )


def test_the_same_imported_row_is_stated_once(member):
    entry = Entry.objects.latest("pk")
    made = services.Statement(
        member, facts.CommitmentMade(date(2027, 1, 1)), date(2025, 1, 1), "net-zero", "row:1"
    )

    counts = [
        services.state_many([made, made], entry=entry, source=Source.IMPORTED) for _ in range(2)
    ]

    assert counts == [1, 0]


def test_a_cancelled_cycle_frees_everybody(member, people, today, work_due):
    services.cancel_cycle(period="2025", by=people.sam, on=today)
    work_due()

    assert not Span.objects.filter(key="annual-return:2025").exists()


def queue(member, today):
    return services.letters.queue(
        "welcome", member=member, key="test", on=today, context={"on": today}
    )


def test_a_letter_waits_until_it_is_released_and_then_goes_once(member, people, today):
    letters = queue(member, today)
    queue(member, today)
    assert Letter.objects.count() == 2  # Ada and Sid, once each

    assert not services.letters.send_next(by=system_user())
    services.letters.release(letter_ids=[x.pk for x in letters], by=people.sam, on=today)
    while services.letters.send_next(by=system_user()):
        pass

    assert sorted(message.to[0] for message in mail.outbox) == [
        "ada@people.example",
        "sid@people.example",
    ]
    assert set(Letter.objects.values_list("status", flat=True)) == {"sent"}
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 2


def test_letters_of_an_automatic_template_go_by_themselves(member, people, today):
    queue(member, today)
    services.letters.set_mode(template="welcome", mode=Mode.AUTOMATIC, by=people.sam, on=today)
    services.letters.queue("welcome", member=member, key="next", on=today, context={"on": today})

    assert services.letters.send_next(by=system_user())
    assert Letter.objects.filter(status="held").count() == 2


@pytest.mark.parametrize("who", ["ada", "bea", "ann", "noor", "sys"])
def test_only_staff_release_letters(member, people, today, who):
    letters = queue(member, today)

    with pytest.raises(PermissionDenied):
        services.letters.release(
            letter_ids=[x.pk for x in letters], by=getattr(people, who), on=today
        )


SEES = {"ada", "sid", "avi", "ann", "sam", "cam", "lou"}


def test_whose_unpublished_data_one_may_read(member, people):
    seeing = {
        name for name, user in vars(people).items()
        if Member.objects.visible_to(user).filter(pk=member.pk).exists()
    }  # fmt: skip

    assert seeing == SEES


def test_an_ended_mandate_opens_nothing(member, people):
    member.mandates.update(until_on=timezone.localdate())

    assert not Member.objects.visible_to(people.ada).exists()
