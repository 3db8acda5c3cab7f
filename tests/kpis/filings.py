"""Filed returns as scoring reads them, written straight into the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import connection, transaction

from accounts.selectors import system_user
from kpis.models import Return, Value
from ledger import services as ledger
from members import events
from members import services as members
from members.models import Member
from rulebooks.models import Edition
from rulebooks.rules import facts
from targets.models import Period
from tests.factories import LONG_AGO, make_organisation, moment

GOOD = {
    "fees-repaid": ("30", "40"),
    "policy": "written and public",
    "days-to-repay": 20,
    "papers-kept": "no",
    "open-claims": 1,
}  # 0.5 × 75 + 0.2 × 100 + 0.3 × 100 = 87.5
WEAK = GOOD | {"fees-repaid": ("1", "3"), "policy": "none", "days-to-repay": 300}  # 16.66… → 16.7


def period_of(edition: Edition, code: str = "2024") -> Period:
    """Return the row of a period of the edition's calendar."""
    rules = edition.document.period(code)
    days = ("about_from", "about_until", "opens_on", "due_on", "late_until")
    fields = {day: getattr(rules, day) for day in days} | {"name": rules.name, "edition": edition}
    return Period.objects.get_or_create(code=code, defaults=fields)[0]


def file_return(
    member: Member, period: Period, answers: Mapping = GOOD, *, version: int = 1
) -> Return:
    """File one version of a return.

    An answer is a number, a label, two numbers as text, an amount with its currency, counts by
    severity, or None for not known.
    """
    return file_returns([member], period, [answers], version=version)[0]


def file_returns(
    filers: Sequence[Member], period: Period, answers: Sequence[Mapping], *, version: int = 1
) -> list[Return]:
    at, by = moment(period.due_on), system_user()
    acts = {
        f"{act}_{what}": value
        for act in ("submitted", "filed")
        for what, value in (("at", at), ("by", by))
    }
    returns = Return.objects.bulk_create(
        Return(
            member=member,
            period=period,
            edition=period.edition,
            version=version,
            status="filed",
            saved_at=at,
            saved_by=by,
            **acts,
        )
        for member in filers
    )
    Value.objects.bulk_create(
        Value(member=filed.member, of_return=filed, kpi=kpi, **fields(answer))
        for filed, given in zip(returns, answers, strict=True)
        for kpi, answer in given.items()
    )
    return returns


def fields(answer: object) -> dict:
    """Return the columns of an answer."""
    match answer:
        case None:
            return {"state": "unknown"}
        case dict():
            return {"state": "answered", "counts": answer}
        case (int() as amount, str() as currency):
            return {"state": "answered", "number": Decimal(amount), "labels": [currency]}
        case (numerator, denominator):
            numbers = {"numerator": Decimal(numerator), "denominator": Decimal(denominator)}
            return {"state": "answered", **numbers}
        case str():
            return {"state": "answered", "labels": [answer]}
    return {"state": "answered", "number": Decimal(answer)}


@transaction.atomic
def many_members(
    count: int,
    *,
    first: int = 5001,
    member_class: str = "full",
    chamber: str = "companies",
    countries: Sequence[str] = ("DE",),
) -> list[Member]:
    """Make members by the thousand, without people, in countries by turns."""
    organisations = [
        make_organisation(f"Company {first + i}", country=countries[i % len(countries)])
        for i in range(count)
    ]
    made = Member.objects.bulk_create(
        Member(
            code=f"M{first + i:04d}",
            organisation=organisation,
            member_class=member_class,
            chamber=chamber,
            admitted_on=LONG_AGO,
        )
        for i, organisation in enumerate(organisations)
    )
    event = events.LettersReleased(count=count)  # any act will do
    entry = ledger.record(event, subject=made[0], actor=system_user(), on=LONG_AGO)
    what = facts.MemberAdmitted(member_class=member_class, chamber=chamber)
    members.state_many([members.Statement(m, what, LONG_AGO) for m in made], entry=entry)
    return made


def tamper(sql: str) -> None:
    """Change rows behind the triggers, as only the owner of the database can."""
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("set session_replication_role = default")
