"""Writing an edition: every saving is kept, and a text without faults becomes the draft."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from accounts import access
from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from rulebooks import events, selectors
from rulebooks.models import Edition, Manuscript, Version
from rulebooks.rules import document, edition

CODE = re.compile(r"^code:[ ]*[\"']?([a-z0-9][a-z0-9.-]{0,39})\b", re.MULTILINE)
UNNAMED = "Text without a code"


class NotADraft(ValueError):
    """Only a draft can be changed, countersigned or adopted."""


class Overtaken(ValueError):
    """Somebody saved a later version while this text was written."""


@transaction.atomic
def draft_edition(*, text: str, by: User, on: date) -> Edition:
    """Keep ``text`` as a draft; a draft of the same code is replaced.

    :raises PermissionDenied: ``by`` may not draft editions.
    :raises document.Invalid: the text is no valid edition; it lists every problem with its place.
    :raises NotADraft: an edition of that code has been adopted.
    """
    access.require(by, Permission.EDITION_DRAFT)
    content = document.load(text, edition.Edition)
    held = Edition.objects.filter(code=content.code).first()
    if held is not None and held.status != Edition.Status.DRAFT:
        raise NotADraft(f"edition {held.code} is {held.status}; give the new one another code")
    manuscript = Manuscript.objects.select_for_update().filter(edition__code=content.code).first()
    version = _keep(manuscript or _open(content.code, by), text, content, 0, by=by, on=on)
    return version.manuscript.edition


@transaction.atomic
def keep_text(
    *,
    text: str,
    by: User,
    on: date,
    manuscript_id: int | None = None,
    after: int | None = None,
) -> Version:
    """Keep ``text``, valid or not, as the next version of a manuscript; None begins a new one.

    Without faults it also becomes the draft, and voids what was countersigned before. ``after`` is
    the number of the version that it was written from; None does not ask. The same text again is
    no new version.

    :raises PermissionDenied: ``by`` may not draft editions.
    :raises document.Invalid: it is no text at all, or too much of it.
    :raises NotADraft: the edition has been adopted.
    :raises Overtaken: ``after`` is no longer the newest version.
    """
    access.require(by, Permission.EDITION_DRAFT)
    text = document.decode(text)
    manuscript = _manuscript(manuscript_id, text, by)
    newest = manuscript.versions.order_by("-number").first()
    if after is not None and newest is not None and newest.number != after:
        raise Overtaken(f"{newest.saved_by} saved version {newest.number} in the meantime")
    checked = selectors.check(text, of=manuscript)
    faults = len(checked.problems)
    if newest is not None and (newest.text, newest.problems) == (text, faults):
        return newest
    return _keep(manuscript, text, checked.edition, faults, by=by, on=on)


def _manuscript(pk: int | None, text: str, by: User) -> Manuscript:
    if pk is None:
        code = CODE.search(text)
        return _open(code[1] if code else UNNAMED, by)
    rows = Manuscript.objects.visible_to(by).select_related("edition")
    manuscript = rows.select_for_update(of=("self",)).get(pk=pk)
    held = manuscript.edition
    if held is not None and held.status != Edition.Status.DRAFT:
        raise NotADraft(f"edition {held.code} is {held.status}; begin a new one from it")
    return manuscript


def _open(name: str, by: User) -> Manuscript:
    return Manuscript.objects.create(name=name, opened_at=timezone.now(), opened_by=by)


def _keep(
    manuscript: Manuscript,
    text: str,
    content: edition.Edition | None,
    problems: int,
    *,
    by: User,
    on: date,
) -> Version:
    newest = manuscript.versions.order_by("-number").values_list("number", flat=True).first()
    version = Version.objects.create(
        manuscript=manuscript,
        number=(newest or 0) + 1,
        text=text,
        sha256=sha256(text.encode()).hexdigest(),
        problems=problems,
        saved_at=timezone.now(),
        saved_by=by,
    )
    if content is None:
        event = events.TextKept(
            manuscript_id=manuscript.pk,
            version=version.number,
            sha256=version.sha256,
            problems=problems,
        )
        ledger.record(event, subject=manuscript, actor=by, on=on)
    else:
        _draft(version, content, by=by, on=on)
    return version


def _draft(version: Version, content: edition.Edition, *, by: User, on: date) -> None:
    """Make a version without faults the draft of its edition."""
    manuscript = version.manuscript
    row = manuscript.edition or Edition.objects.filter(code=content.code).first() or Edition()
    row.title, row.in_force_from = content.title, content.in_force_from
    row.code, row.text, row.sha256 = content.code, version.text, version.sha256
    row.drafted_at = version.saved_at
    row.save()
    if manuscript.edition_id != row.pk or manuscript.name != content.code:
        manuscript.edition, manuscript.name = row, content.code
        manuscript.save(update_fields=["edition", "name"])
    event = events.EditionDrafted(edition=row.code, version=version.number, sha256=version.sha256)
    ledger.record(event, subject=row, actor=by, on=on)
