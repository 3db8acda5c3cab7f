"""Votes that decided nothing, as they are kept whatever they are about."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import User
from governance.rules import voting
from governance.rules.rounds import OPEN, Earlier
from ledger.models import Entry
from rulebooks.rules.decisions import Outcome, State

LEADS_FURTHER = Q(state__in=[state.value for state in OPEN])


class KeptRound(models.Model):
    """A vote that decided nothing: a next stage or another body follows, ``then``.

    Whoever inherits says what it is about, and has ``body`` and ``question``.
    """

    stage = models.CharField(max_length=40)
    state = models.CharField(max_length=20)
    then = models.CharField(max_length=40)
    vote = models.JSONField()  # counts and grounds, governance.rules.voting
    taken_on = models.DateField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @staticmethod
    def fields_of(came: Outcome) -> dict[str, Any]:
        """Return what is kept of what a vote came to."""
        return {
            "stage": came.stage,
            "state": came.state.value,
            "then": came.next,
            "vote": voting.as_stored(came),
        }

    @property
    def earlier(self) -> Earlier:
        """The vote as the next one is held to it."""
        return Earlier(self.body.code, self.stage, State(self.state), self.then, self.taken_on)
