"""Replays of votes."""

from __future__ import annotations

from pathlib import Path

from rulebooks.rules.document import Document, Invalid
from rulebooks.rules.edition import Edition
from suspensions.management.reading import into, load, placed
from suspensions.rules.stories import votes
from suspensions.rules.stories.counting import Played


def play(path: Path, document: Document, *, pure: bool) -> Played:
    """Play the votes at ``path``.

    :raises Wrong: it, or an edition that it names, is missing or invalid.
    """
    replay = into(path, document, votes.VotesReplay)
    edition = load(path.parent / replay.edition, Edition) if replay.edition else None
    assembly = votes.Assembly.of(
        (*(edition.bodies if edition else ()), *replay.bodies),
        (*(edition.decision_rules if edition else ()), *replay.decision_rules),
    )
    played = Played(
        replay.title,
        replay.kind,
        replay.source,
        editions=(edition.code,) if edition else (),
        illustrative=edition is not None and edition.illustrative,
    )
    try:
        return votes.play(document, replay, assembly, played)
    except Invalid as invalid:
        raise placed(path, invalid) from None
