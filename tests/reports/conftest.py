"""A member with something to report on: signed, filed, checked, scored, in a case."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.selectors import system_user
from kpis import services as kpis
from kpis.models import Evidence, Return, Verification
from members import services as members
from members.models import Member, Signature
from members.rules import Post
from rulebooks.rules import facts
from suspensions.models import Breach, Case
from targets.models import Period
from tests.factories import moment, state
from tests.kpis.filings import GOOD, WEAK, file_return, period_of

FINAL = timedelta(days=31)  # after a decision: no appeal can be filed any more
FILE = b"receipts of fees paid back"


@pytest.fixture
def period(edition) -> Period:
    return period_of(edition)


@pytest.fixture
def story(member, period, people, today) -> SimpleNamespace:
    """The member under test in full: a weak year before, an adjusted answer, a case with notice."""
    before = period_of(period.edition, "2023")
    file_return(member, before, WEAK)
    publish(before, people.sam, today)
    of_return = file_return(member, period, GOOD)
    state(member, facts.ReturnFiled(), date(2025, 3, 12), period.code)
    sign_everything(member, today)
    add_evidence(of_return)
    mark(of_return, people.ann)
    publish(period, people.sam, today)
    case = open_case(member, people.cam, today)
    return SimpleNamespace(member=member, period=period, of_return=of_return, case=case)


def publish(period: Period, by, on: date) -> None:
    run = kpis.start_run(period=period, by=by, on=on)
    kpis.work_open_shards(run_id=run.pk, by=system_user(), on=on)
    kpis.publish_run(run_id=run.pk, by=by, on=on)


def sign_everything(member: Member, on: date) -> None:
    mandate = member.mandates.get(post=Post.SIGNATORY)
    mandate.capacity = "Chief executive"
    mandate.save()
    requirements = members.signing.selectors.unsigned(member, on=on)
    members.sign(
        member=member,
        texts={r.code: r.text_sha256 for r in requirements},
        by=mandate.user,
        on=on,
        at=moment(on),
    )


def add_evidence(of_return: Return) -> None:
    for kpi, name in (("fees-repaid", "bank statements 2024.pdf"), ("open-claims", "claims.pdf")):
        Evidence.objects.create(
            member=of_return.member,
            of_return=of_return,
            kpi=kpi,
            sha256="ab" * 32 if kpi == "fees-repaid" else "cd" * 32,
            size=len(FILE) * 1000,
            media_type="application/pdf",
            name=name,
            file=ContentFile(FILE, name="file"),
            covers_from=date(2024, 1, 1),
            covers_until=date(2024, 12, 31),
            received_at=of_return.saved_at,
            received_from=of_return.saved_by,
        )


def mark(of_return: Return, by) -> None:
    values = {value.kpi: value for value in of_return.values_reported.all()}
    at = timezone.now()
    Verification.objects.create(
        member=of_return.member,
        value=values["policy"],
        outcome="verified",
        marked_at=at,
        marked_by=by,
    )
    Verification.objects.create(
        member=of_return.member,
        value=values["days-to-repay"],
        outcome="adjusted",
        number=45,
        reason="Two repayments in May were dated from the transfer, not from the finding.",
        marked_at=at,
        marked_by=by,
    )


def open_case(member: Member, by, on: date) -> Case:
    case = Case.objects.create(
        member=member,
        code="C0007",
        edition=member_edition(),
        step="warning",
        opened_at=moment(on - timedelta(days=20)),
        opened_by=by,
    )
    raised = on - timedelta(days=40)
    Breach.objects.create(
        member=member,
        key="papers-kept:2023",
        edition=case.edition,
        status="confirmed",
        arose_on=raised,
        raised_on=raised,
        because="papers is No - kept by the employer",
        facts=[],
        contested_at=moment(raised + timedelta(days=3)),
        contested_by=member.mandates.get(post=Post.REPRESENTATIVE).user,
        contest="The papers were kept for a visa, for two days.",
        decided_at=moment(on - timedelta(days=20)),
        decided_by=by,
        reason="Two days are two days.",
        case=case,
    )
    state(member, facts.BreachRaised(), raised, "papers-kept:2023")
    state(member, facts.BreachConfirmed(), on - timedelta(days=20), "papers-kept:2023")
    opened = facts.CaseOpened(edition=case.edition.code, step="warning")
    state(member, opened, on - timedelta(days=20), case.code)
    state(member, facts.NoticeServed(), on - timedelta(days=18), case.code)
    return case


def impose(member: Member, case: Case, on: date, step: str = "") -> None:
    state(member, facts.DecisionTaken(outcome="impose", effective_on=on), on, case.code)


def member_edition():
    return Period.objects.select_related("edition").first().edition


def signatures(member: Member):
    return Signature.objects.filter(member=member)
