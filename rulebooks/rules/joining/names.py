"""Names of organisations made alike, so that two spellings of one are found."""

from __future__ import annotations

import re
import unicodedata

# Legal forms as they stand at the end of a name, dots and spaces taken out.
LEGAL_FORMS = frozenset(re.findall(
    r"\w+",
    """
    ab ag aps as bhd bv co company corp corporation cv eg ek ev gbr gmbh gmbhcokg inc incorporated
    kft kg kk limited llc llp lp ltd ltda mbh nv ohg oy oyj plc pte pty public pvt sa sas
    sarl sasu sc se sdn sl slu spa spzoo srl sro stiftung ug vzw
    """,
))  # fmt: skip
NOT_WORDS = re.compile(r"[^\w]+|_")
JOINS = frozenset({"and", "und", "et", "y", "e", "the"})
# Letters that no decomposition takes apart.
LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


def normalised(name: str) -> str:
    """Return a name without case, accents, punctuation and legal form: ``Müller & Söhne GmbH`` as
    ``muller sohne``.

    A name that is nothing but a legal form or signs stays as its plain lower case, so that no two
    such names become one.
    """
    dotless = name.casefold().translate(LETTERS).replace(".", "").replace("'", "")
    taken_apart = unicodedata.normalize("NFKD", dotless)
    plain = "".join(sign for sign in taken_apart if not unicodedata.combining(sign))
    words = [word for word in NOT_WORDS.split(plain) if word]
    kept = [word for word in words if word not in JOINS]
    while kept and kept[-1] in LEGAL_FORMS:
        kept.pop()
    return " ".join(kept or words) or " ".join(name.casefold().split())
