"""How far an initiative has come with its first month: what is here, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from members import selectors as members
from members.models import Application, Letter, LetterTemplate, Member
from members.rules import Mode
from rulebooks.models import Edition
from targets.models import Period

REMINDERS = ("obligation-due", "obligation-late", "return-due")


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is here of each thing that a first month needs, as numbers."""

    adopted: int
    drafts: int
    members: int
    applications: int
    unreachable: int
    begun: Period | None
    ahead: Period | None
    held: int
    let_go: bool


def beginning(user: User, *, on: date) -> Beginning:
    """Return how far the initiative has come, of the members that ``user`` may read."""
    visible = Member.objects.visible_to(user)
    periods = Period.objects.of_all()
    letters = Letter.objects.visible_to(user).filter(template__in=REMINDERS)
    automatic = LetterTemplate.objects.filter(code__in=REMINDERS, mode=Mode.AUTOMATIC)
    return Beginning(
        adopted=Edition.objects.adopted().count(),
        drafts=Edition.objects.filter(status=Edition.Status.DRAFT).count(),
        members=visible.count(),
        applications=Application.objects.visible_to(user).open().count(),
        unreachable=members.unreachable(user, on=on).count(),
        begun=periods.begun(on).order_by("-opens_on", "-pk").first(),
        ahead=periods.filter(opens_on__gt=on).order_by("opens_on", "pk").first(),
        held=letters.filter(status=Letter.Status.HELD).count(),
        let_go=letters.exclude(status=Letter.Status.HELD).exists() or automatic.exists(),
    )
