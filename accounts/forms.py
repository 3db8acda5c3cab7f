"""Signing in, and the fields of a user."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from hashlib import sha256

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from accounts import access
from accounts.models import OWN_RIGHT, ROLE_LABELS, User
from accounts.rules import Permission, Role, opens_member_data

YEARS = range(1900, 2201)  # as of editions
ATTEMPTS = 5
PAUSE = timedelta(minutes=15)
GIVEN_ROLES = [(r.value, ROLE_LABELS[r]) for r in OWN_RIGHT if r is not Role.SYSTEM]


def within_reach(day: date) -> None:
    """Refuse a day from which no term can be reckoned: near an end of the calendar."""
    if day.year not in YEARS:
        raise forms.ValidationError(f"Write a day of the years {YEARS[0]} to {YEARS[-1]}.")


class DayField(forms.DateField):
    """A day that somebody types; of the same years as the days of an edition."""

    default_validators = [within_reach]


def roles_given_by(user: User) -> list[tuple[str, str]]:
    """Return the roles that ``user`` may give: none that opens what they may not read."""
    all_of_them = access.can(user, Permission.MEMBER_VIEW_ALL)
    return [(r, label) for r, label in GIVEN_ROLES if all_of_them or not opens_member_data(Role(r))]


class Attempts:
    """How often signing in failed for one e-mail from one address within the pause.

    An attempt is counted before its password is looked at, so that many at once count as many.
    """

    def __init__(self, email: str, address: str) -> None:
        self.key = "sign-in:" + sha256(f"{email.lower()}|{address}".encode()).hexdigest()

    def count(self) -> int:
        cache.add(f"{self.key}:until", timezone.now() + PAUSE, PAUSE.total_seconds())
        cache.add(self.key, 0, PAUSE.total_seconds())
        try:
            return cache.incr(self.key)
        except ValueError:  # it expired just now
            return 1

    def until(self) -> datetime:
        return cache.get(f"{self.key}:until") or timezone.now() + PAUSE

    def forget(self) -> None:
        cache.delete_many([self.key, f"{self.key}:until"])


class SignInForm(forms.Form):
    username = forms.EmailField(
        label="E-mail",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=1_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args, request: HttpRequest, address: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.address, self.user = request, address, None

    def clean(self) -> dict:
        values = super().clean()
        if self.errors:
            return values
        attempts = Attempts(values["username"], self.address)
        if attempts.count() > ATTEMPTS:
            minutes = max(1, -(-int((attempts.until() - timezone.now()).total_seconds()) // 60))
            raise forms.ValidationError(
                f"{ATTEMPTS} attempts for this e-mail failed. You can try again in {minutes} "
                f"minute{'' if minutes == 1 else 's'}, or ask the secretariat.",
                code="wait",
            )
        self.user = authenticate(self.request, **{k: values[k] for k in ("username", "password")})
        if self.user is None:
            raise forms.ValidationError(
                "E-mail and password do not belong together. Look at both and try again.",
                code="wrong",
            )
        attempts.forget()
        return values


class UserForm(forms.Form):
    name = forms.CharField(label="Name", max_length=200, help_text="As it stands in letters.")
    email = forms.EmailField(
        label="E-mail", max_length=254, help_text="They sign in with it, and letters go there."
    )
    role = forms.ChoiceField(
        label="Role",
        choices=[("", "None: acts for a member, or applies"), *GIVEN_ROLES],
        required=False,
        help_text="Whoever acts for a member needs none; the secretariat gives the mandate.",
    )
    password = forms.CharField(
        label="First password",
        strip=False,
        max_length=1_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
        help_text="At least 8 characters, not a common word. Hand it over in person or by phone.",
    )

    def __init__(self, *args, by: User | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if by is not None:
            none = self.fields["role"].choices[0]
            self.fields["role"].choices = [none, *roles_given_by(by)]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError("Somebody signs in with this e-mail already.")
        return email

    def clean(self) -> dict:
        values = super().clean()
        if values.get("password"):
            person = User(name=values.get("name", ""), email=values.get("email", ""))
            try:
                password_validation.validate_password(values["password"], person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return values


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Role", choices=GIVEN_ROLES)

    def __init__(self, *args, by: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles_given_by(by)


class PasswordForm(forms.Form):
    """A new password; whoever sets their own names the old one too."""

    old = forms.CharField(
        label="Password until now",
        strip=False,
        max_length=1_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="New password",
        strip=False,
        max_length=1_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 8 characters, not a common word, not your name.",
    )

    def __init__(self, *args, user: User, own: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not own:
            del self.fields["old"]

    def clean_old(self) -> str:
        if not self.user.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError("This is not the password until now.")
        return self.cleaned_data["old"]

    def clean_new(self) -> str:
        password_validation.validate_password(self.cleaned_data["new"], self.user)
        return self.cleaned_data["new"]
