"""What a decision on an application does: admitting, refusing, settling an appeal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from ledger.models import Entry
from members import access, events, selectors
from members.models import Appeal, Application, Member, Site
from members.services import contacts, letters
from members.services.conditions import NotDecided, set_conditions
from members.services.facts import state
from members.services.places import NotOpen, require_free
from members.services.sectors import keep_sectors
from rulebooks.rules import facts
from rulebooks.rules.joining import DECIDED, Admission, against
from rulebooks.rules.joining import Condition as Asked

LONGEST_NAME = 150  # of a contact


@transaction.atomic
def admit(
    *,
    application_id: int,
    by: User,
    on: date,
    decision: int | None = None,
    conditions: Sequence[Asked] = (),
) -> Member:
    """Admit an applicant in the class and chamber applied for, from ``on``.

    Where the edition names a body, ``decision`` is the ledger entry by which it admitted the
    applicant, on these ``conditions``; after a refusal, the one by which the appeal body overturned
    it. An organisation that was a member before keeps its number and its history.

    :raises PermissionDenied: ``by`` may not decide on applications.
    :raises NotOpen: it was decided already, or nobody has said which organisation it is.
    :raises NotDecided: a step of the edition is open, or that entry decides something else.
    """
    access.require(by, Permission.APPLICATION_DECIDE)
    application = _found(application_id, by)
    appealed = application.outcome == Application.Outcome.REFUSED
    if application.outcome and not (appealed and decision):
        raise NotOpen(f"the application of {application.name} is {application.outcome}")
    if application.organisation is None:
        raise NotOpen(f"say first which organisation {application.name} is")
    if appealed:
        entry = _decided(application, decision, "appeal", "overturned", by, conditions)
        _settle_appeal(application, "overturned", entry, by)
    else:
        entry = _decided(application, decision, "admission", "admit", by, conditions)
        require_free(application.organisation, None, on=on, besides=application)
    _decide(application, Application.Outcome.ADMITTED, "", "", entry, by)
    member = _member(application, on)
    codes = tuple(f"{application.code}-{n}" for n, _ in enumerate(conditions, start=1))
    event = events.MemberAdmitted(
        member=member.code,
        member_class=member.member_class,
        chamber=member.chamber,
        decision=decision,
        conditions=codes or None,
    )
    admitted = ledger.record(event, subject=member, actor=by, on=on)
    what = facts.MemberAdmitted(member_class=member.member_class, chamber=member.chamber)
    state(what, member=member, about_on=on, entry=admitted)
    set_conditions(
        application, member=member, codes=codes, conditions=conditions, entry=admitted, on=on
    )
    _take_over_sites(application, member)
    _take_over_sectors(application, on)
    _take_over_contacts(application, member, by, on)
    _tell(application, on)
    return member


def _found(application_id: int, by: User) -> Application:
    rows = Application.objects.visible_to(by).select_for_update(of=("self",))
    return rows.select_related("edition", "organisation").get(pk=application_id)


def _decided(
    application: Application,
    decision: int | None,
    question: str,
    outcome: str,
    by: User,
    conditions: Sequence[Asked] = (),
) -> Entry | None:
    """Return the entry of the decision that the edition asks for, None where ``by`` decides.

    :raises NotDecided: it asks for one, and that entry is none or another; ``by`` decides and has a
        tie to the applicant; or a step is open.
    """
    admission = application.admission
    body = _body(admission, question)
    entry = Entry.objects.filter(pk=decision).first() if decision else None
    if body is not None:
        if entry is None or entry.event != DECIDED or entry.subject != ledger.address(application):
            raise NotDecided(f"{body} decides on {application.name}; no decision has that number")
        why = against(
            entry.data, body=body, question=question, outcome=outcome, conditions=tuple(conditions)
        )
        if why:
            raise NotDecided(why)
    elif tie := selectors.known_tie(application, by):
        raise NotDecided(f"{tie}; somebody without one decides")
    day = entry.effective_on if entry else timezone.localdate()
    waits = selectors.course_of(application, on=day).waits_for
    if waits:
        raise NotDecided(f"{application.name} cannot be decided on yet: {'; '.join(waits)}")
    return entry


def _body(admission: Admission | None, question: str) -> str | None:
    if admission is None:
        return None
    if question == "appeal":
        return admission.appeal and admission.appeal.to
    return admission.decided_by


def _member(application: Application, on: date) -> Member:
    """Return the organisation's membership: a new one, or the one that ended before."""
    place = {"member_class": application.member_class, "chamber": application.chamber}
    member = Member.objects.select_for_update().filter(organisation=application.organisation)
    if found := member.first():
        found.member_class, found.chamber = application.member_class, application.chamber
        found.save(update_fields=list(place))
        return found
    return Member.objects.create(
        code=selectors.next_code(),
        organisation=application.organisation,
        admitted_on=on,
        **place,
    )


def _take_over_sectors(application: Application, on: date) -> None:
    """Record the sectors that the application names, where it names any."""
    codes = [one.code for one in selectors.sectors_applied_for(application)]
    if codes:
        source = f"Application {application.code}"
        keep_sectors(application.organisation, sectors=codes, source=source, on=on)


def _take_over_sites(application: Application, member: Member) -> None:
    """Make the sites that were named those of the member, unless it has some already."""
    if member.sites.exists():
        return
    Site.objects.bulk_create(
        Site(member=member, code=f"S{number}", name=site["name"], country=site["country"])
        for number, site in enumerate(application.content.get("sites", []), start=1)
    )


def _take_over_contacts(application: Application, member: Member, by: User, on: date) -> None:
    """Name the applicant's contacts in the roles that the edition has for members too."""
    roles = {role.code for role in selectors.contact_roles(member, on=on)}
    for role, said in application.content.get("contacts", {}).items():
        if role in roles and said.get("name") and said.get("email"):
            person = contacts.Person(said["name"][:LONGEST_NAME], said["email"])
            contacts.name_contact(member=member, role=role, person=person, by=by, on=on)


def _tell(application: Application, on: date) -> None:
    cited = application.criterion and application.admission.criterion(application.criterion)
    letters.queue_to_applicant(
        "application-decided",
        application=application,
        key=f"{application.code}:{application.outcome}",
        context={
            "course": selectors.course_of(application, on=on),
            "criterion": cited,
            "conditions": list(application.conditions.order_by("pk")),
        },
    )


@transaction.atomic
def refuse(
    *,
    application_id: int,
    reason: str,
    by: User,
    on: date,
    criterion: str = "",
    decision: int | None = None,
) -> Application:
    """Refuse an applicant, with the reason, and the criterion where the edition has criteria.

    :raises PermissionDenied: ``by`` may not decide on applications.
    :raises NotOpen: it was decided already.
    :raises NotDecided: a step of the edition is open, or that entry decides something else.
    :raises ValueError: no reason is given, or no criterion of the edition.
    """
    access.require(by, Permission.APPLICATION_DECIDE)
    if not reason.strip():
        raise ValueError("a refusal names the criterion that is not met")
    application = _found(application_id, by)
    if application.outcome:
        raise NotOpen(f"the application of {application.name} is {application.outcome}")
    admission = application.admission
    known = {one.code for one in admission.criteria} if admission else set()
    if known and criterion not in known:
        raise ValueError(f"a refusal cites a criterion: {', '.join(sorted(known))}")
    entry = _decided(application, decision, "admission", "refuse", by)
    if entry is not None and entry.data.get("criterion") != criterion:
        raise NotDecided(f"that decision cites {entry.data.get('criterion')}, not {criterion}")
    _decide(application, Application.Outcome.REFUSED, criterion, reason.strip(), entry, by)
    event = events.ApplicationRefused(criterion=criterion or None, decision=decision)
    ledger.record(event, subject=application, actor=by, on=on)
    _tell(application, on)
    return application


def _decide(
    application: Application,
    outcome: str,
    criterion: str,
    reason: str,
    entry: Entry | None,
    by: User,
) -> None:
    """Write the outcome. After an appeal, the appeal holds when it had been refused, and why."""
    application.outcome, application.decision = outcome, entry
    application.criterion = criterion or application.criterion
    application.reason = reason or application.reason
    application.decided_at, application.decided_by = timezone.now(), by
    application.save(
        update_fields=["outcome", "decision", "criterion", "reason", "decided_at", "decided_by"]
    )


@transaction.atomic
def uphold_refusal(
    *, application_id: int, decision: int, reasons: str, by: User, on: date
) -> Application:
    """Close an appeal whose body upheld the refusal, by the ledger entry of its decision.

    :raises PermissionDenied: ``by`` may not decide on applications.
    :raises NotOpen: no appeal is open.
    :raises NotDecided: that entry decides something else.
    """
    access.require(by, Permission.APPLICATION_DECIDE)
    application = _found(application_id, by)
    entry = _decided(application, decision, "appeal", "upheld", by)
    appeal = _settle_appeal(application, "upheld", entry, by)
    appeal.reasons = reasons.strip()
    appeal.save(update_fields=["reasons"])
    event = events.RefusalUpheld(decision=decision)
    ledger.record(event, subject=application, actor=by, on=on)
    letters.queue_to_applicant(
        "application-appeal-decided",
        application=application,
        key=application.code,
        context={"appeal": appeal},
    )
    return application


def _settle_appeal(application: Application, outcome: str, entry: Entry | None, by: User) -> Appeal:
    appeal = Appeal.objects.select_for_update().filter(application=application, outcome="").first()
    if appeal is None:
        raise NotOpen(f"no appeal of {application.name} is open")
    appeal.outcome, appeal.decision = outcome, entry
    appeal.decided_at, appeal.decided_by = timezone.now(), by
    appeal.save(update_fields=["outcome", "decision", "decided_at", "decided_by"])
    return appeal
