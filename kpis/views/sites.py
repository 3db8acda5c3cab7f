"""What the sites of a member answer: the sites of a return, and the answers of one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rules import Permission
from kpis import selectors, services
from kpis.access import reader
from kpis.forms.sites import SiteForm, answer_forms, problems
from kpis.models import Return
from kpis.rules.sites import asked_per_site
from kpis.views.drafts import REFUSALS, sentence
from members import access
from targets import selectors as targets

SITE_REFUSALS = (*REFUSALS, services.TooManySites, services.NoSuchSite)


def _return(request: HttpRequest, pk: int) -> Return:
    """Return a return whose edition asks sites, or answer that there is none."""
    of_return = get_object_or_404(Return.objects.visible_to(request.user).with_context(), pk=pk)
    if not asked_per_site(of_return.edition.document):
        raise Http404("no KPI of this return is answered per site")
    return of_return


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sites(request: HttpRequest, pk: int) -> HttpResponse:
    """The sites of a return with what they answer; in a draft, one can be added."""
    of_return = _return(request, pk)
    as_reader = reader(request.user, of_return)
    fills_in = as_reader.may(Permission.RETURN_EDIT) and of_return.status == Return.Status.DRAFT
    form = SiteForm(request.POST or None)
    if request.method == "POST":
        access.require(request.user, Permission.RETURN_EDIT, member=of_return.member)
        if form.is_valid() and _added(request, of_return, form):
            return redirect("kpis:site", pk, form.cleaned_data["code"])
    context = {
        "of_return": of_return,
        "form": form if fills_in else None,
        "fills_in": fills_in,
        **selectors.site_table(of_return, kpis=as_reader.kpis),
    }
    return render(request, "kpis/sites.html", context)


def _added(request: HttpRequest, draft: Return, form: SiteForm) -> bool:
    on = targets.filing_day(draft.period)
    try:
        services.add_site(return_id=draft.pk, by=request.user, on=on, **form.cleaned_data)
    except SITE_REFUSALS as error:
        form.add_error(None, f"{sentence(error)}.")
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def site(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """What one site answers, on a page of its own."""
    draft = _return(request, pk)
    access.require(request.user, Permission.RETURN_EDIT, member=draft.member)
    rows = {
        row.kpi: row for row in draft.site_values.filter(site__code=code).select_related("site")
    }
    if not rows:
        raise Http404(f"no site {code} in this return")
    if draft.status != Return.Status.DRAFT:
        return redirect("kpis:sites", pk)
    sent = request.POST if request.method == "POST" else None
    forms = answer_forms(asked_per_site(draft.edition.document), rows, sent)
    errors: list[dict[str, str]] = []
    if sent is not None:
        errors = _answered(request, draft, code, forms)
        if not errors:
            messages.success(request, f"Saved for {code}. Nothing has been submitted yet.")
            return redirect("kpis:sites", pk)
    context = {
        "draft": draft,
        "site": next(iter(rows.values())).site,
        "forms": forms,
        "errors": errors,
    }
    return render(request, "kpis/site.html", context)


def _answered(request: HttpRequest, draft: Return, code: str, forms: list) -> list[dict[str, str]]:
    try:
        found = services.answer_sites(
            return_id=draft.pk,
            typed={code: {form.kpi.code: form.typed() for form in forms}},
            by=request.user,
            on=targets.filing_day(draft.period),
        )
    except SITE_REFUSALS as error:
        return [{"text": f"{sentence(error)}. What you typed stands below.", "href": ""}]
    return list(problems(found.get(code, {}), forms))


@require_POST
@login_required
def leave_out(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    draft = _return(request, pk)
    access.require(request.user, Permission.RETURN_EDIT, member=draft.member)
    try:
        services.leave_site_out(
            return_id=pk, site=code, by=request.user, on=targets.filing_day(draft.period)
        )
    except services.NoSuchSite as error:
        raise Http404(str(error)) from None
    except SITE_REFUSALS as error:
        messages.error(request, f"{sentence(error)}.")
    else:
        messages.success(request, f"{code} is left out of this return.")
    return redirect("kpis:sites", pk)
