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
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
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


@dataclass
class Tree:
    """A Merkle tree that grows leaf by leaf and keeps only its largest full parts.

    A leaf is hashed behind a zero byte and a node behind a one, so neither passes for the other.

    Source: RFC 6962, 2.1 (Merkle Tree Hash with SHA-256).
    """

    full: list[tuple[int, bytes]] = field(default_factory=list)  # leaves below, and hash

    def add(self, leaf: bytes) -> None:
        """Add a leaf after those before it."""
        size, node = 1, hashlib.sha256(b"\x00" + leaf).digest()
        while self.full and self.full[-1][0] == size:
            node = _joined(self.full.pop()[1], node)
            size *= 2
        self.full.append((size, node))

    def root(self) -> str:
        """Return the root hash over all leaves so far, in hex."""
        nodes = [node for _, node in self.full]
        if not nodes:
            return hashlib.sha256().hexdigest()
        return reduce(lambda right, left: _joined(left, right), reversed(nodes)).hex()


def _joined(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def merkle_root(leaves: Iterable[bytes]) -> str:
    """Return the root hash over ``leaves`` in their order, in hex, as ``Tree`` gives it.

    Level by level, of which a last node without a neighbour goes up as it is: so it costs a third
    less, but all leaves are held at once.
    """
    nodes = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(nodes) > 1:
        pairs = zip(nodes[::2], nodes[1::2], strict=False)
        alone = nodes[len(nodes) & ~1 :]
        nodes = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs] + alone
    return nodes[0].hex() if nodes else hashlib.sha256().hexdigest()
