"""Due process: what a step that takes a right away owes to the member, and what departs from it."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from rulebooks.rules.schema import Clause, Part, Text, Title
from rulebooks.rules.terms import Term

LEAST_ANSWER_DAYS = 15

# What every step that takes a right away must have, in the order of the procedure.
Element = Literal[
    "reasons",
    "evidence",
    "answer",
    "hearing",
    "body",
    "reasoned_decision",
    "appeal",
    "publication",
]
IN_WORDS: dict[Element, str] = {
    "reasons": "the reasons are not served on the member",
    "evidence": "the evidence is not served on the member",
    "answer": f"the member has less than {LEAST_ANSWER_DAYS} days to answer",
    "hearing": "the member is not heard",
    "body": "no body decides that could decide otherwise",
    "reasoned_decision": "no decision with reasons is given",
    "appeal": "there is no appeal to another body and no named remedy before a court",
    "publication": "it is published before all that is over",
}


class CourtRemedy(Part):
    """A court before which a decision can be challenged, and how long there is to do so."""

    example: ClassVar[str] = "{court: Local Court of Bonn, within: {months: 1}}"

    court: Title
    within: Term


class Departure(Part):
    """What a step leaves out of due process, why, and by which clause; every notice says it."""

    example: ClassVar[str] = (
        '{from: [hearing, appeal], because: The office acts on a missed date alone., clause: "7.4"}'
    )

    from_: Annotated[tuple[Element, ...], Field(min_length=1, alias="from")]
    because: Text
    clause: Clause

    def in_words(self) -> tuple[str, ...]:
        """Return each thing left out, as a half-sentence for those concerned."""
        return tuple(IN_WORDS[element] for element in self.from_)
