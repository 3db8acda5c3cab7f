"""What follows, for members, from acts elsewhere. Listed in ``msi_platform/reactions.py``."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from ledger.models import Entry
from members.models import Mandate, Member
from members.rules import Post
from members.services import letters
from members.services.facts import derive_all

STILL_NEWS = timedelta(days=31)  # an act recorded later than that is history, and sends nothing


def derive_everybody(entry: Entry) -> None:
    """Derive every member again: the rules changed, or a fact about all was stated."""
    derive_all()


def welcome_applicant(entry: Entry) -> None:
    """Tell the people of an organisation that it was admitted. An old day sends nothing."""
    member = Member.objects.select_related("organisation").get(pk=_number(entry))
    if _is_news(entry):
        people = User.objects.filter(affiliations__organisation=member.organisation, is_active=True)
        letters.queue(
            "admitted",
            member=member,
            key=member.code,
            on=entry.effective_on,
            context={},
            to=list(people.order_by("pk")),
        )


def welcome_person(entry: Entry) -> None:
    """Tell somebody that they now act for a member, and what is to be done first."""
    mandate = Mandate.objects.select_related("member__organisation", "user").get(pk=_number(entry))
    if _is_news(entry) and mandate.post != Post.ADVISER:
        letters.queue(
            "welcome",
            member=mandate.member,
            key=mandate.member.code,
            on=entry.effective_on,
            context={"mandate": mandate},
            to=[mandate.user],
        )


def _number(entry: Entry) -> int:
    return int(entry.subject.rpartition(":")[2])


def _is_news(entry: Entry) -> bool:
    return entry.effective_on >= timezone.localdate(entry.recorded_at) - STILL_NEWS
