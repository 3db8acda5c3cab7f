"""What the pages share on which a clerk counts votes: the form, what came of it, earlier votes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from governance import selectors
from governance.forms import VoteForm
from governance.rules import rounds, voting
from governance.rules.rounds import Earlier, Turn
from rulebooks.rules.decisions import DecisionRule
from rulebooks.rules.edition import Edition

KINDS = {"passed": "good", "failed": "breach"}


def vote_form(
    request: HttpRequest,
    edition: Edition,
    body: str,
    rule: DecisionRule,
    turn: Turn | None = None,
) -> VoteForm:
    """Return the form of the votes of a body, at the stage that is its turn.

    It tells beforehand what the vote needs, of those who may vote today.
    """
    return VoteForm(
        request.POST or None,
        body=edition.body(body),
        rule=rule,
        names={chamber.code: chamber.name for chamber in edition.chambers},
        voters=selectors.voters(edition, body, on=timezone.localdate()),
        initial={"stage": turn.stage.code} if turn else {},
        prefix="vote",
    )


def called(names: Mapping[str, str], rule: DecisionRule | None) -> dict[str, str]:
    """Return the names of bodies, and with them those of the stages of a rule."""
    if rule is None:
        return dict(names)
    found = {}
    for stage in rule.stages:
        if stage.kind == "referral":
            found[stage.code] = f"referred to {names.get(stage.to, stage.to)}"
        else:
            found[stage.code] = stage.grade or stage.code.replace("-", " ")
    return found | dict(names)


def shown(came: voting.Outcome | None, names: Mapping[str, str]) -> dict:
    """Return an outcome as the page shows it; ``names`` are those of bodies and stages."""
    if came is None:
        return {}
    return {
        "came": came,
        "came_kind": KINDS.get(came.state, "soon"),
        "came_words": voting.WORDS[came.state],
        "came_next": came.next and in_words(came.next, names),
        "came_leads_on": came.state in rounds.OPEN,
    }


def earlier_votes(
    earlier: Iterable[Earlier], names: Mapping[str, str]
) -> list[tuple[str, str, date, str, str]]:
    """Return of each vote before: body, stage, day, what it came to, what is next, in words."""
    return [
        (
            names.get(vote.body, vote.body),
            in_words(vote.stage, names),
            vote.taken_on,
            voting.WORDS[vote.state],
            in_words(vote.then, names),
        )
        for vote in earlier
    ]


def in_words(code: str, names: Mapping[str, str]) -> str:
    """Return the name of a body, or the code of a stage as words."""
    return names.get(code) or code.replace("-", " ")
