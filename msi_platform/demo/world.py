"""The fictional organisations and people of the demo, drawn from a seed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from accounts.rules import Role
from members.rules import Post

PASSWORD = "clear-circuit"
DOMAIN = "clear-circuit.example"

FIRST = tuple(
    re.findall(
        r"\w+",
        """
    Northwind Brightwell Corvane Meridian Lumen Halden Tessel Aldgate Bramley Castor Delmar
    Eastfall Fenwick Galena Harrow Ilmen Jasper Kestrel Lindqvist Marlow Nordhal Orrin Pell
    Quillon Redfern Solent Tarn Ullswater Vantor Westmark Yarrow Zephyr Ashdown Birchall
    Calder Dunmore Elmstead Farrow Greyling Holt Inverdale Juniper Kilbride Larkhill
    """,
    )
)
SECOND = tuple(
    re.findall(
        r"\w+",
        """
    Circuits Devices Electric Boards Components Robotics Displays Semiconductor Instruments
    Systems Batteries Optics Sensors Mobile Audio Cables Power Controls
    """,
    )
)
UNIONS = [
    "Union of Electronics Workers, East",
    "Metal and Electronics Federation",
    "Assembly Workers' League",
    "Harbour and Factory Union",
    "Federation of Migrant Workers' Unions",
    "Technicians' Association",
]
NGOS = [
    "Open Supply Watch",
    "Fair Recruitment Forum",
    "River Basin Trust",
    "Workers' Voice Network",
    "Minerals Observatory",
    "Institute for Decent Work",
    "Migrant Help Line",
    "Clean Rooms Campaign",
]
COUNTRIES = ["Germany", "Malaysia", "Mexico", "Viet Nam", "Poland", "Thailand", "Taiwan", "India"]
GIVEN = tuple(
    re.findall(
        r"\w+",
        """
    Amara Bastian Chiara Dmitri Elena Farid Grace Hugo Ines Jonas Keiko Lucia Mateus Nadia
    Omar Priya Quentin Rosa Stefan Tomoko Umar Vera Wanjiru Xenia Yusuf Zofia
    """,
    )
)
FAMILY = tuple(
    re.findall(
        r"\w+",
        """
    Abara Brandt Castillo Dahl Eriksen Fontaine Gupta Haddad Ito Jansen Kovacs Lindgren Moreau
    Nakamura Okafor Petrov Quiroga Rossi Silva Tanaka Ueda Varga Weber Yilmaz Zhou
    """,
    )
)


@dataclass(frozen=True, kw_only=True)
class Company:
    """A member of the demo, and how well it does: ``effort`` from 0 to 1 moves its answers.

    ``late``, ``missed``, ``weak`` and ``papers_kept`` name windows by their place, oldest first
    (0, 1, 2). ``joined`` is the number of days ago, None for the beginning.
    """

    name: str
    country: str
    member_class: str = "manufacturer"
    chamber: str = "companies"
    sort: str = "company"
    effort: float = 1
    late: frozenset[int] = frozenset()
    missed: frozenset[int] = frozenset()
    weak: frozenset[int] = frozenset()
    papers_kept: frozenset[int] = frozenset()
    joined: int | None = None
    unsigned: str = ""

    @property
    def reports(self) -> bool:
        return self.chamber == "companies"


@dataclass(frozen=True)
class Person:
    """Somebody who signs in to the demo: a role of their own, or a post at a member."""

    email: str
    name: str
    what: str
    role: Role | None = None
    post: Post | None = None
    member: str = ""


# Each has a story; the rest is drawn from the seed.
EXEMPLARY = "Larkhill Optics"
OPEN_DRAFT = "Northwind Circuits"
CONTESTED = "Meridian Boards"
SUSPENDED = "Brightwell Devices"
APPEALING = "Corvane Electric"
ADJUSTED = "Lumen Displays"
DISMISSED = "Aldgate Cables"
APPLICANT = "Tessel Robotics"

STORIES = (
    Company(name=EXEMPLARY, country="Germany", member_class="brand", effort=0.97),
    Company(name=OPEN_DRAFT, country="Malaysia", effort=0.7, late=frozenset({1})),
    Company(name=CONTESTED, country="Poland", effort=0.6, joined=85, unsigned="voice"),
    Company(name=SUSPENDED, country="Mexico", effort=0.45, missed=frozenset({1, 2})),
    Company(name=APPEALING, country="Viet Nam", effort=0.68, weak=frozenset({1, 2})),
    Company(name=ADJUSTED, country="Taiwan", member_class="brand", effort=0.78),
    Company(name=DISMISSED, country="India", effort=0.7, papers_kept=frozenset({2})),
)

RESERVATIONS = {
    OPEN_DRAFT: {
        "origin": "For tungsten in vibration motors: the smelters are known in part, until the end"
        " of next year."
    }
}

PEOPLE = (
    Person(f"secretariat@{DOMAIN}", "Sofia Lindgren", "Secretariat", Role.SECRETARIAT),
    Person(f"cases@{DOMAIN}", "Caleb Okafor", "Case officer", Role.CASE_OFFICER),
    Person(f"counsel@{DOMAIN}", "Lena Haddad", "Legal counsel", Role.LEGAL_COUNSEL),
    Person(f"clerk@{DOMAIN}", "Pavel Novotny", "Panel clerk", Role.PANEL_CLERK),
    Person(f"board@{DOMAIN}", "Beatriz Moreau", "Board", Role.BOARD),
    Person(f"appeals@{DOMAIN}", "Akira Ueda", "Appeal panel", Role.APPEAL_PANEL),
    Person(
        "rep@northwind.example",
        "Rana Yilmaz",
        "Representative",
        None,
        Post.REPRESENTATIVE,
        OPEN_DRAFT,
    ),
    Person(
        "signatory@northwind.example", "Simon Tan", "Signatory", None, Post.SIGNATORY, OPEN_DRAFT
    ),
    Person(
        "rep@brightwell.example",
        "Diego Castillo",
        "Representative",
        None,
        Post.REPRESENTATIVE,
        SUSPENDED,
    ),
    Person(
        "rep@meridian.example",
        "Marta Kowal",
        "Representative",
        None,
        Post.REPRESENTATIVE,
        CONTESTED,
    ),
    Person("signatory@corvane.example", "Linh Pham", "Signatory", None, Post.SIGNATORY, APPEALING),
    Person("adviser@lawhouse.example", "Adele Fontaine", "Adviser", None, Post.ADVISER, APPEALING),
    Person("applicant@tessel.example", "Theo Brandt", "Applicant", None, None, APPLICANT),
    Person("auditor@halden-assurance.example", "Ane Dahl", "Auditor", Role.AUDITOR),
    Person("ngo@openwatch.example", "Noor Rahman", "NGO", Role.NGO),
    Person(
        f"privacy@{DOMAIN}", "Dora Weber", "Data-protection officer", Role.DATA_PROTECTION_OFFICER
    ),
    Person(f"admin@{DOMAIN}", "Sven Jansen", "System administrator", Role.SYSTEM_ADMINISTRATOR),
)


def companies(seed: int) -> Iterator[Company]:
    """Yield every member: those with a story, companies from the seed, unions and NGOs."""
    random = Random(seed)
    yield from STORIES
    told = {company.name.split()[0] for company in STORIES} | {APPLICANT.split()[0]}
    for place, first in enumerate(name for name in FIRST if name not in told):
        yield Company(
            name=f"{first} {random.choice(SECOND)}",
            country=random.choice(COUNTRIES),
            member_class=random.choice(["brand", "manufacturer", "manufacturer"]),
            effort=round(0.4 + 0.6 * random.betavariate(3, 2), 2),
            late=frozenset(window for window in (0, 1, 2) if random.random() < 0.1),
            missed=frozenset({0}) if place == 7 else frozenset(),
            joined={11: 380, 23: 200}.get(place),
        )
    for chamber, sort, names in (("unions", "union", UNIONS), ("civil-society", "ngo", NGOS)):
        for name in names:
            country = random.choice(COUNTRIES)
            yield Company(
                name=name, country=country, member_class="partner", chamber=chamber, sort=sort
            )


def person_name(random: Random) -> str:
    """Return a name for somebody who acts for a member and does not sign in to the demo."""
    return f"{random.choice(GIVEN)} {random.choice(FAMILY)}"
