"""Checking a PDF that the platform signed: its signature, the data inside, the record it names.

Nothing is asked of anybody: no server, no database, no network. A library's word that a signature
is valid is not enough, since padding, letter case and unsigned fields could change unseen; so the
form of the signature is checked byte by byte.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import pikepdf
from asn1crypto.cms import ContentInfo
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from ledger.rules import digest
from reports.rules import certificate, report
from rulebooks.rules.signing import signed_sha256

LARGEST = 20 * 1024 * 1024  # bytes
WORDS = {certificate.FORMAT: "Certificate of signatures", report.FORMAT: "Accountability report"}
DATA = {"certificate.json": certificate.FORMAT, "report.json": report.FORMAT}


class NotGenuine(ValueError):
    """The file is not what was signed, or was not signed by a key that is known."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a genuine file says: what it is, who signed it when, and what else was checked."""

    what: str
    words: str
    signer: str
    fingerprint: str
    signed_at: datetime
    data_sha256: str
    entries: tuple[int, ...]
    checked: tuple[str, ...]


def verify(pdf: bytes, *, known: frozenset[str]) -> Verified:
    """Return what a signed PDF says, if all of it holds.

    ``known`` are the fingerprints (SHA-256 of the certificate) of keys that may have signed it.

    :raises NotGenuine: with what does not hold.
    """
    if len(pdf) > LARGEST:
        raise NotGenuine(f"the file has {len(pdf)} bytes; {LARGEST} are looked at")
    if not pdf.startswith(b"%PDF-"):
        raise NotGenuine("the file is no PDF")
    signature = _guarded(lambda: _signature(pdf))
    finger = sha256(signature.signer_cert.dump()).hexdigest()
    if finger not in known:
        raise NotGenuine(
            f"the key that signed it is not known here; its fingerprint is {finger}, to be"
            " compared with the one that the initiative publishes"
        )
    name, content = _guarded(lambda: _data(pdf))
    said = _guarded(lambda: json.loads(content))
    if not isinstance(said, dict) or said.get("format") != DATA[name]:
        raise NotGenuine(f"{name} is not of the form {DATA[name]}")
    entries = tuple(_guarded(lambda: list(_entries(said))))
    return Verified(
        what=said["format"],
        words=WORDS[said["format"]],
        signer=signature.signer_cert.subject.human_friendly,
        fingerprint=finger,
        signed_at=signature.self_reported_timestamp,
        data_sha256=sha256(content).hexdigest(),
        entries=entries,
        checked=tuple(_checked(said, entries)),
    )


def _guarded(look: Callable[[], Any]) -> Any:
    """Look at bytes that anybody may have made: whatever goes wrong there is one refusal."""
    try:
        return look()
    except NotGenuine:
        raise
    except Exception as error:  # parsers raise what they like on broken input
        raise NotGenuine(f"the file cannot be read ({type(error).__name__})") from None


def _signature(pdf: bytes) -> EmbeddedPdfSignature:
    """Return the one signature of a PDF, if it covers all of it and is written in one way only."""
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    signatures = list(reader.embedded_signatures)
    if len(signatures) != 1:
        raise NotGenuine(f"the file has {len(signatures)} signatures; it should have one")
    [signature] = signatures
    _require_one_form(pdf, signature)
    trusted = ValidationContext(
        trust_roots=[signature.signer_cert],
        allow_fetching=False,
        moment=signature.self_reported_timestamp,
        best_signature_time=signature.self_reported_timestamp,
    )
    status = validate_pdf_signature(signature, trusted)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    if not (status.intact and status.valid and status.bottom_line and whole):
        raise NotGenuine("the file was changed after it was signed")
    return signature


def _require_one_form(pdf: bytes, signature: EmbeddedPdfSignature) -> None:
    """Refuse a signature whose bytes could be written otherwise without being another."""
    first, length, second, rest = (int(number) for number in signature.byte_range)
    gap = pdf[length:second]
    if first != 0 or second + rest != len(pdf) or not _is_hex(gap):
        raise NotGenuine("the signature does not cover the whole file")
    der = ContentInfo.load(signature.pkcs7_content).dump()
    written = gap[1:-1]
    hexed = der.hex().encode()
    padded = hexed.ljust(len(written), b"0")
    if written not in (padded, padded.upper()):
        raise NotGenuine("the signature is not written as it was made")
    info = ContentInfo.load(der, strict=True)
    if info.dump(force=True) != der or info["content_type"].native != "signed_data":
        raise NotGenuine("the signature is not in its one form")
    _require_plain(info["content"])


def _is_hex(gap: bytes) -> bool:
    inner = gap[1:-1]
    return gap[:1] == b"<" and gap[-1:] == b">" and not set(inner) - set(b"0123456789abcdefABCDEF")


def _require_plain(signed: Any) -> None:
    """Refuse fields that nobody signed and that could hold anything."""
    signers, algorithms = signed["signer_infos"], signed["digest_algorithms"]
    if len(signers) != 1 or len(algorithms) != 1:
        raise NotGenuine("the signature has more than one signer or digest")
    signer = signers[0]
    if signed["version"].native != "v1" or signer["version"].native != "v1":
        raise NotGenuine("the signature is of another version")
    if algorithms[0]["algorithm"].native != signer["digest_algorithm"]["algorithm"].native:
        raise NotGenuine("the signature names two digests")
    content = signed["encap_content_info"]
    if content["content_type"].native != "data" or content["content"].native is not None:
        raise NotGenuine("the signature carries content of its own")
    if signer["unsigned_attrs"].native:
        raise NotGenuine("the signature carries fields that nobody signed")


def _data(pdf: bytes) -> tuple[str, bytes]:
    """Return name and content of the data inside."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found = [name for name in opened.attachments if name in DATA]
        if len(found) != 1 or len(opened.attachments) != 1:
            raise NotGenuine("the file does not hold its data, once")
        return found[0], opened.attachments[found[0]].get_file().read_bytes()


def _entries(said: dict[str, Any]) -> Iterator[int]:
    """Yield the numbers of the ledger entries that a certificate rests on, each if it holds."""
    for text in said.get("texts", ()):
        entry, form = text["entry"], text["form"]
        if form is not None and signed_sha256(form) != text["signed_sha256"]:
            raise NotGenuine(f"the hash of what was signed of {text['code']} is another")
        if entry is None:
            continue
        if digest(entry["fields"]) != entry["digest"]:
            raise NotGenuine(f"the entry {entry['number']} of the record has another digest")
        data = entry["fields"]["data"]
        place = data["requirements"].index(text["code_signed"])
        if data["texts"][place] != text["text_sha256"]:
            raise NotGenuine(f"the record says that another text of {text['code']} was signed")
        if form is not None and data["signed"][place] != text["signed_sha256"]:
            raise NotGenuine(f"the record says that {text['code']} was signed otherwise")
        yield entry["number"]


def _checked(said: dict[str, Any], entries: tuple[int, ...]) -> Iterator[str]:
    yield "one signature, over the whole file, in its one form"
    yield "the data inside are those that were signed"
    if entries:
        count = len(set(entries))
        named = "1 entry" if count == 1 else f"{count} entries"
        yield f"{named} of the record: the digest, and what it says was signed"
    if said["format"] == report.FORMAT:
        yield "a report names no entries of the record"
