"""Somebody no longer belongs to an organisation: what they held goes to a successor."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.rules import Permission
from members import access, selectors, services
from members.forms import SuccessorForm
from members.models import Affiliation, Member


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what would be left to nobody, and end the affiliation once a successor is named."""
    access.require(request.user, Permission.MEMBER_MANAGE)
    today = timezone.localdate()
    found = get_object_or_404(Affiliation.objects.select_related("user", "organisation"), pk=pk)
    held = selectors.held_by(found.user, found.organisation, on=today)
    form = SuccessorForm(request.POST if request.method == "POST" else None, needed=bool(held))
    if request.method == "POST" and form.is_valid() and _ended(request, found, form):
        told = f"{found.user.name} belongs to {found.organisation.name} no longer"
        messages.success(request, f"{told}.")
        return redirect("members:organisation", pk=found.organisation_id)
    member = Member.objects.visible_to(request.user).filter(organisation=found.organisation).first()
    roles = selectors.contact_roles(member, on=today) if member else ()
    names = {role.code: role.name for role in roles}
    context = {
        "affiliation": found,
        "mandates": held.mandates,
        "contacts": [(one, names.get(one.role, one.role)) for one in held.contacts],
        "form": form,
    }
    return render(request, "members/end_affiliation.html", context)


def _ended(request: HttpRequest, found: Affiliation, form: SuccessorForm) -> bool:
    """End the affiliation; if that is refused, say so in the form."""
    try:
        services.end_affiliation(
            user=found.user,
            organisation=found.organisation,
            successor=form.cleaned_data["successor"],
            by=request.user,
            on=timezone.localdate(),
        )
    except (services.NeedsSuccessor, services.ConflictOfInterest) as error:
        form.add_error("successor", f"{str(error)[:1].upper()}{str(error)[1:]}.")
        return False
    except Affiliation.DoesNotExist:  # ended meanwhile, in another window
        form.add_error(None, f"{found.user.name} belongs to it no longer.")
        return False
    return True
