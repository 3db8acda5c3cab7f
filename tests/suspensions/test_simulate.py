"""``manage.py simulate`` and its service: what is written, who is named to whom, who may ask."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from accounts.selectors import system_user
from kpis import services as kpis
from ledger.models import Entry
from rulebooks import services as rulebooks
from rulebooks.rules import document
from suspensions import services
from suspensions.models import Simulation
from suspensions.rules.simulation.simulating import Days
from suspensions.services import CannotSimulate
from tests.factories import LAMPS, make_member
from tests.kpis.filings import GOOD, WEAK, file_return, period_of

pytestmark = pytest.mark.django_db

DRAFT = (
    LAMPS.replace("code: lamps-2024", "code: lamps-2027", 1)
    .replace("bar: 50", "bar: 90")
    .replace("opens_case: false", "opens_case: true")
)
DAYS = Days(date(2025, 1, 1), date(2026, 12, 31))
PURPOSE = "To tell the board's drafting group what a bar of 90 means."


@pytest.fixture
def scored(member, edition, people, today):
    """Two members scored and published for 2024, with 87.5 and 16.7; others owe it in vain."""
    period = period_of(edition)
    weak = make_member("Weak Lamps")
    make_member("Union", member_class="partner", chamber="unions")
    file_return(member, period, GOOD)
    file_return(weak, period, WEAK)
    run = kpis.start_run(period=period, by=system_user(), on=today)
    kpis.work_open_shards(run_id=run.pk, by=system_user(), on=today)
    kpis.publish_run(run_id=run.pk, by=people.sam, on=today)
    return member, weak


def simulated(people, today, **fields):
    given = {"text": DRAFT, "days": DAYS, "by": people.sam, "on": today}
    return services.simulate_draft(**given | fields)


def dump() -> dict[str, set[tuple]]:
    """Return every row of every table, as text."""
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        rows = {}
        for table in tables:
            cursor.execute(f'select t::text from "{table}" t')
            rows[table] = sorted(cursor.fetchall())
        return rows


def test_only_the_record_of_the_run_is_written(scored, people, today):
    before = dump()

    simulated(people, today, purpose=PURPOSE)

    after = dump()
    changed = {table for table in after if after[table] != before[table]}
    assert changed == {"suspensions_simulation", "ledger_entry"}
    for table in changed:
        assert len(after[table]) == len(before[table]) + 1
        assert set(before[table]) < set(after[table])


def test_the_record_holds_parameters_and_counts_and_no_member(scored, people, today):
    record = simulated(people, today, purpose=PURPOSE).record

    assert (record.edition, record.first_on, record.last_on) == ("lamps-2027", *vars_of(DAYS))
    assert record.counts["members"] == 4
    assert record.counts["aspects"]["breaches"] == {
        "worse": 3,
        "better": 0,
        "other": 0,
        "unchanged": 1,
    }
    assert record.counts["by_clause"] == {"breach weak-year: none → proposed (7.2)": 3}
    kept = json.dumps([record.counts, record.paper])
    assert not any(member.code in kept or member.name in kept for member in scored)
    entry = Entry.objects.get(event="suspensions.draft.simulated")
    assert entry.data == {
        "edition": "lamps-2027",
        "sha256": record.sha256,
        "first_on": "2025-01-01",
        "last_on": "2026-12-31",
        "members": 4,
        "changed": 3,
        "named": True,
    }


def vars_of(days: Days) -> tuple[date, date]:
    return days.first, days.last


def test_names_are_for_a_purpose(scored, people, today):
    with_purpose = simulated(people, today, purpose=PURPOSE)
    without = simulated(people, today)

    assert {m.code for m in scored} < {outcome.member.code for outcome in with_purpose.named}
    assert with_purpose.record.purpose == PURPOSE
    assert without.named == ()
    assert not without.record.names_shown


def test_the_paper_withholds_what_fewer_than_five_groups_share(scored, people, today):
    paper = simulated(people, today).record.paper

    assert paper["breaches"]["total"] is None
    assert all(row["counts"] is None for row in paper["breaches"]["rows"])


def test_there_is_no_paper_about_some_members(scored, people, today):
    record = simulated(people, today, only=[scored[0].code]).record

    assert (record.paper, record.only) == (None, [scored[0].code])
    assert record.counts["members"] == 1
    with pytest.raises(IntegrityError, match="simulation_paper_about_all"), transaction.atomic():
        Simulation.objects.filter(pk=record.pk).update(paper={})


@pytest.mark.parametrize("who", ["ada", "eve", "cam", "bea", "ann", "noor", "pat", "sys", "lou"])
def test_only_the_secretariat_simulates(scored, people, today, who):
    with pytest.raises(PermissionDenied):
        simulated(people, today, by=getattr(people, who))

    assert not Simulation.objects.exists()


def test_no_names_are_shown_to_the_machine(scored, people, today):
    with pytest.raises(PermissionDenied, match="a person"):
        simulated(people, today, by=system_user(), purpose=PURPOSE)


def test_a_word_is_no_purpose(scored, people, today):
    with pytest.raises(CannotSimulate, match="at least 10 characters"):
        simulated(people, today, purpose="test")


def test_a_draft_that_is_no_edition_is_refused_with_its_place(scored, people, today):
    with pytest.raises(document.Invalid, match="4:9: format"):
        simulated(people, today, text=DRAFT.replace("format: 1", "format: 2"))


def test_run_twice_it_says_the_same(scored, people, today):
    one, other = (simulated(people, today, purpose=PURPOSE) for _ in range(2))

    assert one.named == other.named
    assert one.record.counts == other.record.counts


# The command


def run(*words) -> dict:
    out = StringIO()
    call_command("simulate", *words, "--json", stdout=out)
    return json.loads(out.getvalue())


SPAN = ("--from", "2025-01-01", "--to", "2026-12-31")


def test_the_command_counts_and_for_the_permitted_names(scored, people, today, tmp_path):
    path = tmp_path / "draft.yaml"
    path.write_text(DRAFT)

    counted = run(str(path), *SPAN)
    named = run(str(path), *SPAN, "--by", people.sam.email, "--purpose", PURPOSE)

    assert counted["changed"] == named["changed"] == 3
    assert "named" not in counted
    shifts = {one["member"]: one["shifts"] for one in named["named"]}
    [shift] = shifts[scored[0].code]
    assert (shift["what"], shift["on"], shift["clause"]) == ("breach", str(today), "7.2")


def test_the_command_reads_a_draft_that_is_stored(scored, people, today):
    rulebooks.draft_edition(text=DRAFT, by=people.sam, on=today)

    assert run("lamps-2027", *SPAN)["edition"] == "lamps-2027"


def test_the_command_in_words(scored, people, tmp_path):
    path, out = tmp_path / "draft.yaml", StringIO()
    path.write_text(DRAFT)

    words = ("--by", people.sam.email, "--purpose", PURPOSE)
    call_command("simulate", str(path), *SPAN, *words, stdout=out)

    assert "3 of 4 members would come out otherwise." in out.getvalue()
    assert "breach weak-year:2024: none → proposed, by 7.2; recruitment is 87.5" in out.getvalue()


WRONG_CALLS = {
    "no such draft": (("nothing", *SPAN), 2, "no such file, and no edition of that code"),
    "days the wrong way round": (
        ("lamps-2024", "--from", "2026-01-01", "--to", "2025-01-01"),
        2,
        "lies before",
    ),
    "a purpose of nobody": (("lamps-2024", *SPAN, "--purpose", PURPOSE), 2, "say --by whom"),
    "nobody": (("lamps-2024", *SPAN, "--by", "nobody@people.example"), 2, "nobody signs in"),
    "somebody who may not": (("lamps-2024", *SPAN, "--by", "ada@people.example"), 1, "permission"),
    "no such member": (("lamps-2024", *SPAN, "--members", "M9999"), 1, "there is no such member"),
}


@pytest.mark.parametrize(
    ("words", "status", "message"), WRONG_CALLS.values(), ids=list(WRONG_CALLS)
)
def test_a_wrong_call_is_refused(scored, words, status, message):
    with pytest.raises(CommandError, match=message) as refused:
        run(*words)

    assert refused.value.returncode == status
