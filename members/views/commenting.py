"""What members learn of applicants, and the comments that they make."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.rules import Permission
from members import access, selectors, services
from members.forms import CommentForm
from members.models import Application, Member, Objection
from members.services.scrutiny import NotNow


@login_required
@require_safe
def applicants(request: HttpRequest) -> HttpResponse:
    _require_reader(request.user)
    today = timezone.localdate()
    rows = [
        (one, one.edition.document.member_class(one.member_class), _window(one, today))
        for one in selectors.announced(on=today)
    ]
    return render(request, "members/applicants.html", {"rows": rows, "today": today})


def _require_reader(user: User) -> None:
    if not selectors.learns_of_applicants(user):
        raise PermissionDenied("applicants are told to members and to the secretariat")


def _window(application: Application, today):
    clocks = selectors.course_of(application, on=today).clocks
    return next((clock for clock in clocks if clock.code == "objections"), None)


def _speakers(user: User) -> QuerySet[Member]:
    """Return the members for which somebody may comment."""
    members = Member.objects.visible_to(user).select_related("organisation")
    own = [m.pk for m in members.filter(mandates__user=user).distinct() if _may(user, m)]
    return members.filter(pk__in=own).order_by("organisation__name", "pk")


def _may(user: User, member: Member) -> bool:
    return access.can(user, Permission.APPLICATION_COMMENT, member=member)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    _require_reader(request.user)
    today = timezone.localdate()
    found = next((one for one in selectors.announced(on=today) if one.pk == pk), None)
    if found is None:
        raise Http404("no applicant of that number is announced")
    speakers, admission = _speakers(request.user), found.admission
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CommentForm(*sent, members=speakers, admission=admission)
    if sent and not speakers.exists():
        raise PermissionDenied("only who acts for a member comments for it")
    if sent and form.is_valid():
        try:
            services.scrutiny.object_to(
                application_id=pk, by=request.user, on=today, **form.cleaned_data
            )
        except (NotNow, services.BadFile) as error:
            form.add_error(None, f"Nothing was sent: {error}.")
        else:
            messages.success(request, "The comment went to the secretariat and the deciding body.")
            return redirect("members:comment", pk=pk)
    context = {
        "name": found.name,
        "country": found.country,
        "member_class": found.edition.document.member_class(found.member_class),
        "window": _window(found, today),
        "admission": admission,
        "form": form if speakers.exists() else None,
        "mine": Objection.objects.visible_to(request.user)
        .filter(application=found, member__in=speakers)
        .defer("file_content")
        .select_related("member__organisation")
        .order_by("pk"),
        "today": today,
    }
    return render(request, "members/comment.html", context)
