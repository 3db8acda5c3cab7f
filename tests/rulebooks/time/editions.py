"""Small editions to tell time by, and timelines of members under them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count

from rulebooks.rules import facts as f
from rulebooks.rules.edition import Edition
from rulebooks.rules.timeline import Kind, state_on, timeline

DAY = date.fromisoformat
LATER = datetime(2040, 1, 1, tzinfo=UTC)
BARE = """
format: 1
code: CODE
title: Rules on time
initiative: Fair Clocks
language: en
time_zone: Europe/Berlin
in_force_from: IN_FORCE
replaces: null
chambers: [{code: companies, name: Companies, clause: "1"}, {code: ngos, name: NGOs, clause: "1"}]
classes:
  - {code: full, name: Full, chambers: [companies, ngos], rights: [], clause: "1"}
  - {code: guest, name: Guest, chambers: [companies], rights: [], clause: "1"}
sizes: [{code: large, name: Large, clause: "1"}, {code: small, name: Small, clause: "1"}]
publicity: {membership: public, standing: public, scorecard: public, clause: "1"}
"""

ACOP = (
    "{kind: calendar_year, code: acop, name: Report, first: 2022, last: 2024, opens: {on: 03-01}, "
    'due: {on: 06-05}, late: {on: 06-30}, clause: "7"}'
)
COP = (
    "{kind: rolling, code: cop, name: Report, counted_from: last_return, every: {years: 1}, "
    'opens: {months: 3}, until: 2020-12-31, clause: "3"}'
)


def make(*parts, code="clocks", in_force="2000-01-01"):
    """Return the bare edition with further parts, each written as YAML."""
    text = BARE.replace("CODE", code).replace("IN_FORCE", in_force)
    return Edition.load(text + "\n".join(parts))


def periods(*written):
    return "periods:\n" + "\n".join(f"  - {one}" for one in written)


def obligations(*written):
    return "obligations:\n" + "\n".join(f"  - {one}" for one in written)


def owed(what, code, **more):
    """Return an obligation in YAML; ``more`` are further keys as written."""
    keys = {"title": code, "enforced_from": "2000-01-01", "clause": '"4"', **more}
    return f"{{what: {what}, code: {code}, " + ", ".join(f"{k}: {v}" for k, v in keys.items()) + "}"


def say(*told, numbers=None):
    """Return facts; each is (day, what) or (day, key, what)."""
    numbers = numbers or count(1)
    return [_fact(next(numbers), *one) for one in told]


def _fact(number, day, *rest):
    key, what = rest if len(rest) == 2 else ("", *rest)
    on = DAY(day)
    recorded = datetime(on.year, on.month, on.day, tzinfo=UTC)
    return f.Fact(id=number, what=what, key=key, about_on=on, recorded_at=recorded)


def tell(
    *told, editions, joined="2020-01-01", everyone=(), member_class="full", chamber="companies"
):
    """Return the timeline of a member that joined on a day, of whom ``told`` is known."""
    numbers = count(1)
    admitted = (joined, f.MemberAdmitted(member_class, chamber))
    member = say(admitted, *told, numbers=numbers)
    about_all = say(*everyone, numbers=count(1_000))
    editions = editions if isinstance(editions, tuple) else (editions,)
    return timeline(editions, about_all, member, known_at=LATER)


def course(changes, key):
    """Return the course of one obligation: each state with the day it begins."""
    return [(c.state, str(c.on)) for c in changes if c.kind == Kind.OBLIGATION and c.key == key]


def state(changes, key, on):
    change = state_on(changes, Kind.OBLIGATION, key, on=DAY(on))
    return change.state if change else None


def keys(changes):
    """Return the obligations there are, in the order in which they begin."""
    return list(dict.fromkeys(c.key for c in changes if c.kind == Kind.OBLIGATION))
