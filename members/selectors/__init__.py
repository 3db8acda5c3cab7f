"""Questions about members."""

from members.selectors.applications import applications_of, may_apply_for
from members.selectors.directory import counts_by_standing, directory, next_code
from members.selectors.letters import announcements, letter_counts
from members.selectors.people import auditors, posts_of
from members.selectors.places import NoSuchPlace, require_place
from members.selectors.signatures import (
    form_of,
    signed_texts,
    standing_signatures,
    text_signed,
    texts_that_count,
    unsigned,
)
from members.selectors.signing import (
    ToSign,
    capacities_signed_in,
    declined,
    ended_mandate,
    languages,
    to_sign,
)
from members.selectors.timelines import (
    as_rule,
    derived_spans,
    history,
    initiative_facts,
    spans_of,
    stretches,
    with_successors,
)

__all__ = [
    "NoSuchPlace",
    "ToSign",
    "announcements",
    "applications_of",
    "as_rule",
    "auditors",
    "capacities_signed_in",
    "counts_by_standing",
    "declined",
    "derived_spans",
    "directory",
    "ended_mandate",
    "form_of",
    "history",
    "initiative_facts",
    "languages",
    "letter_counts",
    "may_apply_for",
    "next_code",
    "posts_of",
    "require_place",
    "signed_texts",
    "spans_of",
    "standing_signatures",
    "stretches",
    "text_signed",
    "texts_that_count",
    "to_sign",
    "unsigned",
    "with_successors",
]
