"""What a return still needs before it can be submitted."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rulebooks.rules.answers import MISSING, Answer, State
from rulebooks.rules.edition import Edition
from rulebooks.rules.indicators import CarryForward, Kpi

POLICY = {
    "zero": "counts as 0",
    "leave_out": "is left out of the score",
    "knock_out": "is a knock-out, whatever the other answers",
    "not_scored": "leaves the score without a number where it is needed",
}


def missing(
    edition: Edition,
    answers: Mapping[str, Answer],
    *,
    evidenced: Collection[str],
    unread: Collection[str] = (),
) -> dict[str, str]:
    """Return, for each KPI that keeps a return from being submitted, what it needs.

    Every KPI is answered, or said not to be known or not to apply; an answer has evidence where
    the edition requires it. A KPI that sites answer needs a site; one that is silent keeps no
    return back, as the KPI's policy says what that does. ``unread`` are KPIs whose text cannot be
    read as an answer.
    """
    found = {
        kpi.code: _needs(kpi, answers.get(kpi.code, MISSING), kpi.code in evidenced)
        for kpi in edition.kpis
        if kpi.is_asked
    }
    found |= {code: "What is typed is not an answer yet" for code in unread}
    return {code: need for code, need in found.items() if need}


def _needs(kpi: Kpi, answer: Answer, evidenced: bool) -> str:
    sites = answer.read_with.sites
    if kpi.per_site and not sites and answer.state is State.MISSING:
        return "Name the sites that answer it, or say that it is not known or does not apply"
    if not sites and answer.state is State.MISSING:
        return "Answer it, or say that it is not known"
    given = answer.state is State.ANSWERED or any(
        one.answer.state is State.ANSWERED for one in sites
    )
    if kpi.evidence == "required" and given and not evidenced:
        return f"Attach evidence: clause {kpi.clause} requires it"
    return ""


def policy(kpi: Kpi) -> str:
    """Return in a sentence what an answer that is missing or not known does."""
    if isinstance(kpi.missing, CarryForward):
        periods = kpi.missing.carry_forward
        within = "the period before" if periods == 1 else f"the {periods} periods before"
        taken = f"the last answer published for {within}"
        return f"“Not known” takes {taken}; without one it {POLICY[kpi.policy]}."
    return f"“Not known” {POLICY[kpi.policy]}."
