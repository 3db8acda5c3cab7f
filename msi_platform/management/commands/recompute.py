"""``manage.py recompute --check``: derive every cached state again, and compare."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from kpis import selectors as kpis
from kpis.models import ScoreRun
from members import selectors as members
from members.models import Member, Span
from rulebooks import selectors as rulebooks
from rulebooks.rules.timeline.changes import Kind

CHUNK = 2_000
NAMED = 20  # differences that are printed
SPAN = (
    *("kind", "key", "state", "from_on", "until_on"),
    *("ground", "because", "clause", "edition", "facts", "due_on"),
)


class Difference(NamedTuple):
    """What is stored other than it follows: of whom, and what."""

    of: str
    what: str


class Command(BaseCommand):
    help = (
        "Derive every member's spans from the facts, score every stored scorecard from its stored "
        "inputs, and compare. Changes nothing; a difference is an error."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", required=True)
        parser.add_argument("--json", action="store_true")

    def handle(self, *, json: bool, **options: object) -> None:
        compared: Counter[str] = Counter()
        with one_moment():
            differences = [*spans(compared), *places(compared), *scores(compared)]
        self.stdout.write(
            as_json(compared, differences) if json else as_text(compared, differences)
        )
        if differences:
            raise CommandError(f"{len(differences)} stored states differ", returncode=1)


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything as it stood at one moment, whatever others write meanwhile.

    Only the outermost transaction can choose that; within another, reads are as that one's.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("set transaction isolation level repeatable read, read only")
        yield


def spans(compared: Counter[str]) -> Iterator[Difference]:
    """Yield a difference for each member whose stored spans are not those that follow."""
    editions, initiative = rulebooks.adopted_documents(), members.initiative_facts()
    codes = Member.objects.order_by("pk").values_list("pk", "code").iterator(CHUNK)
    while batch := dict(islice(codes, CHUNK)):
        stored: dict[int, Counter] = {pk: Counter() for pk in batch}
        follow: dict[int, Counter] = {pk: Counter() for pk in batch}
        for span in Span.objects.filter(member__in=batch).order_by("pk").iterator(CHUNK):
            stored[span.member_id][_span(span)] += 1
        derived = members.derived_spans(list(batch), editions=editions, initiative=initiative)
        for span in derived:
            follow[span.member_id][_span(span)] += 1
        compared["members"] += len(batch)
        compared["spans"] += len(derived)
        for pk, code in batch.items():
            for kind, key in sorted(_things(stored[pk], follow[pk])):
                yield Difference(f"member {code}", f"spans of {kind} {key}".strip())


def places(compared: Counter[str]) -> Iterator[Difference]:
    """Yield a difference for each member whose kept class or chamber is not that of its spans.

    A class change takes effect at midnight, and is kept when the daily run comes by: until then
    the class of yesterday is right too.
    """
    today = timezone.localdate()
    for kind, field in ((Kind.CLASS, "member_class"), (Kind.CHAMBER, "chamber")):
        wrong = Member.objects.filter(Exists(_said(kind, today)))
        for day in (today, today - timedelta(days=1)):
            wrong = wrong.exclude(Exists(_said(kind, day).filter(state=OuterRef(field))))
        for code in wrong.order_by("pk").values_list("code", flat=True):
            yield Difference(f"member {code}", f"{kind} as kept with the member")


def _said(kind: Kind, day: date) -> QuerySet[Span]:
    return Span.objects.in_force(day).of(kind).filter(member=OuterRef("pk"))


def _span(span: Span) -> tuple:
    return tuple(str(getattr(span, name)) for name in SPAN)


def _things(stored: Counter, follow: Counter) -> set[tuple[str, str]]:
    """Return kind and key of what is stored in one way and follows in another."""
    return {span[:2] for span in ((stored - follow) + (follow - stored))}


def scores(compared: Counter[str]) -> Iterator[Difference]:
    """Yield a difference for each card that its inputs do not give, and each run of such cards."""
    runs = ScoreRun.objects.select_related("period", "edition").order_by("pk")
    for run in runs:
        compared["runs"] += 1
        for card, again in kpis.rescored(run):
            compared["scorecards"] += 1
            wrong = [name for name, value in asdict(again).items() if getattr(card, name) != value]
            if wrong:
                whose = f"member {card.member.code} in run {run.pk}"
                yield Difference(whose, f"scorecard: {', '.join(wrong)}")
        if run.status in ScoreRun.FINISHED:
            outcome = kpis.outcome_of_run(run)
            wrong = [
                n
                for n in ("fingerprint", "root", "cohort")
                if getattr(run, n) != getattr(outcome, n)
            ]
            if wrong:
                yield Difference(f"run {run.pk}", ", ".join(wrong))


def as_json(compared: Counter[str], differences: list[Difference]) -> str:
    found = [difference._asdict() for difference in differences]
    return json.dumps({"compared": dict(compared), "differences": found, "equal": not found})


def as_text(compared: Counter[str], differences: list[Difference]) -> str:
    lines = [f"{difference.of}: {difference.what}" for difference in differences[:NAMED]]
    if len(differences) > NAMED:
        lines.append(f"and {len(differences) - NAMED} more")
    counts = ", ".join(f"{number} {what}" for what, number in compared.items())
    return "\n".join([*lines, f"compared {counts or 'nothing'}: {len(differences)} differ"])
