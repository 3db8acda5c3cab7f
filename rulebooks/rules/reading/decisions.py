"""Bodies, decision rules, notices and retention in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from rulebooks.rules.decisions import Body, DecisionRule, Group, Proposers, VoteStage
from rulebooks.rules.edition import Edition
from rulebooks.rules.publicity import AudienceNotice
from rulebooks.rules.retention import Retention
from rulebooks.rules.schema import EVERYONE

BASES = {"present": "those present", "all_seats": "all seats"}
EMPTY = {
    "reweigh": "if nobody of it is counted, the others take over",
    "counts_against": "if nobody of it is counted, it counts against",
    "blocks": "without it nothing is decided",
}
TIES = {
    "passes": "a tie passes",
    "vote_again": "a tie is voted on again",
    "chair_decides": "the chair decides a tie",
}
AUDIENCES = {
    "concerned": "the member concerned",
    "complainant": "whoever complained",
    "workers": "the workers concerned",
    "buyers": "the members that buy there",
    "members": "all members",
    "public": "everybody",
}
TOLD = {
    "nothing": "nothing is told",
    "count": "a count is told",
    "name": "the name is told",
    "letter": "the whole letter is told",
}
SINCE = {
    "recorded": "it was recorded",
    "period_closed": "the period closed",
    "case_closed": "the case closed",
    "membership_ended": "the membership ended",
}
THEN = {"erase": "then erased", "anonymize": "then kept without names"}


def seats(body: Body, edition: Edition) -> Iterator[str]:
    """Yield who sits on a body, and what it means when nobody of a group is counted."""
    names = {chamber.code: chamber.name for chamber in edition.chambers}
    for group in body.groups:
        yield _group(group, names)
    if body.chair is not None:
        kind = "independent chair" if body.chair.independent else "chair"
        chosen = body.chair.chosen[:1].lower() + body.chair.chosen[1:]
        yield f"{kind}, chosen {chosen}, votes {body.chair.votes.replace('_', ' ')}"
    if body.terms is not None:
        most = f", at most {body.terms.at_most} times running" if body.terms.at_most else ""
        yield f"a seat is given for {body.terms.length}{most}"
    if body.seats_per_corporate_group is not None:
        yield f"at most {body.seats_per_corporate_group} of one corporate group"


def decides(body: Body, edition: Edition) -> Iterator[str]:
    """Yield what a body decides, and by which rule."""
    for question, code in (body.decides or {}).items():
        yield f"{question}: {edition.decision_rule(code).name}"
    for code in body.hears_appeals_from:
        yield f"hears appeals from {edition.body(code).name}"


def rule(rule: DecisionRule) -> Iterator[str]:
    """Yield what a decision rule asks, one thing a line."""
    if rule.proposers is not None:
        yield f"proposed by {proposers(rule.proposers)}"
    if rule.quorum is not None:
        asked = (("of all", rule.quorum.overall), ("of each chamber", rule.quorum.each_chamber))
        bars = " and ".join(f"{bar} {whom}" for whom, bar in asked if bar is not None)
        yield f"quorum: {bars} there, by {rule.quorum.by}"
    away = "leave" if rule.recusal.seats == "leave" else "stay in"
    yield f"recused seats {away} quorum and base"
    if rule.recusal.substitute is not None:
        yield f"{rule.recusal.substitute} decides when too many are recused"
    if (most := rule.caps.per_corporate_group) is not None:
        yield f"at most {most} vote{'s' * (most > 1)} of one corporate group"
    if rule.caps.proxies is not None:
        yield f"at most {rule.caps.proxies} proxies in one hand"
    for place, stage in enumerate(rule.stages):
        words = "".join(_stage(stage))
        yield f"{'then ' if place else ''}{words}{f' ({stage.grade})' if _grade(stage) else ''}"
    yield f"results are published {'by chamber' if rule.results == 'by_chamber' else 'in total'}"


def proposers(asked: Proposers) -> str:
    """Return who has to propose it together."""
    return f"members of at least {asked.groups} group{'s' * (asked.groups > 1)}"


def notice(notice: AudienceNotice) -> str:
    """Return what an audience learns of an event."""
    event = notice.event.replace("_", " ")
    if notice.standings != EVERYONE:
        event = f"{event} ({', '.join(notice.standings)})"
    waits = [
        f"{words} {term}"
        for words, term in (
            ("not before", notice.embargo),
            ("with time to reply,", notice.right_of_reply),
        )
        if term is not None
    ]
    said = f"{event}, to {AUDIENCES[notice.audience]}: {TOLD[notice.what]}"
    return ", ".join([said, *waits])


def kept(retention: Retention) -> str:
    """Return how long one kind of record is kept."""
    if retention.keep is None:
        return "kept for good"
    return f"{retention.keep} after {SINCE[retention.since]}, {THEN[retention.then]}"


def _group(group: Group, names: dict[str, str]) -> str:
    name = names.get(group.chamber or group.code, group.code)
    size = group.size()
    weight = "" if group.weight == "heads" else f", weight {group.weight}"
    cap = f", at most {group.cap} of the power" if group.cap is not None else ""
    inner = f" ({'; '.join(_group(one, names) for one in group.groups)})" if group.groups else ""
    seats = "" if size is None else f" {size}"
    return f"{name}{seats}{weight}{cap}{inner}; {EMPTY[group.empty]}"


def _grade(stage: object) -> str | None:
    return getattr(stage, "grade", None)


def _stage(stage: object) -> Iterator[str]:
    if stage.kind == "consensus":
        yield "consensus: nobody against"
    elif stage.kind == "referral":
        yield f"to {stage.to}{f' for {stage.within}' if stage.within else ''}"
    else:
        yield from _vote(stage)


def _vote(stage: VoteStage) -> Iterator[str]:
    if stage.base.of == "votes_cast":
        counted = [n for n in ("abstentions", "spoilt") if getattr(stage.base, n) == "in"]
        base = "votes cast" + (f", {' and '.join(counted)} in" if counted else "")
    else:
        base = BASES[stage.base.of]
    yield f"{stage.threshold} of {base}, by {stage.by}"
    if stage.each_chamber is not None:
        yield f", and {stage.each_chamber} in each chamber"
    if stage.support is not None:
        yield f", with the support of {stage.support} of all seats of each chamber"
    if stage.tie in TIES:
        yield f"; {TIES[stage.tie]}"
