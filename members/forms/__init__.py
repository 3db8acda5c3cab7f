"""The shape of what is typed about members."""

from members.forms.applications import (
    ApplicationForm,
    CheckForm,
    PlaceField,
    RefusalForm,
    SettleForm,
    SubstanceForm,
    TieForm,
)
from members.forms.applying import (
    READERS,
    BeginForm,
    CommentForm,
    DraftForm,
    LinkForm,
    WordsForm,
    open_places,
)
from members.forms.letters import DaysForm, NoticeForm
from members.forms.people import (
    AffiliationForm,
    AssignmentForm,
    MandateForm,
    OrganisationForm,
    PersonField,
)

__all__ = [
    "READERS",
    "AffiliationForm",
    "ApplicationForm",
    "AssignmentForm",
    "BeginForm",
    "CheckForm",
    "CommentForm",
    "DaysForm",
    "DraftForm",
    "LinkForm",
    "MandateForm",
    "NoticeForm",
    "OrganisationForm",
    "PersonField",
    "PlaceField",
    "RefusalForm",
    "SettleForm",
    "SubstanceForm",
    "TieForm",
    "WordsForm",
    "open_places",
]
