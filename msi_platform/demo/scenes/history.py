"""Members that come from another register, with their past: it is imported, and opens nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from django.conf import settings

from kpis.rules.profiles import Profile
from kpis.rules.stating import Setting
from kpis.services.imports import import_file
from members.models import Member

if TYPE_CHECKING:
    from msi_platform.demo.story import Story

PROFILES = settings.BASE_DIR / "kpis" / "profiles"
OLD = "Register of the Harbour Round"
MEMBERS = (
    ("Old Harbour Devices", "Poland", "PL-4471", "manufacturer", "companies", "2016-03-01"),
    ("Ångström & Søn Optics", "Denmark", "DK-0093", "brand", "companies", "2017-09-15"),
    ("Sable Point Electric", "Malaysia", "MY-7120", "manufacturer", "companies", "2019-01-20"),
)
MEMBERS_HEADER = ("Name", "Country", "Number", "Class", "Chamber", "Joined")
HISTORY_HEADER = (
    *("Name", "What", "About", "On", "Edition"),
    *("Obligation", "Until", "Class", "Chamber", "Step"),
)

CONTACTS_HEADER = ("Member", "Role", "Name", "E-mail", "Phone", "Since")
PEOPLE = ("Zofia Wrona", "Søren Ångström", "Aminah Rahman")


def lay_out(story: Story) -> None:
    """Nine days ago the secretariat took over three members, ten years of files, and contacts."""
    story.at(story.ago(9), lambda on: take_over(story, on))


def take_over(story: Story, on: date) -> None:
    edition = story.calendar.edition_text().partition("code: ")[2].split()[0].strip('"')
    signed = ("free-recruitment", "hours")
    history = [
        (name, "signed", text, f"{joined[:4]}-11-0{place + 1}", edition)
        for name, *_, joined in MEMBERS[:2]
        for place, text in enumerate(signed)
    ]
    paid = [
        row
        for name, *_, joined in MEMBERS
        for year in range(int(joined[:4]) + 1, on.year)
        for row in (
            (name, "invoiced", f"{name[0]}{year}", f"{year}-02-01", "", "fee", f"{year}-03-01"),
            (name, "paid", f"{name[0]}{year}", f"{year}-02-20"),
        )
    ]
    _import(story, "members", (MEMBERS_HEADER, *MEMBERS), on)
    _import(story, "history", (HISTORY_HEADER, *history, *paid), on)
    _import(story, "contacts", (CONTACTS_HEADER, *_contacts()), on)


def _contacts() -> list[tuple[str, ...]]:
    """Return the people of the old register who are written to, by the new codes."""
    codes = dict(Member.objects.values_list("organisation__name", "code"))
    return [
        (codes[name], role, person, f"{role}@{number.lower()}.example", "", joined)
        for (name, _, number, _, _, joined), person in zip(MEMBERS, PEOPLE, strict=True)
        for role in ("main", "finance")
    ]


def _import(story: Story, profile: str, rows: Iterable[tuple[str, ...]], on: date) -> None:
    read = Profile.load((PROFILES / f"{profile}.yaml").read_bytes())
    import_file(
        profile=read.model_copy(update={"source": OLD}),
        stream=_as_file(list(rows)),
        setting=Setting(),
        by=story.cast.secretariat,
        on=on,
    )


def _as_file(rows: list[tuple[str, ...]]) -> BytesIO:
    text, width = StringIO(), len(rows[0])
    csv.writer(text).writerows((*row, *[""] * (width - len(row))) for row in rows)
    return BytesIO(text.getvalue().encode())
