"""What imported facts, and facts from before a rule was enforced, would have led to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Func, QuerySet, TextField, Value

from accounts import access
from accounts.models import User
from accounts.rules import Permission
from members.models import Member, Span
from rulebooks import selectors as rulebooks
from rulebooks.rules import reading
from rulebooks.rules.breaches import BreachRule
from rulebooks.rules.edition import Edition
from rulebooks.rules.ladder import Ladder
from rulebooks.rules.timeline.changes import Kind

QUIET = "quiet"
RULE = Func(F("key"), Value(":"), Value(1), function="split_part", output_field=TextField())


@dataclass(frozen=True, slots=True)
class Quiet:
    """A hit without consequences: what fired, about what, and where a live one would have led."""

    span: Span
    rule: BreachRule
    about: str
    ladder: Ladder | None

    @property
    def member(self) -> Member:
        return self.span.member

    @property
    def step(self) -> str:
        """The name of the step that a case of it would have begun with, empty without a ladder."""
        return self.ladder.step(self.ladder.start).name if self.ladder else ""


def quiet_hits(user: User, *, on: date) -> QuerySet[Span]:
    """Return the spans of hits without consequences up to a day, of members ``user`` follows up.

    Each is derived like any other hit, by the same rules from the same facts. Who does not view
    cases has none.
    """
    spans = Span.objects.visible_to(user).of(Kind.BREACH).annotate(rule=RULE)
    if not access.can(user, Permission.CASE_VIEW):
        return spans.none()
    return spans.filter(state=QUIET, from_on__lte=on)


def counts_by_rule(spans: QuerySet[Span]) -> dict[str, int]:
    """Return how many of these hits each rule has, by its code."""
    return dict(spans.order_by().values_list("rule").annotate(Count("pk")))


def titles_of_rules() -> Mapping[str, str]:
    """Return the title of each breach rule by its code, as the latest edition calls it."""
    editions = rulebooks.adopted_documents()
    return {rule.code: rule.title for edition in editions for rule in edition.breaches}


def with_rules(spans: Iterable[Span]) -> Iterator[Quiet]:
    """Yield each of these spans with the rule of the edition that it was derived from."""
    documents = {document.code: document for document in rulebooks.adopted_documents()}
    for span in spans:
        yield _quiet(span, documents[span.edition])


def _quiet(span: Span, edition: Edition) -> Quiet:
    code, _, about = span.key.partition(":")
    return Quiet(
        span=span,
        rule=edition.breach(code),
        about=reading.about_words(about, edition),
        ladder=edition.ladder_for(code),
    )
