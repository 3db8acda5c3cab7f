"""Returns on their way to being filed: submitted, sent back, signed off.

Every service on a return locks the return first and the member after it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from kpis import events, selectors
from kpis.models import Return, SentBack, Value
from kpis.rules.procedure import Action, NotNow, next_stage
from ledger import services as ledger
from ledger.rules import keyed_digest
from members import access
from members import services as members
from rulebooks.rules import facts
from targets import selectors as targets
from targets.rules import Phase


class Incomplete(ValueError):
    """The return cannot be submitted yet; ``missing`` says, by KPI, what it needs."""

    def __init__(self, needs: Mapping[str, str]) -> None:
        count = len(needs)
        super().__init__(
            f"{count} KPI{'s' if count > 1 else ''} still need{'' if count > 1 else 's'} something:"
            f" {', '.join(needs)}"
        )
        self.missing = dict(needs)


@transaction.atomic
def submit(*, return_id: int, by: User, on: date) -> Return:
    """Hand a complete draft to the signatories.

    :raises PermissionDenied: ``by`` does not fill in returns for the member.
    :raises NotNow: it is submitted or filed already.
    :raises targets.CannotFile: the window has closed.
    :raises Incomplete: naming each KPI that needs something, and what.
    """
    access.require(by, Permission.RETURN_EDIT, member=Return.objects.member_of(return_id, by))
    draft = Return.objects.visible_to(by).for_change().get(pk=return_id)
    stage = next_stage(draft.status, Action.SUBMIT, stands=draft.stands)
    targets.open_window(draft.member, draft.period, on=on)
    if needs := selectors.still_missing(draft):
        raise Incomplete(needs)
    draft.status, draft.submitted_at, draft.submitted_by = stage, timezone.now(), by
    draft.save(update_fields=["status", "submitted_at", "submitted_by"])
    ledger.record(events.ReturnSubmitted(**draft.codes()), subject=draft, actor=by, on=on)
    return draft


def _leave_room_for_judges(signed: Return) -> None:
    """Add a value without an answer for each KPI that a judge and not the member answers."""
    held = set(signed.values_reported.values_list("kpi", flat=True))
    Value.objects.bulk_create(
        Value(
            member_id=signed.member_id,
            of_return=signed,
            kpi=kpi.code,
            state=Value.State.MISSING,
        )
        for kpi in signed.edition.document.kpis
        if not kpi.is_asked and kpi.code not in held
    )


@transaction.atomic
def send_back(*, return_id: int, reason: str, by: User, on: date) -> Return:
    """Give a submitted return back to be worked on, and say why.

    :raises PermissionDenied: ``by`` is not a signatory of the member.
    :raises NotNow: it is not waiting for sign-off, or no reason is given.
    """
    access.require(by, Permission.RETURN_SIGN_OFF, member=Return.objects.member_of(return_id, by))
    waiting = Return.objects.visible_to(by).for_change().get(pk=return_id)
    stage = next_stage(waiting.status, Action.SEND_BACK, stands=waiting.stands)
    if not reason.strip():
        raise NotNow("say what has to be changed before you sign")
    sent = SentBack.objects.create(
        member_id=waiting.member_id,
        of_return=waiting,
        reason=reason.strip(),
        sent_at=timezone.now(),
        sent_by=by,
    )
    waiting.status, waiting.submitted_at, waiting.submitted_by = stage, None, None
    waiting.save(update_fields=["status", "submitted_at", "submitted_by"])
    ledger.record(events.ReturnSentBack(**waiting.codes()), subject=sent, actor=by, on=on)
    return waiting


@transaction.atomic
def sign_off(*, return_id: int, by: User, on: date, seen: datetime | None = None) -> Return:
    """Sign a submitted return for the member: it is filed, on ``on``, and never changes again.

    ``seen`` is the moment of submission that the signatory was shown: what is signed is what was
    read.

    :raises PermissionDenied: ``by`` is not a signatory of the member.
    :raises NotNow: it is filed already, not submitted, or was submitted anew since.
    :raises targets.CannotFile: the window has closed.
    """
    access.require(by, Permission.RETURN_SIGN_OFF, member=Return.objects.member_of(return_id, by))
    signed = Return.objects.visible_to(by).for_change().get(pk=return_id)
    stage = next_stage(signed.status, Action.SIGN_OFF, stands=signed.stands)
    if seen is not None and seen != signed.submitted_at:
        raise NotNow("it was changed and submitted again since you opened it; read it again")
    window = targets.open_window(signed.member, signed.period, on=on)
    signed.status, signed.filed_at, signed.filed_by = stage, timezone.now(), by
    signed.seal = secrets.token_hex(32)
    signed.save(update_fields=["status", "filed_at", "filed_by", "seal"])
    _leave_room_for_judges(signed)
    event = events.ReturnFiled(
        **signed.codes(),
        edition=signed.edition.code,
        late=window.phase(on) is Phase.LATE,
        content=keyed_digest(selectors.content_of(signed), key=bytes.fromhex(signed.seal)),
    )
    entry = ledger.record(event, subject=signed, actor=by, on=on)
    members.state(
        facts.ReturnFiled(), member=signed.member, about_on=on, entry=entry, key=signed.period.code
    )
    return signed
