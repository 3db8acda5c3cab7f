"""Through the services: after any story, what is kept is what follows from scratch."""

from contextlib import suppress
from datetime import date, timedelta
from random import Random

import pytest
from django.utils import timezone

from members import selectors, services
from members.models import Member, Span
from members.services import derive_all
from rulebooks import selectors as rulebooks
from targets import services as targets
from targets.models import Period
from targets.services import CannotExtend

pytestmark = pytest.mark.django_db
FIELDS = ("kind", "key", "state", "from_on", "until_on", "ground", "facts")
PLACES = [("full", "companies"), ("partner", "unions"), ("partner", "civil-society")]


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def kept(member):
    rows = Span.objects.filter(member=member)
    return {tuple(str(getattr(span, name)) for name in FIELDS) for span in rows}


def from_scratch(member):
    derived = selectors.derived_spans(
        [member.pk],
        editions=rulebooks.adopted_documents(),
        initiative=selectors.initiative_facts(),
    )
    return {tuple(str(getattr(span, name)) for name in FIELDS) for span in derived}


def act(random, member, people, today):
    """Do one thing drawn by lot; what a rule refuses is a thing that did not happen."""
    day = today + timedelta(days=random.randint(0, 60))
    drawn = random.choice(["class", "class", "extend", "cancel"])
    if drawn == "class":
        to, chamber = random.choice(PLACES)
        services.change_class(
            member=member, member_class=to, chamber=chamber, from_on=day, by=people.sam, on=today
        )
    elif drawn == "extend":
        targets.grant_extension(
            member=member,
            period=Period.objects.get(code="2026"),
            until_on=date(2027, 4, random.randint(1, 28)),
            reason="A fire.",
            by=people.sam,
            on=today,
        )
    else:
        services.cancel_cycle(
            period=random.choice(["2024", "2025", "2026"]), by=people.sam, on=today
        )


@pytest.mark.parametrize("seed", range(3))
def test_whatever_was_done_what_is_kept_is_what_follows(member, people, today, work_due, seed):
    work_due()
    random = Random(seed)
    for _ in range(6):
        with suppress(selectors.NoSuchPlace, CannotExtend):
            act(random, member, people, today)
        work_due()
        assert kept(member) == from_scratch(member)

    before = kept(member)
    derive_all()

    assert kept(member) == before
    assert Member.objects.get(pk=member.pk).member_class in {"full", "partner"}


def test_what_stays_is_not_written_again(member, people, today, work_due):
    work_due()
    before = set(member.spans.values_list("pk", flat=True))
    span = member.spans.filter(kind="obligation").order_by("pk").first()
    member.spans.filter(pk=span.pk).update(because="Changed by hand", until_on=None)
    lost = member.spans.exclude(pk=span.pk).order_by("-pk").values_list("pk", flat=True)[0]
    member.spans.filter(pk=lost).delete()
    member.spans.create(kind="case", key="C1", state="open", from_on=today, ground="by.hand")

    derive_all()

    after = set(member.spans.values_list("pk", flat=True))
    assert kept(member) == from_scratch(member)
    assert before - after == {span.pk, lost}
