"""Bodies and who sits on them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.rules import Permission
from governance import selectors, services
from governance.forms import BodyForm, SeatForm
from governance.models import Body, Seat
from governance.rules import NoSeat
from rulebooks import selectors as rulebooks


def chambers() -> dict[str, str]:
    document = rulebooks.current_document(timezone.localdate())
    return {chamber.code: chamber.name for chamber in document.chambers} if document else {}


@require_safe
@login_required
def bodies(request: HttpRequest) -> HttpResponse:
    return show(request)


def show(
    request: HttpRequest,
    *,
    body_form: Form | None = None,
    seat_form: Form | None = None,
    seat_on: str = "",
    status: int = 200,
) -> HttpResponse:
    names = chambers()
    may_manage = access.can(request.user, Permission.BODY_MANAGE)
    rows = []
    for body, seats in selectors.bodies(on=timezone.localdate()):
        form = seat_form if body.code == seat_on else None
        form = form or SeatForm(
            chambers=names.items(), prefix=body.code, auto_id=f"id-{body.pk}-%s"
        )
        by_chamber = [(names.get(code, code) or "No chamber", row) for code, row in seats.items()]
        stated = selectors.stated_seats(body.code, on=timezone.localdate()) or {}
        rows.append(
            {
                "body": body,
                "chambers": by_chamber,
                "seats": [
                    (names.get(code, code) or "chair", count, len(seats.get(code, ())))
                    for code, count in stated.items()
                ],
                "form": form if may_manage else None,
            }
        )
    context = {
        "rows": rows,
        "may_manage": may_manage,
        "body_form": (body_form or BodyForm()) if may_manage else None,
        "missing": selectors.missing_bodies(on=timezone.localdate()) if may_manage else [],
    }
    return render(request, "governance/bodies.html", context, status=status)


@require_POST
@login_required
def create_body(request: HttpRequest) -> HttpResponse:
    access.require(request.user, Permission.BODY_MANAGE)
    form = BodyForm(request.POST)
    if not form.is_valid():
        return show(request, body_form=form, status=400)
    today = timezone.localdate()
    body = services.create_body(**form.cleaned_data, by=request.user, on=today)
    messages.success(request, f"{body} is there. Give its seats next.")
    return redirect("governance:bodies")


@require_POST
@login_required
def create_bodies(request: HttpRequest) -> HttpResponse:
    access.require(request.user, Permission.BODY_MANAGE)
    made = services.create_bodies(by=request.user, on=timezone.localdate())
    names = ", ".join(str(body) for body in made)
    messages.success(request, f"Created: {names}." if made else "They were there already.")
    return redirect("governance:bodies")


@require_POST
@login_required
def give_seat(request: HttpRequest, code: str) -> HttpResponse:
    access.require(request.user, Permission.BODY_MANAGE)
    body = get_object_or_404(Body, code=code)
    form = SeatForm(
        request.POST, chambers=chambers().items(), prefix=code, auto_id=f"id-{body.pk}-%s"
    )
    if not form.is_valid():
        return show(request, seat_form=form, seat_on=code, status=400)
    user = form.cleaned_data["email"]
    try:
        services.give_seat(
            body=body, user=user, chamber=form.cleaned_data["chamber"],
            by=request.user, on=timezone.localdate(),
        )  # fmt: skip
    except NoSeat as error:
        form.add_error("chamber", f"{str(error)[:1].upper()}{str(error)[1:]}.")
        return show(request, seat_form=form, seat_on=code, status=409)
    messages.success(request, f"{user.name} sits on {body} from today.")
    return redirect("governance:bodies")


@require_POST
@login_required
def end_seat(request: HttpRequest, pk: int) -> HttpResponse:
    access.require(request.user, Permission.BODY_MANAGE)
    get_object_or_404(Seat, pk=pk, until_on=None)
    try:
        seat = services.end_seat(seat_id=pk, by=request.user, on=timezone.localdate())
    except Seat.DoesNotExist:
        raise Http404("the seat has ended meanwhile") from None
    messages.success(request, f"{seat.user} no longer sits on {seat.body}.")
    return redirect("governance:bodies")
