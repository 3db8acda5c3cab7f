"""Replays of facts and answers: stories."""

from __future__ import annotations

from pathlib import Path

from rulebooks.rules.document import Document, Invalid
from rulebooks.rules.edition import Edition
from suspensions.management.reading import into, load, opened, placed
from suspensions.rules.stories import playing
from suspensions.rules.stories.counting import Played
from suspensions.rules.stories.playing import Rulebook
from suspensions.rules.stories.schema import Story


def play(path: Path, document: Document, *, pure: bool) -> Played:
    """Play the story at ``path``.

    :raises Wrong: it, or an edition that it names, is missing or invalid.
    """
    story = into(path, document, Story)
    rulebook = rulebook_of(story, path.parent)
    try:
        return playing.play(document, story, rulebook)
    except Invalid as invalid:
        raise placed(path, invalid) from None


def rulebook_of(story: Story, beside: Path) -> Rulebook:
    """Return the editions of a story, which lie beside it."""
    read = opened(beside / story.edition)
    edition = into(beside / story.edition, read, Edition)
    earlier = tuple(load(beside / one, Edition) for one in story.earlier)
    return Rulebook(edition, read.value, earlier)
