"""What stands in a return, and what it still needs."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from kpis.models import Return, SentBack
from kpis.rules.completeness import missing
from kpis.rules.content import Exhibit, content
from kpis.rules.reading import Typed, read, typed_of, words
from kpis.selectors.answers import names_now
from kpis.selectors.sites import with_sites
from ledger.rules import keyed_digest
from members.models import Mandate, Member
from members.rules import Post
from rulebooks.rules.answers import MISSING, Answer
from targets.models import Period


def answers_of(of_return: Return) -> dict[str, Answer]:
    """Return the answers in a return by KPI, as reported, with those of its sites."""
    own = {value.kpi: value.answer for value in of_return.values_reported.all()}
    return with_sites(of_return.edition.document, {of_return.pk: own})[of_return.pk]


def still_missing(of_return: Return) -> dict[str, str]:
    """Return what keeps a draft from being submitted: KPI → what it needs."""
    evidenced = set(of_return.evidence.values_list("kpi", flat=True))
    return missing(
        of_return.edition.document,
        answers_of(of_return),
        evidenced=evidenced,
        unread=of_return.unread,
    )


def typed_in(of_return: Return) -> dict[str, Typed]:
    """Return the text that a form of the return shows: what could not be read, else answers."""
    values = {value.kpi: value for value in of_return.values_reported.all()}
    shown = {}
    for kpi in of_return.edition.document.kpis:
        if kpi.code in of_return.unread:
            kept = of_return.unread[kpi.code]
            shown[kpi.code] = _as_typed(kept)
        else:
            value = values.get(kpi.code)
            answer, note = (value.answer, value.note) if value else (MISSING, "")
            shown[kpi.code] = typed_of(kpi, answer, note)
    return shown


def _as_typed(kept: dict) -> Typed:
    lists = {
        "labels": tuple(kept.get("labels", ())),
        "counts": tuple(map(tuple, kept.get("counts", ()))),
    }
    return Typed(**{**kept, **lists})


def values_before(member: Member, period: Period) -> tuple[Period | None, dict[str, str]]:
    """Return the period before for which ``member`` filed, and its values in words, by KPI.

    Only of KPIs whose series goes on, under the codes that they have now.
    """
    earlier = Return.objects.counting().filter(
        member=member, period__about_from__lt=period.about_from
    )
    before = earlier.with_context().order_by("-period__about_from").first()
    if before is None:
        return None, {}
    units = {kpi.code: kpi.unit for kpi in before.edition.document.kpis}
    names = names_now(before.edition.document, period.edition.document)
    said = {}
    for code, answer in answers_of(before).items():
        if code in names and (text := words(answer)):
            measured = answer.number is not None and not answer.labels
            said[names[code]] = f"{text} {units[code]}" if measured else text
    return before.period, said


def return_for(member: Member, period: Period) -> Return | None:
    """Return the newest version of a member's return for a period, None when none was begun."""
    rows = Return.objects.filter(member=member, period=period).with_context()
    return rows.order_by("-version").first()


def content_of(of_return: Return) -> bytes:
    """Return the byte form of all that a return holds: what the record's digest covers."""
    values = of_return.values_reported.all()
    exhibits = (
        Exhibit(e.kpi, e.sha256, e.size, e.covers_from, e.covers_until)
        for e in of_return.evidence.all()
    )
    answers = ((value.kpi, value.answer, value.note) for value in values)
    held = of_return.site_values.select_related("site")
    sites = ((value.site.code, value.kpi, value.answer) for value in held)
    return content(answers, exhibits, version=of_return.version, sites=sites)


def content_digest(of_return: Return) -> str:
    """Return the keyed digest of a filed return as it stands now; the record holds the same."""
    return keyed_digest(content_of(of_return), key=bytes.fromhex(of_return.seal))


def covers_period(period: Period, covers_from: date | None, covers_until: date | None) -> bool:
    """Return whether evidence that covers these days, if it says so, touches the period."""
    starts_after = covers_from is not None and covers_from > period.about_until
    ends_before = covers_until is not None and covers_until < period.about_from
    return not (starts_after or ends_before)


def unread_problems(of_return: Return) -> dict[str, dict[str, str]]:
    """Return what keeps the text of a draft from being answers: KPI → field → what is wrong."""
    typed = typed_in(of_return)
    kpis = {kpi.code: kpi for kpi in of_return.edition.document.kpis}
    return {code: read(kpis[code], typed[code]).problems for code in of_return.unread}


def last_sent_back(of_return: Return) -> SentBack | None:
    """Return the last time a signatory sent this version back, None if never."""
    return of_return.sent_back.select_related("sent_by").order_by("-pk").first()


def signatories(member: Member, *, on: date) -> list[str]:
    """Return the names of those who may sign for ``member`` on a day."""
    mandates = Mandate.objects.in_force(on).filter(member=member, post=Post.SIGNATORY)
    names = mandates.order_by("user__name").values_list("user__name", flat=True)
    return list(names.distinct())


def upload_limits() -> dict[str, int]:
    """Return how large a file of evidence may be: in bytes, and in MB for people."""
    most = settings.EVIDENCE_MAX_BYTES
    return {"most_bytes": most, "most_mb": most // 2**20}
