import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from kpis.models import Evidence, Return, Value
from tests.conftest import everybody
from tests.factories import make_edition, make_member
from tests.kpis.drafts import draft, filed, submitted, upload
from tests.kpis.open_period import lamps_open_on

pytestmark = pytest.mark.django_db

STAFF, OWN = {"sam", "cam", "lou"}, {"ada", "sid", "avi"}
SEEING = STAFF | OWN | {"ann"}
URL = "/api/v1/returns/"
ANSWERS = {
    "fees-repaid": {"numerator": "30", "denominator": "40"},
    "policy": {"labels": ["written"]},
    "days-to-repay": {"number": "20"},
    "papers-kept": {"labels": ["no"]},
    "open-claims": {"instead": "unknown"},
}


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


@pytest.fixture
def api():
    return APIClient()


def acting(api, user):
    api.force_authenticate(user)
    return api


def send(api, member, answers=ANSWERS, period="2025"):
    body = {"member": member.code, "period": period, "answers": answers}
    return api.post(URL, body, format="json")


def test_the_whole_way_of_a_return(api, people, member):
    ada = acting(api, people.ada)
    begun = send(ada, member)
    assert begun.status_code == 201, begun.data
    assert begun.data["missing"] == {
        "fees-repaid": "Attach evidence: clause 5.1 requires it",
    }
    own = f"{URL}{begun.data['id']}/"
    refused = ada.post(f"{own}submit/")
    assert (refused.status_code, refused.data["code"]) == (409, "incomplete")
    assert list(refused.data["missing"]) == ["fees-repaid"]
    added = ada.post(f"{own}evidence/", {"kpi": "fees-repaid", "file": upload()})
    assert added.status_code == 201
    waiting = ada.post(f"{own}submit/")
    assert waiting.data["status"] == "submitted"
    signed = acting(api, people.sid).post(
        f"{own}sign-off/", {"seen": waiting.data["submitted_at"]}, format="json"
    )
    assert signed.data["status"] == "filed", signed.data
    again = api.post(f"{own}sign-off/", {"seen": waiting.data["submitted_at"]}, format="json")
    assert (again.status_code, again.data["code"]) == (409, "not_now")


def test_answers_are_taken_all_or_none(api, people, member):
    bad = ANSWERS | {"days-to-repay": {"number": "9999"}}

    answer = send(acting(api, people.ada), member, bad)

    assert answer.status_code == 400
    said = str(answer.data["answers"]["days-to-repay"]["number"])
    assert "9999 is not on the scale: 0 to 3650; for example 1825" in said
    assert not Return.objects.exists()
    assert not Value.objects.exists()


@pytest.mark.parametrize(
    ("answers", "period", "status", "code"),
    [
        pytest.param({"nonsense": {"number": "1"}}, "2025", 409, "no_such_kpi", id="no such KPI"),
        pytest.param(ANSWERS, "2024", 409, "window_closed", id="closed"),
        pytest.param(ANSWERS, "2026", 409, "not_yet_open", id="not yet open"),
        pytest.param(ANSWERS, "1999", 400, None, id="no such period"),
        pytest.param("text", "2025", 400, None, id="no answers"),
        pytest.param({"policy": {"labels": "x"}}, "2025", 400, None, id="text for a list"),
        pytest.param({"policy": {"note": "a\x00"}}, "2025", 400, None, id="a NUL byte"),
        pytest.param({"policy": {"note": "x" * 3000}}, "2025", 400, None, id="a long note"),
    ],
)
def test_bad_input_has_one_clear_answer(api, people, member, answers, period, status, code):
    answer = send(acting(api, people.ada), member, answers, period)

    assert answer.status_code == status
    assert answer.data.get("code") == code
    assert not Return.objects.exists()


def test_only_what_is_named_changes_and_others_are_not_overwritten(api, people, member):
    ada = acting(api, people.ada)
    begun = send(ada, member).data
    own = f"{URL}{begun['id']}/"
    change = {"answers": {"days-to-repay": {"number": "30"}}, "seen": begun["saved_at"]}

    assert ada.put(own, change, format="json").status_code == 200
    late = change | {"answers": {"days-to-repay": {"number": "40"}}}
    refused = ada.put(own, late, format="json")

    assert (refused.status_code, refused.data["code"]) == (409, "changed_meanwhile")
    assert Value.objects.get(kpi="days-to-repay").number == 30
    assert Value.objects.get(kpi="policy").labels == ["written"]


def statuses(api, people, call):
    found = {}
    for name, user in everybody(people).items():
        acting(api, user)
        found.setdefault(call(api).status_code, set()).add(name)
    return found


def rest(people, *groups):
    return set(vars(people)) - set().union(*groups)


def test_everybody_reads_what_they_may_see(api, people, member, today):
    signed = filed(member, people, today)

    found = statuses(api, people, lambda a: a.get(f"{URL}{signed.pk}/"))
    assert found == {200: SEEING, 404: rest(people, SEEING), 403: {"nobody"}}
    for name in vars(people):
        listed = acting(api, getattr(people, name)).get(URL)
        assert len(listed.data["results"]) == (name in SEEING), name


@pytest.mark.parametrize(
    ("who", "sees"), [("ada", True), ("lou", True), ("sam", False), ("ann", False)]
)
def test_answers_for_counsel_are_not_in_the_answer(api, people, member, today, who, sees):
    signed = filed(member, people, today)

    answer = acting(api, getattr(people, who)).get(f"{URL}{signed.pk}/")

    assert ("open-claims" in {v["kpi"] for v in answer.data["values"]}) is sees


def test_a_draft_is_empty_to_others(api, people, member, today):
    begun = draft(member, people, today)

    answer = acting(api, people.sam).get(f"{URL}{begun.pk}/")

    assert (answer.data["values"], answer.data["missing"]) == ([], {})


@pytest.mark.parametrize(
    ("act", "body", "may", "stage"),
    [
        ("submit", {}, "ada", draft),
        ("send-back", {"reason": "Wrong year"}, "sid", submitted),
        ("correct", {"reason": "A receipt"}, "ada", filed),
    ],
)
def test_who_acts(api, people, member, today, act, body, may, stage):
    row = stage(member, people, today)
    others = {**vars(people)}
    others.pop(may)
    for name, user in others.items():
        answer = acting(api, user).post(f"{URL}{row.pk}/{act}/", body, format="json")
        assert answer.status_code == (403 if name in SEEING else 404), name

    answer = acting(api, getattr(people, may)).post(f"{URL}{row.pk}/{act}/", body, format="json")
    assert answer.status_code in {200, 201}


def test_another_members_code_is_as_good_as_none(api, people, member):
    answer = send(acting(api, people.eve), member)

    assert answer.status_code == 400
    assert "does not exist" in str(answer.data["member"])


def test_a_member_seen_but_not_ones_own_is_403(api, people, member):
    assert send(acting(api, people.sam), member).status_code == 403


def test_an_empty_file_is_refused(api, people, member):
    begun = send(acting(api, people.ada), member).data

    answer = api.post(f"{URL}{begun['id']}/evidence/", {"kpi": "fees-repaid", "file": upload(b"")})

    assert (answer.status_code, answer.data["code"]) == (409, "empty_file")
    assert not Evidence.objects.exists()


def test_the_list_takes_as_many_queries_for_more_returns(
    api, people, member, today, django_assert_max_num_queries
):
    filed(member, people, today)

    for _ in range(3):
        other = make_member(representative=people.noor)
        draft(other, type(people)(ada=people.noor), today)
    acting(api, people.sam)

    with django_assert_max_num_queries(5):
        assert len(api.get(f"{URL}?period=2025").data["results"]) == 4
    assert len(api.get(f"{URL}?status=filed").data["results"]) == 1


def test_a_body_that_is_too_large_is_answered_in_json(api, people, settings):
    settings.EVIDENCE_MAX_BYTES = 1000
    answer = acting(api, people.ada).post(URL, {"note": "x" * 2_000_000}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_an_edition_that_asks_no_site_takes_none(api, people, member):
    ada = acting(api, people.ada)
    own = f"{URL}{send(ada, member).data['id']}/"

    refused = ada.post(f"{own}sites/", {"code": "plant-1"}, format="json")

    assert (refused.status_code, refused.data["code"]) == (409, "not_now")
    assert ada.get(f"{own}sites/").data == []
