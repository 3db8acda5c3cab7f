"""``manage.py create_administrator``: the first person who can create the others."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import selectors, services
from accounts.forms import UserForm
from accounts.rules import Role


class Command(BaseCommand):
    help = (
        "Create the first user: a system administrator, or the secretariat. The password is asked; "
        "without a terminal it is read as one line from standard input."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument(
            "--role",
            choices=[Role.SYSTEM_ADMINISTRATOR.value, Role.SECRETARIAT.value],
            default=Role.SYSTEM_ADMINISTRATOR.value,
            help="the secretariat appoints staff; an administrator manages all other users",
        )

    def handle(self, *, email: str, name: str, role: str, **options: object) -> None:
        fields = {"email": email, "name": name, "password": _password()}
        form = UserForm({**fields, "role": role})
        if not form.is_valid():
            raise CommandError(_in_one_line(form), returncode=1)
        user = services.create_user(
            **{field: form.cleaned_data[field] for field in fields},
            role=Role(role),
            by=selectors.system_user(),
            on=timezone.localdate(),
        )
        self.stdout.write(f"{user.name} can sign in with {user.email}.")


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != first:
        raise CommandError("The two passwords differ; nobody was created.", returncode=1)
    return first


def _in_one_line(form: UserForm) -> str:
    return "; ".join(
        f"{form.fields[field].label}: {' '.join(errors)}" for field, errors in form.errors.items()
    )
