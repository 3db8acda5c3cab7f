"""What must hold of bodies, of whoever decides, and of the rules by which they do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.checks.electorates import electorate_faults
from rulebooks.rules.checks.places import codes, unknown
from rulebooks.rules.decisions.rule import EachChamber
from rulebooks.rules.document import Fault, Path
from rulebooks.rules.schema import EVERYONE

if TYPE_CHECKING:
    from rulebooks.rules.decisions import Bar, Body, DecisionRule
    from rulebooks.rules.edition import Edition


def named_body(path: Path, code: str, edition: Edition) -> Iterator[Fault]:
    """Yield a fault when ``code`` is no body of an edition that says which bodies it has."""
    if edition.bodies:
        yield from unknown(path, code, "body", codes(edition.bodies))


def body_faults(edition: Edition) -> Iterator[Fault]:
    """Yield bodies that cannot sit or decide, and deciders that are no body or have no rule."""
    for index, body in enumerate(edition.bodies):
        path = ("bodies", index)
        yield from electorate_faults(path, body, codes(edition.chambers))
        yield from _decides(path, body, edition)
        yield from _hears_appeals(path, body, edition)
    for index, rule in enumerate(edition.decision_rules):
        yield from _rule_faults(("decision_rules", index), rule, edition)
    yield from _decider_faults(edition)
    yield from _proof_faults(edition)


def body_warnings(edition: Edition) -> Iterator[Fault]:
    """Yield rules that no body decides by, votes without a quorum, and appeals nobody hears."""
    used = {code for body in edition.bodies for code in (body.decides or {}).values()}
    for index, rule in enumerate(edition.decision_rules):
        path = ("decision_rules", index)
        if rule.code not in used:
            yield Fault(path, f"no body decides by {rule.code}: name it in decides of a body")
        if rule.quorum is None:
            yield Fault(path, f"{rule.code} has no quorum: one vote alone would bind")
    heard = {code for body in edition.bodies for code in body.hears_appeals_from}
    for index, body in enumerate(edition.bodies):
        if body.rule_for("measure") and body.code not in heard:
            message = f"{body.code} decides on measures, and no body hears appeals from it"
            yield Fault(("bodies", index), message)


def _decides(path: Path, body: Body, edition: Edition) -> Iterator[Fault]:
    rules = {rule.code: rule for rule in edition.decision_rules}
    for question, code in (body.decides or {}).items():
        where = (*path, "decides", question)
        yield from unknown(where, code, "decision rule", rules)
        if code in rules:
            yield from _unreachable(where, body, rules[code])
    if body.hears_appeals_from and edition.decision_rules and not body.rule_for("appeal"):
        message = f"{body.code} hears appeals by no rule; say decides: {{appeal: …}}"
        yield Fault((*path, "hears_appeals_from"), message)


def _unreachable(path: Path, body: Body, rule: DecisionRule) -> Iterator[Fault]:
    """Yield what ``body`` can never reach: groups it has not, more heads than it seats."""
    for place, bar in rule.bars():
        name = f"{rule.code} ({'.'.join(map(str, place))})"
        yield from (Fault(path, f"{name} {why}") for why in _out_of_reach(body, bar))
    if any(getattr(stage, "tie", "") == "chair_decides" for stage in rule.stages) and (
        body.chair is None or body.chair.votes == "never"
    ):
        message = f"{rule.code} lets the chair decide a tie, and no chair of {body.code} may"
        yield Fault(path, f"{message}; say chair: {{chosen: …, votes: on_a_tie}}")
    if rule.proposers is not None and rule.proposers.groups > len(body.groups):
        message = f"{rule.code} asks for proposers of {rule.proposers.groups} groups"
        yield Fault(path, f"{message}; {body.code} has {len(body.groups)}")


def _out_of_reach(body: Body, bar: Bar) -> Iterator[str]:
    sizes = [(body.code, body.size())]
    if isinstance(bar, EachChamber):
        sizes = [(group.code, group.size()) for group in body.groups if bar.asks(group.code)]
        for code in bar.among if bar.among != EVERYONE else ():
            if code not in body.top:
                allowed = ", ".join(body.top)
                yield f"asks {code}, which is no group of {body.code}; its groups: {allowed}"
    for code, size in sizes:
        if bar.heads is not None and size is not None and bar.heads > size:
            yield f"asks for {bar.heads} of {code}, which seats {size}: it could never pass"


def _hears_appeals(path: Path, body: Body, edition: Edition) -> Iterator[Fault]:
    for index, code in enumerate(body.hears_appeals_from):
        where = (*path, "hears_appeals_from", index)
        yield from unknown(where, code, "body", codes(edition.bodies))
        if code == body.code:
            yield Fault(where, f"{code} cannot hear appeals from itself; name another body")


def _rule_faults(path: Path, rule: DecisionRule, edition: Edition) -> Iterator[Fault]:
    bodies = codes(edition.bodies)
    if rule.recusal.substitute is not None:
        where = (*path, "recusal", "substitute")
        yield from unknown(where, rule.recusal.substitute, "body", bodies)
        yield from (Fault(where, why) for why in _unfit_substitute(rule, edition))
    for index, stage in enumerate(rule.stages):
        if stage.kind == "referral":
            yield from unknown((*path, "stages", index, "to"), stage.to, "body", bodies)


def _unfit_substitute(rule: DecisionRule, edition: Edition) -> Iterator[str]:
    deciding = [b.code for b in edition.bodies if rule.code in (b.decides or {}).values()]
    for body in edition.bodies:
        if body.code != rule.recusal.substitute:
            continue
        if body.code in deciding:
            yield f"{body.code} decides by {rule.code} itself and cannot stand in for it"
        if heard := [code for code in deciding if code in body.hears_appeals_from]:
            yield f"{body.code} hears appeals from {heard[0]}: it would hear them from itself"


def _decider_faults(edition: Edition) -> Iterator[Fault]:
    """Yield steps decided by no body, or by one without a rule for it, and appeals to no body."""
    rules = {body.code: body.rule_for("measure") for body in edition.bodies}
    for place, ladder in enumerate(edition.ladders):
        for index, step in enumerate(ladder.steps):
            path = ("ladders", place, "steps", index, "decided_by")
            yield from named_body(path, step.decided_by, edition)
            if step.appeal_to is not None:
                yield from named_body((*path[:-1], "appeal_to"), step.appeal_to, edition)
            if edition.decision_rules and rules.get(step.decided_by, "") is None:
                message = f"{step.decided_by} has no decision rule for measures"
                yield Fault(path, f"{message}; say decides: {{measure: …}} of that body")


def _proof_faults(edition: Edition) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, proof in enumerate(edition.standards_of_proof):
        if proof.question in seen:
            path = ("standards_of_proof", index, "question")
            yield Fault(path, f"{proof.question} has a standard already; a question has one")
        seen.add(proof.question)
