"""Whom the rows of an import are about: members found by name, and those that are new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kpis.rules.mapping import Mapped, Mapper, Newcomer, Refused, normal
from kpis.rules.profiles import Created, Facts, MemberIn
from kpis.rules.tables import Fault
from ledger.models import Entry
from members import services as members
from members.models import Member, Organisation
from members.rules import Source
from members.selectors import next_code
from rulebooks import selectors as rulebooks
from rulebooks.rules import facts

BATCH = 2_000
FIELDS = {"name": "organisation__name", "identifier": "organisation__identifier", "code": "code"}


@dataclass(frozen=True, slots=True)
class _New:
    name: str
    row: int
    newcomer: Newcomer


class People:
    """The members of an import. Everybody is looked up once, in memory."""

    def __init__(self, spec: MemberIn) -> None:
        self.spec = spec
        self.known: dict[str, list[int]] = {}
        self.met: dict[str, int] = {}
        self.new: dict[str, _New] = {}
        self.first_rows: dict[str, int] = {}
        self.created: list[Member] = []
        found = Member.objects.order_by("pk").values_list("pk", FIELDS[spec.by])
        for pk, name in found.iterator(BATCH):
            if name:
                self.known.setdefault(normal(name), []).append(pk)

    def meet(self, mapped: Mapped, mapper: Mapper) -> None:
        """Note whom a row is about; a fault of the row when that is nobody, or two."""
        name, row = normal(mapped.member), mapped.row
        self._listed_once(name, mapped, mapper)
        if name in self.met or name in self.new:
            return
        found = self.known.get(name, [])
        if len(found) == 1:
            self.met[name] = found[0]
        elif found:
            message = f"{len(found)} members are called {mapped.member!r}; use their identifiers"
            mapper.complain(message, row.number, self.spec.column)
        elif (newcomer := mapper.newcomer(row)) is not None:
            self.new[name] = _New(mapped.member, row.number, newcomer)
        elif self.spec.unknown == "refuse":
            message = f"{mapped.member!r} is no member; admit it first, or correct the name"
            mapper.complain(message, row.number, self.spec.column)

    def _listed_once(self, name: str, mapped: Mapped, mapper: Mapper) -> None:
        """A list of members names each once."""
        if isinstance(mapper.profile.into, Facts) and not mapper.profile.into.facts:
            first = self.first_rows.setdefault(name, mapped.row.number)
            if first != mapped.row.number:
                message = f"{mapped.member!r} stands twice, first in row {first}; keep one"
                mapper.complain(message, mapped.row.number, self.spec.column)

    def create(self, *, on: date) -> int:
        """Create organisations and members for all who are new, and return how many."""
        spec = self.spec.unknown
        if not self.new or not isinstance(spec, Created):
            return 0
        self._require_class(spec, on)
        organisations = self._organisations(spec)
        first = int(next_code()[1:])
        self.created = [
            Member(
                code=f"M{first + place:04d}",
                organisation=organisation,
                member_class=spec.member_class,
                chamber=spec.chamber,
                admitted_on=new.newcomer.admitted_on,
            )
            for place, (organisation, new) in enumerate(
                zip(organisations, self.new.values(), strict=True)
            )
        ]
        Member.objects.bulk_create(self.created, batch_size=BATCH)
        return len(self.created)

    def _organisations(self, spec: Created) -> list[Organisation]:
        """Return an organisation for each who is new: one already known, or a new one."""
        field = "identifier" if self.spec.by == "identifier" else "name"
        others = Organisation.objects.filter(member=None).order_by("-pk").iterator(BATCH)
        known = {normal(getattr(one, field)): one for one in others}
        made = [
            known.get(name)
            or Organisation(
                name=new.name,
                sort=spec.sort,
                country=new.newcomer.country,
                identifier=new.name if field == "identifier" else "",
            )
            for name, new in self.new.items()
        ]
        fresh = [organisation for organisation in made if organisation.pk is None]
        Organisation.objects.bulk_create(fresh, batch_size=BATCH)
        return made

    def _require_class(self, spec: Created, on: date) -> None:
        """:raises Refused: admitted members need a class and chamber of the edition."""
        edition = rulebooks.current_document(on)
        if not spec.admitted or edition is None:
            return
        classes = {c.code: c for c in edition.classes}
        if spec.member_class not in classes:
            allowed = ", ".join(classes)
            message = f"edition {edition.code} has no class {spec.member_class}; allowed: {allowed}"
            raise Refused([Fault(message)])
        chambers = classes[spec.member_class].chambers
        if spec.chamber not in chambers:
            allowed = ", ".join(chambers)
            message = f"class {spec.member_class} is open to {allowed}, not to {spec.chamber}"
            raise Refused([Fault(message)])

    def ids(self) -> Mapping[str, int]:
        """Return the member that each name in the file means."""
        made = zip(self.new, self.created, strict=False)
        return self.met | {name: member.pk for name, member in made}

    def state_admissions(self, entry: Entry) -> None:
        """State, as imported, that those who are new were admitted, if the profile says so."""
        if not isinstance(self.spec.unknown, Created) or not self.spec.unknown.admitted:
            return
        statements = [
            members.Statement(
                member=member,
                what=facts.MemberAdmitted(member.member_class, member.chamber),
                about_on=member.admitted_on,
                ref=f"admission:{member.code}",
            )
            for member in self.created
        ]
        members.state_many(statements, entry=entry, source=Source.IMPORTED)
