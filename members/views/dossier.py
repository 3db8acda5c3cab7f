"""What an applicant sent, as those read it who check it or decide on it."""

from __future__ import annotations

from members import selectors
from members.forms import READERS
from members.models import Application


def dossier(application: Application, *, reader: str = "staff") -> dict:
    """Return answers, contacts, sites, group and documents, as the page shows them.

    The ``body`` reads nothing that the edition keeps for the staff.
    """
    admission, typed = application.admission, application.content
    if admission is None:
        return {}
    readers = set(READERS) if reader == "staff" else {"staff_and_body"}
    answers, contacts = typed.get("answers", {}), typed.get("contacts", {})
    asked = {d.code: d for d in admission.documents}
    documents = [(asked.get(d.asked), d) for d in selectors.documents_of(application)]
    return {
        "answers": [
            (q, answers.get(q.code, ""), READERS[q.seen_by])
            for q in admission.questions
            if q.seen_by in readers
        ],
        "contacts": [
            (c, contacts[c.code])
            for c in admission.contacts
            if contacts.get(c.code, {}).get("name")
        ],
        "number": typed.get("number", ""),
        "sectors": selectors.sectors_applied_for(application),
        "sites": typed.get("sites", []),
        "group": typed.get("group", ""),
        "documents": [
            (part, document)
            for part, document in documents
            if part is None or part.seen_by in readers
        ],
    }
