"""What the staff do with an application: match, declare ties, check, put comments, settle."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import Permission
from accounts.rules.addressing import row_number
from members import access, services
from members.forms import CheckForm, SettleForm, SubstanceForm, TieForm
from members.models import Application, Condition, Objection, Organisation
from members.services.scrutiny import NotForYou, NotNow
from members.views.applications import application_page, find


def _found(request: HttpRequest, pk: int) -> Application:
    found = find(request, pk)
    access.require(request.user, Permission.APPLICATION_DECIDE)
    return found


def _act(request: HttpRequest, pk: int, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except (NotForYou, NotNow, services.NotOpen, ValueError) as error:
        messages.error(request, f"Nothing has changed: {error}.")
    else:
        messages.success(request, done)
    return redirect("members:application", pk=pk)


@login_required
@require_POST
def match(request: HttpRequest, pk: int) -> HttpResponse:
    found, chosen = _found(request, pk), request.POST.get("organisation", "")
    organisation = None
    if chosen != "new":
        organisation = get_object_or_404(Organisation, pk=row_number(chosen))
    act = {"application_id": found.pk, "by": request.user, "on": timezone.localdate()}
    return _act(
        request,
        pk,
        lambda: services.scrutiny.match(organisation=organisation, **act),
        f"{found.name} is {organisation or 'registered as a new organisation'}.",
    )


@login_required
@require_POST
def declare_tie(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    form = TieForm(request.POST, prefix="tie")
    if not form.is_valid():
        return application_page(request, found, tie_form=form)
    tied = form.cleaned_data["has_tie"] == "yes"
    act = {"application_id": found.pk, "by": request.user, "on": timezone.localdate()}
    return _act(
        request,
        pk,
        lambda: services.scrutiny.declare_tie(has_tie=tied, text=form.cleaned_data["text"], **act),
        "Declared. Somebody else checks it." if tied else "Declared. You can check it.",
    )


@login_required
@require_POST
def check(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    found = _found(request, pk)
    form = CheckForm(request.POST, prefix=item)
    if not form.is_valid():
        messages.error(
            request,
            "Nothing was recorded: choose what came out, and say what was found, and where.",
        )
        return redirect("members:application", pk=pk)
    act = {"application_id": found.pk, "by": request.user, "on": timezone.localdate()}
    return _act(
        request,
        pk,
        lambda: services.scrutiny.check(item=item, **form.cleaned_data, **act),
        "The finding is recorded.",
    )


@login_required
@require_POST
def put(request: HttpRequest, pk: int) -> HttpResponse:
    comments = Objection.objects.visible_to(request.user).defer("file_content")
    comment = get_object_or_404(comments, pk=pk)
    access.require(request.user, Permission.APPLICATION_DECIDE)
    form = SubstanceForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was sent: write the substance of the comment.")
        return redirect("members:application", pk=comment.application_id)
    act = {"by": request.user, "on": timezone.localdate()}
    return _act(
        request,
        comment.application_id,
        lambda: services.scrutiny.put_to_applicant(
            objection_id=pk, substance=form.cleaned_data["substance"], **act
        ),
        "The comment is put to the applicant; its letter is in the outbox.",
    )


@login_required
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    condition = get_object_or_404(Condition.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.APPLICATION_DECIDE)
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was recorded: say whether it is met, and what shows it.")
        return redirect("members:application", pk=condition.application_id)
    act = {"by": request.user, "on": timezone.localdate()}
    return _act(
        request,
        condition.application_id,
        lambda: services.settle_condition(condition_id=pk, **form.cleaned_data, **act),
        f"Condition {condition.code} is recorded.",
    )


@login_required
@require_safe
def document(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    found = _found(request, pk)
    kept = get_object_or_404(found.documents.all(), pk=document)
    return as_download(kept.name, bytes(kept.content))


@login_required
@require_safe
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    comment = get_object_or_404(Objection.objects.visible_to(request.user), pk=pk)
    if not comment.file_sha256:
        raise Http404("the comment has no file")
    return as_download(comment.file_name, bytes(comment.file_content))


def as_download(name: str, content: bytes) -> HttpResponse:
    """Answer with a file that is saved and never shown: who sent it is not known to be honest."""
    answer = HttpResponse(content, content_type="application/octet-stream")
    plain = "".join(sign for sign in name if sign.isascii() and (sign.isalnum() or sign in "._- "))
    answer["Content-Disposition"] = f'attachment; filename="{plain or "document"}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
