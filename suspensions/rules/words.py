"""How a case stands, in words: what runs, until when, whose turn it is, what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rulebooks.rules.ladder import Step
from rulebooks.rules.terms import add_days
from suspensions.rules.procedure import BreachStage, Stage

# The word for a stage, and the kind of mark that goes with it.
STAGES = {
    Stage.OPENED: ("Opened", "soon"),
    Stage.NOTIFIED: ("Notice served", "soon"),
    Stage.ANSWERED: ("Answered", "soon"),
    Stage.UNANSWERED: ("Not answered in time", "breach"),
    Stage.HEARD: ("Heard", "soon"),
    Stage.IMPOSED: ("Measure imposed", "suspended"),
    Stage.DISMISSED: ("Dismissed", "none"),
    Stage.APPEALED: ("Appeal open", "soon"),
    Stage.FINAL: ("Measure final", "suspended"),
    Stage.SET_ASIDE: ("Measure set aside", "none"),
    Stage.LIFTED: ("Measure lifted", "good"),
    Stage.CURED: ("Made good", "good"),
}
BREACHES = {
    BreachStage.PROVISIONAL: ("Provisional", "soon"),
    BreachStage.IN_REVIEW: ("In review", "soon"),
    BreachStage.CONFIRMED: ("Confirmed", "breach"),
    BreachStage.DISMISSED: ("Dismissed", "none"),
    BreachStage.CURED: ("Found made good", "good"),
}
OUTCOMES = {
    "impose": "The measure is imposed",
    "dismiss": "The case is dismissed",
    "upheld": "The measure is upheld",
    "set_aside": "The measure is set aside",
    "lift": "The measure is lifted",
}
EVENTS = {
    Stage.OPENED: "The case was opened",
    Stage.NOTIFIED: "The notice was served",
    Stage.ANSWERED: "The member answered",
    Stage.UNANSWERED: "The time to answer ran out",
    Stage.HEARD: "The member was heard, or waived it",
    Stage.IMPOSED: "The measure was imposed",
    Stage.DISMISSED: "The case was dismissed",
    Stage.APPEALED: "The member appealed",
    Stage.FINAL: "The decision became final",
    Stage.SET_ASIDE: "The measure was set aside",
    Stage.LIFTED: "The measure was lifted",
    Stage.CURED: "What the case was about was made good",
}
TIMES = {
    "answer": "To answer",
    "appeal": "To appeal",
    "cure": "To make good",
    "plan": "To hand in a plan",
}
AHEAD = {
    Stage.UNANSWERED: "If nothing more happens, the time to answer runs out",
    Stage.FINAL: "If nothing more happens, the decision becomes final",
}


@dataclass(frozen=True, slots=True)
class Clock:
    """What stands on top of a case. ``until`` is the last day, None when no time runs."""

    kind: str
    what: str
    since: date
    until: date | None = None
    turn: str = ""
    follows: str = ""
    how: str = ""


def case_clock(
    stage: str,
    *,
    since: date,
    step: Step,
    body: str,
    until: date | None = None,
    because: str = "",
) -> Clock:
    """Return what runs in a case at ``stage``, and what comes after it.

    ``body`` is the name of the one that the step names, ``until`` the last day of the running
    clock and ``because`` the sum of days behind it.
    """
    kind = STAGES[Stage(stage)][1]
    after = add_days(until, 1) if until else None
    by_stage: dict[str, tuple[str, str, str]] = {
        Stage.OPENED: (
            "No time runs yet: the notice has not been served",
            "the case officer",
            f"From the day of service the member has {step.answer_days} days to answer.",
        ),
        Stage.NOTIFIED: (
            "Time to answer",
            "the member",
            f"From {after} on, {body} may decide without an answer.",
        ),
        Stage.ANSWERED: ("The answer is in", body, f"{step.name}, or the case is dismissed."),
        Stage.HEARD: ("The member was heard", body, f"{step.name}, or the case is dismissed."),
        Stage.UNANSWERED: (
            "The time to answer has run out",
            body,
            f"{step.name}, or the case is dismissed. A late answer is still taken until then.",
        ),
        Stage.IMPOSED: ("Time to appeal", "the member", f"From {after} on, it is final."),
        Stage.APPEALED: (
            "An appeal is open",
            f"a body other than {body}",
            "The measure is upheld or set aside."
            + (" Until then it rests." if step.appeal_suspends else " Until then it holds."),
        ),
        Stage.FINAL: ("The measure holds", body, "It holds until it is lifted."),
    }
    what, turn, follows = by_stage.get(
        stage, (f"{STAGES[Stage(stage)][0]}: the case is closed", "", "")
    )
    how = (
        f"{because}. Clause {step.clause}; all days count, the last one included." if until else ""
    )
    return Clock(kind, what, since, until, turn, follows, how)


def breach_clock(
    state: str, *, since: date, until: date | None, answered: bool, today: date, because: str
) -> Clock:
    """Return what runs about a breach: the time to correct facts, then the officer's word."""
    word, kind = BREACHES[BreachStage(state)]
    if state in (BreachStage.CONFIRMED, BreachStage.DISMISSED, BreachStage.CURED):
        return Clock(kind, f"{word} by a case officer", since)
    if state == BreachStage.IN_REVIEW:
        follows = "A case officer dismisses it, unless the day comes round again."
        return Clock(kind, "Its ground has fallen away", since, None, "the case officer", follows)
    follows = "It is confirmed or dismissed, with the reason."
    if answered:
        return Clock(kind, "The member has answered", since, None, "the case officer", follows)
    if until is None or until < today:
        what, begun = "The time to correct facts is over", add_days(until, 1) if until else since
        return Clock(kind, what, begun, None, "the case officer", follows)
    follows = f"From {add_days(until, 1)} on, a case officer confirms or dismisses it."
    how = f"{because}. All days count, the last one included." if because else ""
    return Clock(kind, "Time to correct facts", since, until, "the member", follows, how)
