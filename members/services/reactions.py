"""What follows, for members, from acts elsewhere. Listed in ``msi_platform/reactions.py``."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from ledger.models import Entry
from members import events, selectors
from members.models import Mandate, Member
from members.rules import Post
from members.services import letters
from members.services.facts import derive_all
from rulebooks import selectors as rulebooks
from rulebooks.models import Edition
from rulebooks.rules.membership import Requirement
from rulebooks.rules.signing import Deed

BATCH = 500
NOTICE_LETTERS = {
    events.WithdrawalNotified.code: "withdrawal-received",
    events.WithdrawalRevoked.code: "withdrawal-taken-back",
    events.WithdrawalEnded.code: "withdrawal-ended",
}
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


def answer_notice(entry: Entry) -> None:
    """Write to a member what came of its notice: received, taken back, its last day over."""
    if not _is_news(entry):
        return
    member = Member.objects.select_related("organisation").get(code=entry.data["member"])
    rule = rulebooks.edition_in_force(entry.effective_on).document.belonging.withdrawal
    last_on = entry.data.get("last_on")
    context = {
        "given_on": entry.effective_on,
        "last_on": last_on and date.fromisoformat(last_on),
        "clause": rule.clause if rule else "",
        "cases": len(selectors.open_cases(member, on=entry.effective_on)),
        "contact": settings.DEFAULT_FROM_EMAIL,
    }
    letters.queue(
        NOTICE_LETTERS[entry.event],
        member=member,
        key=f"{member.code}:{entry.pk}",
        on=timezone.localdate(entry.recorded_at),
        context=context,
    )


def announce_edition(entry: Entry) -> None:
    """Tell every member that an edition was adopted, and what it signs anew under it.

    An old day sends nothing, and neither does one on which nobody belongs yet.
    """
    if not _is_news(entry):
        return
    edition = Edition.objects.select_related("decision").get(pk=_number(entry))
    new = rulebooks.new_texts(edition)
    acting = Mandate.objects.in_force(entry.effective_on).values("member")
    rows = Member.objects.filter(pk__in=acting).select_related("organisation").order_by("pk")
    members = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(members, BATCH)):
        occasions = [_announcement(edition, member, new) for member in batch]
        letters.queue_many("edition-adopted", occasions=occasions, on=entry.effective_on)


def _announcement(
    edition: Edition, member: Member, new: list[Deed | Requirement]
) -> letters.Occasion:
    its_own = edition.document.texts_of(member.member_class)
    asked = [text for text in new if text in its_own]
    key = f"{edition.pk}:{member.code}"
    return letters.Occasion(member, key, {"edition": edition, "asked": asked})


def _number(entry: Entry) -> int:
    return int(entry.subject.rpartition(":")[2])


def _is_news(entry: Entry) -> bool:
    return entry.effective_on >= timezone.localdate(entry.recorded_at) - STILL_NEWS
