"""Signing a PDF (PAdES), so that the same document signed at the same moment has the same bytes."""

from __future__ import annotations

import io
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession

FIELD = "Signature"


class NoKey(ValueError):
    """There is no key to sign with, or it cannot be read."""


class _At(PdfSigner):
    """A signer whose clock stands still."""

    moment: datetime

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.moment
        return session


class _Appended(IncrementalPdfFileWriter):
    """An update that leaves the document's own dates alone, under an identifier that is given."""

    def name(self, identifier: bytes) -> None:
        """Tell this version of the document apart from the one before it."""
        self._document_id = ArrayObject([self._document_id[0], ByteStringObject(identifier)])

    def _update_meta(self) -> None:
        """Keep the metadata as they are: they speak of the content, and are marked for archives."""


def key(file: Path, passphrase: str) -> SimpleSigner:
    """Return the signer whose key and certificate lie in a PKCS #12 file.

    :raises NoKey: there is no such file, or the passphrase does not open it.
    """
    if not file.is_file():
        raise NoKey(f"there is no signing key at {file}")
    secret = passphrase.encode() if passphrase else None
    found = SimpleSigner.load_pkcs12(str(file), passphrase=secret)
    if found is None or found.signing_cert is None:
        raise NoKey(f"{file} is no PKCS #12 file that this passphrase opens")
    return found


def fingerprint(signer: SimpleSigner) -> str:
    """Return the SHA-256 of a signer's certificate, in hex: by that others know the key."""
    return sha256(signer.signing_cert.dump()).hexdigest()


def sealed(pdf: bytes, signer: SimpleSigner, *, at: datetime) -> bytes:
    """Return a PDF signed at a moment; nothing may be changed in it afterwards."""
    writer = _Appended(io.BytesIO(pdf))
    writer.name(sha256(pdf + at.isoformat().encode()).digest()[:16])
    wanted = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    hand = _At(wanted, signer)
    hand.moment = at
    return hand.sign_pdf(writer).getvalue()
