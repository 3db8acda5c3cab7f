import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from msi_platform import health, pulse


@pytest.fixture(autouse=True)
def _no_pulse():
    cache.clear()


def test_healthz_answers_without_a_database(client):
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready_when_all_parts_work(client):
    pulse.beat("worker")

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "database": "ok",
        "broker": "ok",
        "migrations": "ok",
        "worker": "ok",
    }


@pytest.mark.django_db
def test_not_ready_without_a_worker(client):
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["worker"] == "no worker was heard of for 30 seconds"
    assert response.json()["database"] == "ok"


@pytest.mark.django_db
def test_not_ready_before_the_migrations(client):
    app, name = sorted(health._latest_migrations())[0]
    MigrationRecorder(connection).record_unapplied(app, name)

    assert client.get("/readyz").json()["migrations"] == "1 apps have migrations to apply"


@pytest.mark.django_db
def test_a_cause_is_not_told_to_strangers(client, monkeypatch):
    def fail():
        raise OSError("connection to 10.1.2.3 refused")

    monkeypatch.setitem(health.CHECKS, "broker", fail)

    assert client.get("/readyz").json()["broker"] == "does not answer"


@pytest.mark.parametrize("page", ["/healthz", "/readyz"])
def test_health_pages_only_answer_questions(client, page):
    assert client.post(page).status_code == 405


def test_a_pulse_is_of_one_host_and_of_all():
    pulse.beat("scheduler")

    assert pulse.beats("scheduler")
    assert not pulse.beats("scheduler", host="another")
    assert not pulse.beats("worker")


def test_the_health_check_of_a_container_tells_by_its_status():
    pulse.beat("worker")

    call_command("alive", "worker")
    with pytest.raises(CommandError, match="No scheduler was heard of for 30 seconds"):
        call_command("alive", "scheduler")


@pytest.mark.django_db
def test_the_api_documentation_alone_may_have_inline_styles(client):
    strict = client.get("/healthz")["Content-Security-Policy"].split("; ")
    docs = client.get("/api/v1/docs/")["Content-Security-Policy"].split("; ")

    assert "default-src 'none'" in strict
    assert set(docs) ^ set(strict) == {"style-src 'self'", "style-src 'self' 'unsafe-inline'"}
