"""The platform's key: where it lies, whose it is, and a document signed with it."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from pyhanko.sign.signers import SimpleSigner

from reports.rules import keys, sealing
from reports.rules.sealing import NoKey

OWN_NAME = "MSI platform, a key of its own"


def sealed(pdf: bytes, *, at: datetime) -> bytes:
    """Return a PDF signed by the platform at a moment.

    :raises NoKey: none is set, and this is no local run that may keep one of its own.
    """
    return sealing.sealed(pdf, _signer(at), at=at)


def can_sign() -> bool:
    """Return whether there is a key, or a local run may make one of its own."""
    return bool(settings.SIGNING_KEY_FILE) or settings.MAY_SIGN_WITH_OWN_KEY


def known() -> frozenset[str]:
    """Return the fingerprints of the keys that may have signed: those set, and the one in use."""
    here = {sealing.fingerprint(_read())} if _file().is_file() else set()
    return frozenset(settings.SIGNING_FINGERPRINTS) | here


def _file() -> Path:
    return Path(settings.SIGNING_KEY_FILE or settings.OWN_SIGNING_KEY)


def _signer(at: datetime) -> SimpleSigner:
    file = _file()
    if not settings.SIGNING_KEY_FILE and not file.is_file():
        if not settings.MAY_SIGN_WITH_OWN_KEY:
            raise NoKey("SIGNING_KEY_FILE must name the key that signs documents (PKCS #12)")
        _make(file, at)
    return _read()


def _read() -> SimpleSigner:
    file = _file()
    return _loaded(file, file.stat().st_mtime_ns if file.is_file() else 0)


@lru_cache(maxsize=4)
def _loaded(file: Path, changed: int) -> SimpleSigner:
    """Read the key once for as long as its file stays as it is."""
    return sealing.key(file, settings.SIGNING_KEY_PASSPHRASE)


def _make(file: Path, at: datetime) -> None:
    """Make a key; of two processes that do so at once the first one's stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    content = keys.own_key(OWN_NAME, at=at)
    fresh = file.with_name(f"{file.name}.{keys.token()}")
    fresh.touch(mode=0o600)
    fresh.write_bytes(content)
    try:
        file.hardlink_to(fresh)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


__all__ = ["NoKey", "can_sign", "known", "sealed"]
