"""The compliance matrix as a file: every export is an act, with a hash and a root in the record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from ledger import services as ledger
from ledger.rules import merkle_root
from members.models import Member
from reports import events, selectors
from reports.rules.matrix import FIRST, NOTHING, WORDS, Held
from reports.rules.tables import as_csv, as_xlsx, csv_line, guarded
from reports.selectors.matrix import Matrix

AT_ONCE = 500  # members
HEAD = ("Member", "Name", "Class", "Chamber", "Country")
FORMS = ("csv", "xlsx")


class CannotExport(ValueError):
    """There is no such form of file."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A matrix that left the platform: its bytes, and what the record holds of it."""

    content: bytes
    name: str
    members: int
    sha256: str
    root: str


@transaction.atomic
def export_matrix(
    *, found: Matrix, of: QuerySet[Member], form: str, by: User, on: date
) -> Exported:
    """Write the cells of these members as a table of one row each, as far as ``by`` may read them.

    :raises PermissionDenied: ``by`` may read no member, or it is another's matrix.
    :raises CannotExport: ``form`` is neither csv nor xlsx.
    """
    _require_reader(by, found)
    if form not in FORMS:
        raise CannotExport(f"{form!r} is no form of a table; allowed: {', '.join(FORMS)}")
    visible = of.filter(pk__in=Member.objects.visible_to(by).values("pk"))
    lines, root = _written(found, visible)
    content = as_csv(lines) if form == "csv" else as_xlsx(lines)
    exported = Exported(
        content=content,
        name=f"matrix-{found.period.code}.{form}",
        members=len(lines) - 1,
        sha256=sha256(content).hexdigest(),
        root=root,
    )
    event = events.MatrixExported(
        period=found.period.code,
        edition=found.period.edition.code,
        form=form,
        members=exported.members,
        requirements=len(found.columns),
        sha256=exported.sha256,
        root=root,
    )
    ledger.record(event, subject=by, actor=by, on=on)
    return exported


def _require_reader(by: User, found: Matrix) -> None:
    if found.reader != by or not Member.objects.visible_to(by).exists():
        raise PermissionDenied("a matrix is exported by whoever may read it")


def _written(found: Matrix, of: QuerySet[Member]) -> tuple[list[Sequence[str]], str]:
    """Return the lines of the table, and the Merkle root over them."""
    head = (*HEAD, *(f"{column.code} {column.requirement.title}" for column in found.columns))
    lines = [tuple(map(guarded, head)), *_lines(found, of)]
    return lines, merkle_root(csv_line(line).encode() for line in lines)


def _lines(found: Matrix, of: QuerySet[Member]) -> Iterator[Sequence[str]]:
    last, rows = 0, of.select_related("organisation").order_by("pk")
    while batch := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        cells = selectors.cells(found, batch)
        for member in batch:
            said = (
                *(member.code, member.name, member.member_class, member.chamber),
                member.organisation.country,
                *(_cell(cells.get((member.pk, column.code))) for column in found.columns),
            )
            yield tuple(map(guarded, said))
        last = batch[-1].pk


def _cell(held: frozenset[Held] | None) -> str:
    if held is None:
        return "not asked"
    return "; ".join(WORDS[state][0].lower() for state in FIRST if state in held) or (
        NOTHING[0].lower()
    )
