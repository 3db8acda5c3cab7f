"""What the secretariat and the clerks fill in."""

from governance.forms.admissions import AdmissionForm
from governance.forms.matters import BodyForm, DecisionForm, ResolutionForm, SeatForm, VoteForm
from governance.forms.memberships import MembershipForm

__all__ = [
    "AdmissionForm",
    "BodyForm",
    "DecisionForm",
    "MembershipForm",
    "ResolutionForm",
    "SeatForm",
    "VoteForm",
]
