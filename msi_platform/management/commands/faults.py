"""``manage.py faults``: strike workers and servers during runs, one JSON object a kind of fault."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable
from random import Random

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from members.models import Member
from msi_platform.bench import editions
from msi_platform.bench.world import World, enact
from msi_platform.faults.parts import Worker, restart_broker, stop_database_at_once
from msi_platform.faults.runs import Came, run_once
from targets.models import Period

MISSES = 3  # a strike may miss so many times as often as it shall hit


class Command(BaseCommand):
    help = (
        "Kill workers, restart the broker empty and stop PostgreSQL at once while runs are going "
        "on, and compare each run with one that nobody disturbed. Needs a folder of its own: "
        "MSI_VAR=var/faults (make faults)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--members", type=int, default=20_000)
        parser.add_argument("--shard", type=int, default=250, help="members of a shard")
        parser.add_argument("--workers", type=int, default=30, help="kills of a worker")
        parser.add_argument("--brokers", type=int, default=5, help="restarts of the broker")
        parser.add_argument(
            "--databases", type=int, default=5, help="immediate stops of PostgreSQL"
        )
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, **options: int) -> None:
        period = self.prepare(options["members"])
        self.shards = -(-options["members"] // options["shard"])
        self.period, self.shard, self.note = period, options["shard"], 0
        self.random, self.worker = Random(options["seed"]), Worker()
        self.worker.start()
        try:
            self.worker.wait_until_ready()
            undisturbed = self.run(None)
            wrong = [self.kind(undisturbed, *one) for one in self.kinds(options)]
        finally:
            self.worker.stop()
        if any(wrong):
            raise CommandError("something was lost, doubled or is not equal", returncode=1)

    def prepare(self, members: int) -> Period:
        """Make a world in a database that nobody uses.

        :raises CommandError: somebody does, or a commit there is not on disk.
        """
        if not settings.LOCAL:
            raise CommandError(
                "DATABASE_URL is set; only embedded servers are struck", returncode=2
            )
        call_command("migrate", interactive=False, verbosity=0)
        if Member.objects.exists():
            message = f"{settings.VAR} holds members; name an empty folder by MSI_VAR"
            raise CommandError(message, returncode=2)
        with connection.cursor() as cursor:
            cursor.execute("show synchronous_commit")
            if cursor.fetchone() != ("on",):
                raise CommandError("synchronous_commit is not on", returncode=2)
        world = World(enact(editions.of_many_kpis()))
        world.grow_to(members, editions.kinds())
        return world.period

    def kinds(self, wanted: dict[str, int]) -> list[tuple[str, int, Callable[[], None]]]:
        return [
            ("worker_killed", wanted["workers"], self.kill_worker),
            ("broker_restarted_empty", wanted["brokers"], restart_broker),
            ("database_stopped_at_once", wanted["databases"], stop_database_at_once),
        ]

    def kill_worker(self) -> None:
        self.worker.kill(whole=self.random.random() < 0.5)

    def run(self, strike: Callable[[], None] | None) -> Came:
        self.note += 1
        last = max(2, self.shards - 2)
        at = self.random.randint(2, last)
        return run_once(self.period, shard=self.shard, strike=strike, at=at, note=self.note)

    def kind(self, undisturbed: Came, name: str, wanted: int, strike: Callable[[], None]) -> bool:
        """Strike until it hit as often as wanted, and return whether anything is wrong."""
        hits: list[Came] = []
        runs = 0
        while len(hits) < wanted and runs < wanted * MISSES + MISSES:
            runs += 1
            came = self.run(strike)
            hits += [came] if came.hit else []
        line = {
            "fault": name,
            "injected": len(hits),
            "lost": sum(came.lost for came in hits),
            "doubled": sum(came.doubled for came in hits),
            "equal": all(came.content == undisturbed.content for came in hits),
            "missed": runs - len(hits),
            "mails_sent_again": sum(came.mails_again for came in hits),
        }
        self.stdout.write(json.dumps(line))
        self.stdout.flush()
        return len(hits) < wanted or bool(line["lost"] or line["doubled"]) or not line["equal"]
