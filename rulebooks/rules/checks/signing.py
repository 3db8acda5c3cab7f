"""What must hold of how members sign, and what is likely forgotten there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.checks.places import codes, selected, unknown
from rulebooks.rules.document import Fault, Path
from rulebooks.rules.obligations import SignatureObligation

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition
    from rulebooks.rules.ladder import Ladder


def signing_faults(edition: Edition) -> Iterator[Fault]:
    """Yield rules and languages that do not exist, and a deed called like a requirement."""
    for index, requirement in enumerate(edition.requirements):
        path = ("requirements", index)
        rules = codes(edition.breaches)
        yield from selected((*path, "watched_by"), requirement.watched_by, "breach rule", rules)
        yield from _translation_faults(path, requirement.translations, edition)
    deed, silence = edition.signing.deed, edition.signing.silence
    if deed is not None:
        yield from _translation_faults(("signing", "deed"), deed.translations, edition)
    if deed is not None and deed.code in codes(edition.requirements):
        message = f"{deed.code!r} is a requirement; give the deed a code of its own"
        yield Fault(("signing", "deed", "code"), message)
    if silence is not None and not _signatures(edition):
        message = "no obligation asks for signatures, so silence means nothing; leave it out"
        yield Fault(("signing", "silence"), message)


def _translation_faults(path: Path, translations: Iterable, edition: Edition) -> Iterator[Fault]:
    """Yield translations into languages that the edition does not name, or that stand twice."""
    languages, seen = edition.signing.languages, set()
    known = languages.translations if languages else ()
    for place, translation in enumerate(translations):
        at = (*path, "translations", place, "language")
        what = "language of translation (signing.languages.translations)"
        yield from unknown(at, translation.language, what, known)
        if translation.language in seen:
            yield Fault(at, f"{translation.language} stands twice; translate a text once")
        seen.add(translation.language)


def signing_warnings(edition: Edition) -> Iterator[Fault]:
    """Yield ladders that act on former members while no clause survives their leaving.

    A member that withdraws does not end an open case, so every ladder does that cases climb. And
    texts that are signed while nothing says who is bound, under which law, and before which court.
    """
    yield from _untranslated(edition)
    for place, duty in enumerate(edition.obligations):
        bare = isinstance(duty, SignatureObligation) and edition.signing.deed is None
        if bare and edition.requirements:
            message = "members sign, and nothing says who is bound, under which law and forum"
            yield Fault(("obligations", place), f"{message}; write signing.deed")
    if not edition.requirements or _survives(edition):
        return
    wanted = "say which clause survives exit, in signing.deed.survives_exit or in a requirement"
    for place, ladder in enumerate(edition.ladders):
        if any(rule.opens_case and ladder.leads_here(rule.code) for rule in edition.breaches):
            message = f"a case on {ladder.code} goes on when the member has left; {wanted}"
            yield Fault(("ladders", place), message)
        for index in _after_exit(ladder):
            message = f"{ladder.steps[index].code} applies to who is excluded already; {wanted}"
            yield Fault(("ladders", place, "steps", index), message)


def _untranslated(edition: Edition) -> Iterator[Fault]:
    """Yield a deed that lacks a language into which requirements are translated."""
    deed = edition.signing.deed
    used = {one.language for text in edition.requirements for one in text.translations}
    for language in sorted(used) if deed is not None else ():
        if deed.translated_into(language) is None:
            message = f"requirements are translated into {language}, the deed is not; it is read in"
            yield Fault(("signing", "deed"), f"{message} {edition.language}")


def _survives(edition: Edition) -> bool:
    deed = edition.signing.deed
    in_deed = deed is not None and bool(deed.survives_exit)
    return in_deed or any(requirement.survives_exit for requirement in edition.requirements)


def _after_exit(ladder: Ladder) -> Iterator[int]:
    """Yield the places of the steps that come after an exclusion."""
    beyond: set[str] = set()
    for index, step in enumerate(ladder.steps):
        if step.code in beyond:
            yield index
        if step.next is not None and (step.code in beyond or step.standing == "excluded"):
            beyond.add(step.next)


def _signatures(edition: Edition) -> bool:
    return any(isinstance(one, SignatureObligation) for one in edition.obligations)
