"""``manage.py replay FILE…``: play facts, answers or a data set, and compare with what happened.

What kind of replay a file holds is said by its ``kind``; each kind is played by one function.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from django.core.management.base import BaseCommand, CommandError

from kpis.rules.mapping import Refused
from kpis.rules.tables import Unreadable
from rulebooks.rules.document import Document
from suspensions.management import datasets, stories, votes
from suspensions.management.reading import Wrong, opened
from suspensions.rules.comparison import Unusable
from suspensions.rules.stories.counting import added
from suspensions.services.scratch import NoScratch


class Outcome(Protocol):
    """A replay that was played."""

    @property
    def as_expected(self) -> bool: ...

    def unexpected(self) -> list[str]: ...

    def as_json(self) -> dict[str, Any]: ...

    def lines(self) -> Iterator[str]: ...


PLAYERS: Mapping[str, Callable[..., Outcome]] = {
    "data": datasets.play,
    "facts": stories.play,
    "votes": votes.play,
}


class Command(BaseCommand):
    help = "Play facts, answers or a data set against an edition, and compare."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="+")
        parser.add_argument("--pure", action="store_true", help="by the rules alone, no servers")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, file: list[Path], pure: bool, json: bool, **options) -> None:
        try:
            played = {path: play(path, pure=pure) for path in file}
        except (Wrong, Unusable, Refused, Unreadable, NoScratch) as error:
            raise CommandError(str(error), returncode=2) from None
        self.stdout.write(as_json(played) if json else as_text(played))
        if not all(one.as_expected for one in played.values()):
            raise CommandError("\n".join(unexpected(played)), returncode=1)


def play(path: Path, *, pure: bool) -> Outcome:
    """Play one file.

    :raises Wrong: it is missing or invalid.
    """
    document = opened(path)
    return player(path, document)(path, document, pure=pure)


def player(path: Path, document: Document) -> Callable[..., Outcome]:
    """Return what plays a document of its kind.

    :raises Wrong: there is no such kind.
    """
    kind = document.value.get("kind", "data") if isinstance(document.value, dict) else "data"
    if kind not in PLAYERS:
        mark = document.values[("kind",)]
        where = f"{path}:{mark.line + 1}:{mark.column + 1}"
        raise Wrong(f"{where}: kind: {kind!r} is not known; allowed: {', '.join(PLAYERS)}")
    return PLAYERS[kind]


def as_json(played: Mapping[Path, Outcome]) -> str:
    told = {str(path): one.as_json() for path, one in played.items()}
    whole = next(iter(told.values())) if len(told) == 1 else {"files": told, **added(told.values())}
    return json.dumps(whole, ensure_ascii=False)


def as_text(played: Mapping[Path, Outcome]) -> str:
    return "\n".join(line for one in played.values() for line in one.lines())


def unexpected(played: Mapping[Path, Outcome]) -> Iterator[str]:
    several = len(played) > 1
    for path, one in played.items():
        yield from (f"{path}: {line}" if several else line for line in one.unexpected())
