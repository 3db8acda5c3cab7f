"""Forms of fees."""

from __future__ import annotations

from django import forms

from accounts.forms import DayField


class InvoiceYearForm(forms.Form):
    obligation = forms.ChoiceField(label="Fee")
    year = forms.IntegerField(label="Year", min_value=2000, max_value=2100)

    def __init__(self, *args, fees, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["obligation"].choices = [(fee.code, fee.title) for fee in fees]


class PaymentForm(forms.Form):
    amount = forms.DecimalField(label="Amount", min_value=0, max_digits=16, decimal_places=2)
    paid_on = DayField(label="Paid on", widget=forms.DateInput(attrs={"type": "date"}))
    reference = forms.CharField(
        label="Reference", max_length=100, help_text="As on the bank statement."
    )
