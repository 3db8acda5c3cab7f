"""Evidence: received for a KPI of a draft, removed from it again."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from accounts.rules.files import media_type, plain_name
from kpis.models import Evidence, Return
from kpis.rules.procedure import Action, next_stage
from kpis.services.files import EmptyFile, EvidenceFiles, FileTooLarge, Received
from kpis.services.returns import NoSuchKpi
from members import access
from targets import selectors as targets

FILES = EvidenceFiles()

__all__ = ["EmptyFile", "FileTooLarge", "NotForThisKpi", "add_evidence", "remove_evidence"]


class NotForThisKpi(ValueError):
    """The KPI takes no evidence, or the days that it covers are out of order."""


@transaction.atomic
def add_evidence(
    *,
    return_id: int,
    kpi: str,
    file: File,
    by: User,
    on: date,
    covers_from: date | None = None,
    covers_until: date | None = None,
) -> Evidence:
    """Add a file to a KPI of a draft; the same content twice is one piece of evidence.

    :raises PermissionDenied: ``by`` does not fill in returns for the member.
    :raises NotNow: the return is submitted or filed.
    :raises targets.CannotFile: the window has closed.
    :raises NoSuchKpi: the edition does not ask for it.
    :raises NotForThisKpi: the KPI takes no evidence, or the days covered are out of order.
    :raises EmptyFile: it holds nothing.
    :raises FileTooLarge: it has more than ``EVIDENCE_MAX_BYTES``.
    """
    member = Return.objects.member_of(return_id, by)
    access.require(by, Permission.RETURN_EDIT, member=member)
    draft = Return.objects.visible_to(by).with_context().get(pk=return_id)
    _require_takes_evidence(draft, kpi, covers_from, covers_until)
    received = FILES.receive(file, at_most=settings.EVIDENCE_MAX_BYTES)
    try:
        return _keep(draft, kpi, file, received, (covers_from, covers_until), by=by, on=on)
    finally:
        received.path.unlink(missing_ok=True)


def _keep(
    draft: Return,
    kpi: str,
    file: File,
    received: Received,
    covers: tuple[date | None, date | None],
    *,
    by: User,
    on: date,
) -> Evidence:
    """Write the row once the file is in place. The upload is read before anything is locked."""
    draft = Return.objects.visible_to(by).for_change().get(pk=draft.pk)
    next_stage(draft.status, Action.SAVE, stands=draft.stands)
    targets.open_window(draft.member, draft.period, on=on)
    evidence, _ = Evidence.objects.get_or_create(
        of_return=draft,
        kpi=kpi,
        sha256=received.sha256,
        defaults={
            "member": draft.member,
            "size": received.size,
            "media_type": media_type(getattr(file, "content_type", "")),
            "name": plain_name(file.name, unnamed="evidence"),
            "file": FILES.keep(received, member=draft.member.code),
            "covers_from": covers[0],
            "covers_until": covers[1],
            "received_at": timezone.now(),
            "received_from": by,
        },
    )
    return evidence


def _require_takes_evidence(
    draft: Return, code: str, covers_from: date | None, covers_until: date | None
) -> None:
    kpis = {kpi.code: kpi for kpi in draft.edition.document.kpis}
    if code not in kpis:
        raise NoSuchKpi(f"{code[:40]!r} is no KPI of {draft.edition}: {', '.join(kpis)}")
    if kpis[code].evidence == "none":
        raise NotForThisKpi(f"{code} takes no evidence")
    if covers_from and covers_until and covers_from > covers_until:
        raise NotForThisKpi("The first day that the file covers may not lie after the last one")


@transaction.atomic
def remove_evidence(*, evidence_id: int, by: User, on: date) -> None:
    """Take a piece of evidence out of a draft. Its file goes when nothing else names it.

    :raises PermissionDenied: ``by`` does not fill in returns for the member.
    :raises NotNow: the return is submitted or filed.
    :raises targets.CannotFile: the window has closed.
    """
    evidence = Evidence.objects.visible_to(by).select_related("member").get(pk=evidence_id)
    access.require(by, Permission.RETURN_EDIT, member=evidence.member)
    draft = Return.objects.visible_to(by).for_change().get(pk=evidence.of_return_id)
    next_stage(draft.status, Action.SAVE, stands=draft.stands)
    targets.open_window(draft.member, draft.period, on=on)
    name = evidence.file.name
    evidence.delete()
    transaction.on_commit(lambda: _discard(name))


def _discard(name: str) -> None:
    """Remove a file that no row names any more, in a transaction that holds its lock."""
    with transaction.atomic():
        FILES.hold(name)
        if not Evidence.objects.filter(file=name).exists():
            FILES.discard(name)
