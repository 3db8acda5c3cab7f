"""Which edition holds when, and what a draft still lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from accounts.models import User
from ledger.models import Entry
from ledger.services import address
from rulebooks.models import Countersignature, Edition, LegalText, Manuscript, Version
from rulebooks.rules import adoption, document
from rulebooks.rules import edition as rules
from rulebooks.rules.continuity import continuity_faults
from rulebooks.rules.document import Fault, Invalid, Problem
from rulebooks.rules.membership import Requirement
from rulebooks.rules.signing import Deed


class NoEdition(LookupError):
    """No edition has taken effect by that day."""


def edition_in_force(on: date) -> Edition:
    """Return the adopted edition that is in force on a day.

    :raises NoEdition: none has taken effect by then.
    """
    adopted = Edition.objects.adopted().defer("text")
    edition = adopted.filter(in_force_from__lte=on).order_by("-in_force_from").first()
    if edition is None:
        raise NoEdition(f"no edition of the rulebook is in force on {on}")
    return edition


def adopted_documents() -> tuple[rules.Edition, ...]:
    """Return the documents of all adopted editions, the first to take effect first."""
    rows = Edition.objects.adopted().defer("text").order_by("in_force_from")
    return tuple(row.document for row in rows)


def edition_before(edition: Edition) -> Edition | None:
    """Return the adopted edition that ``edition`` follows, None for the first."""
    earlier = Edition.objects.adopted().filter(in_force_from__lt=edition.in_force_from)
    return earlier.exclude(pk=edition.pk).order_by("-in_force_from").first()


def new_texts(edition: Edition) -> list[Deed | Requirement]:
    """Return the texts that the edition before did not have: deed or requirements signed anew."""
    before = edition_before(edition)
    known = {text.text_sha256 for text in _texts(before)} if before else set()
    return [text for text in _texts(edition) if text.text_sha256 not in known]


def _texts(edition: Edition) -> tuple[Deed | Requirement, ...]:
    deed = edition.document.signing.deed
    return (*((deed,) if deed else ()), *edition.document.requirements)


def notice(edition: Edition) -> date | None:
    """Return the recorded day by which the members had been notified of an edition, if any."""
    entry = Entry.objects.filter(event=adoption.NOTIFIED, subject=address(edition)).first()
    return date.fromisoformat(entry.data["served_on"]) if entry else None


def current_document(on: date) -> rules.Edition | None:
    """Return the document in force on a day, the earliest to come if none is, or None."""
    documents = adopted_documents()
    in_force = [document for document in documents if document.in_force_from <= on]
    return in_force[-1] if in_force else next(iter(documents), None)


def deciders_on_editions(on: date) -> dict[str, str]:
    """Return the bodies that decide on editions by the one in force on a day, with their rules."""
    document = current_document(on)
    if document is None or on < document.in_force_from:
        return {}
    rules_by_body = ((body.code, body.rule_for("edition")) for body in document.bodies)
    return {body: rule for body, rule in rules_by_body if rule}


def refusals(decision: Entry, edition: Edition) -> tuple[str, ...]:
    """Return why a recorded resolution does not adopt a draft as it stands, empty if it does."""
    deciders = deciders_on_editions(decision.effective_on)
    return adoption.refusals(decision.data, sha256=edition.sha256, deciders=deciders)


def day_of(moment: datetime) -> date:
    """Return the day that an aware moment falls on in the initiative's time zone.

    Before any edition is adopted that is the moment's own.
    """
    document = current_document(moment.date())
    return moment.astimezone(ZoneInfo(document.time_zone)).date() if document else moment.date()


def legal_text(edition: Edition) -> LegalText | None:
    """Return the legal text that an edition names, without its content, when it is here."""
    named = edition.document.legal_text
    if named is None:
        return None
    return LegalText.objects.filter(sha256=named.sha256).defer("content").first()


def words_of(text: LegalText) -> str:
    """Return the words of a legal text in plain text; of a PDF none."""
    if text.media_type != LegalText.MediaType.TEXT:
        return ""
    return bytes(text.content).decode("utf-8-sig")


def corrected_by(edition: Edition) -> list[Edition]:
    """Return the adopted editions that correct the encoding of ``edition``."""
    later = Edition.objects.adopted().filter(in_force_from__gt=edition.in_force_from).defer("text")
    return [row for row in later.order_by("in_force_from") if row.document.corrects == edition.code]


def wrote_at(edition: Edition, user: User) -> bool:
    """Return whether ``user`` saved any version of an edition's text."""
    return Version.objects.filter(manuscript__edition=edition, saved_by=user).exists()


def countersignatures(edition: Edition) -> list[Countersignature]:
    """Return who countersigned an edition, the newest first; ``void`` those to another text."""
    rows = edition.countersignatures.select_related("signed_by").order_by("-signed_at", "-pk")
    found = list(rows)
    for row in found:
        row.void = row.sha256 != edition.sha256
    return found


def resolutions(edition: Edition) -> list[Entry]:
    """Return the record's entries of what bodies resolved about an edition, the newest first."""
    entries = Entry.objects.filter(event=adoption.RESOLVED, subject=address(edition))
    return list(entries.order_by("-pk"))


def missing_for_adoption(edition: Edition) -> tuple[str, ...]:
    """Return what a draft lacks before it can be adopted, each as a sentence."""
    text = legal_text(edition)
    signed = text is not None and edition.countersignatures.filter(
        sha256=edition.sha256, legal_sha256=text.sha256
    )
    lacks = adoption.missing(
        edition.document, text_here=text is not None, countersigned=bool(signed and signed.exists())
    )
    rows = Edition.objects.adopted().filter(in_force_from__lte=edition.in_force_from)
    before = rows.order_by("-in_force_from").first()
    if before is None:
        return tuple(lacks)
    if before.in_force_from == edition.in_force_from:
        return (*lacks, f"edition {before.code} takes effect on {before.in_force_from} already")
    return (*lacks, *adoption.unfollowed(edition.document, before.document))


@dataclass(frozen=True, slots=True)
class Checked:
    """The edition that a text holds, or None, and what stands against it or may be a mistake."""

    edition: rules.Edition | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def check(text: str, *, of: Manuscript | None = None) -> Checked:
    """Read a text at work. A code that belongs to another edition is one of the problems."""
    try:
        parsed = document.read(text)
        content = parsed.into(rules.Edition)
    except Invalid as error:
        return Checked(None, error.problems)
    held = Edition.objects.filter(code=content.code).defer("text").first()
    if held is not None and (of is None or held.pk != of.edition_id):
        message = f"edition {held.code} is there already ({held.get_status_display().lower()}); "
        taken = parsed.place(Fault(("code",), message + "give this one another code"))
        return Checked(None, (taken,))
    before = Edition.objects.adopted().filter(code=content.replaces).first()
    if before is not None and (faults := continuity_faults(before.document, content)):
        return Checked(None, tuple(sorted(parsed.place(fault) for fault in faults)))
    warnings = sorted(parsed.place(warning) for warning in content.warnings())
    return Checked(content, warnings=tuple(warnings))
