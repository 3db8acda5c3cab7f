"""What auditors, sitting members, the data-protection officer and the administrator see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import Count, F, Max, Min

from accounts.models import ROLE_LABELS, RoleHeld, User
from accounts.rules import Role
from governance.models import Decision, Seat
from kpis import selectors as kpis
from kpis.models import Aggregate, Evidence, Return, ScoreRun, SentBack, Verification
from ledger.models import Due, Entry
from members.models import (
    Affiliation,
    Application,
    Assignment,
    Letter,
    Mandate,
    Member,
    Signature,
)
from members.rules import standing_words
from reports.models import Publication
from suspensions.models import Breach, Paper, Reason


@dataclass(frozen=True, slots=True)
class ToVerify:
    """A member that an auditor is assigned to, and its newest filed return."""

    member: Member
    of_return: Return | None
    answers: int
    checked: int

    @property
    def left(self) -> int:
        return self.answers - self.checked


def assigned(user: User, *, on: date) -> list[ToVerify]:
    """Return the members that ``user`` audits with how far the newest return is verified."""
    audits = Assignment.objects.in_force(on).filter(user=user).values("member")
    members = Member.objects.visible_to(user).filter(pk__in=audits).with_standing(on)
    returns: dict[int, Return] = {}
    for row in kpis.audits(user, on=on):
        returns.setdefault(row.member_id, row)  # the newest period stands first
    found = []
    for member in members.select_related("organisation").order_by("organisation__name", "pk"):
        row = returns.get(member.pk)
        to_mark, marked = (row.values_to_mark, row.values_marked) if row else (0, 0)
        found.append(ToVerify(member, row, to_mark, marked))
    return sorted(found, key=lambda line: line.left == 0)


def seats(user: User, *, on: date) -> list[Seat]:
    """Return where ``user`` sits, by body."""
    held = Seat.objects.in_force(on).filter(user=user).select_related("body")
    return list(held.order_by("body__name", "pk"))


@dataclass(frozen=True, slots=True)
class Published:
    """What anybody may count: members in the register, and how the last scores were drawn up."""

    members: int
    scores: int
    measures: list[tuple[str, str, int]]
    table: Aggregate | None  # the last one of how all members came out that the reader may see


def published(user: User | AnonymousUser) -> Published:
    """Return published numbers only; of all members together what was drawn up, which is safe."""
    lines = Publication.objects.visible_to(AnonymousUser())
    counts = dict(lines.order_by("sort").values_list("sort").annotate(Count("pk")))
    adverse = lines.filter(sort=Publication.Sort.STANDING).order_by("state")
    measures = adverse.values_list("state").annotate(Count("pk"))
    return Published(
        members=counts.get(Publication.Sort.MEMBERSHIP, 0),
        scores=counts.get(Publication.Sort.SCORE, 0),
        measures=[(*standing_words(state), count) for state, count in measures],
        table=next(iter(kpis.tables_told(user)), None),
    )


@dataclass(frozen=True, slots=True)
class Holding:
    """Personal data of one sort: whose, where it lies, how much, and who reads it."""

    what: str
    table: str
    rows: int
    read_by: str


def holdings() -> list[Holding]:
    """Return what personal data is held where: counts only."""
    its_own = "staff, and the member's own people"
    kinds = [
        ("Accounts: name, e-mail, last sign-in", User, "system administrators"),
        ("Roles held by people", RoleHeld, "system administrators"),
        ("People belonging to organisations", Affiliation, "secretariat"),
        ("Mandates, with the capacity", Mandate, its_own),
        ("Auditors' assignments", Assignment, its_own),
        ("Signatures, with name and capacity", Signature, its_own),
        ("Applications, with a statement", Application, "secretariat, the applicant's people"),
        ("Letters, with name and text", Letter, "staff, and the person written to"),
        ("Evidence files, by who sent them", Evidence, f"{its_own}, the assigned auditor"),
        ("Returns sent back, with a reason", SentBack, its_own),
        ("Auditors' words, with reasons", Verification, f"{its_own}, the assigned auditor"),
        ("Breaches, with the member's word", Breach, its_own),
        ("Papers in cases", Paper, its_own),
        ("Judgements and findings, with reasons", Reason, its_own),
        ("Decisions of bodies, with reasons", Decision, f"{its_own}, the panel clerk"),
        ("Seats on bodies", Seat, "everybody signed in"),
    ]
    return [Holding(what, m._meta.label, m.objects.count(), who) for what, m, who in kinds]


def people_by_role() -> list[tuple[str, int]]:
    """Return how many people hold each role today."""
    held = RoleHeld.objects.filter(until_on=None).order_by("role").values_list("role")
    counts = dict(held.annotate(Count("user", distinct=True)))
    return [(ROLE_LABELS[r], counts[r]) for r in Role if r in counts and r is not Role.SYSTEM]


@dataclass(frozen=True, slots=True)
class Machine:
    """How the machine runs: jobs, mail, the record. No content."""

    parts: dict[str, bool]
    due: int
    due_since: datetime | None
    failing: list[dict]
    letters_leaving: int
    letters_since: datetime | None
    runs: list[dict]
    entries: int
    last_entry_at: datetime | None
    users: int
    signed_in: int


def machine(*, now: datetime) -> Machine:
    """Return how the machine runs at a moment."""
    due = Due.objects.open().aggregate(n=Count("pk"), since=Min("entry__recorded_at"))
    failing = Due.objects.open().filter(attempts__gt=0).order_by("-attempts", "pk")
    leaving = Letter.objects.filter(status=Letter.Status.RELEASED)
    letters = leaving.aggregate(n=Count("pk"), since=Min("released_at"))
    record = Entry.objects.aggregate(n=Max("pk"), at=Max("recorded_at"))
    users = User.objects.filter(is_active=True)
    runs = ScoreRun.objects.running().with_progress().order_by("pk")
    return Machine(
        # The platform's processes say so in the cache every few seconds, each under its name.
        parts={part: cache.get(f"pulse:{part}") is not None for part in ("worker", "scheduler")},
        due=due["n"],
        due_since=due["since"],
        failing=list(failing.values("reaction", "attempts", "problem", "not_before")[:20]),
        letters_leaving=letters["n"],
        letters_since=letters["since"],
        runs=list(runs.values("pk", "parts", "parts_done", "started_at", code=F("period__code"))),
        entries=record["n"] or 0,
        last_entry_at=record["at"],
        users=users.count(),
        signed_in=users.filter(last_login__gte=now - timedelta(days=30)).count(),
    )
