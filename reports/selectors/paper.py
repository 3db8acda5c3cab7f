"""A report on paper: tagged PDF/A-3a that declares PDF/UA-1, with the report's JSON inside.

The same report gives the same bytes. Nothing is fetched from anywhere but the static files.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import unquote

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone
from weasyprint import HTML, Attachment
from weasyprint.document import Document
from weasyprint.pdf import pydyf
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reports.rules import charts, words
from reports.rules.report import Report, canonical

STATIC = "https://paper.invalid/static/"  # a name that no resolver knows
BESIDE = 250  # pixels: 66 mm, so that no text is smaller than 12 px
SIZES = ("a4", "letter")

# PDF/A wants to be told what the marks of PDF/UA mean.
PDF_UA = """
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>
<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li>
</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


class NotOnPaper(RuntimeError):
    """A document asked for something that is not one of the static files."""


class StaticFiles(URLFetcher):
    """Reads static files by their finders, and nothing else: no network, no other file."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return one static file.

        :raises NotOnPaper: for every other address.
        """
        path = unquote(url.removeprefix(STATIC)) if url.startswith(STATIC) else ""
        within = path and not path.startswith("/") and ".." not in path.split("/")
        found = finders.find(path) if within else None
        if not found:
            raise NotOnPaper(f"not a static file: {url[:200]}")
        kind, _ = guess_type(path)
        headers = {"Content-Type": kind or "application/octet-stream"}
        return URLFetcherResponse(url, body=Path(found).read_bytes(), headers=headers)


def pdf_of(report: Report, *, size: str = "a4") -> bytes:
    """Return ``report`` as PDF, on A4 or Letter.

    :raises NotOnPaper: the document refers to something that is not a static file.
    """
    html = html_of(report, size=size)
    return written(html, data=canonical(report), name="report.json", at=report.known_at)


def written(html: str, *, data: bytes, name: str, at: datetime) -> bytes:
    """Return a document as PDF with all of its data inside, dated ``at``.

    :raises NotOnPaper: it refers to something that is not a static file.
    """
    attachment = Attachment(
        string=data,
        name=name,
        description="The data of this document, all of it",
        relationship="Data",
        created=at,
        modified=at,
        url_fetcher=StaticFiles(),
    )
    try:
        source = HTML(string=html, base_url=STATIC, url_fetcher=StaticFiles())
        return source.write_pdf(
            pdf_variant="pdf/a-3a",
            pdf_identifier=sha256(data).hexdigest()[:32].encode(),
            attachments=[attachment],
            custom_metadata=False,
            finisher=_make_accessible,
        )
    except FatalURLFetchingError as error:
        raise NotOnPaper(str(error)) from error


def html_of(report: Report, *, size: str = "a4") -> str:
    """Return the document that becomes the PDF, its days in the initiative's time zone."""
    with timezone.override(report.time_zone):
        context = {
            "report": report,
            "static": STATIC,
            "letter": size == "letter",
            "digest": sha256(canonical(report)).hexdigest(),
            "paper_charts": list(_charts(report)),
            "strip": [
                {"label": s.words, "kind": s.kind, "since": s.since, "until": s.last_day}
                for s in report.history
            ],
            "strip_until": max(report.on, report.member.admitted_on + timedelta(days=1)),
            **_counts(report),
        }
        return render_to_string("reports/accountability.html", context)


def _make_accessible(document: Document, pdf: pydyf.PDF) -> None:
    """Finish what WeasyPrint's tags lack, and declare PDF/UA-1.

    Shapes that only repeat a word beside them are no figures, and each header says of what.
    """
    parts = [part for part in pdf.objects if isinstance(part, pydyf.Dictionary) and "S" in part]
    by_reference = {part.reference: part for part in parts}
    for part in parts:
        if part["S"] == "/Figure" and "Alt" not in part:
            part["S"] = "/NonStruct"
            part.pop("A", None)
        elif part["S"] == "/TR":
            cells = [by_reference[kid] for kid in part["K"] if kid in by_reference]
            scope = "/Row" if any(cell["S"] == "/TD" for cell in cells) else "/Column"
            for cell in cells:
                if cell["S"] == "/TH":
                    cell["A"]["Scope"] = scope
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    metadata.stream[0] = metadata.stream[0].replace(b"</rdf:RDF>", PDF_UA.encode() + b"</rdf:RDF>")


def _charts(report: Report) -> Iterator[charts.Chart]:
    """Yield the published totals over periods, and the published numbers of the nodes."""
    score = report.score
    if score is None:
        return
    known = [past for past in report.past if past.total is not None]
    if len(known) > 1:
        first, last = known[0], known[-1]
        yield charts.trend(
            [charts.Point(past.period, past.total) for past in report.past],
            title=f"{first.total} in {first.period}, {last.total} in {last.period}",
            description="The totals published for this member, oldest period first.",
            width=BESIDE,
        )
    parts = [r for r in score.receipts if r.published is not None]
    if len(parts) > 1:
        yield charts.bars(
            [
                charts.Bar(part.node.name, part.published, said=str(part.published))
                for part in parts
            ],
            title=f"What the score of {report.period.name} is made of",
            description="The published numbers of the parts of the score.",
        )


def _counts(report: Report) -> dict[str, object]:
    shown = [reply for reply in report.replies if not reply.withheld]
    marks = [reply.mark.outcome for reply in shown if reply.mark]
    return {
        "answered": sum(reply.state == "answered" for reply in shown),
        "shown": len(shown),
        "marked": {outcome: marks.count(outcome) for outcome in words.MARKS},
        "unmarked": sum(r.state == "answered" and r.mark is None for r in shown),
        "remarks": [r for r in shown if r.note or (r.mark and r.mark.reason)],
        "signed": sum(required.signed is not None for required in report.requirements),
        "rights_lost": [held for held in report.rights if not held.held],
        **_open(report),
    }


def _open(report: Report) -> dict[str, object]:
    breaches = [b for b in report.breaches if b.state in words.OPEN_BREACHES]
    cases = [case for case in report.cases if case.open]
    parts = [words.counted(len(breaches), "breach", "breaches")] if breaches else []
    parts += [words.counted(len(cases), "case")] if cases else []
    verb = "is" if len(breaches) + len(cases) == 1 else "are"
    sentence = f"{words.listed(parts).capitalize()} {verb} open." if parts else ""
    return {"open_breaches": breaches, "open_cases": cases, "open_sentence": sentence}
