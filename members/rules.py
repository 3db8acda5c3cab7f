"""The words of membership."""

from __future__ import annotations

from enum import StrEnum
from hashlib import sha256
from unicodedata import category

UNSEEN = {"Cc", "Cf"}  # controls, and what only turns the direction of writing


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


class Due(StrEnum):
    """What a member owes, as the directory tells members apart."""

    OVERDUE = "overdue"
    SOON = "soon"
    NOTHING = "nothing"


DUE_WORDS = {
    Due.OVERDUE: ("Something is overdue", "breach"),
    Due.SOON: ("Due within 30 days", "soon"),
    Due.NOTHING: ("Nothing is open", "good"),
}
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


def words_sought(text: str) -> list[str]:
    """Return the words of what somebody seeks, at most eight, without marks that show nothing."""
    seen = "".join(mark for mark in text if mark.isspace() or category(mark) not in UNSEEN)
    return seen.split()[:8]


def message_id(key: str, *, domain: str) -> str:
    """Return the Message-ID of the letter about ``key``: the same one every time it is sent."""
    return f"<{sha256(key.encode()).hexdigest()[:32]}@{domain}>"
