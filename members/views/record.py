"""The spans of one member as a page shows them: how it stood on a day, and on what ground."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from accounts.templatetags.pages import days_in_words
from members.models import Member, Span
from members.rules import standing_words
from members.selectors import condition_texts
from rulebooks.rules import reading
from rulebooks.rules.edition import Edition
from rulebooks.rules.timeline.changes import Kind

STATES = {
    "open": "Open",
    "overdue": "Overdue",
    "missed": "Missed",
    "met": "Met",
    "met_late": "Met late",
    "removed": "Taken off the list",
    "extended": "On an extension",
    "incomplete": "Incomplete",
    "moratorium": "At rest in a moratorium",
    "exempt": "Exempt",
    "held": "Held",
    "lost": "Lost",
    "running": "Runs",
    "stopped": "Stopped",
    "lapsed": "Ran out",
    "proposed": "Proposed",
    "quiet": "Without consequences",
    "provisional": "Provisional",
    "confirmed": "Confirmed",
    "dismissed": "Dismissed",
    "in_review": "In review",
}
GROUNDS = {
    "window.opened": "The window opened",
    "due.passed": "The due day passed",
    "late_window.closed": "The late window closed",
    "text.to_sign": "The text is to be signed",
    "silence.accepted": "Accepted by silence, as the edition says",
    "fact.recorded": "It was recorded",
    "member.admitted": "Admitted",
    "member.left": "The member left",
    "member.merged": "Became part of another member",
    "member.class_changed": "The class changed",
    "class": "Right of the class",
    "decision.taken": "A body decided",
    "appeal.filed": "The member appealed",
    "appeal.decided": "The appeal was decided",
    "measure.lifted": "Reinstated",
    "notice.served": "The notice was served",
    "answer.received": "The member answered",
    "case.opened": "A case was opened",
    "breach.raised": "Put to the member as provisional",
    "breach.confirmed": "Confirmed by an officer",
    "breach.dismissed": "Dismissed by an officer",
    "missed_obligation": "An obligation was missed",
    "below_bar": "A published score lies below the bar",
    "verdict": "A published verdict",
    "consecutive": "Periods running",
    "commitment.made": "The member committed itself",
    "commitment.extended": "The day was moved",
    "commitment.met": "Done",
    "commitment.removed": "Taken off the list",
}
PLACES = {Kind.CLASS: ("class_name", "member_class"), Kind.CHAMBER: ("chamber_name", "chamber")}
PLACE_WORDS = {Kind.CLASS: "Class:", Kind.CHAMBER: "Chamber:"}
DONE = {"met", "met_late", "removed", "exempt"}


def read(member: Member, spans: Sequence[Span], editions: dict[str, Edition], *, on: date) -> dict:
    """Return the context of a member's record as at ``on``."""
    now = [span for span in spans if in_force(span, on)]
    standing = next((span for span in now if span.kind == Kind.STANDING), None)
    word, look = standing_words(standing.state if standing else None)
    duties = [duty(s, spans, editions) for s in now if s.kind == Kind.OBLIGATION]
    texts = condition_texts(line["key"] for line in duties)
    for line in duties:
        line["title"] = texts.get(line["key"], line["title"])
    return {
        "standing": standing,
        "standing_word": word,
        "standing_look": look,
        "standing_ground": ground(standing) if standing else "",
        "strip": strip(member, spans, on=on),
        "rights": [
            _line(s, reading.right(s.key, editions.get(s.edition)))
            for s in now
            if s.kind == Kind.RIGHT
        ],
        "owed": sorted((d for d in duties if d["state"] not in DONE), key=_soonest),
        "met": [d for d in duties if d["state"] in DONE],
        "clocks": [
            _line(s, reading.clock(s.key, editions.get(s.edition)))
            for s in now
            if s.kind == Kind.CLOCK and s.state == "running"
        ],
        "history": history(spans, editions, on=on),
        **place(member, now, editions),
    }


def place(member: Member, now: Sequence[Span], editions: dict[str, Edition]) -> dict[str, str]:
    """Return the names of class and chamber on a day; those of today where none is on record."""
    said = {span.kind: span for span in now if span.kind in PLACES}
    names = {}
    for kind, (name, kept) in PLACES.items():
        span = said.get(kind)
        edition = editions.get(span.edition) if span else None
        names[name] = place_name(edition, kind, span.state if span else getattr(member, kept))
    return names


def place_name(edition: Edition | None, kind: str, code: str) -> str:
    """Return the name that an edition gives a class or chamber, the code where it gives none."""
    parts = () if edition is None else edition.classes
    parts = edition.chambers if edition and kind == Kind.CHAMBER else parts
    return next((part.name for part in parts if part.code == code), code)


def day_after(day: date) -> date:
    return day + timedelta(days=1)


def in_force(span: Span, on: date) -> bool:
    return span.from_on <= on and (span.until_on is None or span.until_on > on)


def ground(span: Span) -> str:
    """Return what brought a state about, in words, with the sum of days where there is one."""
    words = GROUNDS.get(span.ground, span.ground.replace("_", " ").replace(".", " ").capitalize())
    is_sum = span.because and span.state != "open"  # of an open one it says why it is due that day
    return f"{words} ({days_in_words(span.because)})" if is_sum else words


def duty(span: Span, spans: Sequence[Span], editions: dict[str, Edition]) -> dict:
    """Return what is owed, by when, and how that day follows."""
    line = _line(span, reading.duty(span.key, editions.get(span.edition)))
    after = next(
        (
            s
            for s in spans
            if s.kind == span.kind and s.key == span.key and s.from_on == span.until_on
        ),
        None,
    )
    if span.state in ("open", "extended", "overdue") and span.until_on is not None:
        line["due_on"] = span.due_on or span.until_on - timedelta(days=1)
        late = span.state == "overdue"
        line["how"] = span.because if late else after.because if after else ""
    return line


def _line(span: Span, title: str) -> dict:
    return {
        "title": title,
        "state": span.state,
        "word": STATES.get(span.state, span.state.replace("_", " ").capitalize()),
        "since": span.from_on,
        "until": span.until_on,
        "last_day": span.until_on - timedelta(days=1) if span.until_on else None,
        "ground": ground(span),
        "clause": span.clause,
        "edition": span.edition,
        "key": span.key,
        "due_on": None,
        "how": "",
    }


def _soonest(line: dict) -> tuple:
    return (line["state"] != "missed", line["due_on"] or date.max, line["title"])


def strip(member: Member, spans: Sequence[Span], *, on: date) -> dict | None:
    """Return standing over time for the strip component, None before there is any."""
    standings = [span for span in spans if span.kind == Kind.STANDING and span.from_on <= on]
    if not standings:
        return None
    shown: list[dict] = []
    for span in standings:
        word, look = standing_words(span.state)
        until = span.until_on if span.until_on and span.until_on <= on else None
        if shown and shown[-1]["label"] == word:
            shown[-1]["until"] = until  # the same standing on another ground
        else:
            shown.append({"label": word, "kind": look, "since": span.from_on, "until": until})
    since = shown[0]["since"]
    until = max(on, since + timedelta(days=1))
    return {"spans": shown, "since": since, "until": until, "label": f"Standing since {since.year}"}


def history(spans: Sequence[Span], editions: dict[str, Edition], *, on: date) -> list[dict]:
    """Return what changed and what will, the latest first, for the timeline component."""
    kinds = {Kind.CLASS, Kind.CHAMBER, Kind.STANDING, Kind.RIGHT, Kind.CASE}
    events = []
    for span in spans:
        if span.kind not in kinds or (
            span.kind == Kind.RIGHT
            and span.state == "held"
            and span.ground == "class"
            and _is_first(span, spans)
        ):
            continue
        edition = editions.get(span.edition)
        word, look = STATES.get(span.state, span.state.replace("_", " ").capitalize()), "none"
        if span.kind == Kind.STANDING:
            word, look = standing_words(span.state)
        elif span.kind in PLACES:
            if _is_first(span, spans):
                continue
            word = f"{PLACE_WORDS[span.kind]} {place_name(edition, span.kind, span.state)}"
        elif span.kind == Kind.RIGHT:
            word = f"{reading.right(span.key, edition)}: {word.lower()}"
        else:
            word = f"Case {span.key}: {word.lower()}"
        by = ground(span) + (f", clause {span.clause}" if span.clause else "")
        events.append(
            {"on": span.from_on, "text": word, "kind": look, "by": by, "ahead": span.from_on > on}
        )
    return sorted(events, key=lambda event: event["on"], reverse=True)


def _is_first(span: Span, spans: Sequence[Span]) -> bool:
    return not any(
        s.kind == span.kind and s.key == span.key and s.from_on < span.from_on for s in spans
    )
