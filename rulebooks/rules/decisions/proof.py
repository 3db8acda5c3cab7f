"""Standards of proof: how sure a body must be before it decides, in words for those concerned."""

from __future__ import annotations

from typing import ClassVar, Literal

from rulebooks.rules.decisions.bodies import Question
from rulebooks.rules.schema import Clause, Part

Standard = Literal[
    "credible_indication",
    "balance_of_probabilities",
    "comfortable_satisfaction",
    "clear_and_convincing",
    "beyond_reasonable_doubt",
]
# Printed on decisions, letters and the reading page, the lowest first.
PRINTED: dict[Standard, str] = {
    "credible_indication": "Credible indication: there is concrete reason to believe it.",
    "balance_of_probabilities": (
        "Balance of probabilities: on all the evidence it is more likely than not."
    ),
    "comfortable_satisfaction": (
        "Comfortable satisfaction: the body is satisfied of it, and the more so the graver it is."
    ),
    "clear_and_convincing": (
        "Clear and convincing evidence: on all the evidence it is highly probable."
    ),
    "beyond_reasonable_doubt": "Beyond reasonable doubt: no reasonable doubt of it is left.",
}


class ProofStandard(Part):
    """The standard of proof that one kind of decision asks for, printed on each of them."""

    example: ClassVar[str] = (
        '{question: measure, standard: balance_of_probabilities, clause: "8.5"}'
    )

    question: Question
    standard: Standard
    clause: Clause

    @property
    def printed(self) -> str:
        """Return the sentence that decisions carry."""
        return PRINTED[self.standard]
