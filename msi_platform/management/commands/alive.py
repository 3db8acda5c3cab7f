from django.core.management.base import BaseCommand, CommandError, CommandParser

from msi_platform import pulse


class Command(BaseCommand):
    help = "Tell by the exit status whether a worker or the scheduler lives (health checks)."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("part", choices=["worker", "scheduler"])
        parser.add_argument("--host", help="on this host only; default: anywhere")

    def handle(self, *, part: str, host: str | None, **options: object) -> None:
        if not pulse.beats(part, host=host):
            raise CommandError(f"No {part} was heard of for {pulse.SECONDS} seconds.")
