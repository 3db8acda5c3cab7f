"""Nodes and conditions in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from rulebooks.rules.aggregation import Word
from rulebooks.rules.aggregation.grades import Tally
from rulebooks.rules.conditions import BaseCondition
from rulebooks.rules.conditions.answers import Assured, InState, Is
from rulebooks.rules.conditions.logic import All, Any_, Not
from rulebooks.rules.conditions.shares import ShareAssured
from rulebooks.rules.ends import Ends
from rulebooks.rules.reading.wording import plain

Titles = Mapping[str, str]
Rows = Iterator[tuple[str, str]]
ELSE, NO_NUMBER = "in every other case", "where a number is not there"


def condition(part: BaseCondition, titles: Titles) -> str:
    """Return a condition in words."""
    if isinstance(part, All | Any_):
        glue = " and " if isinstance(part, All) else " or "
        return "(" + glue.join(condition(inner, titles) for inner in part.of) + ")"
    if isinstance(part, Not):
        return f"not {condition(part.of, titles)}"
    if isinstance(part, ShareAssured):
        share = f"share of {titles.get(part.of, part.of)} checked to {part.share_assured}"
        return f"{share}, by {part.by}: {part.in_words()}"
    return _about(part, titles)


def _about(part: BaseCondition, titles: Titles) -> str:
    name = titles.get(part.asked.code, part.asked.code)
    if isinstance(part, Assured):
        return f"{name}: checked to {part.assured} or higher"
    if isinstance(part, Is):
        return f"{name}: {' or '.join(part.labels)}"
    if isinstance(part, InState):
        return f"{name}: {' or '.join(state.replace('_', ' ') for state in part.state)}"
    return f"{name}: {part.in_words()}"


def cases(node: Word, titles: Titles) -> tuple[tuple[str, str], ...]:
    """Return what can come out of a node and when, for words that decide between outcomes."""
    told = CASES.get(node.op)
    return tuple(told(node, titles)) if told else ()


def _first_match(node: Word, titles: Titles) -> Rows:
    for case in node.cases:
        yield case.then, condition(case.when, titles)
    yield node.otherwise, ELSE


def _grade(node: Word, titles: Titles) -> Rows:
    for step in node.grades:
        yield step.then, step.in_words()
    yield node.no_data, NO_NUMBER


def _count_of_grades(node: Word, titles: Titles) -> Rows:
    for case in node.cases:
        yield case.then, " and ".join(map(_tally, case.needs))
    yield node.otherwise, ELSE
    yield node.no_data, f"where fewer than {node.at_least_graded} are graded"


def _tally(tally: Tally) -> str:
    bars = [f"at least {tally.at_least}"] if tally.at_least is not None else []
    bars += [f"at most {tally.at_most}"] if tally.at_most is not None else []
    return f"{' and '.join(bars)} {' or '.join(tally.grades)}"


def _level_gate(node: Word, titles: Titles) -> Rows:
    opened = ""
    for level in node.levels:
        name = titles.get(level.of, level.of)
        for grade in level.grades:
            least = "any number" if grade.from_ is None else f"from {plain(grade.from_)}"
            yield grade.then, f"{name}: {least}{opened}"
        if level.opens_next_from is not None:
            opened = f", once {name} is {plain(level.opens_next_from)} or more"
    for cap in node.caps:
        yield f"at most {cap.at_most}", condition(cap.when, titles)
    yield node.no_data, NO_NUMBER


def _levels_reached(node: Word, titles: Titles) -> Rows:
    for place, level in enumerate(node.levels, start=1):
        yield f"level {place}", f"{titles.get(level.of, level.of)}: from {plain(level.from_)}"


def _matrix(node: Word, titles: Titles) -> Rows:
    first, second = (titles.get(code, code) for code in node.of)
    for row in node.rows:
        years = "" if node.by is None else f", {titles.get(node.by, node.by)} {Ends.in_words(row)}"
        for label, (one, other) in row.bars.items():
            yield label, f"{first} from {plain(one)} and {second} from {plain(other)}{years}"
    yield node.otherwise, ELSE
    yield node.no_data, NO_NUMBER


def _branch(node: Word, titles: Titles) -> Rows:
    for way in node.ways:
        yield titles.get(way.read, way.read), condition(way.when, titles)
    yield titles.get(node.otherwise, node.otherwise) or "no number", ELSE


def _bonus_when(node: Word, titles: Titles) -> Rows:
    yield f"{plain(node.bonus)} more", condition(node.when, titles)
    if node.at_most is not None:
        yield f"at most {plain(node.at_most)}", "whatever the bonus"


def _capped_sum(node: Word, titles: Titles) -> Rows:
    names = ", ".join(titles.get(code, code) for code in node.bonus)
    yield f"at most {plain(node.bonus_at_most)} more", f"the sum of {names}"
    if node.at_most is not None:
        yield f"at most {plain(node.at_most)}", "whatever the bonus"


CASES: dict[str, Callable[[Word, Titles], Rows]] = {
    "first_match": _first_match,
    "grade": _grade,
    "count_of_grades": _count_of_grades,
    "level_gate": _level_gate,
    "levels_reached": _levels_reached,
    "matrix": _matrix,
    "branch": _branch,
    "bonus_when": _bonus_when,
    "capped_sum": _capped_sum,
}
