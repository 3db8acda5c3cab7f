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
from members.forms.changes import (
    ClassForm,
    ClassRequestForm,
    ContactForm,
    GroupForm,
    MergeForm,
    OtherMemberForm,
    PersonForm,
    RenameForm,
    TransferForm,
)
from members.forms.letters import DaysForm, NoticeForm
from members.forms.people import (
    AffiliationForm,
    AssignmentForm,
    MandateForm,
    OrganisationForm,
    PersonField,
    SuccessorForm,
)

__all__ = [
    "READERS",
    "AffiliationForm",
    "ApplicationForm",
    "AssignmentForm",
    "BeginForm",
    "CheckForm",
    "ClassForm",
    "ClassRequestForm",
    "CommentForm",
    "ContactForm",
    "DaysForm",
    "DraftForm",
    "GroupForm",
    "LinkForm",
    "MandateForm",
    "MergeForm",
    "NoticeForm",
    "OrganisationForm",
    "OtherMemberForm",
    "PersonField",
    "PersonForm",
    "PlaceField",
    "RefusalForm",
    "RenameForm",
    "SettleForm",
    "SubstanceForm",
    "SuccessorForm",
    "TieForm",
    "TransferForm",
    "WordsForm",
    "open_places",
]
