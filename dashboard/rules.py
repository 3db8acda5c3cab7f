"""Which homes there are, for whom, and the words of the navigation on each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from accounts.rules import Role


class Home(StrEnum):
    """A home page. The values name its template and stand in the address after ``?as=``."""

    SECRETARIAT = "secretariat"
    CASE_OFFICER = "case_officer"
    COUNSEL = "counsel"
    CLERK = "clerk"
    BODY = "body"
    MEMBER = "member"
    AUDITOR = "auditor"
    NGO = "ngo"
    DATA_PROTECTION = "data_protection"
    MACHINE = "machine"
    NEWCOMER = "newcomer"
    PUBLIC = "public"


LABELS = {
    Home.SECRETARIAT: "Secretariat",
    Home.CASE_OFFICER: "Case officer",
    Home.COUNSEL: "Counsel",
    Home.CLERK: "Panel clerk",
    Home.BODY: "Seats",
    Home.MEMBER: "Member",
    Home.AUDITOR: "Auditor",
    Home.NGO: "NGO",
    Home.DATA_PROTECTION: "Data protection",
    Home.MACHINE: "System",
    Home.NEWCOMER: "Home",
    Home.PUBLIC: "Home",
}
HOME_OF = {
    Role.SECRETARIAT: Home.SECRETARIAT,
    Role.CASE_OFFICER: Home.CASE_OFFICER,
    Role.LEGAL_COUNSEL: Home.COUNSEL,
    Role.PANEL_CLERK: Home.CLERK,
    Role.BOARD: Home.BODY,
    Role.APPEAL_PANEL: Home.BODY,
    Role.AUDITOR: Home.AUDITOR,
    Role.NGO: Home.NGO,
    Role.DATA_PROTECTION_OFFICER: Home.DATA_PROTECTION,
    Role.SYSTEM_ADMINISTRATOR: Home.MACHINE,
}
AT_SIDE = frozenset({Home.SECRETARIAT, Home.CASE_OFFICER, Home.COUNSEL})


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the navigation: the name of its address, and where its section lies."""

    label: str
    name: str
    under: str  # addresses that begin so belong to it


TODAY = Word("Today", "dashboard:home", "")
MEMBERS = Word("Members", "members:directory", "/members/")
APPLICATIONS = Word("Applications", "members:applications", "/applications/")
APPLY = Word("Apply", "members:begin", "/apply/")
APPLICANTS = Word("Applicants", "members:applicants", "/applicants/")
ADMISSIONS = Word("Admissions", "governance:admissions", "/admissions/")
PERIODS = Word("Periods", "targets:periods", "/periods/")
OBLIGATIONS = Word("Obligations", "targets:everybody", "/obligations/")
MATRIX = Word("Matrix", "dashboard:matrix", "/matrix/")
TARGETS = Word("Targets", "dashboard:targets", "/targets/")
RETURNS = Word("Returns", "kpis:returns", "/returns/")
RUNS = Word("Scores", "kpis:runs", "/runs/")
BREACHES = Word("Breaches", "suspensions:breaches", "/breaches/")
CASES = Word("Cases", "suspensions:cases", "/cases/")
MATTERS = Word("Matters", "governance:matters", "/matters/")
BODIES = Word("Bodies", "governance:bodies", "/bodies/")
REPORTS = Word("Reports", "reports:reports", "/reports/")
RESULTS = Word("Results", "dashboard:results", "/results/")
REGISTER = Word("Register", "reports:register", "/register/")
FEES = Word("Fees", "targets:fees", "/fees/")
OUTBOX = Word("Outbox", "members:outbox", "/outbox/")
LETTERS = Word("Letters", "members:inbox", "/letters/")
RULEBOOK = Word("Rulebook", "rulebooks:editions", "/rulebook/")
VERIFY = Word("Verify", "reports:verify", "/verify/")
USERS = Word("Users", "accounts:users", "/users/")

STAFF = (
    *(TODAY, MEMBERS, PERIODS, OBLIGATIONS, MATRIX, TARGETS, RETURNS, RUNS, BREACHES, CASES),
    *(BODIES, REPORTS, REGISTER),
)
NAVIGATION: dict[Home, tuple[Word, ...]] = {
    Home.SECRETARIAT: (*STAFF[:2], APPLICATIONS, *STAFF[2:], FEES, OUTBOX, USERS, RULEBOOK),
    Home.CASE_OFFICER: (*STAFF, OUTBOX, RULEBOOK),
    Home.COUNSEL: (*STAFF, RULEBOOK),
    Home.CLERK: (TODAY, MATTERS, ADMISSIONS, BODIES, RULEBOOK),
    Home.BODY: (TODAY, ADMISSIONS, BODIES, REGISTER, RULEBOOK),
    Home.MEMBER: (TODAY, RETURNS, CASES, LETTERS, RULEBOOK),
    Home.AUDITOR: (TODAY, MEMBERS, RETURNS, REPORTS, RULEBOOK),
    Home.NGO: (TODAY, REGISTER, RESULTS, TARGETS, RULEBOOK),
    Home.DATA_PROTECTION: (TODAY, REGISTER, RULEBOOK),
    Home.MACHINE: (TODAY, USERS, RULEBOOK),
    Home.NEWCOMER: (TODAY, APPLICATIONS, REGISTER, TARGETS, RULEBOOK),
    Home.PUBLIC: (REGISTER, RESULTS, TARGETS, RULEBOOK, APPLY),
}


def homes(roles: Iterable[Role], *, acts: bool) -> tuple[Home, ...]:
    """Return the homes of somebody who holds ``roles``, the first to be shown unless asked.

    ``acts`` says that they act for a member.
    """
    held = set(roles)
    found = [home for role, home in HOME_OF.items() if role in held]
    if acts:
        found.append(Home.MEMBER)
    return tuple(dict.fromkeys(found)) or (Home.NEWCOMER,)
