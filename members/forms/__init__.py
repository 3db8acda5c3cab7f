"""The shape of what is typed about members."""

from members.forms.applications import ApplicationForm, PlaceField, RefusalForm
from members.forms.letters import DaysForm, NoticeForm
from members.forms.people import (
    AffiliationForm,
    AssignmentForm,
    MandateForm,
    OrganisationForm,
    PersonField,
)

__all__ = [
    "AffiliationForm",
    "ApplicationForm",
    "AssignmentForm",
    "DaysForm",
    "MandateForm",
    "NoticeForm",
    "OrganisationForm",
    "PersonField",
    "PlaceField",
    "RefusalForm",
]
