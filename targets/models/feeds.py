"""Private calendar feeds."""

from __future__ import annotations

from django.db import models

from accounts.models import User


class FeedQuerySet(models.QuerySet):
    def live(self) -> FeedQuerySet:
        return self.filter(revoked_at=None, user__is_active=True)


class Feed(models.Model):
    """The address under which a user's own calendar program reads what falls due.

    What it shows is what its owner may read on the day it is read. Of the address only a keyed
    digest is kept: whoever reads the table cannot read the feed.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="feeds")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(revoked_at=None),
                name="feed_one_alive_per_user",
            )
        ]

    def __str__(self) -> str:
        return f"feed of {self.user_id}"
