"""Signing in and out, and the users of the platform."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access, services
from accounts.forms import PasswordForm, RoleForm, SignInForm, UserForm
from accounts.models import ROLE_LABELS, RoleHeld, User
from accounts.rules import Permission, Role
from accounts.rules.addressing import row_number

PAGE = 50


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    target = _safe_target(request)
    if request.user.is_authenticated:
        return redirect(target)
    form = SignInForm(
        request.POST if request.method == "POST" else None,
        request=request,
        address=client_address(request),
    )
    if request.method == "POST" and form.is_valid():
        login(request, form.user)
        return redirect(target)
    context = {"form": form, "next": "" if target == settings.LOGIN_REDIRECT_URL else target}
    return render(request, "accounts/sign_in.html", context)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@sensitive_post_parameters("old", "new")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(
        request.POST if request.method == "POST" else None, user=request.user, own=True
    )
    if request.method == "POST" and form.is_valid():
        new = form.cleaned_data["new"]
        user = services.change_password(
            user=request.user, password=new, by=request.user, on=timezone.localdate()
        )
        update_session_auth_hash(request, user)
        messages.success(request, "The new password holds from now on; other sessions ended.")
        return redirect("/")
    return render(request, "accounts/password.html", {"form": form})


@login_required
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    access.require(request.user, Permission.USER_MANAGE)
    wanted = request.GET.get("q", "").strip()[:100]
    found = User.objects.filter(Q(name__icontains=wanted) | Q(email__icontains=wanted))
    count = found.count()
    if after := row_number(request.GET.get("after", "")):
        found = found.filter(pk__gt=after)
    held = RoleHeld.objects.filter(until_on=None).order_by("role")
    rows = list(
        found.order_by("pk").prefetch_related(Prefetch("roles_held", held, "held"))[: PAGE + 1]
    )
    context = {
        "rows": rows[:PAGE],
        "count": count,
        "q": wanted,
        "after": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "nobody_acts": [ROLE_LABELS[r] for r in _unfilled()],
    }
    return render(request, "accounts/users.html", context)


def _unfilled() -> list[Role]:
    wanted = [Role.SECRETARIAT, Role.CASE_OFFICER, Role.DATA_PROTECTION_OFFICER]
    held = set(RoleHeld.objects.filter(until_on=None).values_list("role", flat=True))
    return [role for role in wanted if role.value not in held]


@sensitive_post_parameters("password")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create_user(request: HttpRequest) -> HttpResponse:
    access.require(request.user, Permission.USER_MANAGE)
    form = UserForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST" and form.is_valid():
        role = form.cleaned_data.pop("role")
        today = timezone.localdate()
        try:
            user = services.create_user(
                **form.cleaned_data, role=Role(role) if role else None, by=request.user, on=today
            )
        except IntegrityError:  # the same form sent twice at once
            form.add_error("email", "Somebody signs in with this e-mail already.")
            return render(request, "accounts/create_user.html", {"form": form})
        messages.success(request, f"{user.name} can sign in with {user.email}.")
        return redirect("accounts:user", pk=user.pk)
    return render(request, "accounts/create_user.html", {"form": form})


@login_required
@require_safe
def user(request: HttpRequest, pk: int) -> HttpResponse:
    access.require(request.user, Permission.USER_MANAGE)
    person = get_object_or_404(User, pk=pk)
    context = {
        "person": person,
        "held": person.roles_held.order_by("until_on", "-since_on", "pk"),
        "form": RoleForm(by=request.user),
        "is_platform": Role.SYSTEM in person.roles,
        "today": timezone.localdate(),
    }
    return render(request, "accounts/user.html", context)


@login_required
@require_POST
def grant_role(request: HttpRequest, pk: int) -> HttpResponse:
    access.require(request.user, Permission.USER_MANAGE)
    person = get_object_or_404(User, pk=pk)
    form = RoleForm(request.POST, by=request.user)
    if form.is_valid():
        role = Role(form.cleaned_data["role"])
        services.grant_role(user=person, role=role, by=request.user, on=timezone.localdate())
        messages.success(request, f"{person.name} is {ROLE_LABELS[role]} from today.")
    else:
        messages.error(request, "There is no such role. Choose one of the list.")
    return redirect("accounts:user", pk=pk)


@login_required
@require_POST
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    access.require(request.user, Permission.USER_MANAGE)
    held = get_object_or_404(RoleHeld.objects.exclude(role=Role.SYSTEM), pk=pk, until_on=None)
    today = timezone.localdate()
    services.end_role(user=held.user, role=Role(held.role), by=request.user, on=today)
    messages.success(request, f"{held.user.name} is no longer {held.get_role_display()}.")
    return redirect("accounts:user", pk=held.user_id)


@sensitive_post_parameters("new")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    access.require(request.user, Permission.USER_MANAGE)
    person = get_object_or_404(User.objects.exclude(roles_held__role=Role.SYSTEM), pk=pk)
    form = PasswordForm(request.POST if request.method == "POST" else None, user=person, own=False)
    if request.method == "POST" and form.is_valid():
        new = form.cleaned_data["new"]
        services.change_password(
            user=person, password=new, by=request.user, on=timezone.localdate()
        )
        messages.success(request, f"{person.name} signs in with the new password from now on.")
        return redirect("accounts:user", pk=pk)
    return render(request, "accounts/password.html", {"form": form, "person": person})


def _safe_target(request: HttpRequest) -> str:
    """Where to go after signing in: only an address of this site, from its root."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    elsewhere = safe and target.startswith("/") and not target.startswith(settings.LOGIN_URL)
    return target if elsewhere else settings.LOGIN_REDIRECT_URL


def client_address(request: HttpRequest) -> str:
    """The client's address; behind our own proxy the last one that the proxy wrote."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        return forwarded.rpartition(",")[2].strip()
    return request.META.get("REMOTE_ADDR", "")
