"""What an edition says of a membership that changes: its class, a merger, notice, contacts."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from rulebooks.rules.decisions.bodies import BodyCode
from rulebooks.rules.schema import Clause, Code, Part, Selection, Title
from rulebooks.rules.terms import Term

SECRETARIAT = "secretariat"  # told beside bodies, whose codes are the edition's
AsOne = Literal["votes", "disclosure", "fees"]


class ClassChange(Part):
    """How a member comes into another class: by whom it is decided, the secretariat if not said.

    With ``on_request: false`` a member cannot ask for it.
    """

    example: ClassVar[str] = '{decided_by: board, clause: "2.6"}'

    decided_by: BodyCode | None = None
    on_request: bool = True
    clause: Clause


class Merger(Part):
    """What becomes of a member that is part of another from a day on.

    ``obligations`` that it had still to meet follow, or end; ``cases`` that are open always go on,
    and with ``follow`` their measures hold against the other too; its ``signatures`` count for the
    other, or stay its own. What is left out is chosen at each merger, with reasons.

    Source: docs/sources.md, mergers.
    """

    example: ClassVar[str] = (
        '{obligations: follow, cases: follow, signatures: stay, decided_by: board, clause: "2.7"}'
    )

    obligations: Literal["follow", "end"] | None = None
    cases: Literal["follow", "stay"] | None = None
    signatures: Literal["follow", "stay"] | None = None
    decided_by: BodyCode | None = None
    clause: Clause


class Withdrawal(Part):
    """How a member leaves: by notice, whose last day lies a term after it was given.

    Of a notice, and of one that is taken back, those are told by letter whom ``tells`` names: the
    ``secretariat``, and whoever sits on the bodies. The member gets a receipt in any case.

    Source: docs/sources.md, withdrawal.
    """

    example: ClassVar[str] = '{notice: {months: 3}, tells: [secretariat, board], clause: "2.8"}'

    notice: Term | None = None
    tells: tuple[Code, ...] = (SECRETARIAT,)
    clause: Clause


class ContactRole(Part):
    """A person whom a member names for a purpose; the ``main`` one is written to about all else.

    Of a ``required`` role every member of the classes names somebody. ``letters`` are the kinds of
    letters that go to this contact.
    """

    example: ClassVar[str] = (
        "{code: finance, name: Finance, required: true, letters: [fee-invoiced], applies_to: all,"
        ' clause: "2.9"}'
    )

    code: Code
    name: Title
    main: bool = False
    required: bool = False
    letters: tuple[Code, ...] = ()
    applies_to: Selection = "all"
    clause: Clause


class CorporateGroups(Part):
    """Members under one owner, and for what they count as one.

    Of their ``votes`` one counts, for ``disclosure`` they are one of the members behind a number,
    and their ``fees`` share the cap of a group.
    """

    example: ClassVar[str] = '{counts_as_one: [votes, disclosure], clause: "2.10"}'

    counts_as_one: Annotated[tuple[AsOne, ...], Field(min_length=1)]
    clause: Clause


class Belonging(Part):
    """How a membership may change once it has begun. What is left out, the secretariat decides."""

    class_change: ClassChange | None = None
    merger: Merger | None = None
    withdrawal: Withdrawal | None = None
    contacts: tuple[ContactRole, ...] = ()
    corporate_groups: CorporateGroups | None = None

    def counts_as_one(self, what: AsOne) -> bool:
        """Return whether members of one corporate group count as one for something."""
        return self.corporate_groups is not None and what in self.corporate_groups.counts_as_one

    @property
    def main_contact(self) -> ContactRole | None:
        """Return the role that is written to about all that no other role is for."""
        return next((role for role in self.contacts if role.main), None)
