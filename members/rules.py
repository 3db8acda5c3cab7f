"""The words of membership."""

from __future__ import annotations

from enum import StrEnum
from hashlib import sha256


class Standing(StrEnum):
    """How a member stands; the ladder of the edition leads from one to the next."""

    GOOD = "good"
    PROBATION = "probation"
    WARNED = "warned"
    SUSPENDED = "suspended"
    EXCLUDED = "excluded"
    LEFT = "left"


class Post(StrEnum):
    """In what a user acts for a member. The values are those of the roles."""

    REPRESENTATIVE = "representative"
    SIGNATORY = "signatory"
    ADVISER = "adviser"


class Source(StrEnum):
    LIVE = "live"
    IMPORTED = "imported"


class Mode(StrEnum):
    HELD = "held"
    AUTOMATIC = "automatic"


STANDING_WORDS = {
    Standing.GOOD: ("In good standing", "good"),
    Standing.PROBATION: ("On probation", "soon"),
    Standing.WARNED: ("Warned", "soon"),
    Standing.SUSPENDED: ("Suspended", "suspended"),
    Standing.EXCLUDED: ("Excluded", "breach"),
    Standing.LEFT: ("Left", "none"),
}


def standing_words(standing: str | None) -> tuple[str, str]:
    """Return the words for a standing and the kind of mark that goes with them."""
    return STANDING_WORDS[Standing(standing)] if standing else ("Not yet a member", "none")


def message_id(key: str, *, domain: str) -> str:
    """Return the Message-ID of the letter about ``key``: the same one every time it is sent."""
    return f"<{sha256(key.encode()).hexdigest()[:32]}@{domain}>"
