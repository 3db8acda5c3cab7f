"""Fills an empty database with the demo, and prints one sign-in for each role."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.test.utils import override_settings
from django.utils import timezone

from accounts.models import User
from members.models import Member
from msi_platform.demo import world
from msi_platform.demo.story import Story

NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"


class Command(BaseCommand):
    help = "Load the fictional initiative of the demo into an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="do not tell how far it is")

    def handle(self, *, quiet: bool, **options: object) -> None:
        if not settings.LOCAL:
            raise CommandError("DATABASE_URL is set: the demo fills embedded servers only.")
        people = User.objects.filter(email__in=[person.email for person in world.PEOPLE])
        if not people.exists():
            if Member.objects.exists():
                raise CommandError("The database has members already: the demo needs an empty one.")
            self.load(quiet)
        self.stdout.write(sign_ins())

    def load(self, quiet: bool) -> None:
        tell = (lambda year: None) if quiet else self.stderr.write
        with transaction.atomic(), override_settings(EMAIL_BACKEND=NO_MAIL):
            Story(timezone.localdate()).play(tell)


def sign_ins() -> str:
    """Return a table of who can sign in, with which e-mail, and the one password."""
    lines = [
        f"  {person.email:<40} {person.what}" + (f" of {person.member}" if person.member else "")
        for person in world.PEOPLE
    ]
    return "\n".join([f"Everybody's password is {world.PASSWORD}", *lines, ""])
