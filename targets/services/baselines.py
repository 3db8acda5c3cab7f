"""The baseline of a collective target is worked out anew."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts import access
from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from rulebooks import selectors as rulebooks
from rulebooks.models import Edition
from targets import events, selectors
from targets.models import NewBaseline
from targets.rules.baselines import NotAllowed, rebased, require_significant


@transaction.atomic
def recalculate_baseline(
    *, target: str, value: Decimal, because: str, evidence: str, by: User, on: date
) -> NewBaseline:
    """Work the baseline of a target of the edition in force out anew; its line before stays too.

    What was published keeps the line of its day: scorecards do not read it, and a period that was
    published is told against the line that stood then.

    :raises PermissionDenied: ``by`` may not recalculate targets.
    :raises NotAllowed: no such target, no rule or reason or evidence for it, no more than the
        edition's threshold, or from there the way leads nowhere.
    """
    access.require(by, Permission.TARGET_RECALCULATE)
    edition = rulebooks.edition_in_force(on)
    Edition.objects.select_for_update().get(pk=edition.pk)
    lines = selectors.lines_of(edition.document)
    if target not in lines:
        allowed = ", ".join(lines) or "it has none"
        raise NotAllowed(f"{target!r} is no target of {edition.code}; allowed: {allowed}")
    found = lines[target].newest
    rule, before = found.recalculation, found.baseline.value
    require_significant(rule, before, value, because=because, evidence=evidence)
    rebased(edition.document, found, value)
    number = len(lines[target].anew) + 1
    event = events.BaselineRecalculated(
        edition=edition.code,
        target=target,
        number=number,
        because=because,
        before=before,
        value=value,
        above_percent=rule.above_percent,
    )
    entry = ledger.record(event, subject=edition, actor=by, on=on)
    return NewBaseline.objects.create(
        edition=edition,
        target=target,
        number=number,
        before=before,
        value=value,
        because=because,
        evidence=evidence.strip(),
        above_percent=rule.above_percent,
        clause=rule.clause,
        taken_on=on,
        recorded_at=timezone.now(),
        recorded_by=by,
        entry=entry,
    )
