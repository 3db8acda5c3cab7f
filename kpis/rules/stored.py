"""What was scored, as it is stored beside a card: enough to score it again, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256

from kpis.rules import plain as plainly
from kpis.rules import scoring
from kpis.rules.cards import Card, in_json
from kpis.rules.inputs import MemberInputs
from kpis.rules.inputs import fingerprint as first_fingerprint
from rulebooks.rules.answers import Answer
from rulebooks.rules.edition import Edition
from rulebooks.rules.indicators import Kpi

# What stands in ``inputs`` when there are problems. Within a string every quote is escaped, so
# nothing that a member typed can contain it.
PROBLEMS = '"problems":{'
BESIDE = ("attributes", "assurance")  # only where there are any


@dataclass(frozen=True, slots=True)
class Scorable:
    """The answers of a member that can be scored, and what is wrong with the others, by KPI."""

    inputs: MemberInputs
    problems: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stored:
    """A card as it is stored, with the inputs that give it again."""

    card: str
    inputs: str
    digest: str
    fingerprint: str
    total: Decimal | None
    band: str
    verdict: str


def score(edition: Edition, edition_sha256: str, given: Sequence[MemberInputs]) -> list[Stored]:
    """Return what is to be stored for each member, in the order given.

    The way of members whom ``kpis.rules.frames`` leaves to it: they are laid out answer by answer.
    Their numbers come of the same columns, and the bytes are the same.
    """
    return [
        _stored(card, card.compact(), write(one, problems), print_of(edition_sha256, write(one)))
        for one, problems, card in _scored(edition, given)
    ]


def again(edition: Edition, edition_sha256: str, rows: Sequence[tuple[str, str]]) -> list[Stored]:
    """Return what stored cards and inputs come to today, each in the form in which it stands.

    The first cards were written with names, and stay as they are.
    """
    given = [read(inputs) for _, inputs in rows]
    scored = zip(rows, _scored(edition, given), strict=True)
    return [
        _first(one, problems, made, edition_sha256)
        if card.startswith("{")
        else _stored(
            made, made.compact(), write(one, problems), print_of(edition_sha256, write(one))
        )
        for (card, _), (one, problems, made) in scored
    ]


def _scored(
    edition: Edition, given: Sequence[MemberInputs]
) -> Iterable[tuple[MemberInputs, Mapping[str, str], Card]]:
    sorted_out = [scorable(edition.tree.kpis, one) for one in given]
    cards = scoring.score(edition, [one.inputs for one in sorted_out])
    return zip(given, (one.problems for one in sorted_out), cards, strict=True)


def _stored(card: Card, content: str, inputs: str, fingerprint: str) -> Stored:
    return Stored(
        card=content,
        inputs=inputs,
        digest=sha256(content.encode()).hexdigest(),
        fingerprint=fingerprint,
        total=card.total,
        band=card.band or "",
        verdict=card.verdict or "",
    )


def _first(
    one: MemberInputs, problems: Mapping[str, str], card: Card, edition_sha256: str
) -> Stored:
    """Return the same as it was stored at first: with names."""
    plain = {
        "member": one.member,
        "answers": {code: plainly.plain(answer) for code, answer in one.answers.items()},
        **_beside(one),
        **({"problems": dict(problems)} if problems else {}),
    }
    fingerprint = first_fingerprint(edition_sha256, [one])
    return _stored(card, card.canonical().decode(), in_json(plain), fingerprint)


def scorable(kpis: Mapping[str, Kpi], inputs: MemberInputs) -> Scorable:
    """Set aside each answer that is not on the scale of its KPI, so that all others are scored.

    What is set aside counts as missing, and its problem is stated on the card: a card with
    problems cannot be published.
    """
    problems = {
        code: problem
        for code, answer in sorted(inputs.answers.items())
        if (problem := _problem(kpis.get(code), answer))
    }
    kept = {code: answer for code, answer in inputs.answers.items() if code not in problems}
    return Scorable(replace(inputs, answers=kept), problems)


def _problem(kpi: Kpi | None, answer: Answer) -> str | None:
    if kpi is None:
        return "the edition has no such KPI"
    if kpi.problem(answer) is None:
        return None
    return kpi.problem(
        plainly.answer(plainly.plain(answer))
    )  # in the digits that are stored: 9999, not 9999.00


def _beside(inputs: MemberInputs) -> dict[str, dict]:
    return {name: dict(given) for name in BESIDE if (given := getattr(inputs, name))}


def write(inputs: MemberInputs, problems: Mapping[str, str] | None = None) -> str:
    """Return canonical JSON of all that was given, and of the problems if there are any."""
    answers = sorted((code, plainly.compact(answer)) for code, answer in inputs.answers.items())
    beside = {**_beside(inputs), "member": inputs.member}
    if problems:
        beside["problems"] = dict(problems)
    told = ",".join(f"{in_json(code)}:{text}" for code, text in answers)
    return f'{{"answers":{{{told}}},{in_json(beside)[1:]}'


def read(text: str) -> MemberInputs:
    """Return the answers that ``write`` wrote."""
    plain = json.loads(text, parse_float=Decimal)
    answers = {code: plainly.answer(fields) for code, fields in plain["answers"].items()}
    return MemberInputs(
        plain["member"], answers, **{name: plain[name] for name in BESIDE if name in plain}
    )


def sound_answers(text: str, kpis: Collection[str]) -> dict[str, Answer]:
    """Return the answers to ``kpis`` that ``write`` wrote, without those that are problems."""
    plain = json.loads(text, parse_float=Decimal)
    problems = plain.get("problems", ())
    return {
        code: plainly.answer(fields)
        for code, fields in plain["answers"].items()
        if code in kpis and code not in problems
    }


def read_problems(text: str) -> dict[str, str]:
    """Return the problems that ``write`` wrote, by KPI."""
    return json.loads(text).get("problems", {})


def print_of(edition_sha256: str, inputs: str) -> str:
    """Return the SHA-256 of an edition and of what ``write`` gives of a member without problems."""
    return sha256(f"{edition_sha256}\n{inputs}".encode()).hexdigest()


def fingerprint_of_run(edition_sha256: str, fingerprints: Iterable[tuple[str, str]]) -> str:
    """Return the SHA-256 of an edition and the members' fingerprints, in the order of codes."""
    text = json.dumps([edition_sha256, sorted(fingerprints)], separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
