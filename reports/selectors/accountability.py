"""The accountability report of one member for one period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from accounts.models import User
from kpis.rules.confidentiality import SEEN_BY
from members import selectors as members
from members.models import Member
from members.selectors import Belonged
from reports.rules import words
from reports.rules.answers import Reply
from reports.rules.parts import Named, Reader, Rules, Who
from reports.rules.report import Report
from reports.selectors import matters, scores, stands
from reports.selectors.readers import reader_of
from rulebooks.models import Edition
from rulebooks.rules.edition import Edition as Document
from rulebooks.rules.membership import Chamber, MemberClass
from targets.models import Period


def accountability(member: Member, period: Period, *, by: User, on: date, at: datetime) -> Report:
    """Return the report as ``by`` may see it: the state on ``on`` as known at ``at``.

    What was asked of the member follows from its class on the last day of the period, or on
    ``on`` before that. Two readers of one class get the same report, to the letter.
    """
    edition, reader = period.edition, reader_of(by, member)
    document = edition.document
    spans = stands.spans_as_known(member, on=on, at=at)
    of_period = stands.place(spans, member, on=min(on, period.about_until))
    of = scores.counting_return(member, period, at=at)
    card = scores.published_card(member, period, at=at)
    history = stands.standing(spans)
    window = stands.window(member, period, at=at)
    replies = tuple(scores.replies(of, document, reader, at=at))
    return Report(
        initiative=document.initiative,
        language=document.language,
        time_zone=document.time_zone,
        reader=reader,
        known_at=at,
        on=on,
        member=who(member, document, stands.place(spans, member, on=on), on=on, at=at),
        period=window,
        edition=rules_of(edition),
        standing=history[-1] if history else None,
        history=history,
        rights=tuple(stands.rights(spans)),
        requirements=tuple(stands.requirements(member, edition, of_period.member_class, at=at)),
        duties=tuple(stands.duties(spans, window)),
        filing=scores.filing(of) if of else None,
        replies=replies,
        evidence=tuple(scores.evidence(of, document, reader, at=at)),
        score=scores.score(card, reader, at=at) if card else None,
        past=tuple(scores.past(member, document, until=period, at=at)),
        breaches=tuple(matters.breaches(member, spans, by=by, at=at)),
        cases=tuple(matters.cases(member, spans, by=by, at=at)),
        hidden=tuple(_hidden(replies, reader)),
    )


def who(member: Member, document: Document, place: Belonged, *, on: date, at: datetime) -> Who:
    """Return who the member is and where it belongs, in the words of an edition.

    Its country is what was stated of the day, known at a moment; where nothing was, it is that of
    its organisation as it is now.
    """
    described = members.described_on([member.pk], on=on, known_at=at).get(member.pk, {})
    stated = described.get("country")
    classes = {c.code: c for c in document.classes}
    chambers = {c.code: c for c in document.chambers}
    return Who(
        code=member.code,
        name=member.name,
        country=stated or member.organisation.country,
        country_stated=stated is not None,
        member_class=_named(classes.get(place.member_class), place.member_class),
        chamber=_named(chambers.get(place.chamber), place.chamber),
        admitted_on=member.admitted_on,
    )


def _named(part: MemberClass | Chamber | None, code: str) -> Named:
    return Named(code, part.name, part.clause) if part else Named(code, code)


def rules_of(edition: Edition) -> Rules:
    """Return which edition governs."""
    return Rules(
        code=edition.code,
        title=edition.title,
        sha256=edition.sha256,
        in_force_from=edition.in_force_from,
        adopted_at=edition.adopted_at,
        modelled_on=edition.document.modelled_on,
    )


def _hidden(replies: Sequence[Reply], reader: Reader) -> Iterator[str]:
    """Yield a sentence for everything that this reader is not shown."""
    kept = [reply.confidentiality for reply in replies if reply.withheld]
    for name in sorted(set(kept)):
        number = words.counted(kept.count(name), "answer").capitalize()
        yield f"{number} not shown, nor notes, marks and file names; seen by {SEEN_BY[name]}."
    if not reader.follows_up:
        yield "Breaches and cases are between the member and those who follow up."
