import stat

import pytest

from msi_platform import environment
from msi_platform.environment import Misconfigured
from msi_platform.servers import Servers


@pytest.fixture
def servers(tmp_path):
    return Servers(tmp_path)


@pytest.mark.parametrize(
    ("text", "means"),
    [("", False), ("0", False), ("off", False), ("1", True), ("Yes", True), (" true ", True)],
)
def test_a_flag_is_read(monkeypatch, text, means):
    monkeypatch.setenv("DEBUG", text)

    assert environment.flag("DEBUG") is means


def test_a_flag_that_is_neither_yes_nor_no_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("DEBUG", "maybe")

    with pytest.raises(Misconfigured, match="DEBUG must be 1 or 0, not 'maybe'"):
        environment.flag("DEBUG")


@pytest.mark.parametrize(
    ("url", "settings"),
    [
        pytest.param(
            "postgres://u:p%40ss@db:5433/msi?sslmode=require",
            {
                "NAME": "msi",
                "USER": "u",
                "PASSWORD": "p@ss",
                "HOST": "db",
                "PORT": "5433",
                "OPTIONS": {"sslmode": "require"},
            },
            id="all of it, quoted where needed",
        ),
        pytest.param(
            "postgresql:///msi?host=/run/pg",
            {
                "NAME": "msi",
                "USER": "",
                "PASSWORD": "",
                "HOST": "/run/pg",
                "PORT": "",
                "OPTIONS": {},
            },
            id="a socket",
        ),
    ],
)
def test_a_database_address_is_read(monkeypatch, servers, url, settings):
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.delenv("DATABASE_ROLE", raising=False)

    assert environment.database(servers) == settings


@pytest.mark.parametrize("url", ["mysql://u@h/msi", "postgres://u@h/", "msi"])
def test_another_engine_or_no_name_is_refused(monkeypatch, servers, url):
    monkeypatch.setenv("DATABASE_URL", url)

    with pytest.raises(Misconfigured, match="DATABASE_URL must read postgres://"):
        environment.database(servers)


@pytest.mark.parametrize("url", ["", "postgres://owner@db/msi"])
def test_the_role_replaces_the_user(monkeypatch, servers, url):
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DATABASE_ROLE", "msi_web")

    assert environment.database(servers)["USER"] == "msi_web"


@pytest.mark.parametrize("url", ["", "redis://broker:6379/0", "rediss://:secret@broker/5"])
def test_the_cache_never_shares_the_brokers_database(monkeypatch, servers, url):
    monkeypatch.setenv("REDIS_URL", url)

    broker, cache = environment.broker_url(servers), environment.cache_url(servers)

    assert cache.endswith(("/2", "?db=2"))
    assert not broker.endswith(("/2", "=2"))


def test_a_local_run_makes_its_key_once_and_keeps_it_to_itself(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("MSI_VAR", str(tmp_path / "var"))

    key = environment.secret_key(may_keep_own=True)

    assert len(key) >= 50
    assert environment.secret_key(may_keep_own=True) == key
    assert [file.name for file in (tmp_path / "var").iterdir()] == ["secret_key"]
    assert stat.S_IMODE((tmp_path / "var/secret_key").stat().st_mode) == 0o600


def test_elsewhere_a_key_must_be_given(monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)

    with pytest.raises(Misconfigured, match="SECRET_KEY must be set"):
        environment.secret_key(may_keep_own=False)
