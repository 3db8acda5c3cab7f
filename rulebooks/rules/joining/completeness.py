"""What an application lacks before it can be filed, each with the field that it is about."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from rulebooks.rules.joining.parts import LONGEST_ANSWER, Admission, ApplicationQuestion

YES_NO = ("yes", "no")
LONGEST_NUMBER = 30


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing or wrong: the field, by its name on the form, and what to do."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Content:
    """What an applicant has typed so far. ``documents`` are the codes of those handed in.

    ``sectors`` are codes of the edition.
    """

    answers: Mapping[str, str]
    contacts: Mapping[str, Mapping[str, str]]
    sites: Sequence[Mapping[str, str]]
    group: str
    documents: Container[str]
    sectors: Sequence[str] = ()


def gaps(admission: Admission, content: Content) -> tuple[Gap, ...]:
    """Return what is missing from an application or does not answer what is asked, in order."""
    return tuple(_gaps(admission, content))


def _gaps(admission: Admission, content: Content) -> Iterator[Gap]:
    for question in admission.questions:
        problem = _answer_problem(question, content.answers.get(question.code, "").strip())
        if problem:
            yield Gap(f"answer-{question.code}", f"“{question.title}”: {problem}")
    if admission.sectors == "required" and not content.sectors:
        yield Gap("sectors", "Choose the sectors in which you work")
    if admission.corporate_group == "required" and not content.group.strip():
        yield Gap("group", "Name the corporate group, or write “none”")
    if admission.sites == "required" and not content.sites:
        yield Gap("sites", "Name at least one site")
    yield from _contact_gaps(admission, content)
    for document in admission.documents:
        if document.required and document.code not in content.documents:
            yield Gap(f"document-{document.code}", f"{document.title}: hand in the document")


def _contact_gaps(admission: Admission, content: Content) -> Iterator[Gap]:
    """Yield contacts that are asked for and not named, and those named by half."""
    for contact in admission.contacts:
        named = content.contacts.get(contact.code, {})
        said = [bool(named.get(key, "").strip()) for key in ("name", "email")]
        if any(said) != all(said) or (contact.required and not all(said)):
            yield Gap(f"contact-{contact.code}-name", f"{contact.name}: give name and e-mail")


def _answer_problem(question: ApplicationQuestion, answer: str) -> str:
    """Return what is wrong with an answer, empty when nothing is."""
    if not answer:
        return "not answered" if question.required else ""
    if question.answer == "yes_no" and answer not in YES_NO:
        return "answer yes or no"
    if question.answer == "choice" and answer not in question.choices:
        return f"choose one of {', '.join(question.choices)}"
    if question.answer == "number":
        return _number_problem(question, answer)
    most = question.at_most or LONGEST_ANSWER
    if question.answer == "text" and len(answer) > most:
        return f"has {len(answer):,} characters; at most {most:,} are taken"
    return ""


def _number_problem(question: ApplicationQuestion, answer: str) -> str:
    number = _number(answer)
    if number is None:
        return "write a number such as 12 or 0.5, without a unit"
    if question.min is not None and number < question.min:
        return f"at least {question.min} is asked, not {number}"
    if question.max is not None and number > question.max:
        return f"at most {question.max} is asked, not {number}"
    return ""


def _number(answer: str) -> Decimal | None:
    try:
        number = Decimal(answer) if len(answer) <= LONGEST_NUMBER else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
