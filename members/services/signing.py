"""Signing requirements and the deed, and saying that a text is not accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from ledger.models import Entry
from members import access, events, selectors
from members.models import Mandate, MandateDocument, Member, Signature
from members.services.facts import Statement, state_many
from rulebooks import selectors as rulebooks
from rulebooks.models import Edition
from rulebooks.rules import facts
from rulebooks.rules.membership import Requirement
from rulebooks.rules.signing import Deed, signed_sha256

LONGEST_RESERVATION = 4_000  # characters

Asked = Mapping[str, Deed | Requirement]


class NothingToSign(ValueError):
    """The requirement is not asked of this member, its text is another now, or it is signed."""


class Superseded(NothingToSign):
    """The page was shown under an edition that is no longer in force."""


class MayNotSign(NothingToSign):
    """The signatory lacks what the edition asks of whoever signs, or signed in another capacity."""


@dataclass(frozen=True, slots=True)
class _Hand:
    """Whose hand signs: the mandate, what proves it, the edition and the language it is read in."""

    mandate: Mandate
    document: MandateDocument | None
    edition: Edition
    language: str


@transaction.atomic
def sign(
    *,
    member: Member,
    texts: Mapping[str, str],
    by: User,
    on: date,
    at: datetime,
    reservations: Mapping[str, str] | None = None,
    edition: str | None = None,
    language: str = "",
    mandate: int | None = None,
) -> list[Signature]:
    """Sign requirements for ``member`` at the moment ``at``, and the deed that they stand under.

    ``texts`` gives, for each code, the hash of the text that was shown: what is signed is what was
    read, under the ``edition`` shown. A text signed before is not signed again. Whoever signs a
    requirement while the deed is open signs the deed with it, or nothing. Who holds several
    mandates to sign for the member names the ``mandate``. Each signature keeps the language in
    which its text was read: ``language`` where it is translated, else the edition's.

    :raises PermissionDenied: ``by`` is not a signatory of the member today.
    :raises Superseded: another edition is in force by now.
    :raises MayNotSign: no mandate is chosen of several, it is not proven, or ``by`` signed in a
        capacity kept apart.
    :raises NothingToSign: nothing is left to sign, a text shown is not the one in force, or a
        reservation is not allowed.
    """
    access.require(by, Permission.REQUIREMENT_SIGN, member=member)
    member = Member.objects.visible_to(by).select_for_update(of=("self",)).get(pk=member.pk)
    hand = _hand(member, by, on=on, shown=edition, language=language, chosen=mandate)
    stated = {code: text.strip() for code, text in (reservations or {}).items() if text.strip()}
    asked = {text.code: text for text in selectors.unsigned(member, on=on)}
    wanted = [_shown(asked, code, shown) for code, shown in sorted(texts.items())]
    _require_whole(member, asked, wanted, hand, stated)
    rows = [_signature(member, text, hand, stated.get(text.code, ""), at=at) for text in wanted]
    entry = ledger.record(_signed(rows), subject=member, actor=by, on=on)
    for row in rows:
        row.entry = entry
    Signature.objects.bulk_create(rows)
    state_many([_statement(member, row, on) for row in rows], entry=entry)
    return rows


def _hand(
    member: Member,
    by: User,
    *,
    on: date,
    shown: str | None,
    language: str = "",
    chosen: int | None = None,
) -> _Hand:
    """Return whose hand signs today, under the edition in force.

    :raises Superseded: that is not the one shown.
    :raises MayNotSign: no mandate of theirs is chosen of several, or none is for this member.
    """
    mandate = _chosen(selectors.signing_mandates(member, by, on=on), chosen, member)
    edition = rulebooks.edition_in_force(on)
    if shown is not None and shown != edition.code:
        raise Superseded(
            f"{edition.title} has been in force since {edition.in_force_from}, and the page showed "
            "another edition; read what is asked now"
        )
    document = mandate.documents.order_by("-pk").first()
    hand = _Hand(mandate, document, edition, language or edition.document.language)
    if hand.language not in selectors.languages(edition.document):
        allowed = ", ".join(selectors.languages(edition.document))
        raise NothingToSign(f"{language[:10]!r} is no language of the texts; allowed: {allowed}")
    return hand


def _chosen(held: Sequence[Mandate], chosen: int | None, member: Member) -> Mandate:
    found = [one for one in held if chosen in (None, one.pk)]
    if len(found) == 1:
        return found[0]
    if not held:
        raise MayNotSign(f"you hold no mandate to sign for {member.code} itself")
    capacities = " or ".join(one.capacity for one in held)
    raise MayNotSign(f"choose in which capacity you sign for {member.code}: {capacities}")


def _shown(asked: Asked, code: str, shown: str) -> Deed | Requirement:
    """Return the text ``code`` if it is asked for and is the one shown."""
    if code not in asked:
        open_ones = ", ".join(sorted(asked)) or "none"
        raise NothingToSign(f"requirement {code[:40]} is not open for signing; open: {open_ones}")
    if asked[code].text_sha256 != shown:
        raise NothingToSign(f"the text of requirement {code} has changed; read it again")
    return asked[code]


def _require_whole(
    member: Member,
    asked: Asked,
    wanted: Sequence[Deed | Requirement],
    hand: _Hand,
    stated: Mapping[str, str],
) -> None:
    """Refuse an act that signs nothing, or not as the edition wants it signed."""
    if not wanted:
        raise NothingToSign(f"choose at least one requirement to sign for {member.code}")
    deed = hand.edition.document.signing.deed
    if deed is not None and deed.code in asked and deed not in wanted:
        raise NothingToSign(f"sign “{deed.title}” with them: the requirements stand under it")
    if deed is not None and deed.mandate_document is not None and hand.document is None:
        raise MayNotSign(
            "hand in the document that proves your mandate first "
            f"(clause {deed.mandate_document.clause})"
        )
    _require_capacity(hand)
    for code in stated:
        _require_allowed(code, stated[code], wanted)


def _require_capacity(hand: _Hand) -> None:
    """Refuse a second capacity that the edition keeps apart from one this person signed in.

    Their row is locked, so that two members cannot be signed for at once.
    """
    if not hand.edition.document.signing.kept_apart:
        return
    person = User.objects.select_for_update().get(pk=hand.mandate.user_id)
    capacity = hand.mandate.capacity
    if found := selectors.kept_apart(person, hand.edition, capacity):
        used, clause = found
        raise MayNotSign(
            f"you signed as {used} under this edition, and clause {clause} keeps that"
            f" apart from {capacity}; another signatory has to sign"
        )


def _require_allowed(code: str, stated: str, wanted: Sequence[Deed | Requirement]) -> None:
    text = next((one for one in wanted if one.code == code), None)
    if text is None:
        raise NothingToSign(f"a reservation is stated for {code[:40]}, which is not signed with it")
    if getattr(text, "reservations", None) is None:
        raise NothingToSign(
            f"“{text.title}” allows no reservation; sign it as it stands, or leave it open"
        )
    if len(stated) > LONGEST_RESERVATION:
        raise NothingToSign(
            f"the reservation to “{text.title}” has {len(stated)} characters; "
            f"{LONGEST_RESERVATION} are allowed"
        )


def _signature(
    member: Member, text: Deed | Requirement, hand: _Hand, reservation: str, *, at: datetime
) -> Signature:
    deed = hand.edition.document.signing.deed
    row = Signature(
        member=member,
        edition=hand.edition,
        requirement=text.code,
        text_sha256=text.text_sha256,
        deed_sha256=deed.text_sha256 if deed else "",
        mandate=hand.mandate,
        document=hand.document,
        user=hand.mandate.user,
        capacity=hand.mandate.capacity,
        language=selectors.language_read(text, hand.language, hand.edition.document),
        reservation=reservation,
        signed_at=at,
    )
    row.signed_sha256 = signed_sha256(selectors.form_of(row, text))
    return row


def _signed(rows: Sequence[Signature]) -> events.RequirementsSigned:
    first = rows[0]
    return events.RequirementsSigned(
        member=first.member.code,
        edition=first.edition.code,
        mandate_id=first.mandate_id,
        requirements=tuple(row.requirement for row in rows),
        texts=tuple(row.text_sha256 for row in rows),
        signed=tuple(row.signed_sha256 for row in rows),
        deed=first.deed_sha256 or None,
        language=first.language if len({row.language for row in rows}) == 1 else None,
        languages=_languages(rows),
        reserved=tuple(row.requirement for row in rows if row.reservation),
        document=first.document.sha256 if first.document else None,
    )


def _languages(rows: Sequence[Signature]) -> tuple[str, ...]:
    """Return the language of each, where they were read in several."""
    read = tuple(row.language for row in rows)
    return read if len(set(read)) > 1 else ()


def _statement(member: Member, row: Signature, on: date) -> Statement:
    what = facts.RequirementSigned(
        edition=row.edition.code,
        text_sha256=row.text_sha256,
        reserved=True if row.reservation else None,
    )
    return Statement(member=member, what=what, about_on=on, key=row.requirement)


@transaction.atomic
def decline(
    *,
    member: Member,
    texts: Mapping[str, str],
    by: User,
    on: date,
    edition: str | None = None,
    mandate: int | None = None,
) -> Entry:
    """Say for ``member`` that it does not accept texts: silence about them is broken.

    They stay asked for, and can be signed later. Said twice, it is said once.

    :raises PermissionDenied: ``by`` is not a signatory of the member today.
    :raises NothingToSign: no text is named, one is not asked for or is another now, or every one
        was declined already.
    """
    access.require(by, Permission.REQUIREMENT_SIGN, member=member)
    member = Member.objects.visible_to(by).select_for_update(of=("self",)).get(pk=member.pk)
    hand = _hand(member, by, on=on, shown=edition, chosen=mandate)
    asked = {text.code: text for text in selectors.unsigned(member, on=on)}
    named = [_shown(asked, code, shown) for code, shown in sorted(texts.items())]
    said = selectors.declined(member)
    fresh = [text for text in named if (text.code, text.text_sha256) not in said]
    if not fresh:
        raise NothingToSign("choose at least one text that was not declined before")
    event = events.RequirementsDeclined(
        member=member.code,
        edition=hand.edition.code,
        mandate_id=hand.mandate.pk,
        requirements=tuple(text.code for text in fresh),
        texts=tuple(text.text_sha256 for text in fresh),
    )
    entry = ledger.record(event, subject=member, actor=by, on=on)
    what = facts.RequirementDeclined
    told = [
        Statement(
            member=member,
            what=what(edition=hand.edition.code, text_sha256=text.text_sha256),
            about_on=on,
            key=text.code,
        )
        for text in fresh
    ]
    state_many(told, entry=entry)
    return entry
