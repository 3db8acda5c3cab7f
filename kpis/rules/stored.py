"""What was scored, as it is stored beside a card: enough to score it again, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256

from kpis.rules import plain as plainly
from kpis.rules import scoring
from kpis.rules.inputs import MemberInputs, fingerprint
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

    The one way from answers to stored cards: of a run, of one member, of checking them again.
    """
    sorted_out = [scorable(edition.tree.kpis, one) for one in given]
    cards = scoring.score(edition, [one.inputs for one in sorted_out])
    made = []
    for one, kept, card in zip(given, sorted_out, cards, strict=True):
        content = card.canonical()
        made.append(
            Stored(
                card=content.decode(),
                inputs=write(one, kept.problems),
                digest=sha256(content).hexdigest(),
                fingerprint=fingerprint(edition_sha256, [one]),
                total=card.total,
                band=card.band or "",
                verdict=card.verdict or "",
            )
        )
    return made


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


def write(inputs: MemberInputs, problems: Mapping[str, str]) -> str:
    """Return canonical JSON of all that was given, and of the problems if there are any."""
    plain = {
        "member": inputs.member,
        "answers": {code: plainly.plain(answer) for code, answer in inputs.answers.items()},
    }
    for name in BESIDE:
        if given := getattr(inputs, name):
            plain[name] = dict(given)
    if problems:
        plain["problems"] = dict(problems)
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read(text: str) -> MemberInputs:
    """Return the answers that ``write`` wrote."""
    plain = json.loads(text)
    answers = {code: plainly.answer(fields) for code, fields in plain["answers"].items()}
    return MemberInputs(
        plain["member"], answers, **{name: plain[name] for name in BESIDE if name in plain}
    )


def read_problems(text: str) -> dict[str, str]:
    """Return the problems that ``write`` wrote, by KPI."""
    return json.loads(text).get("problems", {})


def fingerprint_of_run(edition_sha256: str, fingerprints: Iterable[tuple[str, str]]) -> str:
    """Return the SHA-256 of an edition and the members' fingerprints, in the order of codes."""
    text = json.dumps([edition_sha256, sorted(fingerprints)], separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
