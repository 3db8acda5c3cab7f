"""Signing: each requirement with its text, one by one or all at once."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import Permission
from members import access, selectors, services
from members.models import Mandate, Member
from members.rules import Post
from rulebooks import selectors as rulebooks

SHOWN = "text:"  # the field that carries the hash of the text shown


@login_required
@require_safe
def requirements(request: HttpRequest, code: str) -> HttpResponse:
    member = _find(request, code)
    today = timezone.localdate()
    edition = rulebooks.edition_in_force(today)
    signed = list(selectors.signed_texts(member))
    latest = {(s.requirement, s.text_sha256): s for s in signed}
    earlier = {s.requirement for s in signed}
    texts = selectors.texts_that_count(edition.document)
    rows = [
        (requirement, next((latest[t] for t in latest if t in texts[requirement.code]), None))
        for requirement in edition.document.requirements_of(member.member_class)
    ]
    context = {
        "member": member,
        "edition": edition,
        "to_sign": [(r, r.code in earlier) for r, signature in rows if signature is None],
        "signed": [(r, signature) for r, signature in rows if signature is not None],
        "old": [s for s in signed if s not in [signature for _, signature in rows]],
        "mandate": _mandate(request, member, today),
        "may_sign": access.can(request.user, Permission.REQUIREMENT_SIGN, member=member),
        "today": today,
    }
    return render(request, "members/requirements.html", context)


def _mandate(request: HttpRequest, member: Member, today) -> Mandate | None:
    held = Mandate.objects.visible_to(request.user).in_force(today)
    return held.filter(member=member, user=request.user, post=Post.SIGNATORY).order_by("pk").first()


def _find(request: HttpRequest, code: str) -> Member:
    members = Member.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(members, code=code)


@login_required
@require_POST
def sign(request: HttpRequest, code: str) -> HttpResponse:
    member = _find(request, code)
    access.require(request.user, Permission.REQUIREMENT_SIGN, member=member)
    shown = {
        key.removeprefix(SHOWN): value
        for key, value in request.POST.items()
        if key.startswith(SHOWN)
    }
    ticked = set(shown) if "all" in request.POST else set(request.POST.getlist("sign"))
    now = timezone.now()
    try:
        signatures = services.sign(
            member=member,
            texts={requirement: shown.get(requirement, "") for requirement in ticked},
            by=request.user,
            on=timezone.localdate(now),
            at=now,
        )
    except services.NothingToSign as error:
        messages.error(request, f"Nothing was signed: {error}.")
    else:
        count = len(signatures)
        messages.success(request, f"{count} requirement{'s' * (count != 1)} signed.")
    return redirect("members:requirements", code=code)
