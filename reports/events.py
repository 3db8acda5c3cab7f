"""What the record holds of what was shown: codes, numbers and hashes."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from ledger.rules import Code, Digest, Event


class ReportIssued(Event):
    """A PDF left the platform: the hash of its bytes, and of the data inside.

    ``reader`` is the class of readers it was made for.
    """

    code: ClassVar[str] = "reports.report.issued"
    member: Code
    period: Code
    edition: Code
    reader: Code
    known_at: datetime
    sha256: Digest
    content_sha256: Digest


class MatrixExportBegun(Event):
    """Somebody began to take a matrix away: from here on some of it may have left.

    ``form`` is csv or xlsx; ``requirements`` are its columns.
    """

    code: ClassVar[str] = "reports.matrix_export.begun"
    period: Code
    edition: Code
    form: Code
    requirements: int


class MatrixExported(Event):
    """A matrix left the platform as a table: the hash of its bytes, and the root over its lines.

    ``form`` is csv or xlsx; ``members`` are its rows, ``requirements`` its columns.
    """

    code: ClassVar[str] = "reports.matrix.exported"
    period: Code
    edition: Code
    form: Code
    members: int
    requirements: int
    sha256: Digest
    root: Digest


class CertificateIssued(Event):
    """A signed certificate of signatures left the platform."""

    code: ClassVar[str] = "reports.certificate.issued"
    member: Code
    edition: Code
    sha256: Digest
    content_sha256: Digest


class LinePublished(Event):
    """A line entered the public register. ``state`` is a class, a standing or a band."""

    code: ClassVar[str] = "reports.line.published"
    member: Code
    sort: Code
    state: Code | None = None


class LineWithdrawn(Event):
    """A line left the public register, because a newer act replaced it, or it holds no longer."""

    code: ClassVar[str] = "reports.line.withdrawn"
    member: Code
    sort: Code
    state: Code | None = None
    why: Code


class MembershipsPublished(Event):
    code: ClassVar[str] = "reports.memberships.published"
    count: int


class ScoresPublished(Event):
    """The scores of a published run entered the register, in place of those of an earlier run."""

    code: ClassVar[str] = "reports.scores.published"
    period: Code
    run: int
    count: int
    withdrawn: int


class ScoresWithdrawn(Event):
    code: ClassVar[str] = "reports.scores.withdrawn"
    period: Code
    count: int
