"""The facts that rules read: a closed list, one frozen class each.

A fact has two times: the day it is about and the moment it was recorded. It is never rewritten;
a correction is a new fact that points at the old one. What it says beyond that is one of the
classes here, named by ``kind``; its ``key`` says which obligation, breach or case it speaks of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType, NoneType
from typing import Any, ClassVar, get_args, get_type_hints


class UnknownFact(ValueError):
    """No fact of that kind or with those fields exists."""


class What:
    """What a fact says. Subclasses are frozen, and their fields are days, codes and numbers."""

    __slots__ = ()
    kind: ClassVar[str]

    def data(self) -> dict[str, Any]:
        """Return the fields as plain JSON values."""
        return {name: _plain(value) for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class MemberAdmitted(What):
    """The organisation became a member. No key."""

    kind: ClassVar[str] = "member.admitted"
    member_class: str
    chamber: str


@dataclass(frozen=True, slots=True)
class MemberLeft(What):
    """The member withdrew; open cases go on. No key."""

    kind: ClassVar[str] = "member.left"


@dataclass(frozen=True, slots=True)
class RequirementSigned(What):
    """A signatory signed one requirement. Key: the requirement's code."""

    kind: ClassVar[str] = "requirement.signed"
    edition: str
    text_sha256: str


@dataclass(frozen=True, slots=True)
class ReturnFiled(What):
    """A KPI return was signed off and filed. Key: the period's code."""

    kind: ClassVar[str] = "submission.filed"


@dataclass(frozen=True, slots=True)
class ExtensionGranted(What):
    """A return may be filed until another day. Key: the period's code."""

    kind: ClassVar[str] = "extension.granted"
    until_on: date


@dataclass(frozen=True, slots=True)
class ScorePublished(What):
    """A scorecard was published. Key: the period's code.

    ``numbers`` are published numbers and ``labels`` published words, by node.
    """

    kind: ClassVar[str] = "score.published"
    edition: str
    numbers: Mapping[str, Decimal]
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BreachRaised(What):
    """A breach was put to the member as provisional. Key: ``rule:subject``."""

    kind: ClassVar[str] = "breach.raised"


@dataclass(frozen=True, slots=True)
class BreachConfirmed(What):
    """An officer confirmed a provisional breach. Key: ``rule:subject``."""

    kind: ClassVar[str] = "breach.confirmed"


@dataclass(frozen=True, slots=True)
class BreachDismissed(What):
    """An officer dismissed a provisional breach. Key: ``rule:subject``."""

    kind: ClassVar[str] = "breach.dismissed"


@dataclass(frozen=True, slots=True)
class CaseOpened(What):
    """A case began, aiming at one step of the ladder. Key: the case's code."""

    kind: ClassVar[str] = "case.opened"
    edition: str
    step: str


@dataclass(frozen=True, slots=True)
class NoticeServed(What):
    """The notice of a case reached the member; its time to answer runs. Key: the case's code."""

    kind: ClassVar[str] = "notice.served"


@dataclass(frozen=True, slots=True)
class AnswerReceived(What):
    """The member answered. Key: the case's code."""

    kind: ClassVar[str] = "answer.received"


@dataclass(frozen=True, slots=True)
class DecisionTaken(What):
    """A body decided a case. Key: the case's code.

    ``outcome`` is ``impose`` or ``dismiss``; a measure holds from ``effective_on``.
    """

    kind: ClassVar[str] = "decision.taken"
    outcome: str
    effective_on: date


@dataclass(frozen=True, slots=True)
class AppealFiled(What):
    """The member appealed. Key: the case's code."""

    kind: ClassVar[str] = "appeal.filed"


@dataclass(frozen=True, slots=True)
class AppealDecided(What):
    """The appeal was decided: ``upheld`` or ``set_aside``. Key: the case's code."""

    kind: ClassVar[str] = "appeal.decided"
    outcome: str


@dataclass(frozen=True, slots=True)
class MeasureLifted(What):
    """The member is reinstated: the measure of a case ended. Key: the case's code."""

    kind: ClassVar[str] = "measure.lifted"


@dataclass(frozen=True, slots=True)
class CommitmentMade(What):
    """A member committed itself to something by a day. Key: the commitment's code."""

    kind: ClassVar[str] = "commitment.made"
    due_on: date | None


@dataclass(frozen=True, slots=True)
class CommitmentExtended(What):
    """The day of a commitment was moved. Key: the commitment's code."""

    kind: ClassVar[str] = "commitment.extended"
    due_on: date | None


@dataclass(frozen=True, slots=True)
class CommitmentMet(What):
    """What was committed to was done. Key: the commitment's code."""

    kind: ClassVar[str] = "commitment.met"


@dataclass(frozen=True, slots=True)
class CommitmentRemoved(What):
    """A commitment was taken off the list, for a stated reason. Key: the commitment's code."""

    kind: ClassVar[str] = "commitment.removed"
    reason: str | None


@dataclass(frozen=True, slots=True)
class TargetSet(What):
    """A target of the member was accepted and listed. Key: the target's code."""

    kind: ClassVar[str] = "target.set"
    sort: str | None
    base_year: int | None
    target_year: int | None


@dataclass(frozen=True, slots=True)
class CycleCancelled(What):
    """The initiative cancelled a period for everybody. Key: the period's code."""

    kind: ClassVar[str] = "cycle.cancelled"


@dataclass(frozen=True, slots=True)
class FactRetracted(What):
    """The fact that this one corrects does not hold, and nothing stands in its place."""

    kind: ClassVar[str] = "fact.retracted"


KINDS: Mapping[str, type[What]] = MappingProxyType(
    {kind.kind: kind for kind in What.__subclasses__()}
)

# Those that speak of breaches and cases: fewer people read them than a member's other data.
PROCEDURE: tuple[type[What], ...] = (
    BreachRaised,
    BreachConfirmed,
    BreachDismissed,
    CaseOpened,
    NoticeServed,
    AnswerReceived,
    DecisionTaken,
    AppealFiled,
    AppealDecided,
    MeasureLifted,
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as rules read it. ``imported`` ones, and what rests on them, have no consequences."""

    id: int
    what: What
    key: str
    about_on: date
    recorded_at: datetime
    imported: bool = False
    corrects: int | None = None


def unpack(kind: str, data: Mapping[str, Any]) -> What:
    """Return what a stored row says.

    :raises UnknownFact: the kind is not in the list, or its fields are others.
    """
    try:
        cls = KINDS[kind]
        hints = _hints(cls)
        if unknown := data.keys() - hints.keys():
            raise ValueError(f"it has no field {min(unknown)}")
        return cls(**{f.name: _typed(f.name, hints[f.name], data.get(f.name)) for f in fields(cls)})
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise UnknownFact(f"{kind}: {error}") from None


def known(facts: Iterable[Fact], *, at: datetime) -> list[Fact]:
    """Return the facts that held good at a moment, in the order of the days they are about.

    What was recorded later is left out, and so is whatever a known fact corrects.
    """
    recorded = [fact for fact in facts if fact.recorded_at <= at]
    corrected = {fact.corrects for fact in recorded}
    return sorted(
        (f for f in recorded if f.id not in corrected and not isinstance(f.what, FactRetracted)),
        key=lambda fact: (fact.about_on, fact.id),
    )


_HINTS: dict[type[What], dict[str, Any]] = {}


def _hints(cls: type[What]) -> dict[str, Any]:
    if cls not in _HINTS:
        _HINTS[cls] = get_type_hints(cls)
    return _HINTS[cls]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in sorted(value.items())}
    return value if isinstance(value, str | int) else str(value)


def _typed(name: str, hint: Any, value: Any) -> Any:
    if value is None:
        if NoneType in get_args(hint):
            return None
        raise ValueError(f"{name} is missing")
    if hint in (str, str | None):
        return value
    if hint in (date, date | None):
        return date.fromisoformat(value)
    if hint == Mapping[str, Decimal]:
        return {key: Decimal(number) for key, number in value.items()}
    return value
