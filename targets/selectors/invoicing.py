"""Fees: what each member would be invoiced, what it was, and what is in arrears."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, QuerySet, Sum

from accounts.models import User
from members import selectors as members
from members.models import Member, Span
from members.rules import Standing
from members.selectors import Group
from rulebooks import selectors as rulebooks
from rulebooks.rules.edition import Edition
from rulebooks.rules.fees import FeeAmount, GroupCap, capped
from rulebooks.rules.obligations import FeeObligation
from rulebooks.rules.timeline.changes import Kind
from targets.models import Invoice

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """What a member would be invoiced for a year; ``row`` is None where the table has none."""

    member: Member
    row: FeeAmount | None
    amount: Decimal
    how: str


def fee_obligations(*, on: date) -> list[FeeObligation]:
    """Return the fees of the edition of a day that have a table of amounts."""
    edition = rulebooks.current_document(on)
    owed = edition.obligations if edition else ()
    return [one for one in owed if isinstance(one, FeeObligation) and one.amounts]


def invoice_lines(obligation: FeeObligation, year: int, *, on: date) -> list[Line]:
    """Return what each member that was not invoiced for a year would be, by code.

    Class and band are those of ``on``. Members of one corporate group share its cap in that order.
    """
    edition = rulebooks.edition_in_force(on).document
    standing = Span.objects.in_force(on).of(Kind.STANDING).filter(member=OuterRef("pk"))
    done = Invoice.objects.filter(obligation=obligation.code, year=year)
    owing = Member.objects.filter(
        Exists(standing.exclude(state=Standing.LEFT.value)),
        member_class__in=edition.classes_of(obligation.applies_to),
    ).exclude(pk__in=done.values("member"))
    rows = list(owing.select_related("organisation").order_by("code"))
    lines = list(_lines(rows, obligation, edition, on))
    cap = obligation.group_cap
    return lines if cap is None else list(_under_cap(lines, cap, obligation, year, on))


def _lines(
    owing: list[Member], obligation: FeeObligation, edition: Edition, on: date
) -> Iterator[Line]:
    sizes = members.sizes_on(on)
    for member in owing:
        size = sizes.get(member.pk)
        who, row = _who(edition, member, size), obligation.amount_for(member.member_class, size)
        if row is None:
            yield Line(member, None, NOTHING, f"no amount for {who}")
        else:
            how = f"{who}: {row.amount} {row.currency} (clause {row.clause})"
            yield Line(member, row, row.amount, how)


def _under_cap(
    lines: list[Line], cap: GroupCap, obligation: FeeObligation, year: int, on: date
) -> Iterator[Line]:
    """Yield the lines so that no corporate group pays more than its cap for the year."""
    groups = members.groups_of_members([line.member.pk for line in lines], on=on)
    of_group = _invoiced_by_group(obligation, year, on)
    for line in lines:
        group = groups[line.member.pk]
        before, how = of_group[group], line.how
        amount = capped(line.amount, cap=cap.amount, invoiced=before)
        of_group[group] += amount
        if amount != line.amount:
            how += f"; its group was invoiced {before}, at most {cap.amount} (clause {cap.clause})"
        yield Line(line.member, line.row, amount, how)


def _who(edition: Edition, member: Member, size: str | None) -> str:
    name = edition.member_class(member.member_class).name
    band = next((one.name for one in edition.sizes if one.code == size), "size not known")
    return f"{name}, {band}" if edition.sizes else name


def _invoiced_by_group(
    obligation: FeeObligation, year: int, on: date
) -> defaultdict[Group, Decimal]:
    rows = Invoice.objects.filter(obligation=obligation.code, year=year)
    amounts = dict(rows.values_list("member", "amount"))
    groups = members.groups_of_members(amounts, on=on)
    found: defaultdict[Group, Decimal] = defaultdict(lambda: NOTHING)
    for member, amount in amounts.items():
        found[groups[member]] += amount
    return found


def invoices(reader: User, *, member: Member | None = None) -> QuerySet[Invoice]:
    """Return the invoices that ``reader`` may read with what was paid, the newest first."""
    found = Invoice.objects.visible_to(reader).with_paid()
    found = found if member is None else found.filter(member=member)
    return found.select_related("member__organisation").order_by("-issued_on", "-pk")


def left_to_pay(invoice: Invoice) -> Decimal:
    """Return what has not come in for an invoice."""
    paid = invoice.payments.aggregate(sum=Sum("amount"))["sum"] or NOTHING
    return invoice.amount - paid


def arrears(reader: User, *, on: date) -> QuerySet[Invoice]:
    """Return the invoices that were due before ``on`` and are not paid, the oldest first."""
    late = invoices(reader).filter(settled_on=None, due_on__lt=on)
    return late.annotate(left=F("amount") - F("paid")).order_by("due_on", "pk")
