"""The edition: all in which one initiative differs from another, as one frozen document."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from typing import Annotated, Literal, TypeVar

from pydantic import Field, StringConstraints

from rulebooks.rules import checks, document
from rulebooks.rules.aggregates import Aggregates
from rulebooks.rules.aggregation import Node
from rulebooks.rules.assurance import Assurance
from rulebooks.rules.attributes import AnyAttribute, Attribute, built_in
from rulebooks.rules.bands import Bands
from rulebooks.rules.belonging import Belonging
from rulebooks.rules.breaches import BreachRule
from rulebooks.rules.cohort import CohortWord
from rulebooks.rules.confidentiality import ConfidentialityClass
from rulebooks.rules.continuity import AnyDeclaration
from rulebooks.rules.currencies import Currencies, FiscalYears
from rulebooks.rules.deadlines import DayEnd, Holidays, Zone, closed_days, day_of
from rulebooks.rules.decisions import Body, DecisionRule, ProofStandard
from rulebooks.rules.document import Fault
from rulebooks.rules.extensions import ExtensionKind
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.joining.parts import Admission
from rulebooks.rules.ladder import Ladder, Step
from rulebooks.rules.legal_text import Language, LegalText
from rulebooks.rules.matters import CommitmentKind, JudgedMatter
from rulebooks.rules.membership import Chamber, MemberClass, Requirement, Right, Sector, SizeBand
from rulebooks.rules.mission import Mission
from rulebooks.rules.obligations import Obligation
from rulebooks.rules.periods import Announced, Occurrence, Period
from rulebooks.rules.publicity import Publicity
from rulebooks.rules.reminders import Reminder
from rulebooks.rules.retention import Retention
from rulebooks.rules.schema import Day, Part, Selection, Text, Title, selects
from rulebooks.rules.scoring import Scoring
from rulebooks.rules.signing import Deed, Signing
from rulebooks.rules.targets import OwnTarget, Target
from rulebooks.rules.tree import Tree

EditionCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,39}$")]
Coded = TypeVar("Coded", bound=Part)


class Edition(Part):
    """One edition of an initiative's rulebook.

    Read it with ``Edition.load``: only then is it checked as a whole.
    """

    format: Literal[1]
    code: EditionCode
    title: Title
    initiative: Title
    language: Language
    time_zone: Zone
    day_ends: DayEnd | None = None
    holidays: Holidays | None = None
    in_force_from: Day
    replaces: EditionCode | None
    corrects: EditionCode | None = None
    modelled_on: Text | None = None
    illustrative: bool = False
    legal_text: LegalText | None = None
    continuity: tuple[AnyDeclaration, ...] = ()
    mission: Mission | None = None
    chambers: Annotated[tuple[Chamber, ...], Field(min_length=1)]
    rights: tuple[Right, ...] = ()
    classes: Annotated[tuple[MemberClass, ...], Field(min_length=1)]
    admissions: tuple[Admission, ...] = ()
    belonging: Belonging = Belonging()
    sizes: tuple[SizeBand, ...] = ()
    sectors: tuple[Sector, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    signing: Signing = Signing()
    commitments: tuple[CommitmentKind, ...] = ()
    periods: tuple[Period, ...] = ()
    announced: tuple[Announced, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    currencies: Currencies | None = None
    fiscal_years: FiscalYears | None = None
    extensions: tuple[ExtensionKind, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    targets: tuple[Target, ...] = ()
    member_targets: tuple[OwnTarget, ...] = ()
    attributes: tuple[AnyAttribute, ...] = ()
    assurance: Assurance | None = None
    scoring: Scoring = Scoring(nodes=())
    cohort: tuple[CohortWord, ...] = ()
    bands: Bands | None = None
    judgements: tuple[JudgedMatter, ...] = ()
    breaches: tuple[BreachRule, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    bodies: tuple[Body, ...] = ()
    decision_rules: tuple[DecisionRule, ...] = ()
    standards_of_proof: tuple[ProofStandard, ...] = ()
    publicity: Publicity
    aggregates: Aggregates | None = None
    confidentiality_classes: tuple[ConfidentialityClass, ...] = ()
    retention: tuple[Retention, ...] = ()

    @classmethod
    def load(cls, text: str | bytes) -> Edition:
        """Return the edition that ``text`` holds, checked as a whole.

        :raises document.Invalid: with the line and column of every fault.
        """
        return document.load(text, cls)

    def faults(self) -> list[Fault]:
        """Return what is wrong between the parts of the edition, which each are right."""
        return list(islice(checks.faults(self), document.MOST_TOLD + 1))

    def warnings(self) -> list[Fault]:
        """Return what is allowed and may still be a mistake."""
        return list(checks.warnings(self))

    def __hash__(self) -> int:
        """Tell editions apart by their code; equality still reads every part."""
        return hash(self.code)

    def normalized(self) -> bytes:
        """Return canonical JSON: equal for editions that say the same, however written."""
        plain = self.model_dump(mode="json", by_alias=True)
        return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    @cached_property
    def tree(self) -> Tree:
        """Return the scoring tree with directions and bounds worked out."""
        return Tree.of(
            self.kpis,
            self.scoring.nodes,
            attributes=self.all_attributes,
            assurance=self.assurance,
        )

    @cached_property
    def attributes_asked(self) -> tuple[Attribute, ...]:
        """The attributes that some condition asks, in order."""
        scoring = self.scoring
        rules = [rule.when for rule in (*scoring.knock_outs, *scoring.caps)]
        asked = {one for part in (*scoring.nodes, *rules) for one in part.asks()}
        codes = {one.code for one in asked if one.about == "member"}
        return tuple(one for one in self.all_attributes if one.code in codes)

    @property
    def all_attributes(self) -> tuple[Attribute, ...]:
        """The attributes of a member that rules may ask, those of every edition among them."""
        classes, chambers, sizes = self.classes, self.chambers, self.sizes
        given = built_in(*([one.code for one in of] for of in (classes, chambers, sizes)))
        return (*given, *self.attributes)

    def chamber(self, code: str) -> Chamber:
        """Return the chamber called ``code``.

        :raises KeyError: there is none; so for all look-ups here.
        """
        return find(self.chambers, code)

    def right(self, code: str) -> Right:
        """Return the right called ``code``."""
        return find(self.rights, code)

    def member_class(self, code: str) -> MemberClass:
        """Return the class of membership called ``code``."""
        return find(self.classes, code)

    def admission_to(self, member_class: str, *, on: date) -> Admission | None:
        """Return how one applies for a class on a day, None where the secretariat just decides."""
        found = (a for a in self.admissions if selects(a.applies_to, member_class))
        return next((a for a in found if a.applies(on)), None)

    def size(self, code: str) -> SizeBand:
        """Return the band of sizes called ``code``."""
        return find(self.sizes, code)

    def requirement(self, code: str) -> Requirement:
        """Return the requirement called ``code``."""
        return find(self.requirements, code)

    @cached_property
    def closed_days(self) -> Container[date]:
        """Return the days that working days skip: weekends, and holidays where it names them."""
        return closed_days(self.holidays)

    def day_of(self, moment: datetime) -> date:
        """Return the day for which an act at ``moment`` counts."""
        if self.day_ends is None:
            return day_of(moment, zone=self.time_zone)
        return day_of(moment, zone=self.day_ends.zone, ends_at=self.day_ends.at)

    def period(self, code: str) -> Occurrence:
        """Return the period called ``code``, as it occurs if nothing else is announced."""
        for rule in self.periods:
            found = rule.occurrence(code, holidays=self.closed_days)
            if found is not None:
                return found
        raise KeyError(code)

    def extension(self, code: str) -> ExtensionKind:
        """Return the kind of extension called ``code``."""
        return find(self.extensions, code)

    def obligation(self, code: str) -> Obligation:
        """Return the obligation called ``code``."""
        return find(self.obligations, code)

    def kpi(self, code: str) -> Kpi:
        """Return the KPI called ``code``."""
        return find(self.kpis, code)

    def target(self, code: str) -> Target:
        """Return the target called ``code``."""
        return find(self.targets, code)

    def own_target(self, code: str) -> OwnTarget:
        """Return the kind of target called ``code`` that members set themselves."""
        return find(self.member_targets, code)

    def node(self, code: str) -> Node:
        """Return the node of the scoring tree called ``code``."""
        return find(self.scoring.nodes, code)

    def breach(self, code: str) -> BreachRule:
        """Return the breach rule called ``code``."""
        return find(self.breaches, code)

    def ladder(self, code: str) -> Ladder:
        """Return the ladder called ``code``."""
        return find(self.ladders, code)

    def ladder_for(self, rule: str) -> Ladder | None:
        """Return the ladder that a breach of ``rule`` leads to, None when none does."""
        return next((ladder for ladder in self.ladders if ladder.leads_here(rule)), None)

    def step(self, code: str) -> Step:
        """Return the step called ``code``, of whichever ladder."""
        return find((step for ladder in self.ladders for step in ladder.steps), code)

    def ladder_of(self, step: str) -> Ladder:
        """Return the ladder on which the step called ``step`` stands."""
        return next(ladder for ladder in self.ladders if self.step(step) in ladder.steps)

    def body(self, code: str) -> Body:
        """Return the body called ``code``."""
        return find(self.bodies, code)

    def decision_rule(self, code: str) -> DecisionRule:
        """Return the decision rule called ``code``, with what holds of corporate groups."""
        rule = find(self.decision_rules, code)
        return rule.with_groups_as_one() if self.belonging.counts_as_one("votes") else rule

    def classes_of(self, selection: Selection) -> tuple[str, ...]:
        """Return the codes of the classes that a selection takes in."""
        return tuple(one.code for one in self.classes if selects(selection, one.code))

    def requirements_of(self, member_class: str) -> tuple[Requirement, ...]:
        """Return the requirements that members of a class sign."""
        return tuple(r for r in self.requirements if selects(r.applies_to, member_class))

    def texts_of(self, member_class: str) -> tuple[Deed | Requirement, ...]:
        """Return all that members of a class sign: the deed, if there is one, and requirements."""
        deed = self.signing.deed
        return (*((deed,) if deed else ()), *self.requirements_of(member_class))

    def obligations_of(self, member_class: str) -> tuple[Obligation, ...]:
        """Return the obligations that members of a class have."""
        return tuple(o for o in self.obligations if selects(o.applies_to, member_class))


def find(parts: Iterable[Coded], code: str) -> Coded:
    """Return the part called ``code``.

    :raises KeyError: there is none.
    """
    for part in parts:
        if part.code == code:
            return part
    raise KeyError(code)
