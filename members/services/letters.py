"""The outbox: letters wait here until a person releases them, or their template is automatic."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access, events, selectors
from members.models import Application, Contact, Letter, LetterTemplate, Mandate, Member, ResumeLink
from members.rules import Mode, Post, message_id

LINK_LASTS = timedelta(days=30)
LONGEST_SUBJECT = 200
# Letters that whoever reads them asked for a moment ago. They say nothing of anybody else, so they
# leave by themselves until the secretariat holds them.
ASKED_FOR = frozenset({"application-link"})
# Kinds of letters about breaches and cases: fewer people read them than a member's other letters.
PROCEDURE = ("breach", "case", "appeal", "hearing", "notice", "measure")


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a letter to a member is about; under one ``key`` it is queued once.

    It goes to whoever acts for the member, or to the people in ``to``.
    """

    member: Member
    key: str
    context: Mapping[str, Any]
    to: Sequence[User] | None = None


@transaction.atomic
def queue(
    template: str,
    *,
    member: Member,
    key: str,
    on: date,
    context: Mapping[str, Any],
    to: Sequence[User] | None = None,
) -> list[Letter]:
    """Put a letter to each person who acts for ``member``, or to those in ``to``, into the outbox.

    It is written from ``templates/letters/TEMPLATE.txt``, whose first line is the subject.
    ``key`` names the occasion: the same letter about the same occasion is queued once. Joins the
    caller's transaction; the caller has asked for permission.
    """
    return queue_many(template, occasions=[Occasion(member, key, context, to)], on=on)


@transaction.atomic
def queue_many(template: str, *, occasions: Sequence[Occasion], on: date) -> list[Letter]:
    """Do the same for many occasions, in as many statements as for one."""
    row, _ = LetterTemplate.objects.get_or_create(code=template)
    written = list(_letters(row, occasions, on))
    Letter.objects.bulk_create(written, ignore_conflicts=True)
    keys = [letter.key for letter in written]
    return list(Letter.objects.filter(key__in=keys).order_by("pk"))


def _letters(row: LetterTemplate, occasions: Sequence[Occasion], on: date) -> Iterator[Letter]:
    automatic, now = row.mode == Mode.AUTOMATIC, timezone.now()
    status = Letter.Status.RELEASED if automatic else Letter.Status.HELD
    people = _people([occasion.member.pk for occasion in occasions], row.code, on)
    for occasion in occasions:
        member = occasion.member
        for person in people[member.pk] if occasion.to is None else occasion.to:
            subject, body = _write(row.code, member=member, person=person, context=occasion.context)
            is_user = isinstance(person, User)
            yield Letter(
                key=f"{row.code}:{occasion.key}:{'' if is_user else 'c'}{person.pk}",
                member=member,
                to=person if is_user else None,
                contact=None if is_user else person,
                template=row,
                subject=subject,
                body=body,
                queued_at=now,
                status=status,
            )


@transaction.atomic
def queue_to_applicant(
    template: str, *, application: Application, key: str, context: Mapping[str, Any]
) -> Letter | None:
    """Put a letter to an applicant into the outbox; None where it gave no address.

    Where the text has ``{{ link }}``, a link into the application is made when it is sent. Joins
    the caller's transaction; the caller has asked for permission.
    """
    if not application.email:
        return None
    row, _ = LetterTemplate.objects.get_or_create(
        code=template, defaults={"mode": Mode.AUTOMATIC if template in ASKED_FOR else Mode.HELD}
    )
    values = {"application": application, "link": Letter.LINK, **context}
    subject, body = _written(row.code, values)
    automatic = row.mode == Mode.AUTOMATIC
    letter, _ = Letter.objects.get_or_create(
        key=f"{row.code}:{key}",
        defaults={
            "application": application,
            "template": row,
            "subject": subject[:LONGEST_SUBJECT],
            "body": body,
            "queued_at": timezone.now(),
            "status": Letter.Status.RELEASED if automatic else Letter.Status.HELD,
        },
    )
    return letter


def _people(member_ids: Sequence[int], template: str, on: date) -> dict[int, list[User | Contact]]:
    """Return who gets a kind of letter, by member.

    Those are the contacts in a role that the edition names for it, else the main contact, else
    whoever acts for the member. A letter about a breach or case goes to whoever acts for it in any
    case, and to a contact only where the edition names the kind.
    """
    acting = _acting(member_ids, on)
    of_procedure = template.startswith(PROCEDURE)
    contacts = selectors.written_to(member_ids, template, on=on, main=not of_procedure)
    found: dict[int, list[User | Contact]] = {}
    for pk in member_ids:
        named = [contact.user or contact for contact in contacts.get(pk, ())]
        kept = acting[pk] if of_procedure or not named else []
        found[pk] = list(dict.fromkeys([*kept, *named]))
    return found


def _acting(member_ids: Sequence[int], on: date) -> dict[int, list[User]]:
    """Return who acts for these members, or for the ones that they became part of."""
    posts = [Post.REPRESENTATIVE, Post.SIGNATORY]
    after = selectors.successors(member_ids)
    mandates = Mandate.objects.in_force(on).filter(
        member__in=[*member_ids, *after.values()], post__in=posts, user__is_active=True
    )
    people: dict[int, dict[int, User]] = defaultdict(dict)
    for mandate in mandates.select_related("user").order_by("user", "pk"):
        people[mandate.member_id][mandate.user_id] = mandate.user
    return {pk: list((people[pk] | people[after.get(pk, pk)]).values()) for pk in member_ids}


def _write(
    template: str, *, member: Member, person: User | Contact, context: Mapping[str, Any]
) -> tuple[str, str]:
    return _written(template, {"member": member, "person": person, **context})


def _written(template: str, values: dict[str, Any]) -> tuple[str, str]:
    plain = Context(values, autoescape=False)  # a mail is no HTML: & stays &
    text = get_template(f"letters/{template}.txt").template.render(plain)
    subject, _, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


@transaction.atomic
def release(*, letter_ids: Sequence[int], by: User, on: date) -> int:
    """Let held letters go, and return how many. Those sent or discarded stay as they are.

    :raises PermissionDenied: ``by`` may not release letters.
    """
    access.require(by, Permission.LETTER_RELEASE)
    held = _held(letter_ids, by)
    count = held.update(status=Letter.Status.RELEASED, released_at=timezone.now(), released_by=by)
    if count:
        ledger.record(events.LettersReleased(count=count), subject=by, actor=by, on=on)
    return count


@transaction.atomic
def discard(*, letter_ids: Sequence[int], by: User, on: date) -> int:
    """Discard held letters, and return how many.

    :raises PermissionDenied: ``by`` may not release letters.
    """
    access.require(by, Permission.LETTER_RELEASE)
    count = _held(letter_ids, by).update(status=Letter.Status.DISCARDED)
    if count:
        ledger.record(events.LettersDiscarded(count=count), subject=by, actor=by, on=on)
    return count


def _held(letter_ids: Sequence[int], by: User) -> Any:
    visible = Letter.objects.visible_to(by)
    return visible.filter(pk__in=list(letter_ids), status=Letter.Status.HELD)


@transaction.atomic
def set_mode(*, template: str, mode: Mode, by: User, on: date) -> LetterTemplate:
    """Send letters of a kind by themselves from now on, or hold them. Those waiting stay held.

    :raises PermissionDenied: ``by`` may not release letters.
    """
    access.require(by, Permission.LETTER_RELEASE)
    row = LetterTemplate.objects.select_for_update().get(code=template)
    if row.mode != mode:
        row.mode = mode
        row.save(update_fields=["mode"])
        event = events.LetterModeSet(template=template, mode=mode.value)
        ledger.record(event, subject=row, actor=by, on=on)
    return row


@transaction.atomic
def send_next(*, by: User) -> bool:
    """Send the oldest released letter, and return whether there was one.

    Row and mail stand or fall together but for a crash between the two; then the letter goes
    again under the same Message-ID, by which mail servers know it.

    :raises PermissionDenied: ``by`` may not release letters.
    """
    access.require(by, Permission.LETTER_RELEASE)
    letter = (
        Letter.objects.filter(status=Letter.Status.RELEASED)
        .select_related("to", "contact", "application")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("pk")
        .first()
    )
    if letter is None:
        return False
    if not letter.address:  # erased meanwhile
        letter.status = Letter.Status.DISCARDED
        letter.save(update_fields=["status"])
        return True
    EmailMessage(
        letter.subject,
        _with_link(letter),
        to=[letter.address],
        headers={"Message-ID": message_id(letter.key, domain=settings.MAIL_DOMAIN)},
    ).send()
    letter.status, letter.sent_at = Letter.Status.SENT, timezone.now()
    letter.save(update_fields=["status", "sent_at"])
    return True


def _with_link(letter: Letter) -> str:
    """Return the text of a letter as it is sent. A link is made now and stands in no row."""
    if letter.application is None or Letter.LINK not in letter.body:
        return letter.body
    token, now = secrets.token_urlsafe(32), timezone.now()
    links = ResumeLink.objects.filter(application=letter.application)
    links.filter(expires_at__lte=now).delete()
    ResumeLink.objects.create(
        application=letter.application,
        digest=selectors.link_digest(token),
        expires_at=now + LINK_LASTS,
    )
    address = reverse("members:open-application", args=[token])
    return letter.body.replace(Letter.LINK, f"{settings.SITE_URL}{address}")
