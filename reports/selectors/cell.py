"""The facts of one cell of the matrix: signatures, answers, proof, words on them, breaches."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from kpis.access import readable_kpis
from kpis.models import Evidence, Return, Value, Verification
from members import selectors as members
from members.models import Fact, Member, Signature, Span
from reports.rules.matrix import Column, Held
from reports.selectors.matrix import Matrix, cells
from rulebooks.rules.facts import RequirementSigned
from rulebooks.rules.timeline.changes import Kind
from suspensions.models import Breach
from targets.models import Exemption


@dataclass(frozen=True, slots=True)
class Answered:
    """One value with its evidence and the words on it, the newest first."""

    value: Value
    title: str
    evidence: list[Evidence]
    words: list[Verification]


@dataclass(frozen=True, slots=True)
class Cell:
    """All that one cell rests on, as far as its reader may see it."""

    held: frozenset[Held]
    signatures: list[Signature]
    imported: list[Fact]
    duties: list[Span]
    of_return: Return | None
    answers: list[Answered]
    unseen: int
    breaches: list[Breach]
    exemptions: list[Exemption]


def cell(found: Matrix, member: Member, column: Column, *, reader: User) -> Cell:
    """Return the facts of one cell. Answers that ``reader`` may not read are only counted."""
    of_return = _return(found, member)
    seen = readable_kpis(reader, of_return) if of_return else frozenset()
    serving = {k.code for k in found.period.edition.document.kpis if k.requirement == column.code}
    keys = {key.partition(":")[0] for key in column.owed_keys}
    spans = Span.objects.of(Kind.OBLIGATION).filter(member=member, key__in=column.owed_keys)
    signatures = _signatures(found, member, column)
    return Cell(
        held=cells(found, [member]).get((member.pk, column.code), frozenset()),
        signatures=signatures,
        imported=[] if signatures else _stated(member, column),
        duties=list(spans.in_force(found.on).order_by("key")),
        of_return=of_return,
        answers=_answers(found, of_return, serving & seen) if of_return else [],
        unseen=len(serving - seen) if of_return else 0,
        breaches=list(
            Breach.objects.visible_to(reader)
            .filter(member=member, key__in=column.breach_keys)
            .select_related("case", "edition")
            .order_by("-raised_on", "-pk")
        ),
        exemptions=[
            row
            for row in Exemption.objects.filter(member=member).order_by("-granted_at", "-pk")
            if row.key in column.owed_keys or row.key in keys
        ],
    )


def _return(found: Matrix, member: Member) -> Return | None:
    rows = Return.objects.counting().filter(member=member, period=found.period)
    return rows.with_context().first()


def _signatures(found: Matrix, member: Member, column: Column) -> list[Signature]:
    texts = members.texts_that_count(found.period.edition.document).get(column.code, frozenset())
    rows = members.signed_texts(member)
    return [row for row in rows if (row.requirement, row.text_sha256) in texts]


def _stated(member: Member, column: Column) -> list[Fact]:
    """Return signatures that came with earlier records: facts without a signature of here."""
    stated = Fact.objects.filter(member=member, kind=RequirementSigned.kind, key=column.code)
    return list(stated.filter(corrected_by=None).order_by("-about_on", "-pk"))


def _answers(found: Matrix, of_return: Return, codes: set[str]) -> list[Answered]:
    document = found.period.edition.document
    titles = {kpi.code: kpi.title for kpi in document.kpis}
    values = Value.objects.filter(of_return=of_return, kpi__in=codes).order_by("kpi")
    evidence = Evidence.objects.filter(of_return=of_return, kpi__in=codes).order_by("pk")
    words = Verification.objects.of_return(of_return).select_related("marked_by").order_by("-pk")
    files, said = list(evidence), list(words)
    return [
        Answered(
            value=value,
            title=titles.get(value.kpi, value.kpi),
            evidence=[one for one in files if one.kpi == value.kpi],
            words=[one for one in said if one.value_id == value.pk],
        )
        for value in values
    ]
