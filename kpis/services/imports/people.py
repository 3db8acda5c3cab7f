"""Whom the rows of an import are about: members found by name, and those that are new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kpis.rules.mapping import MAX_FAULTS, Mapped, Mapper, Newcomer, Refused
from kpis.rules.profiles import Created, Facts, MemberIn
from kpis.rules.stating import normal
from kpis.rules.tables import Fault
from ledger.models import Entry
from members import services as members
from members.models import Member, Organisation
from members.rules import Source
from members.selectors import next_code
from rulebooks import selectors as rulebooks
from rulebooks.rules import facts
from rulebooks.rules.edition import Edition

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
        self._require_classes(spec, on)
        organisations = self._organisations(spec)
        first = int(next_code()[1:])
        self.created = [
            Member(
                code=f"M{first + place:04d}",
                organisation=organisation,
                member_class=new.newcomer.member_class,
                chamber=new.newcomer.chamber,
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
                identifier=new.name if field == "identifier" else new.newcomer.identifier,
            )
            for name, new in self.new.items()
        ]
        self._require_identifiers()
        fresh = [organisation for organisation in made if organisation.pk is None]
        Organisation.objects.bulk_create(fresh, batch_size=BATCH)
        return made

    def _require_classes(self, spec: Created, on: date) -> None:
        """:raises Refused: admitted members need classes and chambers of the edition."""
        edition = rulebooks.current_document(on)
        if not spec.admitted or edition is None:
            return
        column = getattr(spec.member_class, "column", None)
        faults: dict[str, Fault] = {}
        for new in self.new.values():
            wrong = _wrong_class(edition, new.newcomer)
            if wrong is not None and wrong not in faults:
                faults[wrong] = Fault(wrong, new.row if column else None, column)
        _refuse(faults.values())

    def _require_identifiers(self) -> None:
        """:raises Refused: a new member bears the identifier of another organisation."""
        named: dict[str, _New] = {}
        faults = []
        column = getattr(self.spec.unknown, "identifier", None)
        for new in self.new.values():
            identifier = new.newcomer.identifier
            if identifier and (first := named.setdefault(identifier, new)) is not new:
                message = f"{identifier!r} stands for {first.name!r} too, in row {first.row}"
                faults.append(Fault(message, new.row, column))
        known = Organisation.objects.filter(identifier__in=named).values_list("name", "identifier")
        others = {i: name for name, i in known if normal(name) != normal(named[i].name)}
        for identifier, name in sorted(others.items()):
            message = f"{identifier!r} is the identifier of {name!r} already"
            faults.append(Fault(message, named[identifier].row, column))
        _refuse(faults)

    def ids(self) -> Mapping[str, int]:
        """Return the member that each name in the file means."""
        made = zip(self.new, self.created, strict=False)
        return self.met | {name: member.pk for name, member in made}

    def state_admissions(self, entry: Entry) -> None:
        """State, as imported, that those who are new were admitted, if the profile says so.

        They are derived with what else the file states of them.
        """
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
        members.state_many(statements, entry=entry, source=Source.IMPORTED, deriving=False)


def _refuse(faults: Iterable[Fault]) -> None:
    """:raises Refused: there are faults; the first hundred are told."""
    if found := list(faults)[:MAX_FAULTS]:
        raise Refused(found)


def _wrong_class(edition: Edition, newcomer: Newcomer) -> str | None:
    """Return what is wrong with the class or chamber of a member, None if nothing is."""
    classes = {c.code: c for c in edition.classes}
    if newcomer.member_class not in classes:
        allowed = ", ".join(classes)
        return f"edition {edition.code} has no class {newcomer.member_class}; allowed: {allowed}"
    chambers = classes[newcomer.member_class].chambers
    if newcomer.chamber not in chambers:
        allowed = ", ".join(chambers)
        return f"class {newcomer.member_class} is open to {allowed}, not to {newcomer.chamber}"
    return None
