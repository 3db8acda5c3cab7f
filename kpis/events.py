"""What the record holds of returns and scores: codes, numbers and hashes."""

from __future__ import annotations

from typing import ClassVar

from ledger.rules import Code, Digest, Event


class ReturnStarted(Event):
    """A draft was begun; ``version`` above 1 corrects a return that was filed."""

    code: ClassVar[str] = "kpis.return.started"
    member: Code
    period: Code
    version: int


class ReturnSubmitted(Event):
    code: ClassVar[str] = "kpis.return.submitted"
    member: Code
    period: Code
    version: int


class ReturnSentBack(Event):
    code: ClassVar[str] = "kpis.return.sent_back"
    member: Code
    period: Code
    version: int


class ReturnFiled(Event):
    """``content`` is the keyed hash of all values and evidence; its key lies with the return."""

    code: ClassVar[str] = "kpis.return.filed"
    member: Code
    period: Code
    edition: Code
    version: int
    late: bool
    content: Digest


class ValuesMarked(Event):
    """One act may mark several values: parallel tuples of KPIs and outcomes."""

    code: ClassVar[str] = "kpis.values.marked"
    member: Code
    period: Code
    version: int
    kpis: tuple[Code, ...]
    outcomes: tuple[Code, ...]


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
