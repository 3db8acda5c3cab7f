"""What the record holds of returns and scores: codes, numbers and hashes."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.rules import Code, Digest, Event


class ReturnStarted(Event):
    """A draft was begun; ``version`` above 1 corrects a return that was filed."""

    code: ClassVar[str] = "kpis.return.started"
    member: Code
    period: Code
    version: int


class SiteAdded(Event):
    """A site was added to a draft; ``site`` is the number of its row, as its code may say much."""

    code: ClassVar[str] = "kpis.site.added"
    member: Code
    period: Code
    version: int
    site: int


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


class RunCancelled(Event):
    """A run was stopped with so many of its parts left."""

    code: ClassVar[str] = "kpis.run.cancelled"
    period: Code
    edition: Code
    parts_left: int


class RunResumed(Event):
    """A cancelled run goes on with the parts that were left."""

    code: ClassVar[str] = "kpis.run.resumed"
    period: Code
    edition: Code
    parts_left: int


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


class CardRescored(Event):
    """One member was scored anew; ``before`` is the digest of the card that counted, if any."""

    code: ClassVar[str] = "kpis.card.rescored"
    member: Code
    period: Code
    run: int
    after: Digest
    before: Digest | None = None


class RunSettled(Event):
    """What a provisional run comes to as a whole was reckoned again, after cards were replaced."""

    code: ClassVar[str] = "kpis.run.settled"
    period: Code
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


class RunShown(Event):
    """A provisional run was shown to its members, who may contest it until the day named."""

    code: ClassVar[str] = "kpis.run.shown"
    period: Code
    edition: Code
    contest_until: date


class ScoreContested(Event):
    """``of`` is the KPI or node contested, None for the card as a whole."""

    code: ClassVar[str] = "kpis.score.contested"
    member: Code
    period: Code
    run: int
    digest: Digest
    of: Code | None = None


class ContestAnswered(Event):
    code: ClassVar[str] = "kpis.contest.answered"
    member: Code
    period: Code
    run: int
    outcome: Code


class ContestWithdrawn(Event):
    code: ClassVar[str] = "kpis.contest.withdrawn"
    member: Code
    period: Code
    run: int


class AggregatesDrawn(Event):
    """What may be shown of all members together was drawn up; ``table`` is the table's SHA-256."""

    code: ClassVar[str] = "kpis.aggregates.drawn"
    period: Code
    run: int
    table: Digest


class RunTold(Event):
    """Numbers about all members count the cards of a run from now on: they give nobody away.

    ``withheld`` are the targets whose totals would, beside others of the same numbers.
    """

    code: ClassVar[str] = "kpis.run.told"
    period: Code
    run: int
    withheld: tuple[Code, ...]


class FileImported(Event):
    """A finished import that brought something new: the file's hash, its rows, what was new.

    ``root`` is the Merkle root over the rows as read. Of the facts added, some correct what an
    earlier import stated, and some retract it.
    """

    code: ClassVar[str] = "kpis.file.imported"
    profile: Code
    file_sha256: Digest
    root: Digest
    rows: int
    members_added: int
    facts_added: int
    facts_corrected: int = 0
    facts_retracted: int = 0
    returns_filed: int = 0
    contacts_added: int = 0
    sectors_added: int = 0
    as_of: date | None = None


class MoveProposed(Event):
    code: ClassVar[str] = "kpis.move.proposed"
    period: Code
    before: Code
    after: Code


class MoveCarriedOut(Event):
    """A second person reviewed the move and it was made; ``returns`` is how many were moved."""

    code: ClassVar[str] = "kpis.move.carried_out"
    period: Code
    before: Code
    after: Code
    returns: int
    dropped: int
