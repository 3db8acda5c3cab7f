"""Moving open returns to the edition that governs their period now: a reviewed step.

A return keeps the edition it began under until it is moved here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import access
from accounts.models import User
from accounts.rules import Permission
from kpis import events, selectors
from kpis.models import Evidence, Move, MovedReturn, Return, SentBack, SiteValue, Value
from kpis.rules.moving import Plan
from ledger import services as ledger
from members.services import letters
from targets.models import Period

BATCH = 500
FIELDS = ("number", "numerator", "denominator")


class CannotMove(ValueError):
    """There is nothing to move, or not by this person."""


@transaction.atomic
def propose_move(*, period_id: int, before_id: int, by: User, on: date) -> Move:
    """Propose to move the open returns of a period that were begun under the edition ``before``.

    A proposal that waits is returned as it is.

    :raises PermissionDenied: ``by`` may not adopt editions.
    :raises CannotMove: no return of the period is open under it, or it governs the period.
    """
    access.require(by, Permission.EDITION_ADOPT)
    period = Period.objects.select_for_update(of=("self",)).select_related("edition").get(
        pk=period_id
    )  # fmt: skip
    waiting = Move.objects.open().filter(period=period, before=before_id).first()
    if waiting is not None and waiting.after_id == period.edition_id:
        return waiting
    if before_id == period.edition_id:
        raise CannotMove(f"{period.edition.code} governs {period} already")
    if not Return.objects.open_under(period, before_id).exists():
        raise CannotMove(f"no open return for {period} was begun under that edition")
    move = waiting or Move(period=period, before_id=before_id)
    move.after, move.proposed_at, move.proposed_by = period.edition, timezone.now(), by
    move.save()
    ledger.record(events.MoveProposed(**_codes(move)), subject=move, actor=by, on=on)
    return move


@transaction.atomic
def carry_out_move(*, move_id: int, by: User, on: date) -> Move:
    """Move the returns that somebody else proposed to move, and tell their members.

    Answers to what is the same go on; the others are kept with the move and asked for anew. A
    return that waited for its signatory is a draft again. Filed returns stay as they are.

    :raises PermissionDenied: ``by`` may not review editions.
    :raises CannotMove: ``by`` proposed it, it is done, or another edition governs the period now.
    """
    access.require(by, Permission.EDITION_COUNTERSIGN)
    moves = Move.objects.visible_to(by).select_for_update(of=("self",))
    move = moves.select_related("period", "before", "after").get(pk=move_id)
    if move.carried_out_at is not None:
        raise CannotMove(f"it was carried out on {timezone.localdate(move.carried_out_at)}")
    if move.proposed_by_id == by.pk:
        raise CannotMove("you proposed it; a second person reviews it")
    if move.period.edition_id != move.after_id:
        raise CannotMove(f"{move.after.code} does not govern {move.period}; propose it anew")
    plan = selectors.plan_of(move)
    rows = Return.objects.open_under(move.period, move.before).select_for_update(of=("self",))
    found = list(rows.select_related("member__organisation").order_by("pk"))
    dropped = 0
    for start in range(0, len(found), BATCH):
        dropped += _move(move, found[start : start + BATCH], plan, by=by, on=on)
    move.carried_out_at, move.carried_out_by = timezone.now(), by
    move.save(update_fields=["carried_out_at", "carried_out_by"])
    event = events.MoveCarriedOut(**_codes(move), returns=len(found), dropped=dropped)
    ledger.record(event, subject=move, actor=by, on=on)
    return move


def _move(move: Move, rows: Sequence[Return], plan: Plan, *, by: User, on: date) -> int:
    """Move some returns; return how many answers did not go on."""
    kept = _set_aside(move, rows, plan)
    for model in (Value, SiteValue):
        model.objects.filter(of_return__in=rows, kpi__in=plan.dropped).delete()
    _rename(rows, plan)
    _send_back(move, [row for row in rows if row.status == Return.Status.SUBMITTED], by=by)
    for row in rows:
        row.edition, row.saved_at = move.after, timezone.now()
        row.status, row.submitted_at, row.submitted_by = Return.Status.DRAFT, None, None
        unread = row.unread.items()
        row.unread = {plan.kept[kpi]: typed for kpi, typed in unread if kpi in plan.kept}
    fields = ["edition", "saved_at", "status", "submitted_at", "submitted_by", "unread"]
    Return.objects.bulk_update(rows, fields)
    letters.queue_many("return-moved", occasions=_occasions(move, rows, kept), on=on)
    return sum(len(answers) for answers in kept.values())


def _send_back(move: Move, rows: Sequence[Return], *, by: User) -> None:
    reason = f"{move.after.title} governs {move.period} now; look at the answers again."
    now = timezone.now()
    SentBack.objects.bulk_create(
        SentBack(member=row.member, of_return=row, reason=reason, sent_at=now, sent_by=by)
        for row in rows
    )


def _set_aside(move: Move, rows: Sequence[Return], plan: Plan) -> dict[int, dict]:
    """Keep the answers that do not go on with the move, by return and KPI."""
    kept: dict[int, dict] = {row.pk: {} for row in rows}
    gone = Value.objects.filter(of_return__in=rows, kpi__in=plan.dropped).order_by("pk")
    for value in gone:
        kept[value.of_return_id][value.kpi] = _plain(value) | {"note": value.note}
    of_sites = SiteValue.objects.filter(of_return__in=rows, kpi__in=plan.dropped)
    for value in of_sites.select_related("site").order_by("pk"):
        one = kept[value.of_return_id].setdefault(value.kpi, {})
        one.setdefault("sites", {})[value.site.code] = _plain(value)
    for row in rows:
        kept[row.pk] |= {
            kpi: {"typed": given} for kpi, given in row.unread.items() if kpi in plan.dropped
        }
    MovedReturn.objects.bulk_create(
        MovedReturn(move=move, member=row.member, of_return=row, dropped=kept[row.pk])
        for row in rows
    )
    return kept


def _plain(value: Value | SiteValue) -> dict:
    numbers = {name: str(n) for name in FIELDS if (n := getattr(value, name)) is not None}
    words = {"state": value.state, "labels": list(value.labels), "counts": value.counts}
    return numbers | words


def _rename(rows: Sequence[Return], plan: Plan) -> None:
    """Give answers and evidence the codes that their KPIs have now; two may change places."""
    renamed = [(old, new) for old, new in plan.kept.items() if old != new]
    for model in (Value, SiteValue, Evidence):
        found = model.objects.filter(of_return__in=rows)
        for place, (old, _) in enumerate(renamed):
            found.filter(kpi=old).update(kpi=f"~{place}")
        for place, (_, new) in enumerate(renamed):
            found.filter(kpi=f"~{place}").update(kpi=new)


def _occasions(move: Move, rows: Sequence[Return], kept: dict[int, dict]) -> list[letters.Occasion]:
    titles = {kpi.code: kpi.title for kpi in move.before.document.kpis}
    asked = {kpi.code: kpi.title for kpi in move.after.document.kpis}
    gained = [asked[code] for code in selectors.plan_of(move).gained]
    return [
        letters.Occasion(
            row.member,
            f"{move.pk}:{row.pk}",
            {
                "move": move,
                "dropped": [titles[code] for code in kept[row.pk]],
                "gained": gained,
            },
        )
        for row in rows
    ]


def _codes(move: Move) -> dict[str, str]:
    return {"period": move.period.code, "before": move.before.code, "after": move.after.code}
