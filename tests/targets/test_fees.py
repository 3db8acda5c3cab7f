from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from ledger.models import Entry
from members import services as members
from members.models import Fact, Span
from rulebooks.rules import facts
from rulebooks.rules.reading import invoiced_year
from targets import selectors, services
from targets.models import Invoice, Payment
from targets.rules import say_day
from targets.selectors.things import owed_things
from tests.factories import make_edition, make_member, state
from tests.members.belonging import EDITION

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def edition(people):
    return make_edition(EDITION, by=people.sam)


@pytest.fixture
def payers(edition, people, today):
    """Two large members of one group, a small one, and one whose band is not known."""
    made = [make_member(f"Payer {n}") for n in range(4)]
    for member, size in zip(made, ("large", "large", "small"), strict=False):
        state(member, facts.MemberDescribed(size=size), date(2024, 1, 1))
    for member in made[:2]:
        members.join_group(
            organisation=member.organisation,
            group="Bright Holding",
            source="Register",
            from_on=today,
            by=people.sam,
            on=today,
        )
    return made


def invoice(people, today, year=2026):
    return services.invoice_year(obligation="fees", year=year, by=people.sam, on=today)


def pay(one, people, today, amount=None, reference="R-1"):
    return services.record_payment(
        invoice_id=one.pk,
        amount=one.amount if amount is None else D(amount),
        paid_on=today,
        reference=reference,
        by=people.sam,
        on=today,
    )


def owed(one, day):
    found = Span.objects.in_force(day).filter(member=one.member, key=f"fees:{one.code}")
    return found.values_list("state", flat=True).first()


def test_amounts_follow_from_class_band_and_the_cap_of_the_group(payers, people, today):
    made = {one.member: one for one in invoice(people, today)}

    assert {m.name: one.amount for m, one in made.items()} == {
        "Payer 0": D(8000),
        "Payer 1": D(2000),
        "Payer 2": D("500.50"),
    }
    assert made[payers[0]].how.endswith("or more: 8000 EUR (clause 6.1)")
    assert "at most 10000 (clause 6.2)" in made[payers[1]].how


def test_all_are_invoiced_by_one_act_and_each_only_once(payers, people, today):
    invoice(people, today)

    entry = Entry.objects.get(event="targets.fees.invoiced")
    assert (entry.data["count"], entry.data["year"]) == (3, 2026)
    with pytest.raises(services.CannotInvoice, match="everybody"):
        invoice(people, today)
    state(payers[3], facts.MemberDescribed(size="small"), date(2024, 1, 1))
    assert [one.member for one in invoice(people, today)] == [payers[3]]


def test_a_member_without_an_amount_is_named_and_left_out(payers, people, today):
    lines = selectors.invoice_lines(selectors.fee_obligations(on=today)[0], 2026, on=today)

    left_out = [(line.member, line.how) for line in lines if line.row is None]
    assert left_out == [(payers[3], "no amount for Full member, size not known")]


def test_an_invoice_is_owed_overdue_missed_and_proposes_its_breach(payers, people, today):
    one = invoice(people, today)[0]

    due = today + timedelta(days=30)
    assert one.due_on == due
    assert owed(one, due) == "open"
    assert owed(one, due + timedelta(days=1)) == "overdue"
    missed = Span.objects.get(
        member=one.member, kind="obligation", state="missed", key=f"fees:{one.code}"
    )
    breach = Span.objects.get(member=one.member, key=f"fee-unpaid:{one.code}")
    assert (breach.state, breach.from_on) == ("proposed", missed.from_on)
    assert list(selectors.arrears(people.sam, on=due)) == []
    late = selectors.arrears(people.sam, on=due + timedelta(days=1))
    assert {(row.code, row.left) for row in late} >= {(one.code, one.amount)}


def test_the_record_tells_the_due_day_and_not_the_end_of_a_state(payers, people, today, client):
    one = invoice(people, today)[0]
    overdue = one.due_on + timedelta(days=3)
    client.force_login(people.sam)

    text = client.get(f"/members/{one.member.code}/?on={overdue}").content.decode()

    row = text[text.index("Overdue") :]
    assert f'datetime="{one.due_on}"' in row[: row.index("</tr>")]
    assert f"due on {one.due_on}" not in text  # days stand in words


def test_the_overview_tells_what_is_late_from_what_comes_next(edition, people, today, client):
    member = make_member("New one", admitted_on=today)
    state(member, facts.MemberDescribed(size="small"), today)
    one = invoice(people, today)[0]
    client.force_login(people.sam)

    before = client.get(f"/members/{member.code}/overview/?on={one.due_on}").content.decode()
    after = one.due_on + timedelta(days=3)
    late = client.get(f"/members/{member.code}/overview/?on={after}").content.decode()

    assert f"the next on {say_day(one.due_on)}" in before
    assert f"the oldest was due on {say_day(one.due_on)}" in late


def test_a_fee_is_paid_once_all_of_it_has_come_in(payers, people, today):
    one = next(one for one in invoice(people, today) if one.amount == 8000)

    pay(one, people, today, "3000", "R-1")
    assert (owed(one, today), selectors.left_to_pay(one)) == ("open", D(5000))
    pay(one, people, today, "5000", "R-2")

    one.refresh_from_db()
    assert (owed(one, today), one.settled_on) == ("met", today)
    assert Fact.objects.get(kind="fee.paid").key == one.code


@pytest.mark.parametrize(
    ("amount", "reference", "days", "says"),
    [
        pytest.param("0", "R", 0, "left to pay", id="nothing"),
        pytest.param("-5", "R", 0, "left to pay", id="less than nothing"),
        pytest.param("8000.01", "R", 0, "left to pay", id="too much"),
        pytest.param("1", " ", 0, "reference", id="no reference"),
        pytest.param("1", "R", 1, "the day lies", id="a day ahead"),
        pytest.param("1", "R", -1, "the day lies", id="before the invoice"),
    ],
)
def test_what_is_no_payment_is_refused(payers, people, today, amount, reference, days, says):
    one = next(one for one in invoice(people, today) if one.amount == 8000)

    with pytest.raises(services.NotAPayment, match=says):
        services.record_payment(
            invoice_id=one.pk,
            amount=D(amount),
            paid_on=today + timedelta(days=days),
            reference=reference,
            by=people.sam,
            on=today,
        )
    assert not Payment.objects.exists()


def test_a_payment_is_recorded_once_by_its_reference(payers, people, today):
    one = next(one for one in invoice(people, today) if one.amount == 8000)
    pay(one, people, today, "10")

    with pytest.raises(services.NotAPayment, match="each is recorded once"):
        pay(one, people, today, "10")


@pytest.mark.parametrize(
    ("obligation", "year", "says"),
    [("dues", 2026, "allowed: fees"), ("fees", 1, "a year lies in")],
)
def test_what_cannot_be_invoiced_says_what_can(payers, people, today, obligation, year, says):
    with pytest.raises(services.CannotInvoice, match=says):
        services.invoice_year(obligation=obligation, year=year, by=people.sam, on=today)
    assert not Invoice.objects.exists()


def test_only_the_secretariat_invoices_and_a_member_reads_its_own_invoices(payers, people, today):
    one = invoice(people, today)[0]
    with pytest.raises(PermissionDenied):
        services.invoice_year(obligation="fees", year=2027, by=people.cam, on=today)
    pay_as = {"amount": D(1), "paid_on": today, "reference": "R", "by": people.ada, "on": today}
    with pytest.raises(PermissionDenied):
        services.record_payment(invoice_id=one.pk, **pay_as)

    assert not selectors.invoices(people.eve).exists()
    assert selectors.invoices(people.sam, member=one.member).get().paid == 0


def as_(client, user, url, **data):
    client.force_login(user)
    return client.post(url, data) if data else client.get(url)


def test_a_year_is_shown_then_invoiced_on_the_page(client, payers, people):
    data = {"obligation": "fees", "year": "2026"}
    shown = as_(client, people.sam, "/fees/", **data).content.decode()
    assert "3 members would be invoiced" in shown
    assert "no amount for Full member, size not known" in shown
    assert not Invoice.objects.exists()

    assert as_(client, people.sam, "/fees/", confirm="yes", **data).status_code == 302

    assert Invoice.objects.count() == 3
    assert as_(client, people.cam, "/fees/").status_code == 403


@pytest.mark.parametrize("odd", ["", "-1", "9" * 30, "x", "\0", "1e9", "0"])
def test_an_odd_amount_is_refused_on_the_page(client, payers, people, today, odd):
    one = invoice(people, today)[0]
    url = f"/fees/{one.pk}/"

    page = as_(client, people.sam, url, amount=odd, paid_on=today.isoformat(), reference="R")

    assert page.status_code == 200
    assert not Payment.objects.exists()


def test_an_invoice_is_paid_on_its_page_and_read_by_its_member_alone(client, payers, people, today):
    one = invoice(people, today)[0]
    url = f"/fees/{one.pk}/"
    data = {"amount": str(one.amount), "paid_on": today.isoformat(), "reference": "R-1"}

    assert as_(client, people.sam, url, **data).status_code == 302

    one.refresh_from_db()
    assert one.settled_on == today
    assert as_(client, people.eve, url).status_code == 404
    assert "Paid" in as_(client, people.sam, f"/members/{one.member.code}/fees/").content.decode()


def test_an_invoice_is_called_by_its_fee_and_its_year(payers, people, today):
    [one, *_] = invoice(people, today)
    [duty] = [d for d in selectors.obligations(one.member, on=today) if d.what == "fee"]

    assert (duty.title, duty.about) == ("Pay the membership fee", f"Invoice for {one.year}")
    [thing] = owed_things([duty])
    assert thing.title == f"Pay the membership fee: Invoice for {one.year}"


@pytest.mark.parametrize(
    ("code", "year"),
    [
        ("fees-2026-M0001", "2026"),
        ("fees-2026", ""),
        ("fees-26-M0001", ""),
        ("dues-2026-M0001", ""),
        ("2026", ""),
    ],
)
def test_the_year_of_an_invoice_is_read_off_its_code(code, year):
    assert invoiced_year(code, "fees") == year


def test_programs_read_the_invoices_of_members_that_they_may_read(
    client, payers, people, member, today, django_assert_max_num_queries
):
    made = invoice(people, today)
    small = Invoice.objects.get(member=payers[2])
    pay(small, people, today, "200.50")
    url = f"/api/v1/invoices/{small.code}/"
    client.force_login(people.sam)
    rows = client.get("/api/v1/invoices/").json()["results"]

    assert len(rows) == len(made)
    told = client.get(url).json()
    assert (told["amount"], told["paid"], told["settled_on"]) == ("500.50", "200.50", None)
    assert (told["member"], told["year"], told["currency"]) == (payers[2].code, 2026, "EUR")
    for query, count in (
        ({"settled": "true"}, 0),
        ({"late": "true"}, 0),
        ({"late": "false"}, len(made)),
        ({"year": "2025"}, 0),
        ({"member": payers[2].code}, 1),
    ):
        assert len(client.get("/api/v1/invoices/", query).json()["results"]) == count, query
    small.due_on = today - timedelta(days=1)
    small.save(update_fields=["due_on"])
    late = client.get("/api/v1/invoices/", {"late": "true"}).json()["results"]
    assert [row["code"] for row in late] == [small.code]
    with django_assert_max_num_queries(4):
        client.get("/api/v1/invoices/")
    for who in ("ada", "eve", "bea", "noor", "pat"):
        client.force_login(getattr(people, who))
        assert client.get(url).status_code == 404
        assert client.get("/api/v1/invoices/").json()["results"] == []


def test_an_odd_filter_of_invoices_says_what_is_allowed(client, people, edition):
    client.force_login(people.sam)
    for query in ({"year": "NaN"}, {"year": "1e400"}, {"year": "x"}, {"year": "-1"}):
        answer = client.get("/api/v1/invoices/", query)
        assert (answer.status_code, list(answer.json())) == (400, ["year"]), query
