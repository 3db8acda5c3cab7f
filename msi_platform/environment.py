"""What the surroundings say: addresses of servers, folders, secrets.

Without Django, so that ``manage.py`` can ask before settings are loaded. ``DATABASE_URL`` and
``REDIS_URL`` name servers; where one is unset, the embedded server under ``var/`` is meant.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from msi_platform.servers import Servers
from msi_platform.servers.postgres import DATABASE, OWNER

BASE_DIR = Path(__file__).resolve().parent.parent
BROKER_NUMBER, CACHE_NUMBER = 0, 2  # of the databases in one Redis-protocol server


class Misconfigured(ValueError):
    """A variable of the environment is missing or unreadable; the message names it."""


def flag(name: str) -> bool:
    """Read a yes-or-no variable.

    :raises Misconfigured: when it is neither.
    """
    text = os.environ.get(name, "").strip().lower()
    if text in {"", "0", "no", "false", "off"}:
        return False
    if text in {"1", "yes", "true", "on"}:
        return True
    raise Misconfigured(f"{name} must be 1 or 0, not {text!r}.")


def var_folder() -> Path:
    """Return the folder of all that a run leaves behind; tests have one of their own."""
    return (BASE_DIR / os.environ.get("MSI_VAR", "var")).resolve()


def has_own_database() -> bool:
    return not os.environ.get("DATABASE_URL")


def has_own_broker() -> bool:
    return not os.environ.get("REDIS_URL")


def database(servers: Servers) -> dict:
    """Return Django's settings of the database.

    ``DATABASE_ROLE`` replaces the user, so that web and worker run without the owner's rights.
    """
    role = os.environ.get("DATABASE_ROLE")
    if has_own_database():
        return {"NAME": DATABASE, "USER": role or OWNER, "HOST": str(servers.postgres.sockets)}
    parts = urlsplit(os.environ["DATABASE_URL"])
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise Misconfigured("DATABASE_URL must read postgres://USER:PASSWORD@HOST:PORT/NAME.")
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.strip("/")),
        "USER": role or unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def broker_url(servers: Servers) -> str:
    if has_own_broker():
        return f"redis+socket://{servers.valkey.socket}?virtual_host={BROKER_NUMBER}"
    return os.environ["REDIS_URL"]


def cache_url(servers: Servers) -> str:
    """Return the address of the cache: the broker's server, another database.

    Never the same one: clearing a cache empties its whole database.
    """
    if has_own_broker():
        return f"unix://{servers.valkey.socket}?db={CACHE_NUMBER}"
    parts = urlsplit(os.environ["REDIS_URL"])
    if parts.scheme not in {"redis", "rediss"}:
        raise Misconfigured("REDIS_URL must read redis://HOST:PORT/NUMBER.")
    return parts._replace(path=f"/{CACHE_NUMBER}").geturl()


def secret_key(*, may_keep_own: bool) -> str:
    """Return ``SECRET_KEY``; on a local run one that is made once and kept under ``var/``.

    :raises Misconfigured: when it is unset and the run is not a local one.
    """
    if key := os.environ.get("SECRET_KEY"):
        return key
    if not may_keep_own:
        raise Misconfigured("SECRET_KEY must be set (50 random characters, kept secret).")
    file = var_folder() / "secret_key"
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"secret_key.{os.getpid()}")
    if not file.exists():
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        try:
            file.hardlink_to(fresh)  # whole or not at all, and the first of two processes wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_text()
