"""Tables that say what becomes of what a membership holds, before anybody confirms an act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.templatetags.pages import figure
from members import selectors
from members.models import Member, Organisation
from members.selectors import Holdings
from rulebooks.rules.fees import FeeAmount

MOST_NAMED = 6
NOTHING = "none"
KINDS = {
    "duties": "Still owed",
    "fees": "Fees not paid",
    "cases": "Open cases",
    "signatures": "Signed texts",
    "targets": "Targets of its own",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table in words: a caption, its columns, and rows whose first cell is their head."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def transferred(member: Member, to: Organisation, *, on: date, cases: bool) -> Table:
    """Say that all stays with the membership, and what is of the organisation changes."""
    held, before = selectors.holdings(member, on=on), member.organisation
    stays = f"stays with {member.code}"
    rows = [(name, _listed(names), stays) for name, names in _kinds(held, cases)]
    rows = [
        ("Organisation", before.name, to.name),
        ("Corporate group", _group(before, on), _group(to, on)),
        ("Sectors", _sectors(before, on), _sectors(to, on)),
        ("People who belong to it", _people(before), _people(to)),
        *rows,
    ]
    return Table("What passes on, and what does not", ("What", "Now", "From then on"), tuple(rows))


def split(member: Member, off: Member, *, on: date, cases: bool) -> Table:
    """Say that each keeps what it holds."""
    mine, its = (_kinds(selectors.holdings(one, on=on), cases) for one in (member, off))
    rows = tuple(
        (name, _listed(held), _listed(others), "nothing moves")
        for (name, held), (_, others) in zip(mine, its, strict=True)
    )
    head = ("What", f"{member.name} ({member.code})", f"{off.name} ({off.code})", "From then on")
    return Table("What each holds", head, rows)


def merged(member: Member, into: Member, chosen: dict, *, on: date, cases: bool) -> Table:
    """Say what of a member follows to the other, by what is chosen."""
    held = selectors.holdings(member, on=on)
    follows, stays = f"goes to {into.code}", f"stays with {member.code}"
    owed = follows if chosen["obligations"] == "follow" else "falls away"
    becomes = {
        "duties": owed,
        "fees": owed,
        "cases": f"go on; {into.code} answers; measures "
        + ("hold against it too" if chosen["cases"] == "follow" else f"stay with {member.code}"),
        "signatures": follows if chosen["signatures"] == "follow" else stays,
        "targets": stays,
    }
    rows = tuple(
        (name, _listed(names), becomes[kind] if names else "–")
        for (name, names), kind in zip(_kinds(held, cases), _codes(cases), strict=True)
    )
    return Table(f"What becomes of what {member.name} holds", ("What", "Now", "From then on"), rows)


def fees(member: Member, member_class: str, *, from_on: date) -> Table | None:
    """Say what a member pays for a year in its class and in another, None where there is no fee."""
    changes = selectors.fee_changes(member, member_class, from_on=from_on)
    if not changes:
        return None
    rows = tuple((one.title, _amount(one.before), _amount(one.after)) for one in changes)
    head = ("Fee for a year", "In its class now", "In the other")
    return Table("What it pays; an invoice that was issued stays as it is", head, rows)


def _amount(row: FeeAmount | None) -> str:
    return f"{figure(row.amount)} {row.currency} (clause {row.clause})" if row else "no fee"


def _codes(cases: bool) -> list[str]:
    return [code for code in KINDS if cases or code != "cases"]


def _kinds(held: Holdings, cases: bool) -> list[tuple[str, tuple[str, ...]]]:
    return [(KINDS[code], getattr(held, code)) for code in _codes(cases)]


def _listed(names: tuple[str, ...]) -> str:
    """Return how many there are and what they are called, the first of many."""
    if not names:
        return NOTHING
    told = "; ".join(names[:MOST_NAMED])
    more = f"; and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{len(names)}: {told}{more}"


def _group(organisation: Organisation, on: date) -> str:
    found = selectors.group_of(organisation, on=on)
    return found.name if found else NOTHING


def _sectors(organisation: Organisation, on: date) -> str:
    return ", ".join(name for name, _ in selectors.sectors_named(organisation, on=on)) or NOTHING


def _people(organisation: Organisation) -> str:
    rows = organisation.affiliations.select_related("user").order_by("user__name", "pk")
    return _listed(tuple(row.user.name for row in rows))
