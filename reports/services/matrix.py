"""The compliance matrix as a file: every export is an act, with a hash and a root in the record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from itertools import chain

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from ledger import services as ledger
from ledger.rules import Tree
from members import selectors as members
from members.models import Member
from reports import events, selectors
from reports.rules.matrix import FIRST, NOTHING, WORDS, Held
from reports.rules.tables import csv_line, csv_parts, guarded, xlsx_parts
from reports.selectors.matrix import Matrix

AT_ONCE = 500  # members
HEAD = ("Member", "Name", "Class", "Chamber", "Country")
FORMS = {"csv": csv_parts, "xlsx": xlsx_parts}


class CannotExport(ValueError):
    """There is no such form of file."""


@dataclass(frozen=True, slots=True)
class Export:
    """A matrix that leaves the platform: the name of its file, and its bytes part by part.

    Each part is made when it is asked for, so that no number of members needs more memory. The
    last one is given only when the record holds what the whole file is.
    """

    name: str
    parts: Iterator[bytes]


@transaction.atomic
def export_matrix(*, found: Matrix, of: QuerySet[Member], form: str, by: User, on: date) -> Export:
    """Begin a table of the cells of these members, a row each, as far as ``by`` may read them.

    The record says at once who began it, and with the last part what was sent.

    :raises PermissionDenied: ``by`` may read no member, or it is another's matrix.
    :raises CannotExport: ``form`` is neither csv nor xlsx.
    """
    _require_reader(by, found)
    if form not in FORMS:
        raise CannotExport(f"{form!r} is no form of a table; allowed: {', '.join(FORMS)}")
    begun = events.MatrixExportBegun(
        period=found.period.code,
        edition=found.period.edition.code,
        form=form,
        requirements=len(found.columns),
    )
    ledger.record(begun, subject=by, actor=by, on=on)
    visible = of.filter(pk__in=Member.objects.visible_to(by).values("pk"))
    return Export(f"matrix-{found.period.code}.{form}", _sent(found, visible, begun, by=by, on=on))


def _sent(
    found: Matrix, of: QuerySet[Member], begun: events.MatrixExportBegun, *, by: User, on: date
) -> Iterator[bytes]:
    """Yield the file; its last part waits for the record, so none is whole without it."""
    written, digest, last = _Written(found, of), sha256(), b""
    for part in FORMS[begun.form](written.lines()):
        digest.update(part)
        if last:
            yield last
        last = part
    event = events.MatrixExported(
        **begun.model_dump(),
        members=written.members,
        sha256=digest.hexdigest(),
        root=written.tree.root(),
    )
    with transaction.atomic():
        ledger.record(event, subject=by, actor=by, on=on)
    yield last


def _require_reader(by: User, found: Matrix) -> None:
    if found.reader != by or not Member.objects.visible_to(by).exists():
        raise PermissionDenied("a matrix is exported by whoever may read it")


class _Written:
    """The lines of the table as they are made: how many members, and the tree over the lines."""

    def __init__(self, found: Matrix, of: QuerySet[Member]) -> None:
        self.found, self.of = found, of
        self.members, self.tree = -1, Tree()  # the first line is the head

    def lines(self) -> Iterator[Sequence[str]]:
        columns = self.found.columns
        head = (*HEAD, *(f"{column.code} {column.requirement.title}" for column in columns))
        for line in chain([head], _lines(self.found, self.of)):
            self.members += 1
            safe = tuple(map(guarded, line))
            self.tree.add(csv_line(safe).encode())
            yield safe


def _lines(found: Matrix, of: QuerySet[Member]) -> Iterator[Sequence[str]]:
    last, rows = 0, of.select_related("organisation").order_by("pk")
    while batch := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        cells = selectors.cells(found, batch)
        places = members.places_on([member.pk for member in batch], on=found.placed_on)
        for member in batch:
            place = places[member.pk]
            yield (
                *(member.code, member.name, place.member_class, place.chamber),
                member.organisation.country,
                *(_cell(cells.get((member.pk, column.code))) for column in found.columns),
            )
        last = batch[-1].pk


@cache
def _cell(held: frozenset[Held] | None) -> str:
    if held is None:
        return "not asked"
    return "; ".join(WORDS[state][0].lower() for state in FIRST if state in held) or (
        NOTHING[0].lower()
    )
