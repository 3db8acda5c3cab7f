"""Two editions compared for a reader: what members sign again, which series break, and the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rulebooks.rules.continuity.lineage import continuity
from rulebooks.rules.differences import Difference, differences
from rulebooks.rules.edition import Edition
from rulebooks.rules.reading import whom
from rulebooks.rules.reading.paragraphs import parts_by_code

GROUPS = {
    "edition": "The edition itself",
    "requirement": "What members sign",
    "period": "When members report",
    "obligation": "What members owe",
    "extension": "What members owe",
    "KPI": "What is asked",
    "target": "Targets",
    "member target": "Targets",
    "node": "How answers become a score",
    "cohort word": "How answers become a score",
    "band": "What a score is called",
    "breach rule": "What counts as falling short",
    "ladder": "What follows",
    "step": "What follows",
    "body": "Who decides, and how",
    "decision rule": "Who decides, and how",
    "stage": "Who decides, and how",
    "chamber": "Who belongs",
    "right": "Who belongs",
    "class": "Who belongs",
}
OTHERS = "Other parts"


@dataclass(frozen=True, slots=True)
class Change:
    """One row: the part, what of it, and its two values in words; ``code`` is unique with it."""

    part: str
    code: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a new edition changes. ``signed`` says of each requirement who signs it again."""

    declared: tuple[str, ...]
    signed: tuple[tuple[str, str], ...]
    broken: tuple[str, ...]
    groups: tuple[tuple[str, tuple[Change, ...]], ...]

    def __bool__(self) -> bool:
        return bool(self.declared or self.signed or self.broken or self.groups)


def compare(before: Edition, after: Edition) -> Comparison:
    """Return what changes from one edition to another, grouped for a reader."""
    found = differences(before, after)
    titles = {**parts_by_code(before), **parts_by_code(after)}
    return Comparison(
        declared=tuple(str(one) for one in found if one.kind == "declared"),
        signed=tuple(_signed(found, after)),
        broken=tuple(_broken(before, after)),
        groups=tuple(_groups(found, titles)),
    )


def _signed(found: Sequence[Difference], after: Edition) -> Iterator[tuple[str, str]]:
    """Yield the requirements that are signed again, or for the first time, each with by whom."""
    again = {one.code for one in found if one.is_signed_again}
    again |= {one.code for one in found if one.what == "requirement" and one.kind == "new"}
    deed = after.signing.deed
    if deed and any(one.what == "edition" and one.is_signed_again for one in found):
        yield deed.title, "all members that sign"
    for requirement in after.requirements:
        if requirement.code in again:
            yield requirement.title, whom(requirement.applies_to, after)


def _broken(before: Edition, after: Edition) -> Iterator[str]:
    """Yield the KPIs whose numbers before and after cannot be compared."""
    followed = continuity((before, after))
    new = {c for d in after.continuity if d.what == "kpi" and d.as_ == "new" for c in d.after()}
    if not after.continuity:
        new = {kpi.code for kpi in after.kpis} - {kpi.code for kpi in before.kpis}
    for kpi in after.kpis:
        breaks = followed.series_breaks(kpi.code, before=before.code, after=after.code)
        if breaks and kpi.code not in new:
            yield kpi.title


def _groups(
    found: Sequence[Difference], titles: Mapping[str, str]
) -> Iterator[tuple[str, tuple[Change, ...]]]:
    rows: dict[str, list[Change]] = {name: [] for name in (*GROUPS.values(), OTHERS)}
    for one in found:
        if one.kind != "declared":
            rows[GROUPS.get(one.what, OTHERS)].append(_change(one, titles))
    yield from ((name, tuple(changes)) for name, changes in rows.items() if changes)


def _change(one: Difference, titles: Mapping[str, str]) -> Change:
    part = titles.get(one.code.rpartition(".")[2]) or one.what.capitalize()
    name = f"{one.what} {one.code}" if one.code else ""
    if one.kind == "new":
        return Change(part, name, "", "", "new")
    if one.kind == "gone":
        return Change(part, name, "", "there", "gone")
    field = one.field.replace("_", " ").replace(".", ", ")
    return Change(part, name, field, shown(one.before, titles), shown(one.after, titles))


def shown(value: object, titles: Mapping[str, str]) -> str:
    """Return a plain value of a document in words: codes by their titles, blocks in one line."""
    if value is None or value in ([], {}):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(shown(one, titles) for one in value)
    if isinstance(value, dict):
        given = {key: one for key, one in value.items() if one is not None}
        return "; ".join(f"{titles.get(k, k)} {shown(one, titles)}" for k, one in given.items())
    return titles.get(str(value), str(value))
