"""Pages of returns, tried by the whole cast and by nobody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kpis import services
from kpis.models import Evidence, Return, Value
from kpis.rules.marks import Mark
from kpis.rules.reading import Typed
from targets.models import Period
from tests.conftest import everybody
from tests.factories import make_edition, make_member
from tests.kpis.drafts import COMPLETE, draft, filed, submitted, upload
from tests.kpis.open_period import lamps_open_on

pytestmark = pytest.mark.django_db

STAFF, OWN, AUDITOR = {"sam", "cam", "lou"}, {"ada", "sid", "avi"}, {"ann"}
SEEING = STAFF | OWN | AUDITOR


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def edition(people, today):
    return make_edition(lamps_open_on(today), by=people.sam)


@pytest.fixture(autouse=True)
def _ready(member, work_due, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    work_due()


def statuses(client, people, address, method="get", **data) -> dict[int, set[str]]:
    found = {}
    for name, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        status = getattr(client, method)(address, data).status_code
        found.setdefault(status, set()).add(name)
    return found


def rest(people, *groups):
    return set(vars(people)) - set().union(*groups)


# Who may


def test_the_list_is_for_everybody_and_shows_what_one_may_see(client, people, member, today):
    filed(member, people, today)

    assert statuses(client, people, "/returns/") == {200: set(vars(people)), 302: {"nobody"}}
    for who in vars(people):
        client.force_login(getattr(people, who))
        shown = client.get("/returns/").context["count"]
        assert shown == (1 if who in SEEING else 0), who


def test_a_return_is_read_by_staff_its_member_and_its_auditor(client, people, member, today):
    signed = filed(member, people, today)

    assert statuses(client, people, signed.get_absolute_url()) == {
        200: SEEING,
        404: rest(people, SEEING),
        302: {"nobody"},
    }


@pytest.mark.parametrize(
    ("page", "may", "stage"),
    [("edit", {"ada"}, draft), ("sign-off", {"sid"}, submitted), ("verify", {"ann"}, filed)],
)
def test_who_acts_on_a_return(client, people, member, today, page, may, stage):
    row = stage(member, people, today)

    assert statuses(client, people, f"/returns/{row.pk}/{page}/") == {
        200: may,
        403: SEEING - may,
        404: rest(people, SEEING),
        302: {"nobody"},
    }


@pytest.mark.parametrize("page", ["correct", "send-back"])
def test_acts_of_a_member_are_refused_to_others(client, people, member, today, page):
    row = (filed if page == "correct" else submitted)(member, people, today)
    may = {"correct": {"ada"}, "send-back": {"sid"}}[page]
    client.raise_request_exception = True

    found = statuses(client, people, f"/returns/{row.pk}/{page}/", "post", reason="")

    assert found == {302: may | {"nobody"}, 403: SEEING - may, 404: rest(people, SEEING)}


@pytest.mark.parametrize("page", ["start/", "1/correct/", "1/send-back/"])
def test_acts_are_posted(client, people, page):
    client.force_login(people.ada)

    assert client.get(f"/returns/{page}").status_code == 405


def test_a_return_is_begun_by_who_fills_it_in(client, people, member):
    found = statuses(client, people, "/returns/start/", "post", member=member.code, period="2025")

    assert found == {302: {"ada", "nobody"}, 403: SEEING - {"ada"}, 404: rest(people, SEEING)}
    assert Return.objects.get().saved_by == people.ada


@pytest.mark.parametrize(("member_code", "period"), [("M9999", "2025"), ("own", "1999")])
def test_what_is_not_there_cannot_be_begun(client, people, member, member_code, period):
    client.force_login(people.ada)
    code = member.code if member_code == "own" else member_code

    answer = client.post("/returns/start/", {"member": code, "period": period})

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("period", "says"), [("2024", "closed on 30 Apr 2025"), ("2026", "opens on 15 Jan 2027")]
)
def test_a_window_that_is_not_open_is_said_in_one_message(client, people, member, period, says):
    client.force_login(people.ada)

    answer = client.post("/returns/start/", {"member": member.code, "period": period}, follow=True)

    assert says in answer.content.decode()
    assert not Return.objects.exists()


# Evidence


@pytest.mark.parametrize(
    ("kpi", "content", "may"),
    [
        pytest.param("fees-repaid", b"receipts", SEEING, id="secretariat and auditor"),
        pytest.param("policy", b"policy", SEEING, id="public once published"),
    ],
)
def test_evidence_is_handed_out_as_a_file(client, people, member, today, kpi, content, may):
    begun = draft(member, people, today)
    services.add_evidence(
        return_id=begun.pk, kpi="policy", file=upload(b"policy"), by=people.ada, on=today
    )
    services.submit(return_id=begun.pk, by=people.ada, on=today)
    services.sign_off(return_id=begun.pk, by=people.sid, on=today)
    address = f"/evidence/{Evidence.objects.get(kpi=kpi).pk}/"

    found = statuses(client, people, address)

    assert found == {200: may, 404: rest(people, may), 302: {"nobody"}}
    client.force_login(people.sam)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_evidence_of_a_draft_is_the_members_own(client, people, member, today):
    draft(member, people, today)

    found = statuses(client, people, f"/evidence/{Evidence.objects.get().pk}/")

    assert found[200] == OWN


def test_answers_for_counsel_are_withheld_from_others(client, people, member, today):
    signed = filed(member, people, today)

    for who, sees in {"lou": True, "ada": True, "sam": False, "ann": False, "cam": False}.items():
        client.force_login(getattr(people, who))
        shown = client.get(signed.get_absolute_url()).content.decode()
        assert ("Claims of workers before a court" in shown) is sees, who


def test_nobody_else_reads_a_draft(client, people, member, today):
    begun = draft(member, people, today)

    for who in ("sam", "lou", "ann", "cam"):
        client.force_login(getattr(people, who))
        shown = client.get(begun.get_absolute_url()).content.decode()
        assert "still working on it" in shown
        assert "receipts.pdf" not in shown


# Filling in


def form_of(client, pk, **changes):
    """Return what a browser would send for the page as it stands, with some fields changed."""
    form = client.get(f"/returns/{pk}/edit/").context["form"]
    data = {"seen": form.seen.isoformat(), "then": "save"}
    for question in form.questions:
        data |= {f"{question.kpi.code}-{n}": v for n, v in sent(question.answer).items()}
    return data | changes


def sent(answer):
    values = {name: answer[name].value() for name in answer.fields}
    return {name: value for name, value in values.items() if value is not None}


@pytest.fixture
def begun(client, people, member, today):
    client.force_login(people.ada)
    period = Period.objects.get(code="2025")
    return services.start_return(member=member, period=period, by=people.ada, on=today)


def test_a_form_is_saved_as_far_as_it_can_be_read_and_loses_nothing(client, begun):
    answer = client.post(
        f"/returns/{begun.pk}/edit/",
        form_of(
            client,
            begun.pk,
            **{
                "days-to-repay-number": "99999",
                "policy-labels": "=written",
                "policy-note": "see <b>web</b>",
            },
        ),
    )

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "99999 is not on the scale: 0 to 3650; for example 1825" in shown
    assert 'value="99999"' in shown
    assert 'href="#id_days-to-repay-number"' in shown
    assert "see &lt;b&gt;web&lt;/b&gt;" in shown
    assert Value.objects.get().labels == ["written"]
    again = client.get(f"/returns/{begun.pk}/edit/").content.decode()
    assert 'value="99999"' in again
    assert "is not on the scale" in again


def test_a_form_sent_twice_saves_once(client, begun):
    data = form_of(client, begun.pk, **{"days-to-repay-number": "20"})

    first, second = (client.post(f"/returns/{begun.pk}/edit/", data) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert Value.objects.filter(kpi="days-to-repay", number=20).count() == 1


def test_what_a_colleague_saved_meanwhile_is_not_overwritten(client, begun, people, today):
    data = form_of(client, begun.pk, **{"days-to-repay-number": "30"})
    services.save_draft(
        return_id=begun.pk, typed={"days-to-repay": Typed(number="20")}, by=people.ada, on=today
    )

    answer = client.post(f"/returns/{begun.pk}/edit/", data)

    shown = answer.content.decode()
    assert "after you opened it" in shown
    assert "Saved meanwhile: 20" in shown
    assert 'value="30"' in shown
    assert Value.objects.get(kpi="days-to-repay").number == 20
    newest = Return.objects.get().saved_at.isoformat()
    assert f'name="seen" value="{newest}"' in shown  # saving again is a decision


def complete(client, pk):
    return form_of(
        client,
        pk,
        then="submit",
        **{
            "fees-repaid-numerator": "30",
            "fees-repaid-denominator": "40",
            "policy-labels": "=written",
            "days-to-repay-number": "20",
            "papers-kept-labels": "=no",
            "open-claims-instead": "unknown",
        },
    )


def test_submitting_saves_and_says_what_is_missing(client, begun):
    answer = client.post(f"/returns/{begun.pk}/edit/", complete(client, begun.pk))

    shown = answer.content.decode()
    assert "Attach evidence: clause 5.1 requires it" in shown
    assert 'href="#kpi-fees-repaid"' in shown
    assert Value.objects.filter(state="answered").count() == 4
    assert Return.objects.get().status == "draft"


def test_a_complete_return_with_evidence_is_submitted(client, begun):
    files = {"fees-repaid-evidence-files": [upload(), upload(b"more", "more.pdf")]}

    answer = client.post(f"/returns/{begun.pk}/edit/", complete(client, begun.pk) | files)

    assert answer.status_code == 302
    assert Return.objects.get().status == "submitted"
    assert Evidence.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"files": [upload(b"", "empty.pdf")]}, "empty.pdf: The file is empty"),
        ({"files": [upload(b"x" * 2_000_000, "big.pdf")]}, "big.pdf: The file has 1.9 MB; at most"),
        (
            {"files": [upload()], "covers_from": "2025-02-01", "covers_until": "2025-01-01"},
            "may not lie after",
        ),
        ({"files": [upload()], "covers_from": "31.12.2025"}, "Enter a valid date"),
    ],
)
def test_evidence_that_cannot_be_taken_is_said_at_its_field(client, begun, settings, fields, says):
    settings.EVIDENCE_MAX_BYTES = 1_500_000
    data = form_of(client, begun.pk, **{"days-to-repay-number": "20"})
    data |= {f"fees-repaid-evidence-{name}": value for name, value in fields.items()}

    answer = client.post(f"/returns/{begun.pk}/edit/", data)

    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert not Evidence.objects.exists()
    assert Value.objects.get(kpi="days-to-repay").number == 20


def test_evidence_is_removed_by_its_box_and_not_by_anothers(client, people, member, today):
    begun = draft(member, people, today)
    other = make_member("Third", representative=people.noor)
    theirs = draft(other, type(people)(ada=people.noor), today)
    client.force_login(people.ada)
    mine, foreign = begun.evidence.get(), theirs.evidence.get()
    data = form_of(client, begun.pk)

    client.post(f"/returns/{begun.pk}/edit/", data | {"fees-repaid-evidence-remove": [foreign.pk]})
    assert Evidence.objects.count() == 2
    client.post(f"/returns/{begun.pk}/edit/", data | {"fees-repaid-evidence-remove": [mine.pk]})
    assert list(Evidence.objects.all()) == [foreign]


def test_evidence_that_is_to_be_removed_twice_is_removed(client, people, member, today):
    begun = draft(member, people, today)
    client.force_login(people.ada)
    mine = begun.evidence.get().pk
    data = form_of(client, begun.pk) | {"fees-repaid-evidence-remove": [mine, mine]}

    answer = client.post(f"/returns/{begun.pk}/edit/", data)

    assert answer.status_code < 400
    assert not Evidence.objects.exists()


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client, begun, settings, tmp_path):
    settings.EVIDENCE_MAX_BYTES = 1_000_000
    data = form_of(client, begun.pk) | {
        "fees-repaid-evidence-files": [upload(b"x" * 3_000_000, "big.pdf")]
    }

    answer = client.post(f"/returns/{begun.pk}/edit/", data)

    assert answer.status_code == 413
    assert "nothing of it was kept" in answer.content.decode()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_form_of_a_submitted_return_says_so_and_keeps_what_was_typed(
    client, people, member, today
):
    begun = draft(member, people, today)
    client.force_login(people.ada)
    data = form_of(client, begun.pk, **{"days-to-repay-number": "33"})
    services.submit(return_id=begun.pk, by=people.ada, on=today)

    answer = client.post(f"/returns/{begun.pk}/edit/", data)

    shown = answer.content.decode()
    assert "was submitted on" in shown
    assert 'value="33"' in shown


def test_a_nul_byte_breaks_nothing(client, begun):
    data = form_of(client, begun.pk, **{"policy-note": "a\x00b", "days-to-repay-number": "2\x000"})

    assert client.post(f"/returns/{begun.pk}/edit/", data).status_code == 200
    assert client.post(f"/returns/{begun.pk}/edit/", data | {"seen": "\x00"}).status_code == 200


# Signing and verifying


def test_a_signatory_signs_what_stands_on_the_page(client, people, member, today):
    waiting = submitted(member, people, today)
    client.force_login(people.sid)
    address = f"/returns/{waiting.pk}/sign-off/"
    shown = client.get(address)
    seen = shown.context["of_return"].submitted_at.isoformat()

    client.post(address, {"seen": "yesterday"})
    assert Return.objects.get().status == "submitted"
    answer = client.post(address, {"seen": seen}, follow=True)

    assert "The return for Year 2025 is filed" in answer.content.decode()
    twice = client.post(address, {"seen": seen}, follow=True)
    assert "was signed off and filed" in twice.content.decode()


def test_a_return_sent_back_shows_the_reason_to_who_fills_it_in(client, people, member, today):
    waiting = submitted(member, people, today)
    client.force_login(people.sid)
    client.post(f"/returns/{waiting.pk}/send-back/", {"reason": "Figures of 2024"})
    client.force_login(people.ada)

    assert "Figures of 2024" in client.get(f"/returns/{waiting.pk}/edit/").content.decode()


def test_an_auditor_marks_values_on_the_page(client, people, member, today):
    signed = filed(member, people, today)
    client.force_login(people.ann)
    address = f"/returns/{signed.pk}/verify/"
    marks = {
        "policy-outcome": "verified",
        "fees-repaid-outcome": "adjusted",
        "fees-repaid-reason": "5 receipts are missing",
        "fees-repaid-numerator": "25",
        "fees-repaid-denominator": "40",
    }

    wrong = client.post(address, marks | {"fees-repaid-reason": ""})
    assert "Say why the value is adjusted" in wrong.content.decode()
    assert 'value="25"' in wrong.content.decode()
    assert client.post(address, marks).status_code == 302
    shown = client.get(address).content.decode()
    assert "2 of 4 values are marked" in shown
    again = client.post(address, marks)
    assert "marked so already" in again.content.decode()
    assert "Choose a word" in client.post(address, {}).content.decode()


def test_the_auditors_list_says_how_far_each_return_is(client, people, member, today):
    signed = filed(member, people, today)
    services.mark_values(
        return_id=signed.pk, marks={"policy": Mark("verified")}, by=people.ann, on=today
    )

    found = statuses(client, people, "/audits/")
    assert found == {200: set(vars(people)), 302: {"nobody"}}
    client.force_login(people.ann)
    (row,) = client.get("/audits/").context["rows"]
    assert (row.values_marked, row.values_to_mark) == (1, 4)  # one is for counsel alone
    client.force_login(people.aud)
    assert client.get("/audits/").context["rows"] == []


def test_a_correction_begins_from_the_page(client, people, member, today):
    signed = filed(member, people, today)
    client.force_login(people.ada)
    assert "Correct this return" in client.get(signed.get_absolute_url()).content.decode()

    answer = client.post(f"/returns/{signed.pk}/correct/", {"reason": "A receipt came"})

    assert answer.url == f"/returns/{Return.objects.get(version=2).pk}/edit/"


# The list


def test_the_list_is_filtered_by_words_and_read_in_slices(
    client, people, member, today, django_assert_max_num_queries
):
    filed(member, people, today)
    period = Period.objects.get(code="2025")
    for _ in range(52):
        other = make_member(representative=people.noor)
        services.start_return(member=other, period=period, by=people.noor, on=today)
    client.force_login(people.sam)

    with django_assert_max_num_queries(12):
        first = client.get("/returns/")
    assert (first.context["count"], len(first.context["rows"])) == (53, 50)
    older = client.get("/returns/" + first.context["older_url"])
    assert len(older.context["rows"]) == 3
    for query, count in {
        "?status=filed": 1,
        "?status=draft&period=2025": 52,
        f"?member={member.code}": 1,
        "?member_class=partner": 0,
        "?status=nonsense": 0,
        "?period=1999": 0,
        "?after=x": 53,
    }.items():
        answer = client.get(f"/returns/{query}")
        assert (answer.status_code, answer.context["count"]) == (200, count), query


@pytest.mark.parametrize("page", ["", "edit/"])
def test_a_page_takes_as_many_queries_for_more_values(
    client, people, member, today, page, django_assert_num_queries, django_assert_max_num_queries
):
    begun = draft(member, people, today)
    client.force_login(people.ada)

    with django_assert_max_num_queries(24) as few:
        client.get(f"/returns/{begun.pk}/{page}")
    services.add_evidence(
        return_id=begun.pk, kpi="policy", file=upload(b"policy"), by=people.ada, on=today
    )
    with django_assert_num_queries(len(few)):
        client.get(f"/returns/{begun.pk}/{page}")


def test_open_periods_stand_first_for_who_files(client, people, member, today):
    client.force_login(people.ada)

    (row,) = client.get("/returns/").context["to_file"]

    assert (row.period.code, row.of_return, row.may_fill_in) == ("2025", None, True)
    assert row.window.due_on == today + timedelta(days=20)
    assert set(COMPLETE) == {k.code for k in row.period.edition.document.kpis}
