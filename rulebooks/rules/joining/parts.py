"""What an edition asks of those who apply for a class of membership, and who decides on it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from rulebooks.rules.joining.market import Competitors
from rulebooks.rules.schema import Clause, Code, Day, Label, Number, Part, Selection, Text, Title
from rulebooks.rules.terms import Term

MOST = 100  # parts in a list: a form that somebody fills in by hand
LONGEST_ANSWER = 20_000
Readers = Literal["staff", "staff_and_body"]
Asked = Literal["none", "optional", "required"]


class ApplicationQuestion(Part):
    """A question to whoever applies, answered by text, a choice, a number, or yes or no.

    ``choices`` go with choice; ``min``, ``max`` and ``unit`` with number; ``at_most`` is how many
    characters a text has. ``seen_by`` says who reads the answer beside the applicant.
    """

    example: ClassVar[str] = (
        "{code: why, title: Why do you apply?, answer: text, at_most: 2000, seen_by: staff, "
        'clause: "2.7"}'
    )

    code: Code
    title: Title
    help: Title | None = None
    answer: Literal["text", "choice", "number", "yes_no"]
    choices: Annotated[tuple[Label, ...], Field(max_length=MOST)] = ()
    min: Number | None = None
    max: Number | None = None
    unit: Label | None = None
    at_most: Annotated[int, Field(ge=1, le=LONGEST_ANSWER, strict=True)] | None = None
    required: bool = True
    seen_by: Readers = "staff_and_body"
    clause: Clause

    @model_validator(mode="after")
    def fits_its_answer(self) -> ApplicationQuestion:
        """Refuse keys that mean nothing for the answer, and bounds out of order."""
        if (self.answer == "choice") is not (len(self.choices) > 1):
            raise ValueError("an answer by choice names two choices or more; no other answer does")
        if len(set(self.choices)) < len(self.choices):
            raise ValueError("a choice stands twice")
        bounds = (self.min, self.max, self.unit)
        if self.answer != "number" and bounds != (None, None, None):
            raise ValueError("min, max and unit go with an answer by number")
        if self.answer != "text" and self.at_most is not None:
            raise ValueError("at_most goes with an answer by text")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min} is above max {self.max}")
        return self


class DocumentAsked(Part):
    """A document that an application is to hold."""

    example: ClassVar[str] = '{code: register, title: Extract of the register, clause: "2.7"}'

    code: Code
    title: Title
    help: Title | None = None
    required: bool = True
    seen_by: Readers = "staff_and_body"
    clause: Clause


class ContactAsked(Part):
    """Somebody whom the applicant names, with name and e-mail, in a role."""

    example: ClassVar[str] = '{code: head, name: Head of the organisation, clause: "2.7"}'

    code: Code
    name: Title
    required: bool = True
    clause: Clause


class Criterion(Part):
    """What an applicant has to meet. A refusal cites one, and so does a comment of a member."""

    example: ClassVar[str] = '{code: buys, text: It makes or buys lamps., clause: "2.6"}'

    code: Code
    text: Text
    clause: Clause


class CheckItem(Part):
    """One thing that the secretariat looks into before an application is decided on."""

    example: ClassVar[str] = '{code: sanctions, text: Is it on a list of sanctions?, clause: "2.8"}'

    code: Code
    text: Text
    clause: Clause


class ObjectionWindow(Part):
    """How long members can comment on an application, and the applicant can reply to a comment.

    ``competitors`` says who counts as a competitor of the applicant, beside those who say so
    themselves: whoever is in the same class, chamber or sector, or in two of them; or nobody else.
    """

    example: ClassVar[str] = (
        "{window: {days: 14}, reply: {days: 10}, competitors: same_class_and_chamber, "
        'clause: "2.9"}'
    )

    window: Term
    reply: Term
    competitors: Competitors
    clause: Clause


class AppealTerms(Part):
    """To which body an applicant can appeal who was refused, until when, and when it decides."""

    example: ClassVar[str] = (
        '{to: appeal-panel, within: {days: 30}, decide_within: {days: 60}, clause: "2.11"}'
    )

    to: Code
    within: Term
    decide_within: Term | None = None
    clause: Clause


class Reapplying(Part):
    """How long an organisation waits before it applies again, and whether its past is weighed.

    Each term is counted from the day on which it was refused, excluded, or left.
    """

    example: ClassVar[str] = (
        "{after_refusal: {months: 6}, after_exclusion: {years: 2}, weigh_history: true, "
        'clause: "2.12"}'
    )

    after_refusal: Term | None = None
    after_exclusion: Term | None = None
    after_leaving: Term | None = None
    weigh_history: bool = True
    clause: Clause


class Admission(Part):
    """How one applies for classes of membership: what is asked, who checks, comments and decides.

    Applications filed before ``applies_from``, or for a class that no admission names, are decided
    by the secretariat without these steps. ``opens_on`` and ``closes_on`` are the first and the
    last day for filing. ``check_within`` and ``decide_within`` are counted from the filing. Where
    ``decided_by`` names no body, the secretariat decides. Until it is decided, other members learn
    ``until_decided``, and nothing else.
    """

    example: ClassVar[str] = (
        '{code: companies, applies_to: [full], until_decided: name_class_country, clause: "2.6"}'
    )

    code: Code
    applies_to: Selection = "all"
    applies_from: Day | None = None
    opens_on: Day | None = None
    closes_on: Day | None = None
    questions: Annotated[tuple[ApplicationQuestion, ...], Field(max_length=MOST)] = ()
    documents: Annotated[tuple[DocumentAsked, ...], Field(max_length=MOST)] = ()
    sectors: Asked = "none"
    sites: Asked = "none"
    corporate_group: Asked = "none"
    contacts: Annotated[tuple[ContactAsked, ...], Field(max_length=MOST)] = ()
    criteria: Annotated[tuple[Criterion, ...], Field(max_length=MOST)] = ()
    due_diligence: Annotated[tuple[CheckItem, ...], Field(max_length=MOST)] = ()
    check_within: Term | None = None
    objections: ObjectionWindow | None = None
    decided_by: Code | None = None
    decide_within: Term | None = None
    appeal: AppealTerms | None = None
    reapplying: Reapplying | None = None
    until_decided: Literal["nothing", "name_class_country"] = "name_class_country"
    clause: Clause

    @model_validator(mode="after")
    def fits_together(self) -> Admission:
        """Refuse steps that nobody could take: a last day before the first, nothing to cite."""
        if self.opens_on and self.closes_on and self.closes_on < self.opens_on:
            raise ValueError(f"closes_on {self.closes_on} is before opens_on {self.opens_on}")
        if (self.objections or self.decided_by) and not self.criteria:
            raise ValueError("comments and refusals cite a criterion; name criteria")
        if self.objections and self.until_decided == "nothing":
            raise ValueError("members comment on whom they know of; until_decided tells nothing")
        by_sector = self.objections and "sector" in self.objections.competitors
        if by_sector and self.sectors == "none":
            raise ValueError("competitors are told by sector; ask for it: sectors: required")
        if self.appeal and self.appeal.to == self.decided_by:
            raise ValueError(f"{self.decided_by} decides; an appeal goes to another body")
        return self

    def applies(self, on: date) -> bool:
        """Return whether applications filed on a day follow these steps."""
        return self.applies_from is None or self.applies_from <= on

    def criterion(self, code: str) -> Criterion:
        """Return the criterion called ``code``.

        :raises KeyError: there is none.
        """
        for one in self.criteria:
            if one.code == code:
                return one
        raise KeyError(code)
