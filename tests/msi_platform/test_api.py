"""The API as a whole: described without a gap, the same form everywhere, no answer of 500."""

from __future__ import annotations

import json
import os

import pytest
from django.core.management import call_command
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.mixins import ListModelMixin

from kpis.models import Scorecard
from msi_platform.urls import router
from reports import services
from tests.conftest import everybody
from tests.kpis.filings import period_of
from tests.msi_platform.asking import Asked, acting, asking, described, operations
from tests.reports.conftest import FINAL, impose
from tests.reports.conftest import period as period
from tests.reports.conftest import story as story

PUBLIC = {"editions", "register", "results"}
LISTS = [prefix for prefix, viewset, _ in router.registry if issubclass(viewset, ListModelMixin)]
NAMES = ["ada", "sam", "sid", "avi", "eve", "cam", "lou", "pat", "bea", "apa", "ann", "aud"]
NAMES += ["noor", "dot", "sys", "nobody"]
ASKING = NAMES if "MSI_EXAMPLES" in os.environ else NAMES[:2]
WITHOUT_PAGES = {"editions", "periods", "results"}  # as many as the rulebook has


def test_the_description_has_no_gap(tmp_path):
    out = tmp_path / "schema.yaml"
    call_command("spectacular", file=str(out), validate=True, fail_on_warn=True)
    assert "/api/v1/register/{code}/" in out.read_text()


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", LISTS)
def test_who_may_ask_and_in_what_form_a_list_comes(client, story, people, prefix):
    for name, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        answer = client.get(f"/api/v1/{prefix}/")
        expected = 403 if user is None and prefix not in PUBLIC else 200
        assert answer.status_code == expected, name
        if expected == 200 and prefix not in WITHOUT_PAGES:
            assert {"next", "previous", "results"} <= set(answer.json()), name


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", [p for p in LISTS if p not in PUBLIC | {"periods"}])
def test_who_has_no_part_in_a_member_reads_nothing_of_it(client, story, people, prefix):
    for user in (people.bea, people.noor, people.aud, people.sys, people.pat):
        client.force_login(user)
        assert client.get(f"/api/v1/{prefix}/").json()["results"] == []
    client.force_login(people.eve)
    assert story.member.code not in client.get(f"/api/v1/{prefix}/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", LISTS)
def test_each_filter_answers_everybody_or_says_what_is_wrong(client, story, people, prefix):
    [viewset] = [viewset for of, viewset, _ in router.registry if of == prefix]
    filters = DjangoFilterBackend().get_filterset_class(viewset(), viewset.queryset)
    for name in filters.base_filters if filters else ():
        for user in (people.ada, people.sam, people.aud):
            client.force_login(user)
            for value in ("2024", "true", "2024-02-30", "a\0b", "9" * 40):
                answer = client.get(f"/api/v1/{prefix}/", {name: value})
                assert answer.status_code in {200, 400}, f"{user}: {name}={value!r}"


@pytest.mark.django_db
def test_obligations_are_read_and_filtered(client, story, people):
    client.force_login(people.ada)
    rows = client.get("/api/v1/obligations/", {"about": "2024"}).json()["results"]
    assert [(row["obligation"], row["state"]) for row in rows] == [("annual-return", "met")]
    assert client.get("/api/v1/obligations/", {"state": "sleeping"}).status_code == 400


@pytest.mark.django_db
def test_the_register_is_public_and_says_what_was_published(client, story, people, today):
    impose(story.member, story.case, today)
    url = f"/api/v1/register/{story.member.code}/"
    assert client.get(url).status_code == 404
    services.publish_memberships(by=people.sam, on=today)
    assert [line["sort"] for line in client.get(url).json()] == ["membership"]

    services.publish_standing(member=story.member, by=people.sam, on=today + FINAL)

    rows = client.get("/api/v1/register/", {"standing": "warned"}).json()["results"]
    assert [(row["name"], row["measure"]) for row in rows] == [("Ada & Co", "warned")]


@pytest.mark.django_db
def test_a_report_is_made_by_a_program_too(client, story, people):
    asked = {"member": story.member.code, "period": "2024"}

    def ask(user, **changed):
        client.force_login(user)
        given = json.dumps(asked | changed)
        return client.post("/api/v1/reports/", given, content_type="application/json")

    assert ask(people.ann)["Content-Type"] == "application/pdf"
    assert ask(people.avi).status_code == 403
    assert ask(people.eve).status_code == 404
    assert ask(people.ann, period="1999").status_code == 404
    assert ask(people.ann, size="a0").json()["size"]
    assert len(client.get("/api/v1/reports/").json()["results"]) == 1


@pytest.mark.django_db
def test_what_cannot_be_done_now_is_409_with_code_and_words(client, story, people):
    period_of(story.period.edition, "2026")
    client.force_login(people.sam)
    asked = json.dumps({"member": story.member.code, "period": "2026"})
    answer = client.post("/api/v1/reports/", asked, content_type="application/json")
    assert answer.status_code == 409
    assert answer.json()["code"] == "not_yet"
    assert "opens on 2027-01-15" in answer.json()["detail"]


@pytest.mark.django_db
def test_the_page_of_the_api_opens_under_the_policy(client, people):
    client.force_login(people.sam)
    page = client.get("/api/v1/docs/")
    assert page.status_code == 200
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert "cdn" not in page.content.decode()


def keys_of(story) -> tuple:
    """What one may ask about: the member, its period, case, return, card, run and edition."""
    card = Scorecard.objects.filter(member=story.member).order_by("-pk")[0]
    codes = (story.member.code, story.period.code, story.case.code, story.period.edition.code)
    return (*codes, story.of_return.pk, card.pk, card.run_id)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("name", ASKING)
def test_no_question_is_answered_with_500(client, story, people, name):
    """Everything that the description lets one ask, and what it does not."""
    if user := everybody(people)[name]:
        client.force_login(user)
    asked = Asked()
    for operation in operations(described()):
        if operation.method == "get":
            asked.draw(operation, asking(client), keys_of(story))
    print(f"{len(asked.answers)} questions, {asked.digest()}")
    assert {200, 404 if user else 403} <= set(asked.answers)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("name", ASKING)
def test_no_act_is_answered_with_500(client, story, people, name):
    """The same for what a program may do, each taken back."""
    if user := everybody(people)[name]:
        client.force_login(user)
    asked = Asked()
    for operation in operations(described()):
        if operation.method != "get":
            asked.draw(operation, acting(client, operation.method), keys_of(story))
    print(f"{len(asked.answers)} acts, {asked.digest()}")
    assert {400 if user else 403} <= set(asked.answers)
