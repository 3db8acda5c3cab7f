"""Fees: a year is invoiced for all, payments are recorded, arrears are seen."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rules import Permission
from members import access
from members.models import Member
from targets import selectors, services
from targets.forms import InvoiceYearForm, PaymentForm

SHOWN = 200


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def fees(request: HttpRequest) -> HttpResponse:
    access.require(request.user, Permission.FEE_MANAGE)
    today = timezone.localdate()
    known = selectors.fee_obligations(on=today)
    form = InvoiceYearForm(request.POST or None, fees=known, initial={"year": today.year})
    lines = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("confirm") == "yes" and _invoiced(request, form):
            return redirect("targets:fees")
        fee = next(fee for fee in known if fee.code == form.cleaned_data["obligation"])
        lines = selectors.invoice_lines(fee, form.cleaned_data["year"], on=today)
    issued = selectors.invoices(request.user)
    late = selectors.arrears(request.user, on=today)
    context = {
        "form": form,
        "known": known,
        "lines": lines and lines[:SHOWN],
        "with_amount": sum(1 for line in lines or () if line.row),
        "without": [line for line in lines or () if line.row is None][:SHOWN],
        "late": late[:SHOWN],
        "late_count": late.count(),
        "issued": issued[:SHOWN],
        "issued_count": issued.count(),
        "today": today,
    }
    return render(request, "targets/fees.html", context)


def _invoiced(request: HttpRequest, form: InvoiceYearForm) -> bool:
    try:
        made = services.invoice_year(by=request.user, on=timezone.localdate(), **form.cleaned_data)
    except services.CannotInvoice as error:
        form.add_error(None, f"{error}.")
        return False
    messages.success(request, f"{len(made)} members were invoiced for {made[0].year}.")
    return True


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invoice_page(request: HttpRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    found = get_object_or_404(selectors.invoices(request.user), pk=pk)
    form = PaymentForm(request.POST or None, initial={"paid_on": today})
    if request.method == "POST":
        access.require(request.user, Permission.FEE_MANAGE)
        if form.is_valid() and _paid(request, found, form):
            return redirect("targets:invoice_page", pk=pk)
    context = {
        "invoice": found,
        "left": found.amount - found.paid,
        "payments": found.payments.order_by("paid_on", "pk"),
        "form": form,
        "may_record": access.can(request.user, Permission.FEE_MANAGE),
        "today": today,
    }
    return render(request, "targets/invoice_page.html", context)


def _paid(request: HttpRequest, invoice, form: PaymentForm) -> bool:
    try:
        services.record_payment(
            invoice_id=invoice.pk, by=request.user, on=timezone.localdate(), **form.cleaned_data
        )
    except services.NotAPayment as error:
        form.add_error(None, f"{error}.")
        return False
    messages.success(request, f"The payment for {invoice.code} is recorded.")
    return True


@login_required
@require_safe
def member_fees(request: HttpRequest, code: str) -> HttpResponse:
    members = Member.objects.visible_to(request.user).select_related("organisation")
    member = get_object_or_404(members, code=code)
    context = {
        "member": member,
        "issued": selectors.invoices(request.user, member=member),
        "today": timezone.localdate(),
    }
    return render(request, "targets/member_fees.html", context)
