"""Opening and closing a calendar feed of one's own."""

from __future__ import annotations

import secrets
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from ledger import services as ledger
from members.models import Member
from targets import events, selectors
from targets.models import Feed


@transaction.atomic
def open_feed(*, by: User, on: date) -> str:
    """Open a feed of ``by`` and return its secret, which is shown once; an older one ends.

    :raises PermissionDenied: ``by`` may read no member's data.
    """
    _require_reader(by)
    User.objects.select_for_update().get(pk=by.pk)
    _revoke(by, on)
    secret = secrets.token_urlsafe(32)
    feed = Feed.objects.create(
        user=by, digest=selectors.feed_digest(secret), made_at=timezone.now()
    )
    ledger.record(events.FeedOpened(feed_id=feed.pk), subject=by, actor=by, on=on)
    return secret


@transaction.atomic
def revoke_feed(*, by: User, on: date) -> bool:
    """End the feed of ``by``: its address opens nothing any more. False when there was none.

    :raises PermissionDenied: ``by`` is nobody.
    """
    _require_somebody(by)
    User.objects.select_for_update().get(pk=by.pk)
    return _revoke(by, on)


def _revoke(by: User, on: date) -> bool:
    feed = Feed.objects.select_for_update().filter(user=by, revoked_at=None).first()
    if feed is None:
        return False
    feed.revoked_at = timezone.now()
    feed.save(update_fields=["revoked_at"])
    ledger.record(events.FeedRevoked(feed_id=feed.pk), subject=by, actor=by, on=on)
    return True


def _require_somebody(by: User) -> None:
    if not by.is_authenticated:
        raise PermissionDenied("a feed belongs to somebody who signs in")


def _require_reader(by: User) -> None:
    _require_somebody(by)
    if not Member.objects.visible_to(by).exists():
        raise PermissionDenied("there is no member whose obligations you may read")
