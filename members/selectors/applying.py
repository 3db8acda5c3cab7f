"""Where an application stands, who holds its link, and which organisations may be the applicant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Prefetch, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from accounts.rules import Permission, Role, allows
from members.models import (
    Application,
    ApplicationDocument,
    EarlierName,
    Member,
    Objection,
    Organisation,
    ResumeLink,
    Span,
)
from members.models.organisations import NameKey, WordSimilarity
from members.rules import Post
from members.selectors.sectors import sectors_applied_for
from rulebooks.rules.joining import (
    Before,
    Content,
    Course,
    Days,
    Gap,
    closed_because,
    course,
    gaps,
    normalised,
)
from rulebooks.rules.terms import after
from rulebooks.rules.timeline.changes import Kind

ALIKE = 0.5  # of the trigrams of the applicant's name; those less alike are not shown
MOST_ALIKE = 8
SALT = "members.ResumeLink"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Whoever opened the link of an application, and until when it lets them in."""

    application_id: int
    until: datetime


def link_digest(token: str) -> str:
    """Return the keyed hash by which a link is known."""
    return salted_hmac(SALT, token, algorithm="sha256").hexdigest()


def applicant(token: str, *, at: datetime) -> Applicant | None:
    """Return whom a link lets in, None when there is no such link or it has expired."""
    links = ResumeLink.objects.filter(digest=link_digest(token), expires_at__gt=at)
    link = links.first()
    return Applicant(link.application_id, link.expires_at) if link else None


def application_of(by: Applicant) -> Application:
    """Return the application of whoever opened its link."""
    rows = Application.objects.select_related("edition", "organisation")
    return rows.get(pk=by.application_id)


def content_of(application: Application) -> Content:
    """Return what was typed and handed in, as the check of completeness reads it."""
    typed = application.content
    documents = application.documents.values_list("asked", flat=True)
    return Content(
        answers=typed.get("answers", {}),
        contacts=typed.get("contacts", {}),
        sites=typed.get("sites", []),
        group=typed.get("group", ""),
        documents=set(documents),
        sectors=[one.code for one in sectors_applied_for(application)],
    )


def missing_from(application: Application) -> tuple[Gap, ...]:
    """Return what an application lacks, each with the field on its form."""
    admission = application.admission
    return gaps(admission, content_of(application)) if admission else ()


def why_closed(application: Application, *, on: date) -> str:
    """Return why the class takes no application on a day, empty where it does."""
    admission = application.admission
    return closed_because(admission, on=on) if admission else ""


def days_of(application: Application) -> Days:
    """Return the recorded days of an application that was filed."""
    day = application.edition.document.day_of
    objections = sorted(application.objections.all(), key=lambda one: one.pk)
    appeal = getattr(application, "appeal", None)
    refused = appeal is not None and appeal.outcome != appeal.Outcome.OVERTURNED
    decided_at = appeal.refused_at if refused else application.decided_at
    return Days(
        filed_on=day(application.filed_at),
        checked_on=checked_on(application),
        put=tuple(
            (day(o.put_at), o.replied_at and day(o.replied_at)) for o in objections if o.put_at
        ),
        waiting=sum(o.put_at is None for o in objections),
        outcome=application.outcome,
        decided_on=decided_at and day(decided_at),
        appealed_on=appeal and day(appeal.filed_at),
        appeal_decided_on=appeal and appeal.decided_at and day(appeal.decided_at),
    )


def checked_on(application: Application) -> date | None:
    """Return the day on which the last item of the due diligence was looked into, if all were."""
    admission = application.admission
    asked = {item.code for item in admission.due_diligence} if admission else set()
    first: dict[str, date] = {}
    for check in sorted(application.checks.all(), key=lambda one: one.pk):
        first.setdefault(check.item, check.checked_on)
    if not asked <= first.keys():
        return None
    found = [on for item, on in first.items() if item in asked]
    return max(found, default=application.edition.document.day_of(application.filed_at))


def course_of(application: Application, *, on: date) -> Course:
    """Return the stage of an application on a day, its clocks, and what a decision waits for."""
    holidays = application.edition.document.closed_days
    return course(application.admission, days_of(application), on=on, holidays=holidays)


def before(organisation: Organisation, *, on: date) -> Before | None:
    """Return how the last membership or application of an organisation ended, None if neither."""
    found: list[Before] = []
    refused = organisation.applications.filter(outcome=Application.Outcome.REFUSED)
    if last := refused.order_by("-decided_at", "-pk").first():
        found.append(Before("refused", timezone.localdate(last.decided_at)))
    member = Member.objects.filter(organisation=organisation).first()
    gone = member and Span.objects.of(Kind.STANDING).filter(member=member).in_force(on)
    span = gone.filter(state__in=["left", "excluded"]).first() if member else None
    if span is not None:
        found.append(Before(span.state, span.from_on))
    return max(found, key=lambda one: one.on, default=None)


def is_member(organisation: Organisation, *, on: date) -> bool:
    """Return whether an organisation is a member on a day: neither gone nor excluded."""
    member = Member.objects.filter(organisation=organisation).with_standing(on).first()
    return member is not None and member.standing not in ("left", "excluded")


@dataclass(frozen=True, slots=True)
class Alike:
    """An organisation that may be the applicant; ``same`` when the names are one but for form.

    ``earlier`` is the name that is alike where it is one from before.
    """

    organisation: Organisation
    same: bool
    earlier: str = ""


def organisations_alike(application: Application) -> list[Alike]:
    """Return the organisations whose name is or was like the applicant's, the most alike first."""
    key = normalised(application.name)
    likeness = WordSimilarity(key, NameKey(F("name")))

    def most(rows: QuerySet) -> QuerySet:
        rows = rows.annotate(likeness=likeness).filter(likeness__gte=ALIKE)
        return rows.order_by("-likeness", "name", "pk")[:MOST_ALIKE]

    rows = most(Organisation.objects.select_related("member"))
    found = {one.pk: Alike(one, normalised(one.name) == key) for one in rows}
    for had in most(EarlierName.objects.select_related("organisation__member")):
        same = normalised(had.name) == key
        if had.organisation_id not in found or (same and not found[had.organisation_id].same):
            found[had.organisation_id] = Alike(had.organisation, same, had.name)
    return sorted(found.values(), key=lambda one: not one.same)


def applications_alike(application: Application) -> list[Application]:
    """Return other open applications whose applicant's name is the same but for its spelling."""
    key = normalised(application.name)
    likeness = WordSimilarity(key, NameKey(F("name")))
    others = Application.objects.open().exclude(pk=application.pk)
    rows = others.annotate(likeness=likeness).filter(likeness__gte=ALIKE)
    return [one for one in rows.order_by("filed_at", "pk") if normalised(one.name) == key]


def announced(*, on: date) -> list[Application]:
    """Return the open applications of which other members learn name, class and country."""
    rows = Application.objects.open().select_related("edition").order_by("filed_at", "pk")
    return [one for one in rows.defer("content", "statement", "email") if _is_told(one)]


def _is_told(application: Application) -> bool:
    admission = application.admission
    return admission is not None and admission.until_decided != "nothing"


def in_course(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Return applications with all that their stage and clocks follow from."""
    comments = Prefetch("objections", Objection.objects.defer("file_content"))
    found = applications.select_related("edition", "appeal", "organisation")
    return found.prefetch_related(comments, "checks")


def with_courses(
    applications: QuerySet[Application], *, on: date
) -> list[tuple[Application, Course]]:
    """Return applications with where each stands, what is due first on top."""
    rows = [(one, course_of(one, on=on)) for one in in_course(applications)]
    return sorted(rows, key=lambda row: (_due(row[1]), row[0].pk))


def _due(course: Course) -> date:
    return course.next.due_on if course.next else date.max


def put_to_the_applicant(application: Application) -> QuerySet[Objection]:
    """Return the comments that were put to the applicant: their substance, and no name."""
    put = application.objections.filter(put_at__isnull=False)
    return put.defer("member", "text", "evidence").order_by("put_at", "pk")


def documents_of(application: Application) -> QuerySet[ApplicationDocument]:
    """Return the documents of an application without their content."""
    return application.documents.defer("content").order_by("asked", "received_at", "pk")


def reply_due(application: Application, comment: Objection) -> date:
    """Return the last day on which the applicant can reply to a comment that was put to it."""
    document = application.edition.document
    said = application.admission.objections
    return after(document.day_of(comment.put_at), said.reply, holidays=document.closed_days)


def known_tie(application: Application, user: User) -> str:
    """Return what ties somebody to an applicant, empty where nothing is known."""
    belongs = user.affiliations.filter(organisation=application.organisation_id)
    if application.organisation_id and belongs.exists():
        return "you belong to the applicant"
    said = application.ties.filter(user=user).order_by("-pk").first()
    return "you declared a tie to the applicant" if said and said.has_tie else ""


def tie_of(application: Application, user: User) -> str:
    """Return why somebody may not check an application, empty where nothing stands against it."""
    if tie := known_tie(application, user):
        return f"{tie}; somebody else checks it"
    declared = application.ties.filter(user=user).exists()
    return "" if declared else "say first whether you have a tie to the applicant"


def learns_of_applicants(user: User) -> bool:
    """Return whether somebody acts for a member today, or decides on applications."""
    if not user.is_authenticated:
        return False
    if allows(user.roles, Permission.APPLICATION_DECIDE):
        return True
    posts = [post.value for post in Post if allows([Role(post)], Permission.APPLICATION_COMMENT)]
    held = user.mandates.filter(post__in=posts)
    return held.in_force(timezone.localdate()).exists()
