"""How members sign: under which deed, in which languages, in which capacity, and what silence does.

All of it is optional. An edition that says nothing here has requirements that are signed one by one
in its own language, without reservations, and no signature follows from silence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any, ClassVar

from pydantic import Field, model_validator

from rulebooks.rules.legal_text import Language
from rulebooks.rules.schema import Clause, Code, Label, Part, Text, Title
from rulebooks.rules.terms import Term

FORMAT = "signature/1"


class Reservations(Part):
    """A requirement may be signed with a stated reservation, within the limits that are said."""

    example: ClassVar[str] = (
        '{limits: A reservation names the site and the law that it rests on., clause: "3.4"}'
    )

    limits: Text | None = None
    clause: Clause


class SurvivesExit(Part):
    """What a requirement asks goes on after the member has left, as the clause says."""

    example: ClassVar[str] = '{clause: "9.3"}'

    clause: Clause


class Translation(Part):
    """The title and text of a requirement in another language, to be read beside it."""

    example: ClassVar[str] = (
        "{language: es, title: Sin comisiones, text: Nadie paga por el puesto de trabajo.}"
    )

    language: Language
    title: Title
    text: Text


class DeedTerm(Part):
    """One term of the deed, as it is signed, and the clause that it follows."""

    example: ClassVar[str] = '{says: The law of Switzerland governs this deed., clause: "12.1"}'

    says: Text
    clause: Clause


class DeedTranslation(Part):
    """The title and every term of the deed in another language, to be read beside it."""

    example: ClassVar[str] = (
        "{language: es, title: Escritura, binds: Vincula al miembro.,"
        " governing_law: Derecho suizo., forum: Los tribunales de Ginebra.,"
        " publication: Las medidas se publican.,"
        " processing: Se guardan los nombres.}"
    )

    language: Language
    title: Title
    binds: Text
    mandate_document: Text | None = None
    governing_law: Text
    forum: Text
    publication: Text
    processing: Text
    survives_exit: tuple[Text, ...] = ()


class Deed(Part):
    """What a member enters into: signed once, and again when an edition changes one of its terms.

    It ``binds`` the entities that it names, says which document proves the mandate of whoever
    signs, the ``governing_law`` and the ``forum``, that the member agrees to ``publication`` under
    the edition, how personal data are treated (``processing``), and what ``survives_exit``. Where
    it asks for a ``mandate_document``, nobody signs before that document is here. What is signed is
    the deed as it stands; its ``translations`` are read beside it.
    """

    example: ClassVar[str] = (
        "{code: deed, title: Deed of accession, binds: {says: The member and each company that it"
        ' controls., clause: "2.5"}, governing_law: {says: Swiss law., clause: "12.1"},'
        ' forum: {says: The courts of Geneva., clause: "12.2"}, publication: {says: The member'
        ' agrees that measures are published as clause 9 says., clause: "9"}, processing: {says:'
        ' Names and offices of those who sign are kept., clause: "11"}, clause: "2.5"}'
    )

    code: Code
    title: Title
    binds: DeedTerm
    mandate_document: DeedTerm | None = None
    governing_law: DeedTerm
    forum: DeedTerm
    publication: DeedTerm
    processing: DeedTerm
    survives_exit: tuple[DeedTerm, ...] = ()
    translations: tuple[DeedTranslation, ...] = ()
    clause: Clause

    @model_validator(mode="after")
    def translated_whole(self) -> Deed:
        """Refuse a translation that lacks a term of the deed, or has one more."""
        for said in self.translations:
            proven = (said.mandate_document is None) is (self.mandate_document is None)
            if not proven or len(said.survives_exit) != len(self.survives_exit):
                raise ValueError(
                    f"the translation into {said.language} has the same terms as the deed:"
                    " mandate_document where it has one, and each of survives_exit"
                )
        return self

    @cached_property
    def text_sha256(self) -> str:
        """The hash of exactly what is signed: code, title, every term, and the clauses."""
        beside = {"translations"}
        plain = self.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=beside)
        return sha256(canonical(plain)).hexdigest()

    def translated_into(self, language: str) -> DeedTranslation | None:
        """Return the translation into a language, None where there is none."""
        return next((one for one in self.translations if one.language == language), None)

    def terms(self, language: str = "") -> Iterator[tuple[str, DeedTerm]]:
        """Yield each term with what it is about, in words; translated, where it is."""
        read = self.translated_into(language)
        for about, name in TERMS.items():
            term = getattr(self, name)
            if term is not None:
                yield about, _read(term, read and getattr(read, name))
        for place, term in enumerate(self.survives_exit):
            yield "After leaving", _read(term, read and read.survives_exit[place])


TERMS = {
    "Who is bound": "binds",
    "Proof of the mandate": "mandate_document",
    "Governing law": "governing_law",
    "Forum": "forum",
    "Publication": "publication",
    "Personal data": "processing",
}


def _read(term: DeedTerm, says: str | None) -> DeedTerm:
    return term.model_copy(update={"says": says}) if says else term


class Languages(Part):
    """The languages in which texts are authoritative, and those into which they are translated."""

    example: ClassVar[str] = '{authoritative: [en], translations: [es, ar], clause: "12.3"}'

    authoritative: Annotated[tuple[Language, ...], Field(min_length=1)]
    translations: tuple[Language, ...] = ()
    clause: Clause

    @model_validator(mode="after")
    def each_once(self) -> Languages:
        """Refuse a language that stands twice."""
        both = (*self.authoritative, *self.translations)
        if repeated := sorted({one for one in both if both.count(one) > 1}):
            raise ValueError(f"{', '.join(repeated)} stands twice; name each language once")
        return self


class Silence(Part):
    """A changed text is accepted by who was told of it and has said nothing for a term.

    It runs from the recorded notice of the edition, or from the day that takes effect if that is
    later, and only for a member that had signed the text before. Without this word silence is no
    signature.
    """

    example: ClassVar[str] = '{after: {days: 60}, clause: "10.4"}'

    after: Term
    clause: Clause


class KeptApart(Part):
    """Capacities of which one person signs in one at most, whichever members they sign for."""

    example: ClassVar[str] = '{capacities: [Chief executive, Trade union secretary], clause: "2.6"}'

    capacities: Annotated[tuple[Label, ...], Field(min_length=2)]
    clause: Clause

    def excludes(self, one: str, other: str) -> bool:
        """Return whether nobody signs in both capacities; upper and lower case are the same."""
        names = {name.casefold() for name in self.capacities}
        return one.casefold() != other.casefold() and {one.casefold(), other.casefold()} <= names


class Signing(Part):
    """How members sign: the deed, the languages, silence, capacities that are kept apart.

    Reminders of what is to be signed are among the edition's ``reminders``.
    """

    example: ClassVar[str] = (
        '{languages: {authoritative: [en], clause: "12.3"},'
        ' silence: {after: {days: 60}, clause: "10.4"}}'
    )

    deed: Deed | None = None
    languages: Languages | None = None
    silence: Silence | None = None
    kept_apart: tuple[KeptApart, ...] = ()


def signed_form(
    text: Part,
    *,
    edition: str,
    legal_text: str | None,
    deed: Deed | None,
    language: str,
    capacity: str,
    document: str,
    reservation: str,
) -> dict[str, Any]:
    """Return all that is signed with one text, as plain values: its hash covers every word of it.

    ``text`` is a requirement or the deed, ``document`` the hash of what proved the mandate, empty
    where nothing was asked for.
    """
    beside = {"making"}
    if isinstance(text, Deed) and not text.translations:
        beside.add("translations")  # deeds were signed before they could have any
    plain = text.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=beside)
    return {
        "format": FORMAT,
        "edition": edition,
        "legal_text": legal_text,
        "text": plain,
        "text_sha256": text.text_sha256,
        "deed_sha256": deed.text_sha256 if deed else None,
        "language": language,
        "capacity": capacity,
        "document": document,
        "reservation": reservation,
    }


def signed_sha256(form: dict[str, Any]) -> str:
    """Return the hash of a signed form."""
    return sha256(canonical(form)).hexdigest()


def canonical(fields: dict[str, Any]) -> bytes:
    """Return the one byte form of plain values: JSON, keys sorted, no white space, UTF-8."""
    return json.dumps(
        fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()
