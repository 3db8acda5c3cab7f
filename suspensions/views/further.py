"""Further acts in a case, beside the one next act: its clocks, the hearing, a step further."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.forms import Form
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.rules import Permission
from members import access
from suspensions import selectors, services
from suspensions.forms import ConfirmForm, ExtendForm, HearingForm, PauseForm, TextForm
from suspensions.models import Case
from suspensions.rules.clocks import BY_HAND
from suspensions.rules.procedure import MEASURE_IMPOSED, RUNNING, Action, allowed
from suspensions.services.hearings import FORMS
from suspensions.views.acts import Act

REASONS = {"label": "Reasons", "help_text": "The member reads them."}
MINUTES = {"label": "Minutes", "help_text": "Who was there, what was said, or how it was waived."}
PLAN = {"label": "Plan", "help_text": "For each cause: what is done, by whom, by when, shown how."}
COMMITMENT = {"label": "Commitment", "help_text": "What the member commits itself to, and by when."}
CLOCKS = (
    ("answer", "To answer"),
    ("appeal", "To appeal"),
    ("cure", "To make good"),
    ("plan", "To hand in a plan"),
)
# Address, permission, heading, button, what is said when it is done, and the service.
ACTS: dict[str, tuple[Permission, str, str, str, Callable[..., Any]]] = {
    "hearing": (Permission.CASE_MANAGE, "Record the hearing", "Record",
                "Recorded. The body decides next.", services.record_hearing),
    "apply": (Permission.DECISION_CARRY_OUT, "Apply the automatic step", "Apply",
              "Applied. The member is told.", services.apply_step),
    "pause": (Permission.CASE_MANAGE, "Let the time stand still", "Pause",
              "No time runs in this case.", services.pause_clocks),
    "resume": (Permission.CASE_MANAGE, "Let the time run on", "Resume",
               "The time runs on from today.", services.resume_clocks),
    "extend": (Permission.CASE_MANAGE, "Give more time", "Extend",
               "There is more time. The member is told.", services.extend_clock),
    "escalate": (Permission.CASE_MANAGE, "Open the case for the next step", "Open the case",
                 "The case is open. Serve the notice next.", services.escalate),
    "plan": (Permission.CASE_ANSWER, "Your corrective action plan", "Hand in",
             "Received. The secretariat reads it.", services.hand_in_plan),
    "commitment": (Permission.CASE_APPEAL, "Commit anew", "Send",
                   "Received. The body that imposed the measure reads it.",
                   services.renew_commitment),
}  # fmt: skip


def further_acts(request: HttpRequest, case: Case) -> list[Act]:
    """Return what this reader can do in a case beside the one next act."""
    found = []
    for name in _open(case):
        permission, heading, label, _, _ = ACTS[name]
        if access.can(request.user, permission, member=case.member):
            url = reverse("suspensions:further", args=[case.code, name])
            found.append(Act(further_form(name, case), url, heading, label))
    return found


def _open(case: Case) -> Iterator[str]:
    """Yield what the procedure and the ladder allow now, whoever asks."""
    step, acts = case.aim, allowed(case.stage)
    if Action.HOLD_HEARING in acts and step.hearing == "oral":
        yield "hearing"
    if Action.APPLY in acts and step.acts == "automatic":
        yield "apply"
    if case.stage in RUNNING:
        yield from _running(case)


def _running(case: Case) -> Iterator[str]:
    """Yield what is allowed in a case while its clocks can run."""
    on, step = timezone.localdate(), case.aim
    if selectors.stands_still(case, on=on):
        yield "resume"
    else:
        if set(case.ladder.pauses) & set(BY_HAND):
            yield "pause"
        yield "extend"
    if step.on_entry.plan and case.stage in MEASURE_IMPOSED and not selectors.plan_received(case):
        yield "plan"
    if step.reinstatement and "new_commitment" in step.reinstatement.needs:
        yield "commitment"
    if step.next in selectors.steps_proposed(case.member, case.ladder, on=on):
        yield "escalate"


def further_form(name: str, case: Case, data: dict | None = None) -> Form:
    """Return the form of a further act."""
    made = partial(
        {"pause": PauseForm, "extend": ExtendForm, "hearing": HearingForm,
         "escalate": ConfirmForm}.get(name, TextForm),
        data, auto_id=f"id_{name}_%s",
    )  # fmt: skip
    if name == "pause":
        return made(grounds=[g for g in case.ladder.pauses if g in BY_HAND], **REASONS)
    if name == "extend":
        return made(clocks=CLOCKS, **REASONS)
    if name == "hearing":
        words = [(form, said.capitalize()) for form, said in FORMS.items()]
        return made(forms_of_hearing=words, **MINUTES)
    if name == "escalate":
        return made()
    return made(**{"commitment": COMMITMENT, "plan": PLAN}.get(name, REASONS))
