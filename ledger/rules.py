"""What an entry may hold, and the canonical form that its hash covers.

An entry is never erased, so nothing that could name a person may enter it: opaque ids, codes,
days, moments, numbers and digests, and no free text. Every event is a class with only such
fields; ``tests/test_architecture.py`` walks them all.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/+-]{0,79}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
SAFE_TYPES = (Code, Digest, bool, int, Decimal, date, datetime)


class Event(BaseModel):
    """An act, and what the record holds of it. Each act is a subclass with its own ``code``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: ClassVar[str]
    registered: ClassVar[dict[str, type[Event]]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if Event.registered.setdefault(cls.code, cls).__qualname__ != cls.__qualname__:
            raise TypeError(f"two events are called {cls.code}")

    def payload(self) -> dict[str, Any]:
        """Return the fields as plain JSON values; numbers with a point become strings."""
        return self.model_dump(mode="json", exclude_none=True)


def canonical(fields: dict[str, Any]) -> bytes:
    """Return the one byte form of ``fields``: JSON, keys sorted, no white space, UTF-8."""
    return json.dumps(
        fields,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    ).encode()


def digest(fields: dict[str, Any]) -> str:
    """Return the SHA-256 of the canonical form of ``fields``, in hex."""
    return hashlib.sha256(canonical(fields)).hexdigest()


def keyed_digest(content: bytes, *, key: bytes) -> str:
    """Return the HMAC-SHA-256 of ``content``, in hex.

    For content that is short enough to be guessed from its plain hash. With the key erased it
    can no longer be.
    """
    return hmac.new(key, content, hashlib.sha256).hexdigest()


def merkle_root(leaves: Iterable[bytes]) -> str:
    """Return the root hash over ``leaves`` in their order, in hex.

    A leaf is hashed behind a zero byte and a node behind a one, so neither passes for the other.

    Source: RFC 6962, 2.1 (Merkle Tree Hash with SHA-256).
    """
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256().hexdigest()
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [
            hashlib.sha256(b"\x01" + b"".join(pair)).digest() if len(pair) == 2 else pair[0]
            for pair in pairs
        ]
    return level[0].hex()
