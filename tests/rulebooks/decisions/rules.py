"""Bodies and decision rules of fictional assemblies, as an edition writes them."""

from rulebooks.rules import document
from rulebooks.rules.decisions import Body, DecisionRule, Electorate, Tally

CAST = "base: {of: votes_cast, abstentions: out, spoilt: out}"
SIMPLE = f"kind: vote, code: vote, {CAST}, by: heads, threshold: {{more_than: 1/2}}"


def rule(stages: str, **more: str) -> DecisionRule:
    """Return a rule of ``stages``, written as YAML; ``more`` are other keys, likewise."""
    keys = {"code": "rule", "name": "A rule", "results": "by_chamber", "clause": '"8"'} | more
    written = ", ".join(f"{key}: {value}" for key, value in keys.items())
    return document.load(f"{{{written}, stages: [{stages}]}}", DecisionRule)


def plain(**more: str) -> DecisionRule:
    """Return a rule of one stage; ``more`` replaces or adds keys of the stage."""
    keys = {
        "base": "{of: votes_cast, abstentions: out, spoilt: out}",
        "by": "heads",
        "threshold": "{more_than: 1/2}",
    } | more
    written = ", ".join(f"{key}: {value}" for key, value in keys.items())
    return rule(f"{{kind: vote, code: vote, {written}}}")


def groups(written: str):
    """Return the groups of an electorate written as YAML."""
    body = f'{{code: body, name: Body, clause: "2", electorate: {written}}}'
    return document.load(body, Body).electorate


def members(count: int | None = None) -> Electorate:
    """Return an assembly of one group."""
    return Electorate.of(groups("[{code: all, weight: heads, empty: blocks}]"), {"all": count})


def chambers(**seats: int) -> Electorate:
    """Return chambers that weigh the same whatever their size; an empty one counts against."""
    written = ", ".join(f"{{code: {c}, weight: 1, empty: counts_against}}" for c in seats)
    return Electorate.of(groups(f"[{written}]"), seats)


def votes(**each: tuple[int, ...]) -> dict[str, Tally]:
    """Return counts by group: for, against, abstained, spoilt."""
    return {code: Tally(*figures) for code, figures in each.items()}
