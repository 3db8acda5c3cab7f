"""What a body resolved about a draft of the rulebook, as the clerk records it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.rules import Permission
from governance import selectors, services
from governance.forms import ResolutionForm, VoteForm
from governance.rules import NotAsked, voting
from governance.views.votes import vote_form
from rulebooks import selectors as rulebooks
from rulebooks.models import Edition
from rulebooks.rules.edition import Edition as Document


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def resolve(request: HttpRequest, code: str) -> HttpResponse:
    access.require(request.user, Permission.DECISION_RECORD)
    row = get_object_or_404(Edition.objects.visible_to(request.user), code=code)
    today = timezone.localdate()
    document = selectors.edition_of_resolutions(today)
    form = ResolutionForm(
        request.POST or None,
        today=today,
        deciders=rulebooks.deciders_on_editions(today),
        initial={"sha256": row.sha256},
    )
    votes = _vote_form(request, document, form)
    context = {"row": row, "form": form, "vote_form": votes}
    forms = [form, *([votes] if votes else [])]
    if request.method != "POST" or not all([one.is_valid() for one in forms]):
        return render(request, "governance/resolve.html", context)
    try:
        _record(request, row, form, votes)
    except (services.NotBefore, NotAsked) as error:
        form.add_error(None, f"Nothing was recorded: {error}.")
        return render(request, "governance/resolve.html", context, status=409)
    messages.success(request, "The resolution is recorded. The secretariat carries it out.")
    return redirect("rulebooks:edition", code=code)


def _vote_form(
    request: HttpRequest, document: Document | None, form: ResolutionForm
) -> VoteForm | None:
    """Return the form of the votes by group, None where no rule in force asks for them."""
    bodies = [body.code for body in form.fields["body"].queryset] if document else []
    if not bodies:
        return None
    code = request.POST.get("body") if request.POST.get("body") in bodies else bodies[0]
    rule = voting.rule_for(document, code, voting.EDITION)
    return vote_form(request, document, code, rule)


def _record(
    request: HttpRequest, row: Edition, form: ResolutionForm, votes: VoteForm | None
) -> None:
    given = form.cleaned_data
    services.record_resolution(
        edition_id=row.pk,
        votes=given.get("votes"),
        vote=votes and votes.vote(),
        by=request.user,
        on=given["taken_on"],
        **{name: given[name] for name in ("sha256", "body", "reference", "outcome")},
    )
