"""Open returns moved to another edition: proposed by one person, reviewed by a second."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from accounts.rules import Permission, allows
from kpis.models.returns import Return
from members.models import Member, MemberScopedQuerySet
from rulebooks.models import Edition
from targets.models import Period


class MoveQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> MoveQuerySet:
        """Staff see what is to be moved; a member sees its own return."""
        may = user.is_authenticated and allows(user.roles, Permission.MEMBER_VIEW_ALL)
        return self.all() if may else self.none()

    def open(self) -> MoveQuerySet:
        return self.filter(carried_out_at=None)


class Move(models.Model):
    """The open returns of a period leave one edition for the one that governs the period now."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="moves")
    before = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    after = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    carried_out_at = models.DateTimeField(null=True, blank=True)
    carried_out_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = MoveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "before"],
                condition=Q(carried_out_at=None),
                name="move_proposed_once",
            ),
            models.CheckConstraint(condition=~Q(before=F("after")), name="move_changes_edition"),
            models.CheckConstraint(
                condition=Q(carried_out_at=None, carried_out_by=None)
                | Q(carried_out_at__isnull=False, carried_out_by__isnull=False),
                name="move_carried_out_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=~Q(carried_out_by=F("proposed_by")), name="move_reviewed_by_a_second"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period}: {self.before_id} to {self.after_id}"


class MovedReturn(models.Model):
    """One return that was moved. ``dropped`` keeps the answers that did not go on, by KPI."""

    move = models.ForeignKey(Move, models.PROTECT, related_name="returns")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    of_return = models.ForeignKey(Return, models.PROTECT, related_name="moves")
    dropped = models.JSONField(default=dict)

    objects = MemberScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["move", "of_return"], name="moved_once_a_move")
        ]

    def __str__(self) -> str:
        return f"return {self.of_return_id} by move {self.move_id}"
