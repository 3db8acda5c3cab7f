"""The compliance matrix: what is known of each requirement, of each member, for a period."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from rulebooks.rules.breaches import BreachRule
from rulebooks.rules.edition import Edition
from rulebooks.rules.membership import Requirement
from rulebooks.rules.obligations import DisclosureObligation, ReturnObligation, SignatureObligation
from rulebooks.rules.schema import EVERYONE, selects


class Held(StrEnum):
    """What may be known of a cell. Several may hold at once."""

    SIGNED = "signed"
    EVIDENCED = "evidenced"
    VERIFIED = "verified"
    MET = "met"
    BREACHED = "breached"
    EXEMPT = "exempt"


# The word, the kind of mark, and what it rests on.
WORDS: dict[Held, tuple[str, str, str]] = {
    Held.SIGNED: (
        "Signed",
        "soon",
        "the signature on the text in force, or one that counts for it",
    ),
    Held.EVIDENCED: ("Evidenced", "soon", "evidence in the return that was filed last"),
    Held.VERIFIED: ("Verified", "good", "the newest word of an auditor or the secretariat"),
    Held.MET: ("Met", "good", "all that it rests on: signature and return, and no breach"),
    Held.BREACHED: ("Breached", "breach", "a confirmed breach that concerns it"),
    Held.EXEMPT: ("Exempt", "none", "an exemption that the due day falls under"),
}
NOTHING = ("Not signed", "none")
FIRST = (Held.EXEMPT, Held.BREACHED, Held.MET, Held.VERIFIED, Held.EVIDENCED, Held.SIGNED)


@dataclass(frozen=True, slots=True)
class Column:
    """One requirement of a matrix, and by what it is told.

    ``kpis`` are those that serve it and are not for counsel alone. The keys are those of the
    obligations to sign it and to file the period's return, where KPIs show it, and of the breaches
    that concern it in the period.
    """

    requirement: Requirement
    kpis: frozenset[str]
    sign_keys: frozenset[str]
    return_keys: frozenset[str]
    breach_keys: frozenset[str]

    @property
    def code(self) -> str:
        return self.requirement.code

    @property
    def owed_keys(self) -> frozenset[str]:
        return self.sign_keys | self.return_keys


def columns(edition: Edition, period: str) -> tuple[Column, ...]:
    """Return a column for each requirement of an edition, for a period."""
    return tuple(_column(edition, period, one) for one in edition.requirements)


def _column(edition: Edition, period: str, one: Requirement) -> Column:
    serving = frozenset(kpi.code for kpi in edition.kpis if kpi.requirement == one.code)
    shown = frozenset(
        kpi.code
        for kpi in edition.kpis
        if kpi.requirement == one.code and kpi.confidentiality != "counsel"
    )
    return Column(
        requirement=one,
        kpis=shown,
        sign_keys=_owed(edition, SignatureObligation, one.code),
        return_keys=_owed(edition, ReturnObligation, period) if serving else frozenset(),
        breach_keys=frozenset(
            key
            for rule in edition.breaches
            for key in _breach_keys(edition, rule, period, one.code, serving)
        ),
    )


def _owed(edition: Edition, sort: type, about: str) -> frozenset[str]:
    owed = (obligation for obligation in edition.obligations if isinstance(obligation, sort))
    return frozenset(f"{obligation.code}:{about}" for obligation in owed)


def _breach_keys(
    edition: Edition, rule: BreachRule, period: str, code: str, kpis: frozenset[str]
) -> set[str]:
    about = {f"{rule.code}:{code}"}
    concerned = _concerned(edition, rule)
    return about | {f"{rule.code}:{period}"} if concerned & kpis else about


def _concerned(edition: Edition, rule: BreachRule) -> frozenset[str]:
    """Return the KPIs on which a rule of breach rests, directly or through the rules it counts."""
    detector = rule.detector
    every = frozenset(kpi.code for kpi in edition.kpis)
    if counted := getattr(detector, "counted", ()):
        rules = [one for one in edition.breaches if one.code in counted]
        return frozenset().union(*(_concerned(edition, one) for one in rules))
    if node := getattr(detector, "node", None):
        return frozenset(edition.tree.kpis_under(node))
    if (grounds := getattr(detector, "grounds", None)) is not None:
        return every if grounds == EVERYONE else every & frozenset(grounds)
    obligations = [o for o in edition.obligations if o.code == getattr(detector, "obligation", "")]
    per_period = any(isinstance(o, ReturnObligation | DisclosureObligation) for o in obligations)
    return every if per_period else frozenset()


def is_asked(column: Column, member_class: str) -> bool:
    """Return whether a requirement is asked of members of a class."""
    return selects(column.requirement.applies_to, member_class)


def leading(held: Collection[Held]) -> Held | None:
    """Return what a cell says first of all that holds, None when nothing does."""
    return next((state for state in FIRST if state in held), None)
