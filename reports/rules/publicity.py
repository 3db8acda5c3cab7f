"""Whether the edition lets the public learn of an event by name, and from which day."""

from __future__ import annotations

from datetime import date

from rulebooks.rules.edition import Edition
from rulebooks.rules.publicity import Happening, Policy

KEPT = {
    "membership": "membership to the members",
    "measure": "standing to the members",
    "score": "scorecards to the member",
}


class NotPublic(ValueError):
    """The edition keeps this to the members, or to the member itself, or does so until later."""


def require_public(
    edition: Edition,
    event: Happening,
    *,
    happened_on: date | None,
    on: date,
    standing: str | None = None,
) -> Policy:
    """Return what the public may learn of an event, where that is the name.

    Without ``happened_on`` only whether it ever may is asked.

    :raises NotPublic: it may not, or not yet.
    """
    policy = (
        edition.publicity.policy(event, "public", standing=standing)
        if standing
        else edition.publicity.widest(event, "public")
    )
    said, by = f"edition {edition.code}", f"(clause {policy.clause})"
    if not policy.allows("name"):
        which = f" of a member that is {standing}" if standing else ""
        raise NotPublic(f"{said} keeps {KEPT[event]}{which} {by}")
    if happened_on is not None and policy.waits_for:
        first = policy.earliest(happened_on, holidays=edition.closed_days)
        if on < first:
            why = f"{policy.waits_for} {by}"
            raise NotPublic(f"{said} lets this be published from {first}: {why}")
    return policy
