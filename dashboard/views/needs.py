"""What waits for somebody, as lines of a list: how many, of what, and where to do it."""

from __future__ import annotations

from django.urls import reverse

from dashboard import selectors
from members.models import ClassRequest


def line(count: int, one: str, many: str, name: str, query: str = "", look: str = "soon") -> dict:
    """One line: how many, in words, and where it is done."""
    text = one if count == 1 else many
    return {"count": count, "text": text, "url": reverse(name) + query, "look": look}


def waiting_for_someone(*lines: dict) -> list[dict]:
    return [found for found in lines if found["count"]]


def secretariat(
    waiting: selectors.Waiting, reporting: selectors.Reporting | None, procedures: dict
) -> list[dict]:
    """What the secretariat can do today."""
    late = reporting.filing.late if reporting else 0
    return waiting_for_someone(
        line(
            waiting.applications,
            "application waits for a decision",
            "applications wait for a decision",
            "members:applications",
        ),
        line(
            waiting.to_carry_out,
            "recorded decision on an application waits to be carried out",
            "recorded decisions on applications wait to be carried out",
            "governance:admissions",
        ),
        line(
            waiting.own_targets,
            "target that a member proposes for itself waits to be decided",
            "targets that members propose for themselves wait to be decided",
            "targets:proposals",
        ),
        *_class_requests(waiting.class_requests),
        line(
            len(waiting.runs),
            "scored period waits to be published",
            "scored periods wait to be published",
            "kpis:runs",
        ),
        line(
            waiting.contests,
            "contest of a provisional score waits for an answer",
            "contests of provisional scores wait for an answer",
            "kpis:runs",
        ),
        line(
            waiting.letters,
            "letter waits for release",
            "letters wait for release",
            "members:outbox",
        ),
        line(
            waiting.unreachable,
            "member cannot be reached: it has no reachable main contact",
            "members cannot be reached: they have no reachable main contact",
            "members:unreachable",
        ),
        line(
            waiting.alone,
            "member has nobody who acts for it",
            "members have nobody who acts for them",
            "members:unreachable",
            query="?without=acts",
        ),
        line(late, "return is late", "returns are late", "kpis:returns", look="breach"),
        line(
            procedures["breach_count"] - procedures["to_decide"],
            "breach is provisional: the member may still correct facts",
            "breaches are provisional: the members may still correct facts",
            "suspensions:breaches",
        ),
        line(
            procedures["to_decide"],
            "provisional breach waits for the case officer's word",
            "provisional breaches wait for the case officer's word",
            "suspensions:breaches",
        ),
        line(
            procedures["case_count"], "case is open", "cases are open", "suspensions:cases", look=""
        ),
    )


def _class_requests(asked: list[ClassRequest]) -> list[dict]:
    """A line that leads to the member that asked first."""
    words = "request for another class or chamber by"
    if asked[1:]:
        words = "requests for another class or chamber, the first by"
    return [
        {
            "count": len(asked),
            "text": f"{words} {first.member}",
            "url": reverse("members:membership", args=[first.member.code]),
            "look": "soon",
        }
        for first in asked[:1]
    ]


def case_officer(waiting: selectors.Waiting, procedures: dict) -> list[dict]:
    """What the case officer can do today."""
    stages = procedures["stages"]
    return waiting_for_someone(
        line(
            procedures["to_decide"],
            "breach can be confirmed or dismissed: the time to correct facts is over",
            "breaches can be confirmed or dismissed: the time to correct facts is over",
            "suspensions:breaches",
            look="breach",
        ),
        line(
            procedures["contested"],
            "breach is contested by the member",
            "breaches are contested by their members",
            "suspensions:breaches",
        ),
        line(
            procedures["without_case"],
            "confirmed breach stands in no case yet",
            "confirmed breaches stand in no case yet",
            "suspensions:breaches",
            "?status=confirmed",
        ),
        line(
            procedures["steps_due"],
            "step is proposed by the rules and waits for a case",
            "steps are proposed by the rules and wait for a case",
            "suspensions:steps",
        ),
        line(
            stages["opened"],
            "case waits for its notice to be served",
            "cases wait for their notices to be served",
            "suspensions:cases",
        ),
        line(
            stages["unanswered"],
            "case was not answered in time and goes to its body",
            "cases were not answered in time and go to their bodies",
            "suspensions:cases",
        ),
        line(
            waiting.letters,
            "letter waits for release",
            "letters wait for release",
            "members:outbox",
        ),
    )
