"""Replays of data sets: what an initiative published, recomputed from published inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from kpis.rules.profiles import Profile
from rulebooks.rules.document import Document
from rulebooks.rules.edition import Edition
from suspensions.management.reading import Wrong, into, load
from suspensions.rules import comparison, recomputing
from suspensions.rules.comparison import Comparison, Said
from suspensions.rules.replay import Given, Replay, Source, setting_of
from suspensions.rules.stories.counting import nothing_but_published
from suspensions.services.replays import PlatformPath


@dataclass(frozen=True)
class DataSet:
    """A data set that was played."""

    replay: Replay
    compared: Comparison

    @property
    def as_expected(self) -> bool:
        return self.compared.as_expected

    def unexpected(self) -> list[str]:
        return self.compared.unexpected

    def as_json(self) -> dict:
        told = self.compared.as_json()
        levels = told["levels"].values()
        return told | nothing_but_published(
            holds=sum(level["equal"] for level in levels),
            of=sum(level["published"] for level in levels),
        )

    def lines(self) -> Iterator[str]:
        told = self.compared.as_json()
        yield self.replay.title
        for name, level in told["levels"].items():
            yield f"  {name}: {level['equal']} of {level['published']} equal"
            for one in level["differing"]:
                why = f" (known: {one['reason']})" if one["known"] else ""
                yield (
                    f"    {one['member']}, {one['period']}, {one['node']}: "
                    f"published {one['published']}, computed {one['computed']}{why}"
                )
        for rule, counts in told["hits"].items():
            yield (
                f"  {rule}: {counts['on_published']} members on published outcomes, "
                f"{counts['on_computed']} on computed ones"
            )
        yield told["line"]


def play(path: Path, document: Document, *, pure: bool) -> DataSet:
    """Play the data set that a replay names.

    :raises Wrong: the replay, or a file that it names, is missing or invalid.
    """
    replay = into(path, document, Replay)
    data = data_of(replay)
    given = given_of(replay, path.parent, data)
    published = {spec.level: comparison.published_outcomes(spec, data) for spec in replay.published}
    outcomes, apart = compute(given, pure=pure)
    compared = comparison.compare(
        replay,
        published,
        outcomes,
        edition=given.edition,
        hits_on_published=hits_on_published(replay, published, given.edition),
    )
    compared.unexpected += apart
    return DataSet(replay, compared)


def compute(given: Given, *, pure: bool):
    """Return the outcomes, and where the platform's own path and the rules alone disagree."""
    on = timezone.localdate()
    by_rules = recomputing.recompute(given, on=on)
    if pure:
        return by_rules, []
    by_platform = PlatformPath(given, on=on).outcomes()
    return by_platform, comparison.disagreements(by_rules, by_platform)


def data_of(replay: Replay) -> Path:
    """Return the folder of the data set.

    :raises Wrong: it is not there.
    """
    folder = settings.MSI_DATA / replay.data
    if not folder.is_dir():
        raise Wrong(f"there is no data set {replay.data} in {settings.MSI_DATA}; set MSI_DATA")
    return folder


def given_of(replay: Replay, beside: Path, data: Path) -> Given:
    """Return all that may be known when outcomes are computed: nothing published is in it.

    :raises Wrong: a file is missing or invalid.
    """
    path = beside / replay.edition
    edition = load(path, Edition)
    sources = tuple(
        Source(load(beside / one.profile, Profile), data / one.file, setting_of(one))
        for one in replay.inputs
    )
    for source in sources:
        if not source.path.is_file():
            raise Wrong(f"{source.path}: there is no such file")
    return Given(path.read_text(), edition, sources)


def hits_on_published(
    replay: Replay, published: Mapping[str, Sequence[Said]], edition: Edition
) -> dict[str, int]:
    """Return how many members each rule of the replay hits when it reads published labels."""
    counts = {}
    for wanted in replay.hits:
        found = recomputing.hits_on_labels(
            edition, published[wanted.level], on=timezone.localdate()
        )
        counts[wanted.rule] = len({member for rule, _, member in found if rule == wanted.rule})
    return counts
