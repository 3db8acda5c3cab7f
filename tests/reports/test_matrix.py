"""The compliance matrix: its words, its counts, its facts, its export, and who reads what."""

import csv
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ledger.models import Entry
from ledger.rules import merkle_root
from members import services as members
from members.models import Member, Organisation
from reports import selectors, services
from reports.rules.matrix import Held, columns, leading
from reports.rules.tables import guarded
from rulebooks.rules import facts
from rulebooks.rules.edition import Edition
from targets import services as targets
from tests.conftest import everybody
from tests.factories import LAMPS, make_member, make_user
from tests.factories import state as make_fact
from tests.kpis.filings import period_of
from tests.reports.conftest import sign_everything

pytestmark = pytest.mark.django_db

PAGE = "/matrix/"
ALL = {Held.SIGNED, Held.EVIDENCED, Held.VERIFIED, Held.MET}


def found(period, reader, requirement=""):
    return selectors.matrix(period, reader=reader, on=timezone.localdate(), requirement=requirement)


def cells(story, reader, period=None):
    matrix = found(period or story.period, reader)
    return {code: held for (_, code), held in selectors.cells(matrix, [story.member]).items()}


# The rules


@pytest.mark.parametrize(
    ("held", "first"),
    [
        (set(), None),
        ({Held.SIGNED}, Held.SIGNED),
        (ALL, Held.MET),
        ({Held.SIGNED, Held.BREACHED}, Held.BREACHED),
        ({Held.EXEMPT, Held.BREACHED}, Held.EXEMPT),
    ],
    ids=["nothing", "a signature", "all is well", "a breach", "an exemption"],
)
def test_a_cell_says_first_what_weighs_most(held, first):
    assert leading(held) is first


def test_a_requirement_is_told_by_its_obligations_its_kpis_and_the_breaches_that_rest_on_them():
    first, second = columns(Edition.load(LAMPS), "2024")

    assert first.sign_keys == {"sign-requirements:R1"}
    assert first.return_keys == {"annual-return:2024"}
    assert "open-claims" not in first.kpis  # for counsel alone
    assert {"no-return:2024", "weak-year:2024", "two-weak-years:2024"} <= first.breach_keys
    assert "papers-kept:2024" not in first.breach_keys
    assert "papers-kept:2024" in second.breach_keys
    assert "weak-year:2024" not in second.breach_keys


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_cell_begins_like_a_formula(text):
    assert guarded(text) == f"'{text}"


def test_other_text_is_left_as_it_is():
    assert [guarded(text) for text in ("Lamps & Co", "", "2-1")] == ["Lamps & Co", "", "2-1"]


# What holds


def test_what_was_signed_shown_verified_and_filed_holds(story, people):
    assert cells(story, people.sam) == {"R1": ALL, "R2": {Held.SIGNED, Held.MET}}


def test_who_owes_no_return_meets_what_it_signed(story, people):
    signs = make_user("Una")
    union = make_member("Lamp workers", member_class="partner", chamber="unions", signatory=signs)
    rows = Member.objects.filter(pk=union.pk)
    assert selectors.cells(found(story.period, people.sam), [union])[union.pk, "R2"] == set()

    sign_everything(union, timezone.localdate())

    seen = selectors.cells(found(story.period, people.sam), [union])
    assert seen == {(union.pk, "R2"): {Held.SIGNED, Held.MET}}
    counted = selectors.counts(found(story.period, people.sam), rows)
    assert counted["R2"] == {Held.SIGNED: 1, Held.MET: 1}
    met = selectors.holding(found(story.period, people.sam, "R2"), rows, Held.MET)
    assert list(met) == [union]


def test_a_confirmed_breach_holds_for_who_may_read_breaches(story, people):
    before = period_of(story.period.edition, "2023")

    assert Held.BREACHED in cells(story, people.sam, before)["R2"]
    assert Held.BREACHED in cells(story, people.ada, before)["R2"]
    assert Held.BREACHED not in cells(story, people.ann, before)["R2"]
    assert Held.BREACHED not in cells(story, people.sam, before)["R1"]


def test_an_exemption_holds_and_nothing_is_met_under_it(member, edition, people, work_due):
    work_due()
    period = period_of(edition, "2026")
    targets.grant_exemption(
        member=member,
        obligation="annual-return:2026",
        until_on=period.due_on + timedelta(days=1),
        approver="Board",
        clause="8",
        reason="Fire",
        by=people.sam,
        on=timezone.localdate(),
    )

    held = selectors.cells(found(period, people.sam), [member])

    assert held[member.pk, "R1"] == {Held.EXEMPT}


def test_counts_are_those_of_the_cells(story, people):
    for period in (story.period, period_of(story.period.edition, "2023")):
        matrix = found(period, people.sam)
        rows = Member.objects.visible_to(people.sam)
        counted = selectors.counts(matrix, rows)
        seen = selectors.cells(matrix, list(rows))
        for column in matrix.columns:
            for state in Held:
                expected = sum(
                    state in held for (_, code), held in seen.items() if code == column.code
                )
                assert counted[column.code].get(state, 0) == expected, (period, column.code, state)


@pytest.mark.parametrize("state", list(Held))
@pytest.mark.parametrize("code", ["R1", "R2"])
@pytest.mark.parametrize("year", ["2023", "2024"])
def test_the_members_of_a_state_are_those_whose_cell_has_it(story, people, state, code, year):
    matrix = found(period_of(story.period.edition, year), people.sam, code)
    rows = Member.objects.visible_to(people.sam)

    holding = set(selectors.holding(matrix, rows, state).values_list("pk", flat=True))

    seen = selectors.cells(matrix, list(rows))
    assert holding == {pk for (pk, _), held in seen.items() if state in held}


def test_who_met_is_asked_of_one_requirement(story, people):
    rows = Member.objects.visible_to(people.sam)

    with pytest.raises(selectors.NeedsRequirement, match="choose one requirement"):
        selectors.holding(found(story.period, people.sam), rows, Held.MET)


# The page


def test_each_reader_sees_the_rows_of_members_that_they_may_read(client, story, people):
    own = {"ada", "sid", "avi", "ann"}
    for name, user in everybody(people).items():
        client.logout()
        if user is None:
            assert client.get(PAGE).status_code == 302
            continue
        client.force_login(user)
        lines = client.get(PAGE, {"period": "2024"}).context.get("lines", [])
        seen = {line["member"].code for line in lines}
        assert (story.member.code in seen) is (name in own | {"sam", "cam", "lou"}), name


def test_a_cell_opens_to_its_facts_for_who_may_read_them(client, story, people):
    address = f"/matrix/{story.member.code}/2024/R1/"
    client.force_login(people.ann)
    page = client.get(address).content.decode()

    assert "Chief executive" in page
    assert "<li>Sign every requirement: " in page
    assert "abababababababab…" in page
    assert "cdcdcdcd" not in page  # for counsel alone
    assert "1 more answer not shown to you" in page
    client.force_login(people.lou)
    assert "cdcdcdcdcdcdcdcd…" in client.get(address).content.decode()
    for name in ("eve", "noor", "bea", "aud"):
        client.force_login(getattr(people, name))
        assert client.get(address).status_code == 404


def test_breaches_and_cases_of_a_cell_are_for_who_follows_up(client, story, people):
    address = f"/matrix/{story.member.code}/2023/R2/"
    for name, sees in (("sam", True), ("ada", True), ("ann", False)):
        client.force_login(getattr(people, name))
        assert ("C0007" in client.get(address).content.decode()) is sees


@pytest.mark.parametrize("rest", ["2024/R9/", "1999/R1/", "2024/R1%00/", "20%0024/R1/"])
def test_a_cell_that_there_is_not(client, story, people, rest):
    client.force_login(people.sam)

    assert client.get(f"/matrix/{story.member.code}/{rest}").status_code == 404


@pytest.mark.parametrize(
    ("sent", "count"),
    [
        ({"member_class": "full"}, 2),
        ({"member_class": "none"}, 0),
        ({"state": "verified"}, 1),
        ({"state": "met", "requirement": "R1"}, 1),
        ({"q": "ada"}, 1),
        ({"standing": "excluded"}, 0),
    ],
)
def test_filters(client, story, people, sent, count):
    client.force_login(people.sam)

    page = client.get(PAGE, {"period": "2024", **sent})

    assert page.context["count"] == count


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"state": "odd"}, "Select a valid choice"),
        ({"state": "met"}, "choose one requirement"),
        ({"q": "a\0b"}, "Null characters"),
    ],
)
def test_what_cannot_be_shown_is_said(client, story, people, sent, says):
    client.force_login(people.sam)

    assert says in client.get(PAGE, {"period": "2024", **sent}).content.decode()


def test_the_matrix_takes_as_many_queries_for_more_members_and_is_read_in_slices(
    client, story, people, django_assert_max_num_queries, django_assert_num_queries
):
    client.force_login(people.sam)
    with django_assert_max_num_queries(32) as few:
        client.get(PAGE, {"period": "2024"})
    for _ in range(30):
        make_member()

    with django_assert_num_queries(len(few)):
        first = client.get(PAGE, {"period": "2024"})

    assert (first.context["count"], len(first.context["lines"])) == (32, 25)
    assert len(client.get(PAGE + first.context["next_url"]).context["lines"]) == 7


def test_the_words_are_counted_over_very_many_members_when_asked(
    client, story, people, monkeypatch
):
    monkeypatch.setattr("dashboard.views.matrix.COUNTED", 1)
    client.force_login(people.sam)

    page = client.get(PAGE, {"period": "2024"})
    asked = client.get(PAGE + page.context["totals_url"])

    assert page.context["totals"] == []
    assert "Count the words over all 2 members" in page.content.decode()
    assert ("Signed", [1, 1]) in asked.context["totals"]


# The export


def export(client, **sent):
    return client.post("/matrix/export/", {"period": "2024", **sent})


def table(client):
    return list(csv.DictReader(StringIO(export(client, form="csv").getvalue().decode("utf-8-sig"))))


def test_an_export_is_on_record_with_its_hash_and_root(client, story, people):
    client.force_login(people.sam)

    content = export(client, form="csv").getvalue()

    entry = Entry.objects.get(event="reports.matrix.exported")
    assert entry.actor == f"accounts.User:{people.sam.pk}"
    assert entry.data["sha256"] == sha256(content).hexdigest()
    text = content.decode("utf-8-sig")
    lines = [f"{line}\r\n" for line in text.split("\r\n")[:-1]]
    assert entry.data["root"] == merkle_root(line.encode() for line in lines)
    assert (entry.data["members"], entry.data["requirements"]) == (2, 2)
    rows = {row["Member"]: row for row in csv.DictReader(StringIO(text))}
    assert rows[story.member.code]["R1 No fees"] == "met; verified; evidenced; signed"


def test_a_member_exports_its_own_row(client, story, people):
    client.force_login(people.ada)

    assert [row["Member"] for row in table(client)] == [story.member.code]


def test_a_list_is_made_while_it_is_sent(story, people, monkeypatch):
    monkeypatch.setattr("reports.services.matrix.AT_ONCE", 1)
    monkeypatch.setattr("reports.rules.tables.AT_ONCE", 1)
    read, cells_of = [], selectors.cells
    monkeypatch.setattr(
        "reports.selectors.cells", lambda found, of: read.extend(of) or cells_of(found, of)
    )
    for _ in range(5):
        make_member()

    begun = services.export_matrix(
        found=found(story.period, people.sam),
        of=Member.objects.all(),
        form="csv",
        by=people.sam,
        on=timezone.localdate(),
    )
    next(begun.parts)

    assert len(read) < 3
    assert Entry.objects.get(event="reports.matrix_export.begun").data["form"] == "csv"
    list(begun.parts)
    assert len(read) == 7


def test_what_was_not_sent_to_its_end_is_on_record_as_begun(story, people, monkeypatch):
    monkeypatch.setattr("reports.rules.tables.AT_ONCE", 1)
    export = services.export_matrix(
        found=found(story.period, people.sam),
        of=Member.objects.all(),
        form="csv",
        by=people.sam,
        on=timezone.localdate(),
    )
    next(export.parts)
    export.parts.close()

    events = Entry.objects.filter(event__startswith="reports.matrix").values_list(
        "event", flat=True
    )
    assert list(events) == ["reports.matrix_export.begun"]


def test_an_export_takes_as_many_queries_for_more_members(
    client, story, people, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(people.sam)
    for _ in range(3):
        make_member()
    with django_assert_max_num_queries(34) as few:
        assert len(table(client)) == 5
    for _ in range(45):
        make_member()

    with django_assert_num_queries(len(few)):
        assert len(table(client)) == 50


def test_a_workbook_holds_text_and_no_formula(client, story, people):
    Organisation.objects.filter(member=story.member).update(name="=HYPERLINK(0)")
    client.force_login(people.sam)

    book = openpyxl.load_workbook(BytesIO(export(client, form="xlsx").getvalue()))

    cells = [cell for row in book["Matrix"].iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert "'=HYPERLINK(0)" in {cell.value for cell in cells}


@pytest.mark.parametrize("name", ['<a> & "b"', " two  spaces ", "a\x0bb", "line\nbreak", "عضو"])
def test_any_text_stands_in_a_workbook_as_it_is(client, story, people, name):
    Organisation.objects.filter(member=story.member).update(name=name)
    client.force_login(people.sam)

    book = openpyxl.load_workbook(BytesIO(export(client, form="xlsx").getvalue()))

    names = {cell.value for cell in book["Matrix"]["B"]}
    assert name.replace("\x0b", "\ufffd") in names


def test_who_may_read_no_member_exports_nothing(client, story, people):
    for name in ("noor", "bea", "dot", "sys"):
        client.force_login(getattr(people, name))
        assert export(client, form="csv").status_code == 403
    client.force_login(people.sam)
    assert export(client, form="pdf").status_code == 404
    assert not Entry.objects.filter(event__startswith="reports.matrix").exists()
    with pytest.raises(services.CannotExport, match="csv, xlsx"):
        services.export_matrix(
            found=found(story.period, people.sam),
            of=Member.objects.all(),
            form="doc",
            by=people.sam,
            on=timezone.localdate(),
        )


# The API


def test_the_api_gives_the_rows_that_the_caller_may_read(client, story, people):
    client.force_login(people.ada)

    told = client.get("/api/v1/matrix/", {"period": "2024"}).json()

    assert [row["member"] for row in told["results"]] == [story.member.code]
    assert told["results"][0]["cells"][0] == {
        "requirement": "R1",
        "held": ["met", "verified", "evidenced", "signed"],
    }
    assert client.get("/api/v1/matrix/").status_code == 404
    assert client.get("/api/v1/matrix/", {"period": "2024", "state": "met"}).status_code == 400
    assert client.get("/api/v1/matrix/", {"period": "2024", "state": "odd"}).status_code == 400


# The class of the period


@pytest.fixture
def partner(story):
    """The member of the story is a partner since 2026; of partners R1 is not asked."""
    make_fact(story.member, facts.ClassChanged("partner", "unions"), date(2026, 1, 1))
    members.keep_places([story.member.pk], on=timezone.localdate())
    story.member.refresh_from_db()
    assert story.member.member_class == "partner"
    return story


def test_what_was_asked_of_the_class_of_the_period_is_asked_still(partner, people):
    seen = selectors.cells(found(partner.period, people.sam), [partner.member])
    later = found(period_of(partner.period.edition, "2026"), people.sam)

    assert {code for _, code in seen} == {"R1", "R2"}
    assert {code for _, code in selectors.cells(later, [partner.member])} == {"R2"}


@pytest.mark.parametrize("year", ["2024", "2026"])
def test_counts_are_those_of_the_cells_after_a_change_of_class(partner, people, year):
    period = partner.period if year == "2024" else period_of(partner.period.edition, year)
    matrix = found(period, people.sam)
    rows = Member.objects.visible_to(people.sam)
    counted = selectors.counts(matrix, rows)
    seen = selectors.cells(matrix, list(rows))
    for column in matrix.columns:
        for held in Held:
            wanted = sum(held in cell for (_, code), cell in seen.items() if code == column.code)
            assert counted[column.code].get(held, 0) == wanted


@pytest.mark.parametrize(
    ("sent", "count"),
    [
        ({"period": "2024", "member_class": "full"}, 2),
        ({"period": "2024", "member_class": "partner"}, 0),
        ({"period": "2024", "chamber": "companies"}, 2),
        ({"period": "2026", "member_class": "full"}, 1),
        ({"period": "2026", "member_class": "partner", "chamber": "unions"}, 1),
        ({"period": "2026", "member_class": "partner", "chamber": "companies"}, 0),
    ],
)
def test_rows_are_filtered_by_the_class_of_the_period_on_page_and_api(
    client, partner, people, sent, count
):
    period_of(partner.period.edition, "2026")
    client.force_login(people.sam)

    assert client.get(PAGE, sent).context["count"] == count
    assert len(client.get("/api/v1/matrix/", sent).json()["results"]) == count


def test_an_export_tells_the_class_of_the_period(client, partner, people):
    period_of(partner.period.edition, "2026")
    client.force_login(people.sam)

    told = {}
    for year in ("2024", "2026"):
        sent = client.post("/matrix/export/", {"period": year, "form": "csv"}).getvalue()
        rows = csv.DictReader(StringIO(sent.decode("utf-8-sig")))
        [row] = [row for row in rows if row["Member"] == partner.member.code]
        told[year] = [row["Class"], row["Chamber"]]

    assert told == {"2024": ["full", "companies"], "2026": ["partner", "unions"]}


def test_the_class_of_the_period_takes_as_many_queries_for_more_members(
    partner, people, django_assert_num_queries
):
    matrix = found(partner.period, people.sam)
    rows = [partner.member, *(make_member() for _ in range(4))]
    with CaptureQueriesContext(connection) as few:
        selectors.cells(matrix, rows[:1])
    with django_assert_num_queries(len(few)):
        selectors.cells(matrix, rows)
