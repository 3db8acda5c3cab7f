"""Returns made through the services, from typed text. Today is a day of the open window."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile

from kpis import services
from kpis.models import Return
from kpis.rules.reading import Typed
from members.models import Member
from targets.models import Period

COMPLETE = {
    "fees-repaid": Typed(numerator="30", denominator="40"),
    "policy": Typed(labels=("written",)),
    "days-to-repay": Typed(number="20"),
    "papers-kept": Typed(labels=("no",)),
    "open-claims": Typed(instead="unknown"),
}


def upload(content: bytes = b"receipts", name: str = "receipts.pdf", kind="application/pdf"):
    return SimpleUploadedFile(name, content, content_type=kind)


def draft(
    member: Member, people: SimpleNamespace, on: date, typed: Mapping[str, Typed] = COMPLETE
) -> Return:
    """Begin a return as Ada, with the evidence that the edition requires."""
    period = Period.objects.get(code="2025")
    begun = services.start_return(member=member, period=period, by=people.ada, on=on)
    save(begun, people, on, typed)
    services.add_evidence(
        return_id=begun.pk, kpi="fees-repaid", file=upload(), by=people.ada, on=on
    )
    begun.refresh_from_db()
    return begun


def save(begun: Return, people: SimpleNamespace, on: date, typed: Mapping[str, Typed], **more):
    return services.save_draft(return_id=begun.pk, typed=typed, by=people.ada, on=on, **more)


def submitted(member: Member, people: SimpleNamespace, on: date, **fields) -> Return:
    begun = draft(member, people, on, **fields)
    return services.submit(return_id=begun.pk, by=people.ada, on=on)


def filed(member: Member, people: SimpleNamespace, on: date, **fields) -> Return:
    waiting = submitted(member, people, on, **fields)
    return services.sign_off(return_id=waiting.pk, by=people.sid, on=on)
