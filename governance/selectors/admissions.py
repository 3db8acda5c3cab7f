"""Which applications await a body, and which of them those who sit on it may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.models import User
from governance.models import AdmissionDecision, Seat
from governance.rules import Question, admissions, voting
from members import selectors as members
from members.models import Application, Objection
from rulebooks import selectors as rulebooks
from rulebooks.rules.decisions import DecisionRule
from rulebooks.rules.joining import Course, Stage


@dataclass(frozen=True, slots=True)
class Asked:
    """What a body is asked about an application on a day, and how the application stands."""

    application: Application
    body: str
    question: Question
    course: Course

    @property
    def rule(self) -> DecisionRule | None:
        """The decision rule by which the body answers, if there is one."""
        document = self.application.edition.document
        return voting.rule_for(document, self.body, self.question.code)


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
    if application.decisions.filter(question=question.code).exists():
        return None
    return Asked(application, body, question, course)


def awaiting(*, on: date) -> list[Asked]:
    """Return what bodies are asked about applications on a day, the oldest first."""
    rows = (
        Application.objects.undecided()
        .select_related("edition", "appeal")
        .order_by("filed_at", "pk")
    )
    return [asked for row in rows if (asked := asked_about(row, on=on))]


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
    return [row for row in rows.order_by("filed_at", "pk") if bodies & _bodies(row)]


def _bodies(application: Application) -> set[str]:
    """Return the bodies that an application is before: to decide, or to hear its appeal."""
    admission = application.admission
    if admission is None:
        return set()
    if application.outcome:
        return {admission.appeal.to} if admission.appeal else set()
    return {admission.decided_by} - {None}


def decisions_on(application: Application) -> QuerySet[AdmissionDecision]:
    """Return what bodies decided about an application, the first decision first."""
    return application.decisions.select_related("body", "entry").order_by("pk")


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
    held = Seat.objects.in_force(on).filter(user=user, body__code__in=bodies)
    return held.exists()


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
