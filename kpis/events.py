"""What the record holds of returns and scores: codes, numbers and hashes."""

from __future__ import annotations

from typing import ClassVar

from ledger.rules import Code, Digest, Event


class RunStarted(Event):
    code: ClassVar[str] = "kpis.run.started"
    period: Code
    edition: Code
    members: int


class RunFinished(Event):
    """``fingerprint`` is of edition and inputs, ``root`` the Merkle root over the cards' digests.

    Both go by the order of member codes.
    """

    code: ClassVar[str] = "kpis.run.finished"
    period: Code
    edition: Code
    members: int
    fingerprint: Digest
    root: Digest


class RunPublished(Event):
    """``corrects_run`` is the run of the same period that was published before, if any."""

    code: ClassVar[str] = "kpis.run.published"
    period: Code
    edition: Code
    members: int
    root: Digest
    corrects_run: int | None = None
