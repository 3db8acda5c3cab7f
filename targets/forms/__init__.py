"""The shape of what people type about periods, what members owe, and what they promise."""

from targets.forms.baselines import BaselineForm
from targets.forms.calendar import (
    AnnouncementForm,
    CircularForm,
    DescriptionForm,
    ExemptionForm,
    ExtensionForm,
    InvoiceForm,
    RecordForm,
)
from targets.forms.fees import InvoiceYearForm, PaymentForm
from targets.forms.promises import DecisionForm, ProposalForm

__all__ = [
    "AnnouncementForm",
    "BaselineForm",
    "CircularForm",
    "DecisionForm",
    "DescriptionForm",
    "ExemptionForm",
    "ExtensionForm",
    "InvoiceForm",
    "InvoiceYearForm",
    "PaymentForm",
    "ProposalForm",
    "RecordForm",
]
