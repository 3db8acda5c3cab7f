"""Which applications await a body, and which of them those who sit on it may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import User
from governance.models import AdmissionDecision, AdmissionRound, Seat
from governance.rules import Question, admissions, rounds, voting
from governance.rules.rounds import Earlier, Turn
from members import selectors as members
from members.models import Application, Objection
from rulebooks import selectors as rulebooks
from rulebooks.rules.decisions import DecisionRule
from rulebooks.rules.edition import Edition
from rulebooks.rules.joining import Course, Stage


@dataclass(frozen=True, slots=True)
class Asked:
    """What a body is asked about an application on a day, and how the application stands.

    ``body`` is the one that decides: the ``first``, or the substitute that its vote called.
    ``earlier`` are the votes on the question that decided nothing.
    """

    application: Application
    first: str
    question: Question
    course: Course
    earlier: tuple[Earlier, ...] = ()

    @property
    def edition(self) -> Edition:
        return self.application.edition.document

    @property
    def body(self) -> str:
        return rounds.decider(self.first, self.earlier)

    @property
    def instead_of(self) -> str | None:
        """The body for which a substitute decides, None where the first one does."""
        return rounds.stood_in_for(self.body, self.earlier)

    @property
    def rule(self) -> DecisionRule | None:
        """The decision rule by which the body answers, if there is one."""
        stands_in = self.instead_of
        return voting.rule_for(self.edition, self.body, self.question.code, instead_of=stands_in)

    @property
    def turn(self) -> Turn | None:
        """The stage at which the body votes next, None where it votes by no rule."""
        rule = self.rule
        days = self.edition.closed_days
        return rule and rounds.turn(rule, self.body, self.earlier, holidays=days)


def asked_about(application: Application, *, on: date) -> Asked | None:
    """Return what a body is asked about an application, None where none is or it has answered."""
    admission = application.admission
    if admission is None:
        return None
    course = members.course_of(application, on=on)
    if course.stage is Stage.APPEALED:
        body, question = admission.appeal.to, admissions.APPEAL
    elif admission.decided_by and not application.outcome:
        body, question = admission.decided_by, admissions.ADMISSION
    else:
        return None
    if any(made.question == question.code for made in application.decisions.all()):
        return None
    return Asked(application, body, question, course, _earlier(application, question))


def _earlier(application: Application, question: Question) -> tuple[Earlier, ...]:
    """Return the votes on a question that decided nothing, the oldest first."""
    rows = [row for row in application.rounds.all() if row.question == question.code]
    return tuple(row.earlier for row in sorted(rows, key=lambda row: (row.taken_on, row.pk)))


def _with_votes(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Return applications with all from which it follows who decides on them."""
    votes = Prefetch("rounds", AdmissionRound.objects.select_related("body").defer("vote"))
    return rows.prefetch_related(votes, "decisions")


def awaiting(*, on: date) -> list[Asked]:
    """Return what bodies are asked about applications on a day, the oldest first."""
    rows = _with_votes(members.in_course(Application.objects.undecided()))
    return [asked for row in rows.order_by("filed_at", "pk") if (asked := asked_about(row, on=on))]


def before_bodies_of(user: User, *, on: date) -> list[Application]:
    """Return the undecided applications before the bodies on which somebody sits.

    One whose applicant they belong to is not among them: they are recused.
    """
    bodies = set(Seat.objects.in_force(on).filter(user=user).values_list("body__code", flat=True))
    if not bodies:
        return []
    rows = Application.objects.undecided()
    own = user.affiliations.values("organisation")
    rows = rows.exclude(organisation__in=own).select_related("edition", "appeal", "organisation")
    rows = _with_votes(rows).order_by("filed_at", "pk")
    return [row for row in rows if bodies & _bodies(row)]


def _bodies(application: Application) -> set[str]:
    """Return the body that an application is before: to decide, or to hear its appeal.

    Once too many of it step aside, it is before the substitute.
    """
    admission = application.admission
    if admission is None:
        return set()
    if application.outcome:
        first, question = admission.appeal and admission.appeal.to, admissions.APPEAL
    else:
        first, question = admission.decided_by, admissions.ADMISSION
    return {rounds.decider(first, _earlier(application, question))} if first else set()


def decisions_on(application: Application) -> QuerySet[AdmissionDecision]:
    """Return what bodies decided about an application, the first decision first."""
    return application.decisions.select_related("body", "entry").order_by("pk")


def to_carry_out(user: User) -> QuerySet[AdmissionDecision]:
    """Return the decisions on applications that were recorded and not yet carried out."""
    kinds = AdmissionDecision.Question
    open_ones = Q(question=kinds.ADMISSION, application__outcome="")
    open_ones |= Q(question=kinds.APPEAL, application__appeal__outcome="")
    found = AdmissionDecision.objects.visible_to(user).filter(open_ones)
    return found.select_related("application", "body").order_by("pk")


def is_done(decided: AdmissionDecision) -> bool:
    """Return whether a decision was carried out."""
    application = decided.application
    if decided.question == AdmissionDecision.Question.ADMISSION:
        return bool(application.outcome)
    appeal = getattr(application, "appeal", None)
    return appeal is None or bool(appeal.outcome)


def sits(user: User, *, on: date) -> bool:
    """Return whether somebody sits on a body that the edition has decide on applications."""
    document = rulebooks.current_document(on)
    parts = document.admissions if document else ()
    bodies = {a.decided_by for a in parts if a.decided_by}
    bodies |= {a.appeal.to for a in parts if a.appeal}
    bodies |= {rule.recusal.substitute for rule in _rules_of(document, bodies)} - {None}
    held = Seat.objects.in_force(on).filter(user=user, body__code__in=bodies)
    return held.exists()


def _rules_of(document: Edition | None, bodies: set[str]) -> list[DecisionRule]:
    """Return the rules by which bodies answer about applications."""
    questions = (admissions.ADMISSION.code, admissions.APPEAL.code)
    found = [voting.rule_for(document, b, q) for b in bodies for q in questions if document]
    return [rule for rule in found if rule]


def reads_admissions(user: User, *, on: date) -> bool:
    """Return whether applications stand, or may come to stand, before a body that somebody sits on.

    A seat on any other body opens none.
    """
    return sits(user, on=on) or bool(before_bodies_of(user, on=on))


def comments_on(application: Application) -> QuerySet[Objection]:
    """Return what members said of an application, for the body that decides on it."""
    said = application.objections.select_related("member__organisation")
    return said.defer("file_content").order_by("pk")


def evidence_of(application: Application, comment: int) -> Objection | None:
    """Return a comment on an application with its file, None where it has none."""
    return application.objections.filter(pk=comment).exclude(file_sha256="").first()
