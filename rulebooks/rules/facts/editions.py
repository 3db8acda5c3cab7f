"""Facts about editions of the rulebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rulebooks.rules.facts.base import What


@dataclass(frozen=True, slots=True)
class EditionNotified(What):
    """The notice of an edition's adoption had reached the members. Key: the edition's code."""

    kind: ClassVar[str] = "edition.notified"
