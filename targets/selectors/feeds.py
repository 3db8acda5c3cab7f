"""What a private calendar feed shows: what its owner may read on the day it is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count

from accounts.models import User
from accounts.rules import Permission, allows
from ledger.rules import keyed_digest
from members.models import Member, Span
from members.selectors import condition_texts
from rulebooks import selectors as rulebooks
from rulebooks.rules.timeline.changes import Kind
from targets.models import Feed, Period
from targets.rules import say_day
from targets.rules.feed import Falling
from targets.selectors.changes import Change, changes_of
from targets.selectors.duties import Duty, duty_of
from targets.selectors.windows import cancelled_periods

PAST = timedelta(days=400)
MOST_MEMBERS = 200
FREED = ("exempt", "removed")


def feed_digest(secret: str) -> str:
    """Return the keyed digest of a feed's secret: all that is kept of it."""
    key = f"targets.feed:{settings.SECRET_KEY}".encode()
    return keyed_digest(secret.encode(), key=key)


def feed_of(secret: str) -> Feed | None:
    """Return the feed that a secret opens, None when there is none, or it was revoked."""
    live = Feed.objects.live().filter(digest=feed_digest(secret))
    return live.select_related("user").first()


def feed_made_at(user: User) -> datetime | None:
    """Return since when a user has a feed, None without one."""
    return Feed.objects.live().filter(user=user).values_list("made_at", flat=True).first()


def falling_due(feed: Feed, *, base: str, on: date) -> list[Falling]:
    """Return what the owner of a feed may read of due days, from some time before ``on``.

    Whoever reads all members sees the periods; others see each obligation of their members.
    ``base`` is the address of the platform.
    """
    if allows(feed.user.roles, Permission.MEMBER_VIEW_ALL):
        return list(_periods(feed, base=base, on=on))
    visible = Member.objects.visible_to(feed.user).select_related("organisation")
    found = list(visible.order_by("pk")[:MOST_MEMBERS])
    changes = changes_of(found)
    spans = Span.objects.visible_to(feed.user).of(Kind.OBLIGATION).filter(member__in=found)
    courses: dict[int, dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for span in spans.order_by("member", "key", "from_on"):
        courses[span.member_id][span.key].append(span)
    editions = {edition.code: edition for edition in rulebooks.adopted_documents()}
    texts = condition_texts(key for keys in courses.values() for key in keys)
    lines: list[Falling] = []
    for member in found:
        duties = [duty_of(one, editions, texts, on=on) for one in courses[member.pk].values()]
        moved = _by_key(changes[member.pk])
        url = f"{base}/members/{member.code}/obligations/"
        said = _of_member(member, duties, moved, url=url, since=feed.made_at)
        lines += [one for one in said if one.on >= on - PAST]
    return lines


def _by_key(changes: list[Change]) -> dict[str, list[Change]]:
    """Return the changes of each obligation, the newest first."""
    found: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        found[change.key].append(change)
    return found


def _of_member(
    member: Member,
    duties: list[Duty],
    moved: dict[str, list[Change]],
    *,
    url: str,
    since: datetime,
) -> Iterator[Falling]:
    there = set()
    for place, together in _together(duties).items():
        first = min(together, key=lambda duty: duty.course.due_on or date.max)
        changes = [change for duty in together for change in moved.get(duty.key, ())]
        there |= {duty.key for duty in together}
        cancelled = all(duty.state in FREED for duty in together)
        day = first.due_on or next((c.before for c in changes if c.before), None)
        if day is None:
            continue
        title = first.title or first.about
        about = first.about if len(together) == 1 else f"{len(together)} texts"
        yield Falling(
            place=f"{member.code}:{place}",
            on=day,
            title=f"{member.name}: {title}" + (f" ({about})" if about != title else ""),
            text=f"{first.course.words}. {first.how}".strip(),
            url=url,
            sequence=len(changes),
            changed_at=max((change.since for change in changes), default=since),
            cancelled=cancelled,
        )
    for key in sorted(moved.keys() - there):
        yield from _gone(member, key, moved[key], url=url)


def _together(duties: list[Duty]) -> dict[str, list[Duty]]:
    """Return the duties that make one event each: texts to sign under one edition are one."""
    found: dict[str, list[Duty]] = defaultdict(list)
    for duty in duties:
        code = duty.key.partition(":")[0]
        found[f"{code}:{duty.edition}" if duty.what == "signature" else duty.key].append(duty)
    return found


def _gone(member: Member, key: str, changes: list[Change], *, url: str) -> Iterator[Falling]:
    """Yield what is not owed by anybody any more: its period was cancelled."""
    last = changes[0]
    day = next((change.before for change in changes if change.before), None)
    if day is not None:
        yield Falling(
            place=f"{member.code}:{key}",
            on=day,
            title=f"{member.name}: {last.title}",
            text=f"{last.word}: {last.reason}",
            url=url,
            sequence=len(changes),
            changed_at=last.since,
            cancelled=True,
        )


def _periods(feed: Feed, *, base: str, on: date) -> Iterator[Falling]:
    """Yield the due day of each period, with how many have yet to file."""
    cancelled = cancelled_periods()
    rows = Period.objects.of_all().filter(due_on__gte=on - PAST).order_by("due_on", "pk")
    periods = list(rows)
    spans = Span.objects.visible_to(feed.user).in_force(on).of(Kind.OBLIGATION)
    open_now = spans.filter(state__in=("open", "extended", "overdue"))
    ends = {f":{period.code}" for period in periods}
    counts: dict[str, int] = defaultdict(int)
    for key, count in open_now.values_list("key").annotate(Count("pk")).order_by("key"):
        about = key.partition(":")[2]
        if f":{about}" in ends:
            counts[about] += count
    for period in periods:
        left = counts[period.code]
        yield Falling(
            place=f"period:{period.code}",
            on=period.due_on,
            title=f"{period.name}: returns are due",
            text=f"{left} still to be filed. Late until {say_day(period.late_until)}.",
            url=f"{base}/periods/{period.code}/",
            sequence=0,
            changed_at=feed.made_at,
            cancelled=period.code in cancelled,
        )
