"""Signing: each text as the member is held to it, what changed in it, and the act of signing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import Permission
from accounts.rules.addressing import row_number
from accounts.templatetags.pages import day
from members import access, selectors, services
from members.models import Mandate, Member
from rulebooks import selectors as rulebooks
from rulebooks.models import Edition

SHOWN = "text:"  # the field that carries the hash of the text shown
RESERVED = "reservation:"  # the field that carries a reservation to it


@dataclass(frozen=True, slots=True)
class Typed:
    """What a signatory had chosen and typed, kept when nothing was signed."""

    ticked: frozenset[str] = frozenset()
    reservations: Mapping[str, str] = field(default_factory=dict)
    mandate: int | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    """A capacity in which somebody may sign, and why not, where the edition keeps it apart."""

    mandate: Mandate
    why_not: str
    proven: bool


@login_required
@require_safe
def requirements(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _find(request, code), Typed())


def _page(request: HttpRequest, member: Member, typed: Typed) -> HttpResponse:
    today = timezone.localdate()
    edition = rulebooks.edition_in_force(today)
    signed = list(selectors.signed_texts(member))
    standing = selectors.standing_signatures(member, edition.document)
    texts = edition.document.texts_of(member.member_class)
    held = [(text, standing[text.code]) for text in texts if text.code in standing]
    languages = selectors.languages(edition.document)
    wanted = (request.POST or request.GET).get("language", "")
    language = wanted if wanted in languages else edition.document.language
    asked = selectors.to_sign(member, edition, on=today, language=language)
    context = {
        "member": member,
        "edition": edition,
        "deed": edition.document.signing.deed,
        "languages": languages,
        "language": language,
        "count": len(asked),
        "to_sign": [row for row in asked if not row.accepted_by(today)],
        "silent": [row for row in asked if row.accepted_by(today)],
        "signed": held,
        "old": [s for s in signed if s not in [signature for _, signature in held]],
        **_hands(request, member, edition, typed),
        "may_certify": access.can(request.user, Permission.REPORT_ISSUE, member=member),
        "may_sign": access.can(request.user, Permission.REQUIREMENT_SIGN, member=member),
        "typed": typed,
        "today": today,
    }
    return render(request, "members/requirements.html", context)


def _hands(request: HttpRequest, member: Member, edition: Edition, typed: Typed) -> dict:
    """Return in which capacities somebody may sign, which is chosen, what is not proven."""
    held = selectors.signing_mandates(member, request.user, on=timezone.localdate())
    capacities = []
    for mandate in held:
        found = selectors.kept_apart(request.user, edition, mandate.capacity)
        why_not = f"you signed as {found[0]}, clause {found[1]} keeps them apart" if found else ""
        capacities.append(Capacity(mandate, why_not, mandate.documents.exists()))
    open_ones = [one for one in capacities if not one.why_not] or capacities
    chosen = next((one for one in open_ones if one.mandate.pk == typed.mandate), None)
    if chosen is None and len(open_ones) == 1:
        chosen = open_ones[0]
    return {
        "capacities": capacities,
        "chosen": chosen.mandate if chosen else None,
        "unproven": [one.mandate for one in open_ones if not one.proven],
    }


def _chosen(request: HttpRequest) -> int | None:
    """Return the mandate that was chosen, None where none was."""
    return row_number(request.POST.get("mandate", ""))


def _find(request: HttpRequest, code: str) -> Member:
    members = Member.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(members, code=code)


def _may_sign(request: HttpRequest, code: str) -> Member | HttpResponse:
    """Return the member, or the answer to somebody whose mandate to sign for it has ended."""
    today = timezone.localdate()
    try:
        member = _find(request, code)
        if access.can(request.user, Permission.REQUIREMENT_SIGN, member=member):
            return member
    except Http404:
        member = None
    ended = selectors.ended_mandate(request.user, code, on=today)
    if ended is None and member is None:
        raise Http404
    if ended is None:
        access.require(request.user, Permission.REQUIREMENT_SIGN, member=member)
    messages.error(
        request,
        f"Nothing was signed: your mandate to sign for {ended.member} ended on "
        f"{day(ended.until_on)}. The secretariat gives mandates.",
    )
    return redirect("members:requirements", code=code) if member else redirect("/")


def _read(request: HttpRequest, prefix: str) -> dict[str, str]:
    found = request.POST.items()
    return {key.removeprefix(prefix): value for key, value in found if key.startswith(prefix)}


@login_required
@require_POST
def sign(request: HttpRequest, code: str) -> HttpResponse:
    member = _may_sign(request, code)
    if isinstance(member, HttpResponse):
        return member
    shown = _read(request, SHOWN)
    ticked = set(shown) if "all" in request.POST else set(request.POST.getlist("sign"))
    reservations = {c: said for c, said in _read(request, RESERVED).items() if said.strip()}
    now = timezone.now()
    try:
        signatures = services.sign(
            member=member,
            texts={requirement: shown.get(requirement, "") for requirement in ticked},
            reservations=reservations,
            edition=request.POST.get("edition"),
            language=request.POST.get("language", ""),
            mandate=_chosen(request),
            by=request.user,
            on=timezone.localdate(now),
            at=now,
        )
    except services.NothingToSign as error:
        messages.error(request, f"Nothing was signed: {error}.")
        return _page(request, member, Typed(frozenset(ticked), reservations, _chosen(request)))
    count = len(signatures)
    messages.success(request, f"{count} requirement{'s' * (count != 1)} signed.")
    return redirect("members:requirements", code=code)


@login_required
@require_POST
def decline(request: HttpRequest, code: str) -> HttpResponse:
    member = _may_sign(request, code)
    if isinstance(member, HttpResponse):
        return member
    text = request.POST.get("decline", "")
    try:
        services.decline(
            member=member,
            texts={text: _read(request, SHOWN).get(text, "")},
            edition=request.POST.get("edition"),
            mandate=_chosen(request),
            by=request.user,
            on=timezone.localdate(),
        )
    except services.NothingToSign as error:
        messages.error(request, f"Nothing was recorded: {error}.")
    else:
        messages.success(request, "It is recorded that the text is not accepted. It stays open.")
    return redirect("members:requirements", code=code)


@login_required
@require_POST
def lodge_document(request: HttpRequest, code: str) -> HttpResponse:
    member = _may_sign(request, code)
    if isinstance(member, HttpResponse):
        return member
    today, file = timezone.localdate(), request.FILES.get("document")
    held = selectors.signing_mandates(member, request.user, on=today)
    mandate = next((one for one in held if _chosen(request) in (None, one.pk)), None)
    if mandate is None:
        raise Http404("no mandate of yours to sign for this member has that number")
    content = file.read(services.LARGEST_DOCUMENT + 1) if file else b""
    try:
        services.lodge_mandate_document(
            mandate_id=mandate.pk, content=content, by=request.user, on=today
        )
    except services.CannotLodge as error:
        messages.error(request, f"Nothing was kept: {error}.")
    else:
        messages.success(request, "The document that proves your mandate is kept.")
    return redirect("members:requirements", code=code)
