"""Writing an edition: a text at work, its versions, and the legal text that it encodes."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access
from accounts.rules import Permission
from rulebooks import selectors, services
from rulebooks.forms import DraftForm, LegalTextForm
from rulebooks.models import Edition, Manuscript, Version
from rulebooks.rules.document import Invalid
from rulebooks.rules.reading.listing import line_differences, listing

MOST_SHOWN = 100  # problems; more are counted


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    access.require(request.user, Permission.EDITION_DRAFT)
    if request.method == "POST":
        return _keep(request, None)
    begun = Edition.objects.visible_to(request.user).filter(code=request.GET.get("from", ""))
    text = begun.values_list("text", flat=True).first() or ""
    return _show_draft(request, DraftForm(initial={"text": text}))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def manuscript(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Manuscript.objects.visible_to(request.user).select_related("edition")
    row = get_object_or_404(rows, pk=pk)
    if request.method == "POST":
        access.require(request.user, Permission.EDITION_DRAFT)
        return _keep(request, row)
    newest = row.versions.order_by("-number").first()
    form = DraftForm(initial={"text": newest.text, "after": newest.number})
    return _show_manuscript(request, row, form)


def _keep(request: HttpRequest, row: Manuscript | None) -> HttpResponse:
    """Keep what was sent; what cannot be kept stays in the editor, with the reason."""
    form = DraftForm(request.POST, request.FILES)
    if not form.is_valid():
        return _again(request, row, form, form.data.get("text", ""))
    sent = form.cleaned_data["text"]
    after = None if "overwrite" in request.POST else form.cleaned_data["after"]
    try:
        version = services.keep_text(
            text=sent,
            by=request.user,
            on=timezone.localdate(),
            manuscript_id=row and row.pk,
            after=after,
        )
    except Invalid as error:
        reasons = [f"Nothing was kept: line {p.line}: {p.message}" for p in error.problems]
        return _again(request, row, form, _readable(sent), reasons)
    except services.Overtaken as error:
        return _again(request, row, form, _readable(sent), [f"{error}."], overtaken=True)
    except services.NotADraft as error:
        return _again(request, row, form, _readable(sent), [f"Nothing was kept: {error}."])
    return _kept(request, version)


def _kept(request: HttpRequest, version: Version) -> HttpResponse:
    row = version.manuscript
    if not version.problems:
        messages.success(request, f"{row.name} is kept as a draft. Nobody is bound by it yet.")
        return redirect("rulebooks:edition", code=row.edition.code)
    messages.warning(request, f"Version {version.number} is kept as it is, with its faults.")
    return redirect(f"{row.get_absolute_url()}#problem-1")


def _again(
    request: HttpRequest,
    row: Manuscript | None,
    form: DraftForm,
    text: str,
    reasons: list[str] | tuple = (),
    *,
    overtaken: bool = False,
) -> HttpResponse:
    form.data = {**form.data.dict(), "text": text}
    for reason in reasons:
        form.add_error(None, reason)
    if row is None:
        return _show_draft(request, form)
    return _show_manuscript(request, row, form, overtaken=overtaken)


def _readable(text: str | bytes) -> str:
    """What was sent, to be corrected in place; bytes that are no text are marked."""
    return text if isinstance(text, str) else text.decode("utf-8", "replace")


def _show_draft(request: HttpRequest, form: DraftForm) -> HttpResponse:
    return render(request, "rulebooks/draft.html", {"form": form})


def _show_manuscript(
    request: HttpRequest, row: Manuscript, form: DraftForm, *, overtaken: bool = False
) -> HttpResponse:
    versions = list(row.versions.defer("text").select_related("saved_by").order_by("-number"))
    newest = row.versions.get(number=versions[0].number)
    checked = selectors.check(newest.text, of=row)
    is_open = row.edition is None or row.edition.status == Edition.Status.DRAFT
    context = {
        "row": row,
        "form": form if access.can(request.user, Permission.EDITION_DRAFT) and is_open else None,
        "overtaken": overtaken,
        "versions": versions,
        "newest": newest,
        "problems": checked.problems[:MOST_SHOWN],
        "more": max(len(checked.problems) - MOST_SHOWN, 0),
        "count": len(checked.problems),
        "warnings": checked.warnings,
        "stretches": listing(newest.text, checked.problems[:MOST_SHOWN], checked.warnings),
        "today": timezone.localdate(),
    }
    return render(request, "rulebooks/manuscript.html", context)


@login_required
@require_safe
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    row = get_object_or_404(Manuscript.objects.visible_to(request.user), pk=pk)
    versions = row.versions.select_related("saved_by")
    shown = get_object_or_404(versions, number=number)
    before = versions.filter(number=number - 1).first()
    checked = selectors.check(shown.text, of=row)
    context = {
        "row": row,
        "version": shown,
        "before": before,
        "hunks": line_differences(before.text, shown.text) if before else (),
        "problems": checked.problems,
    }
    return render(request, "rulebooks/version.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def legal_text(request: HttpRequest, code: str) -> HttpResponse:
    """Upload the legal text that a draft names."""
    access.require(request.user, Permission.EDITION_DRAFT)
    row = get_object_or_404(Edition.objects.visible_to(request.user), code=code)
    form = LegalTextForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            services.receive_legal_text(
                edition_id=row.pk,
                name=file.name,
                content=file.read(),
                by=request.user,
                on=timezone.localdate(),
            )
        except (services.NotTheText, services.NotADraft) as error:
            form.add_error("file", f"Nothing was kept: {error}.")
        else:
            messages.success(request, "The legal text is here. Compare the two side by side.")
            return redirect("rulebooks:edition", code=code)
    context = {"row": row, "form": form, "named": row.document.legal_text}
    return render(request, "rulebooks/legal_text.html", context)
