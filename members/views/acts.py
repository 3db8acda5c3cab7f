"""The acts that change a membership: what each asks, what it would bring, what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django import forms
from django.http import HttpRequest

from accounts.rules import Permission
from members import access, selectors, services
from members.forms import (
    ClassForm,
    ClassRequestForm,
    MergeForm,
    OtherMemberForm,
    RenameForm,
    SectorsForm,
    TransferForm,
)
from members.models import Member, Organisation
from members.views import moving, record
from rulebooks import selectors as rulebooks
from rulebooks.rules import facts
from rulebooks.rules.edition import Edition


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for what about whom, and when."""

    request: HttpRequest
    member: Member
    today: date


@dataclass(frozen=True, slots=True)
class Act:
    """An act: its name, who may do it, what is asked, what it would state, what it does."""

    title: str
    button: str
    permission: Permission
    form: Callable[[Asked], forms.Form]
    do: Callable[[Asked, dict], None]
    would: Callable[[Asked, dict], tuple[facts.What, date, str]] | None = None
    says: str = ""
    tables: Callable[[Asked, dict], list[moving.Table]] | None = None
    concerned: Callable[[Asked, dict], list[Member]] = lambda asked, said: [asked.member]


def _data(asked: Asked):
    return asked.request.POST if asked.request.method == "POST" else None


def _class_form(asked: Asked) -> forms.Form:
    edition = rulebooks.edition_in_force(asked.today).document
    rule = edition.belonging.class_change
    body = rule.decided_by if rule else None
    wanted = asked.member.class_requests.open().first()
    start = {
        "from_on": max(wanted.from_on, asked.today) if wanted else asked.today,
        "place": f"{wanted.member_class}/{wanted.chamber}" if wanted else None,
        "decision": selectors.agreed(asked.member, "class_change", body),
    }
    return ClassForm(_data(asked), edition=edition, body=_body(edition, body), initial=start)


def _body(edition: Edition, code: str | None) -> str:
    """Return the name of a body as the edition has it, else its code; empty for none."""
    names = {one.code: one.name for one in edition.bodies}
    return names.get(code, code.replace("-", " ").capitalize()) if code else ""


def _request_form(asked: Asked) -> forms.Form:
    edition = rulebooks.edition_in_force(asked.today).document
    return ClassRequestForm(_data(asked), edition=edition, initial={"from_on": asked.today})


def _class(asked: Asked, said: dict) -> tuple[facts.What, date, str]:
    return facts.ClassChanged(*said["place"]), said["from_on"], ""


def _place(said: dict) -> dict:
    member_class, chamber = said["place"]
    return {"member_class": member_class, "chamber": chamber, "from_on": said["from_on"]}


def _by(asked: Asked) -> dict:
    return {"member": asked.member, "by": asked.request.user, "on": asked.today}


def _merge(asked: Asked, said: dict) -> None:
    rule, others = selectors.merger_rule(on=asked.today), said["also"]
    body = rule and rule.decided_by
    services.merge_several(
        members=[asked.member, *others],
        into=said["other"],
        choices=said["form"].choices(),
        decisions={
            asked.member.pk: said.get("decision"),
            **{one.pk: selectors.agreed(one, "merger", body) for one in others},
        },
        by=asked.request.user,
        on=asked.today,
    )


def _merged(asked: Asked, said: dict) -> tuple[facts.What, date, str]:
    return facts.MemberMerged(said["obligations"]), asked.today, said["other"].code


def _notice(asked: Asked, said: dict) -> tuple[facts.What, date, str]:
    last = selectors.last_day_after_notice(asked.today)
    return facts.WithdrawalNotified(last), record.day_after(last), ""


def _others(asked: Asked):
    return Member.objects.visible_to(asked.request.user).exclude(pk=asked.member.pk)


def _merge_form(asked: Asked) -> forms.Form:
    rule = selectors.merger_rule(on=asked.today)
    made = selectors.agreed(asked.member, "merger", rule and rule.decided_by)
    start = {"decision": made}
    return MergeForm(_data(asked), members=_others(asked), rule=rule, initial=start)


def _transfer_form(asked: Asked) -> forms.Form:
    free = Organisation.objects.filter(member=None).order_by("name", "pk")
    return TransferForm(_data(asked), organisations=free)


def _sectors_form(asked: Asked) -> forms.Form:
    edition = rulebooks.edition_in_force(asked.today).document
    held = selectors.sectors_of([asked.member.organisation_id], on=asked.today)
    return SectorsForm(_data(asked), edition=edition, initial={"sectors": sorted(held)})


def _cases(asked: Asked, *members: Member) -> bool:
    """Return whether the cases of all these members are shown to who asks."""
    user = asked.request.user
    return all(access.can(user, Permission.CASE_VIEW, member=one) for one in members)


def _fees(asked: Asked, said: dict) -> list[moving.Table]:
    found = moving.fees(asked.member, said["place"][0], from_on=said["from_on"])
    return [found] if found else []


def _merging(asked: Asked, said: dict) -> list[Member]:
    return [asked.member, *said["also"]]


def _merge_tables(asked: Asked, said: dict) -> list[moving.Table]:
    return [
        moving.merged(one, said["other"], said, on=asked.today, cases=_cases(asked, one))
        for one in _merging(asked, said)
    ]


def _split_tables(asked: Asked, said: dict) -> list[moving.Table]:
    cases = _cases(asked, asked.member, said["other"])
    return [moving.split(asked.member, said["other"], on=asked.today, cases=cases)]


def _transfer_tables(asked: Asked, said: dict) -> list[moving.Table]:
    cases = _cases(asked, asked.member)
    return [moving.transferred(asked.member, said["to"], on=asked.today, cases=cases)]


STAFF, SIGNATORY = Permission.MEMBER_MANAGE, Permission.MEMBERSHIP_CHANGE
ACTS = {
    "class": Act(
        "Another class or chamber",
        "Change the class",
        STAFF,
        _class_form,
        lambda asked, said: services.change_class(
            decision=said.get("decision"), **_place(said), **_by(asked)
        ),
        _class,
        tables=_fees,
    ),
    "ask-class": Act(
        "Ask for another class or chamber",
        "Ask for it",
        SIGNATORY,
        _request_form,
        lambda asked, said: services.ask_for_class(
            reason=said["reason"], **_place(said), **_by(asked)
        ),
        _class,
        "It changes once it is decided. This is what it would bring.",
        tables=_fees,
    ),
    "rename": Act(
        "Another name",
        "Change the name",
        STAFF,
        lambda asked: RenameForm(_data(asked), initial={"from_on": asked.today}),
        lambda asked, said: services.rename(
            name=said["name"], from_on=said["from_on"], **_by(asked)
        ),
        says="The present name stays on record as an earlier one, and search finds both.",
    ),
    "merge": Act(
        "Part of another member from today",
        "Merge from today",
        STAFF,
        _merge_form,
        _merge,
        _merged,
        "The membership ends today; its code leads on. Open cases go on, and whoever acts for the "
        "other member answers in them.",
        tables=_merge_tables,
        concerned=_merging,
    ),
    "sectors": Act(
        "The sectors in which it works",
        "Record them from today",
        STAFF,
        _sectors_form,
        lambda asked, said: services.set_sectors(
            organisation=asked.member.organisation,
            sectors=said["sectors"],
            source=said["source"],
            by=asked.request.user,
            on=asked.today,
        ),
        says="It counts as a competitor of whoever works in one of them, where the edition says "
        "so. Comments that were made before stay marked as they are.",
    ),
    "split": Act(
        "A part went on as a member of its own",
        "Record it",
        STAFF,
        lambda asked: OtherMemberForm(_data(asked), members=_others(asked)),
        lambda asked, said: services.split(off=said["other"], **_by(asked)),
        says="Both members point at each other; each owes its own.",
        tables=_split_tables,
    ),
    "transfer": Act(
        "The membership passes to another organisation",
        "Transfer from today",
        STAFF,
        _transfer_form,
        lambda asked, said: services.transfer(to=said["to"], **_by(asked)),
        says="The code, what is owed, signed and on record stay with the membership.",
        tables=_transfer_tables,
    ),
    "notice": Act(
        "Notice of withdrawal",
        "Give notice",
        SIGNATORY,
        lambda asked: forms.Form(_data(asked)),
        lambda asked, said: services.give_notice(**_by(asked)),
        _notice,
        "Until the last day is over the notice can be taken back. Open cases go on after it.",
    ),
    "revoke": Act(
        "Take the notice back",
        "Take it back",
        SIGNATORY,
        lambda asked: forms.Form(_data(asked)),
        lambda asked, said: services.revoke_notice(**_by(asked)),
        says="The membership goes on as if no notice had been given.",
    ),
}
