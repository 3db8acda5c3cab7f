"""Invoicing fees, and recording what came in. The payment itself is made elsewhere."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from ledger.models import Entry
from ledger.rules import merkle_root
from members import access
from members import services as members
from rulebooks import selectors as rulebooks
from rulebooks.models import Edition
from rulebooks.rules import facts
from rulebooks.rules.terms import after
from targets import events, selectors
from targets.models import Invoice, Payment

YEARS = range(2000, 2101)


class CannotInvoice(ValueError):
    """Nothing can be invoiced for that fee and year; saying why."""


class NotAPayment(ValueError):
    """The payment cannot be recorded; saying why."""


@transaction.atomic
def invoice_year(*, obligation: str, year: int, by: User, on: date) -> list[Invoice]:
    """Invoice a fee for a year to every member that was not yet: one act for all of them.

    Members for whom the table has no amount are left out; ``selectors.invoice_lines`` names them.

    :raises PermissionDenied: ``by`` may not manage fees.
    :raises CannotInvoice: the edition has no such fee with amounts, or all were invoiced.
    """
    access.require(by, Permission.FEE_MANAGE)
    row = _locked(rulebooks.edition_in_force(on))
    fees = {fee.code: fee for fee in selectors.fee_obligations(on=on)}
    if obligation not in fees:
        allowed = ", ".join(fees) or "none has amounts"
        raise CannotInvoice(f"there is no fee {obligation!r} with amounts; allowed: {allowed}")
    if year not in YEARS:
        raise CannotInvoice(f"a year lies in {YEARS[0]} to {YEARS[-1]}, not {year}")
    fee = fees[obligation]
    lines = [line for line in selectors.invoice_lines(fee, year, on=on) if line.row is not None]
    if not lines:
        raise CannotInvoice(f"everybody with an amount was invoiced {fee.title} for {year}")
    due_on = after(on, fee.within, holidays=row.document.closed_days)
    made = [_invoice(line, obligation, year) for line in lines]
    leaves = [f"{one.code} {one.amount} {one.currency}".encode() for one in made]
    event = events.FeesInvoiced(
        obligation=obligation, year=year, count=len(made), root=merkle_root(sorted(leaves))
    )
    entry = ledger.record(event, subject=row, actor=by, on=on)
    for one in made:
        one.edition, one.issued_on, one.due_on, one.entry = row, on, due_on, entry
        one.settled_on = None if one.amount else on
    Invoice.objects.bulk_create(made)
    _state_invoiced(made, entry, on)
    return made


def _locked(edition: Edition) -> Edition:
    """Let one invoicing under an edition wait for another, and see what it invoiced."""
    return Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)


def _invoice(line: selectors.Line, obligation: str, year: int) -> Invoice:
    return Invoice(
        member=line.member,
        code=f"{obligation}-{year}-{line.member.code}",
        obligation=obligation,
        year=year,
        amount=line.amount,
        currency=line.row.currency,
        how=line.how,
        clause=line.row.clause,
    )


def _state_invoiced(made: list[Invoice], entry: Entry, on: date) -> None:
    """State what was invoiced; of an invoice over nothing, nothing is owed."""
    statements = [
        members.Statement(
            member=one.member,
            what=facts.FeeInvoiced(obligation=one.obligation, due_on=one.due_on),
            about_on=on,
            key=one.code,
        )
        for one in made
        if one.amount
    ]
    members.state_many(statements, entry=entry)


@transaction.atomic
def record_payment(
    *, invoice_id: int, amount: Decimal, paid_on: date, reference: str, by: User, on: date
) -> Payment:
    """Record money that came in for an invoice; once all of it has, the fee is paid.

    :raises PermissionDenied: ``by`` may not manage fees.
    :raises Invoice.DoesNotExist: there is none of that number that ``by`` can see.
    :raises NotAPayment: it is nothing or more than is left, the day lies ahead or before the
        invoice, or the reference is missing or was recorded for the invoice.
    """
    access.require(by, Permission.FEE_MANAGE)
    invoices = Invoice.objects.visible_to(by).select_for_update(of=("self",))
    invoice = invoices.select_related("member").get(pk=invoice_id)
    left, reference = selectors.left_to_pay(invoice), reference.strip()
    _require_payment(invoice, amount, left, paid_on, reference, on)
    event = events.PaymentRecorded(
        member=invoice.member.code,
        invoice=invoice.code,
        amount=amount,
        currency=invoice.currency,
        paid_on=paid_on,
        settled=amount == left,
    )
    entry = ledger.record(event, subject=invoice, actor=by, on=on)
    payment = Payment.objects.create(
        invoice=invoice,
        member=invoice.member,
        amount=amount,
        paid_on=paid_on,
        reference=reference,
        entry=entry,
    )
    if amount == left:
        _settle(invoice, paid_on, entry)
    return payment


def _require_payment(
    invoice: Invoice, amount: Decimal, left: Decimal, paid_on: date, reference: str, on: date
) -> None:
    if not 0 < amount <= left:
        raise NotAPayment(f"{left} {invoice.currency} are left to pay, not {amount}")
    if not invoice.issued_on <= paid_on <= on:
        raise NotAPayment(f"the day lies from {invoice.issued_on} to {on}")
    if not reference or invoice.payments.filter(reference=reference).exists():
        raise NotAPayment("name the reference of the payment; each is recorded once")


def _settle(invoice: Invoice, paid_on: date, entry: Entry) -> None:
    invoice.settled_on = paid_on
    invoice.save(update_fields=["settled_on"])
    paid = facts.FeePaid()
    members.state(paid, member=invoice.member, about_on=paid_on, entry=entry, key=invoice.code)
