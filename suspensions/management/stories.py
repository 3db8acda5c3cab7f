"""Replays of facts and answers: stories."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from rulebooks.rules.document import Document, Invalid
from rulebooks.rules.edition import Edition
from suspensions.management.reading import into, load, opened, placed
from suspensions.rules.stories import playing
from suspensions.rules.stories.counting import Played
from suspensions.rules.stories.playing import Rulebook
from suspensions.rules.stories.schema import Story
from suspensions.services.stories import FactsPath


def play(path: Path, document: Document, *, pure: bool) -> Played:
    """Play the story at ``path``.

    :raises Wrong: it, or an edition that it names, is missing or invalid.
    """
    story = into(path, document, Story)
    rulebook = rulebook_of(story, path.parent)
    try:
        played = playing.play(document, story, rulebook)
    except Invalid as invalid:
        raise placed(path, invalid) from None
    if not pure:
        texts = [(path.parent / one).read_text() for one in (*story.earlier, story.edition)]
        platform = FactsPath(story, rulebook, texts, on=timezone.localdate())
        played.apart += platform.disagreements()
    return played


def rulebook_of(story: Story, beside: Path) -> Rulebook:
    """Return the editions of a story, which lie beside it."""
    read = opened(beside / story.edition)
    edition = into(beside / story.edition, read, Edition)
    earlier = tuple(load(beside / one, Edition) for one in story.earlier)
    return Rulebook(edition, read.value, earlier)
