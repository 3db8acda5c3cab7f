"""The words for who may read what a member reports."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rulebooks.rules.indicators import Confidentiality

SEEN_BY: Mapping[Confidentiality, str] = MappingProxyType(
    {
        "public": "everybody, once published",
        "aggregate": "secretariat and auditor, others in totals only",
        "secretariat_and_auditor": "secretariat and auditor",
        "counsel": "legal counsel only",
    }
)
