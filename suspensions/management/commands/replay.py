"""``manage.py replay FILE``: recompute what was published from published inputs, and compare."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kpis.rules.mapping import Refused
from kpis.rules.profiles import Profile
from kpis.rules.tables import Unreadable
from rulebooks.rules import document
from rulebooks.rules.edition import Edition
from suspensions.rules import comparison, recomputing
from suspensions.rules.comparison import Comparison, Said, Unusable
from suspensions.rules.replay import Given, Replay, Source, setting_of
from suspensions.services.replays import PlatformPath
from suspensions.services.scratch import NoScratch


class Command(BaseCommand):
    help = "Recompute published outcomes from published inputs, and compare."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--pure", action="store_true", help="by the rules alone, no servers")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, file: Path, pure: bool, json: bool, **options) -> None:
        try:
            replay = load(file, Replay)
            data = data_of(replay)
            given = given_of(replay, file.parent, data)
            published = {
                spec.level: comparison.published_outcomes(spec, data) for spec in replay.published
            }
            outcomes, apart = compute(given, pure=pure)
        except (Unusable, Refused, Unreadable, NoScratch) as error:
            raise CommandError(str(error), returncode=2) from None
        compared = comparison.compare(
            replay,
            published,
            outcomes,
            edition=given.edition,
            hits_on_published=hits_on_published(replay, published, given.edition),
        )
        compared.unexpected += apart
        self.stdout.write(as_json(compared) if json else as_text(replay, compared))
        if not compared.as_expected:
            raise CommandError("\n".join(compared.unexpected), returncode=1)


def compute(given: Given, *, pure: bool):
    """Return the outcomes, and where the platform's own path and the rules alone disagree."""
    on = timezone.localdate()
    by_rules = recomputing.recompute(given, on=on)
    if pure:
        return by_rules, []
    by_platform = PlatformPath(given, on=on).outcomes()
    return by_platform, comparison.disagreements(by_rules, by_platform)


def load(path: Path, model: type):
    """Return the document at ``path``.

    :raises CommandError: it is missing or invalid.
    """
    try:
        return model.load(path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}", returncode=2) from None
    except document.Invalid as invalid:
        lines = "\n".join(f"{path}:{problem}" for problem in invalid.problems)
        raise CommandError(lines, returncode=2) from None


def data_of(replay: Replay) -> Path:
    """Return the folder of the data set.

    :raises CommandError: it is not there.
    """
    folder = settings.MSI_DATA / replay.data
    if not folder.is_dir():
        message = f"there is no data set {replay.data} in {settings.MSI_DATA}; set MSI_DATA"
        raise CommandError(message, returncode=2)
    return folder


def given_of(replay: Replay, beside: Path, data: Path) -> Given:
    """Return all that may be known when outcomes are computed: nothing published is in it."""
    path = beside / replay.edition
    edition = load(path, Edition)
    sources = tuple(
        Source(load(beside / one.profile, Profile), data / one.file, setting_of(one))
        for one in replay.inputs
    )
    for source in sources:
        if not source.path.is_file():
            raise CommandError(f"{source.path}: there is no such file", returncode=2)
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


def as_json(compared: Comparison) -> str:
    return json.dumps(compared.as_json(), ensure_ascii=False)


def as_text(replay: Replay, compared: Comparison) -> str:
    return "\n".join(lines(replay, compared))


def lines(replay: Replay, compared: Comparison) -> Iterator[str]:
    told = compared.as_json()
    yield replay.title
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
