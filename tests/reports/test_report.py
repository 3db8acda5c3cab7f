"""The accountability report: what it says to whom, and what kind of file it is."""

from __future__ import annotations

import io
import json
import re
from datetime import date, timedelta
from hashlib import sha256
from types import SimpleNamespace

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from kpis.models import Value
from ledger.models import Entry
from members import services as members
from members.models import Member
from reports import selectors, services
from reports.models import IssuedReport
from reports.rules.report import canonical
from reports.rules.verification import NotGenuine, verify
from reports.selectors import paper, seal
from rulebooks.rules import facts
from tests.conftest import everybody
from tests.factories import LAMPS, make_edition, make_member, state
from tests.kpis.filings import GOOD, file_return, period_of
from tests.reports.conftest import FILE, impose, publish

pytestmark = pytest.mark.django_db
READERS = {"ada", "sid", "sam", "cam", "lou", "ann"}


def issue(story, by, today, **fields):
    fields = {"member": story.member, "period": story.period, "on": today} | fields
    return services.issue_report(by=by, at=fields.pop("at", timezone.now()), **fields)


def report(story, by, today, at=None):
    moment = at or timezone.now()
    return selectors.accountability(story.member, story.period, by=by, on=today, at=moment)


def page(story, by, today) -> str:
    """Return the words on the paper."""
    text = re.sub(r"<[^>]+>", " ", paper.html_of(report(story, by, today)))
    return re.sub(r"\s+", " ", text)


def test_it_says_all_that_an_auditor_asks(story, people, today):
    impose(story.member, story.case, today - timedelta(days=3))

    said = page(story, people.sam, today)

    for words in (
        "Ada &amp; Co",
        "Warned since 27 Feb 2026",
        "Decision of the body in charge, clause 8.1",
        "Sid Chief executive",
        "Met",
        "75.5",
        "Leading",
        "Adjusted to 45 days",
        "Two repayments in May",
        "bank statements 2024.pdf",
        "ab" * 32,
        "Case C0007: Warning",
        "The member can appeal until 29 Mar 2026 (27 Feb 2026 + 30 days = 29 Mar 2026)",
        "The papers were kept for a visa",
        story.period.edition.sha256,
        "half up, to steps of 0.1",
    ):
        assert words in said, words


def test_the_json_inside_is_what_is_shown_and_nothing_else(story, people, today):
    issued = issue(story, people.sam, today)

    with pikepdf.open(io.BytesIO(issued.pdf)) as pdf:
        inside = pdf.attachments["report.json"].get_file().read_bytes()

    assert inside == canonical(issued.report)
    data = json.loads(inside)
    assert data["score"]["total"] == "75.5"
    assert sha256(inside).hexdigest() == issued.row.content_sha256
    assert people.sam.name not in inside.decode()
    assert people.sam.email not in inside.decode()


def test_it_declares_archive_and_accessibility_and_is_tagged(story, people, today):
    issued = issue(story, people.ada, today)

    with pikepdf.open(io.BytesIO(issued.pdf)) as pdf:
        metadata = bytes(pdf.Root.Metadata.read_bytes()).decode()
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert "/StructTreeRoot" in pdf.Root
    assert re.search(r'pdfaid:part(="|>)3', metadata)
    assert re.search(r'pdfaid:conformance(="|>)A', metadata)
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "Accountability report: Ada" in metadata


def test_every_figure_has_words_and_every_header_says_of_what(story, people, today):
    with pikepdf.open(io.BytesIO(issue(story, people.sam, today).pdf)) as pdf:
        parts = [p for p in pdf.objects if isinstance(p, pikepdf.Dictionary)]
        figures = [part for part in parts if part.get("/S") == "/Figure"]
        headers = [part for part in parts if part.get("/S") == "/TH"]

        assert len(figures) == 2  # the strip of standing, the chart of scores
        assert all(str(figure.Alt) for figure in figures)
        assert {str(header.A.Scope) for header in headers} == {"/Row", "/Column"}


def test_the_same_content_reader_class_and_moment_give_the_same_bytes(story, people, today):
    at = timezone.now()

    ada, sid, sam = (issue(story, by, today, at=at) for by in (people.ada, people.sid, people.sam))

    assert ada.pdf == sid.pdf
    assert ada.pdf != sam.pdf
    assert ada.row.sha256 == sha256(ada.pdf).hexdigest()


def test_what_was_recorded_later_is_not_in_an_earlier_report(member, period, people, today):
    before = timezone.now()
    empty = selectors.accountability(member, period, by=people.sam, on=today, at=before)
    file_return(member, period, GOOD)
    publish(period, people.sam, today)

    again = selectors.accountability(member, period, by=people.sam, on=today, at=before)
    later = selectors.accountability(member, period, by=people.sam, on=today, at=timezone.now())

    assert (again.score, again.standing) == (None, empty.standing)
    assert later.score is not None


def test_a_weak_year_says_what_kept_it_from_the_next_band(story, people, today):
    weak = SimpleNamespace(member=story.member, period=period_of(story.period.edition, "2023"))

    shown = report(weak, people.ada, today)
    short, said = shown.score.shortfall, page(weak, people.ada, today)

    assert (short.band, f"{short.lacks:f}") == ("improving", "33.3")
    assert "What kept it from “Improving”" in said
    assert "The published number is 33.3 short." in said
    assert json.loads(canonical(shown))["score"]["shortfall"]["label"] == "Improving"


@pytest.mark.parametrize(("name", "hidden"), [("sam", 1), ("ann", 1), ("lou", 0), ("ada", 0)])
def test_an_answer_for_counsel_is_withheld_from_others_and_said_to_be(
    story, people, today, name, hidden
):
    made = report(story, getattr(people, name), today)

    claims = next(reply for reply in made.replies if reply.kpi.code == "open-claims")
    assert bool(claims.withheld) == bool(hidden)
    assert ("legal counsel only" in " ".join(made.hidden)) == bool(hidden)
    files = {file.kpi.code: file.name for file in made.evidence}
    assert (files["open-claims"] is None) == bool(hidden)
    assert ("claims.pdf" in canonical(made).decode()) == (not hidden)


def test_the_auditor_sees_no_case_and_is_told_so(story, people, today):
    said = page(story, people.ann, today)

    assert "C0007" not in said
    assert "visa" not in canonical(report(story, people.ann, today)).decode()
    assert "Not shown to the assigned auditor" in said
    assert "No breach or case is open" not in said


def test_who_may_have_one(story, people, today):
    for name, user in everybody(people).items():
        if user is None:
            continue
        if name in READERS:
            assert issue(story, user, today).pdf.startswith(b"%PDF-1.7")
        else:
            with pytest.raises(PermissionDenied):
                issue(story, user, today)


def test_issuing_is_recorded_with_the_hash_of_the_file(story, people, today):
    issued = issue(story, people.ann, today)

    row, entry = IssuedReport.objects.get(), Entry.objects.get(event="reports.report.issued")
    assert entry.data["sha256"] == row.sha256 == sha256(issued.pdf).hexdigest()
    assert (entry.data["reader"], entry.data["member"]) == ("auditor", story.member.code)
    assert entry.actor == f"accounts.User:{people.ann.pk}"


def test_nothing_is_reported_before_the_period_opens(story, people, today):
    with pytest.raises(services.NotYet, match="opens on 2027-01-15"):
        issue(story, people.sam, today, period=period_of(story.period.edition, "2026"))
    assert not IssuedReport.objects.exists()


def test_a_member_that_filed_nothing_has_a_report_too(member, period, people, today):
    issued = services.issue_report(
        member=member, period=period, by=people.ada, on=today, at=timezone.now()
    )
    said = paper.html_of(issued.report)
    assert "No return for Year 2024 has been filed; it was due on 31 Mar 2025" in said
    assert "No score has been published" in said


def test_a_report_is_signed_and_verifies(story, people, today):
    pdf = issue(story, people.sam, today).pdf

    assert verify(pdf, known=seal.known()).what == "accountability-report/1"
    with pytest.raises(NotGenuine):
        verify(pdf[:-20] + b" " + pdf[-19:], known=seal.known())


def test_letter_is_an_option(story, people, today):
    a4, letter = (issue(story, people.sam, today, size=size).pdf for size in paper.SIZES)

    def size(content):
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return [round(float(side)) for side in pdf.pages[0].MediaBox[2:]]

    assert (size(a4), size(letter)) == ([595, 842], [612, 792])


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/spy.png",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "data:text/css,body{}",
        "https://paper.invalid/static/../manage.py",
        "https://paper.invalid/static/%2e%2e/manage.py",
        "https://paper.invalid/static//etc/passwd",
        "https://paper.invalid/other/css/print.css",
    ],
)
def test_nothing_but_static_files_is_fetched(address):
    with pytest.raises(paper.NotOnPaper):
        paper.StaticFiles().fetch(address)


def test_typed_markup_stays_text(story, people, today):
    organisation = story.member.organisation
    organisation.name = '<img src="https://example.org/spy.png"><script>x</script>"Lamps" & {{ 1 }}'
    organisation.save()
    member = Member.objects.get(pk=story.member.pk)

    issued = issue(story, people.sam, today, member=member)

    html = paper.html_of(issued.report)
    assert "<img" not in html
    assert "<script" not in html
    assert "{{ 1 }}" in html


def many_kpis(number: int) -> str:
    """Return an edition with so many more KPIs, of the public class, none of them scored."""
    more = "".join(
        f"  - {{code: extra-{n}, title: Extra question {n}, unit: days, direction: none,"
        f" scale: {{kind: number, min: 0, max: 9, decimals: 0}}, missing: leave_out,"
        f' confidentiality: public, clause: "5.{n + 9}"}}\n'
        for n in range(number)
    )
    return LAMPS.replace("\ntargets:", f"{more}\ntargets:", 1)


def test_two_hundred_kpis_and_very_long_words_in_any_script_fit(people, today):
    edition = make_edition(many_kpis(202), by=people.sam)
    period = period_of(edition)
    member = make_member("شركة المصابيح العادلة " * 8, representative=people.ada)
    answers = {f"extra-{n}": n % 10 for n in range(200)}
    of_return = file_return(member, period, GOOD | answers)
    for code, note in [("extra-200", "x" * 20_000), ("extra-201", "ملاحظة " * 3_000)]:
        Value.objects.create(
            member=member, of_return=of_return, kpi=code, state="unknown", note=note
        )

    issued = services.issue_report(
        member=member, period=period, by=people.ada, on=today, at=timezone.now()
    )

    with pikepdf.open(io.BytesIO(issued.pdf)) as pdf:
        assert len(pdf.pages) > 15
    assert [len(reply.note) for reply in issued.report.replies[-2:]] == [20_000, 21_000]


def test_the_file_of_evidence_itself_is_not_in_the_report(story, people, today):
    with pikepdf.open(io.BytesIO(issue(story, people.sam, today).pdf)) as pdf:
        assert list(pdf.attachments) == ["report.json"]
    assert FILE not in issue(story, people.sam, today).pdf


def test_days_of_standing_cover_the_time_since_admission(story, people, today):
    impose(story.member, story.case, date(2026, 2, 27))

    history = report(story, people.sam, today).history

    assert [(s.state, s.since) for s in history] == [
        ("good", date(2022, 6, 1)),
        ("warned", date(2026, 2, 27)),
    ]
    assert history[0].until == history[1].since


def test_it_asks_by_the_class_of_the_period_and_names_the_class_of_the_day(story, people, today):
    state(story.member, facts.ClassChanged("partner", "unions"), date(2025, 6, 1))
    members.keep_places([story.member.pk], on=timezone.localdate())
    story.member.refresh_from_db()

    found = report(story, people.sam, today)

    assert [one.requirement.code for one in found.requirements] == ["R1", "R2"]  # of 2024
    assert found.member.member_class.code == "partner"
    then = selectors.accountability(
        story.member, story.period, by=people.sam, on=date(2025, 5, 31), at=timezone.now()
    )
    assert then.member.member_class.code == "full"
