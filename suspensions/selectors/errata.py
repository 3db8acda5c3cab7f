"""What rested on a mistake in an edition, to be looked at again one by one."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import User
from governance.models import Decision
from kpis.models import Scorecard
from members.models import Signature
from rulebooks.models import Erratum
from rulebooks.rules.erratum import Rests
from suspensions.models import Breach, Case


@dataclass(frozen=True, slots=True)
class Touched:
    """The acts under an edition that a field of it may have decided, as one may read them."""

    signatures: QuerySet[Signature]
    scorecards: QuerySet[Scorecard]
    breaches: QuerySet[Breach]
    cases: QuerySet[Case]
    decisions: QuerySet[Decision]

    def counts(self) -> dict[str, int]:
        """Return how many there are of each kind."""
        return {rests.value: getattr(self, rests.value).count() for rests in Rests}


def touched(erratum: Erratum, *, user: User | AnonymousUser) -> Touched:
    """Return what rests on the field that an erratum is about, under that edition alone.

    Nothing is changed by it: each score and decision stands until somebody reviews it.
    """
    edition, rests = erratum.edition, erratum.rests
    cases = Case.objects.visible_to(user).filter(edition=edition)
    breaches = Breach.objects.visible_to(user).filter(edition=edition)
    if code := _rule_named(erratum):
        breaches = breaches.filter(key__startswith=f"{code}:")
        cases = cases.filter(breaches__in=breaches).distinct()
    decisions = Decision.objects.visible_to(user).filter(matter__in=cases.values("code"))
    rows = {
        Rests.SIGNATURES: Signature.objects.visible_to(user).filter(edition=edition),
        Rests.SCORECARDS: Scorecard.objects.visible_to(user).filter(edition=edition),
        Rests.BREACHES: breaches,
        Rests.CASES: cases,
        Rests.DECISIONS: decisions,
    }
    found = {r.value: rows[r].order_by("pk") if r in rests else rows[r].none() for r in Rests}
    return Touched(**found)


def _rule_named(erratum: Erratum) -> str | None:
    """Return the breach rule that the field belongs to, None when it is of no single rule."""
    if not erratum.path.startswith("breaches["):
        return None
    index = int(erratum.path[len("breaches[") : erratum.path.index("]")])
    return erratum.edition.document.breaches[index].code
