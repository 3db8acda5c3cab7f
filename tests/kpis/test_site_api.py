"""Sites by API: added, listed, answered all or none, read, left out; refused as on the pages."""

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from kpis.models import SiteValue, Value
from tests.conftest import everybody
from tests.factories import make_edition
from tests.kpis.drafts import draft
from tests.kpis.site_editions import sites_open_on
from tests.kpis.test_return_api import OWN, SEEING, URL, acting

pytestmark = pytest.mark.django_db

AT = {
    "site-fees": {"numerator": "30", "denominator": "40"},
    "site-hours": {"number": "46"},
    "site-doors": {"labels": ["yes"]},
}


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def edition(people, today):
    return make_edition(sites_open_on(today), by=people.sam)


@pytest.fixture
def begun(member, people, today, work_due, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    work_due()
    return draft(member, people, today)


@pytest.fixture
def api():
    return APIClient()


@pytest.fixture
def own(begun):
    return f"{URL}{begun.pk}/"


def add(api, own, code="plant-1", **more):
    return api.post(f"{own}sites/", {"code": code, **more}, format="json")


def answer(api, own, at=AT, site="plant-1", **more):
    answers = {kpi: {"sites": {site: said}} for kpi, said in at.items()}
    return api.put(own, {"answers": answers, **more}, format="json")


def read(api, own):
    return {line["kpi"]: line for line in api.get(own).data["values"]}


def test_sites_are_added_answered_and_sealed_by_a_program(api, people, own, begun):
    ada = acting(api, people.ada)
    assert set(ada.get(own).data["missing"]) == {"site-fees", "site-hours", "site-doors"}
    refused = ada.post(f"{own}submit/")
    assert (refused.status_code, refused.data["code"]) == (409, "incomplete")
    assert "Name the sites that answer it" in refused.data["missing"]["site-fees"]
    added = add(ada, own, name="Mold shop", country="Kenya")
    assert (added.status_code, dict(added.data)) == (
        201, {"code": "plant-1", "name": "Mold shop", "country": "Kenya"},
    )  # fmt: skip
    assert add(ada, own).status_code == 201
    assert [dict(site) for site in ada.get(f"{own}sites/").data] == [dict(added.data)]

    assert answer(ada, own).status_code == 200

    (fees,) = read(ada, own)["site-fees"]["sites"]
    assert (fees["site"], fees["state"], fees["numerator"]) == ("plant-1", "answered", "30")
    assert read(ada, own)["policy"]["sites"] == []
    waiting = ada.post(f"{own}submit/")
    assert waiting.data["status"] == "submitted", waiting.data
    seen = {"seen": waiting.data["submitted_at"]}
    signed = acting(api, people.sid).post(f"{own}sign-off/", seen, format="json")
    assert signed.data["status"] == "filed"
    late = answer(acting(api, people.ada), own)
    assert (late.status_code, late.data["code"]) == (409, "not_now")
    assert (add(api, own).status_code, api.delete(f"{own}sites/plant-1/").status_code) == (409, 409)


def test_what_sites_answer_is_taken_all_or_none(api, people, own, begun):
    ada = acting(api, people.ada)
    add(ada, own)
    wrong = {kpi: {"sites": {"plant-1": said}} for kpi, said in AT.items()}
    wrong["site-hours"] = {"sites": {"plant-1": {"number": "200"}}}

    refused = ada.put(own, {"answers": wrong | {"policy": {"labels": ["none"]}}}, format="json")

    assert refused.status_code == 400
    assert "0 to 168" in str(refused.data["answers"]["site-hours"]["sites"]["plant-1"]["number"])
    assert not SiteValue.objects.exclude(state="missing").exists()
    assert Value.objects.get(kpi="policy").labels == ["written"]


@pytest.mark.parametrize(
    ("answers", "status", "told"),
    [
        pytest.param({"site-hours": {"sites": {"nowhere": {"number": "1"}}}}, 409,
                     "holds no site 'nowhere'", id="no such site"),
        pytest.param({"site-hours": {"sites": {"منجم": {"number": "1"}}}}, 409,
                     "holds no site", id="a site in another script"),
        pytest.param({"policy": {"sites": {"plant-1": {"labels": ["none"]}}}}, 409,
                     "'policy' is not answered per site", id="a KPI that sites do not answer"),
        pytest.param({"site-hours": {"number": "40"}}, 400,
                     "answered per site", id="one answer for all sites"),
        pytest.param({"site-hours": {"instead": "unknown"}}, 400,
                     "one site answers this", id="not known beside a site"),
        pytest.param({"site-hours": {"instead": "unknown", "sites": {}}}, 400,
                     "sites stand alone", id="both at once"),
        pytest.param({"site-hours": {"sites": ["plant-1"]}}, 400, "dictionary", id="a list"),
        pytest.param({"site-hours": {"sites": {"plant-1": "40"}}}, 400, "dictionary", id="text"),
    ],
)  # fmt: skip
def test_what_sites_cannot_mean_is_refused(api, people, own, answers, status, told):
    ada = acting(api, people.ada)
    add(ada, own)

    refused = ada.put(own, {"answers": answers}, format="json")

    assert refused.status_code == status, refused.data
    assert told in str(refused.data)
    assert set(SiteValue.objects.values_list("state", flat=True)) == {"missing"}


@pytest.mark.parametrize("code", ["", "two words", "x" * 41, "-x", "منجم", "a\x00", ["a"], None])
def test_a_code_that_cannot_be_is_refused(api, people, own, code):
    refused = acting(api, people.ada).post(f"{own}sites/", {"code": code}, format="json")

    assert refused.status_code == 400
    assert not SiteValue.objects.exists()


def test_there_are_no_more_sites_than_the_rules_allow(api, people, own):
    ada = acting(api, people.ada)
    for number in range(5):
        add(ada, own, f"plant-{number}")

    refused = add(ada, own, "plant-9")

    assert (refused.status_code, refused.data["code"]) == (409, "too_many_sites")
    assert ada.delete(f"{own}sites/plant-0/").status_code == 200
    assert ada.delete(f"{own}sites/plant-0/").status_code == 409
    assert add(ada, own, "plant-9").status_code == 201


def test_others_are_not_overwritten(api, people, own, begun):
    ada = acting(api, people.ada)
    add(ada, own)
    seen = ada.get(own).data["saved_at"]
    assert answer(ada, own, seen=seen).status_code == 200

    refused = answer(ada, own, {"site-hours": {"number": "50"}}, seen=seen)

    assert (refused.status_code, refused.data["code"]) == (409, "changed_meanwhile")
    assert "site-hours" in refused.data["detail"]
    assert answer(ada, own, seen=seen).status_code == 200  # the same again changes nothing
    now = ada.get(own).data["saved_at"]
    hours = {"sites": {"plant-1": {"number": "50"}}}
    both = {"days-to-repay": {"number": "9"}, "site-hours": hours}
    assert ada.put(own, {"answers": both, "seen": now}, format="json").status_code == 200
    assert SiteValue.objects.get(kpi="site-hours").number == 50


def test_who_adds_and_reads_sites(api, people, own):
    add(acting(api, people.ada), own)
    added, read_by, listed = {}, {}, {}
    for who, user in everybody(people).items():
        acting(api, user)
        added[who] = add(api, own, "plant-2").status_code
        answer_of = api.get(f"{own}sites/")
        read_by[who] = answer_of.status_code
        listed[who] = bool(answer_of.data) if answer_of.status_code == 200 else False

    assert {who for who, status in added.items() if status == 201} == {"ada"}
    assert {who for who, status in added.items() if status == 403} >= (SEEING - {"ada"})
    assert {who for who, status in read_by.items() if status == 200} == SEEING
    assert {who for who, shown in listed.items() if shown} >= OWN
    assert added["eve"] == read_by["eve"] == 404
    assert read_by["nobody"] == 403


def test_a_member_without_sites_says_so_and_a_site_that_comes_later_answers(api, people, own):
    ada = acting(api, people.ada)
    said = {kpi: {"instead": "not_applicable", "note": "we have no site"} for kpi in AT}

    assert ada.put(own, {"answers": said}, format="json").data["missing"] == {}
    assert add(ada, own).status_code == 201

    assert not Value.objects.filter(kpi__in=AT).exists()
    assert ada.get(own).data["missing"] == {}
