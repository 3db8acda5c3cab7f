"""Sites on pages and by services: added, answered, left out; signed and sealed with the return."""

import json
from fractions import Fraction as F

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from kpis import selectors, services
from kpis.models import Return, SiteValue
from kpis.rules.reading import Typed
from kpis.rules.scoring import Card
from kpis.services import NoSuchSite, NotNow, TooManySites
from ledger.models import Entry
from members.models import Site
from rulebooks.rules.answers import State
from tests.conftest import everybody
from tests.factories import make_edition
from tests.kpis.drafts import draft, submitted
from tests.kpis.site_editions import sites_open_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def edition(people, today):
    return make_edition(sites_open_on(today), by=people.sam)


@pytest.fixture
def begun(member, people, today, work_due, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    work_due()
    return draft(member, people, today)


def add(begun, people, today, code="plant-1", **more):
    return services.add_site(return_id=begun.pk, code=code, by=people.ada, on=today, **more)


TYPED = {
    "site-fees": Typed(numerator="30", denominator="40"),
    "site-hours": Typed(number="46"),
    "site-doors": Typed(labels=("yes",)),
}


def answered(begun, people, today, typed=TYPED, code="plant-1"):
    said = {code: typed}
    found = services.answer_sites(return_id=begun.pk, typed=said, by=people.ada, on=today)
    return found.get(code, {})


def test_a_site_that_is_added_is_silent_until_it_is_answered_for(begun, people, today):
    site = add(begun, people, today, name="Mold shop", country="Kenya")
    assert (site.name, add(begun, people, today).pk) == ("Mold shop", site.pk)
    assert set(begun.site_values.values_list("state", flat=True)) == {"missing"}
    assert Entry.objects.get(event="kpis.site.added").data["site"] == site.pk

    assert answered(begun, people, today) == {}

    (one,) = selectors.answers_of(begun)["site-fees"].read_with.sites
    assert (one.site, one.answer.numerator, one.answer.state) == ("plant-1", 30, State.ANSWERED)


def test_what_cannot_be_read_is_said_and_leaves_the_saved_answer(begun, people, today):
    add(begun, people, today)
    answered(begun, people, today)
    saved = Return.objects.get(pk=begun.pk).saved_at

    found = answered(begun, people, today, {**TYPED, "site-hours": Typed(number="200")})

    assert "0 to 168" in found["site-hours"].problems["number"]
    assert SiteValue.objects.get(kpi="site-hours").number == 46
    assert Return.objects.get(pk=begun.pk).saved_at == saved


def test_there_are_no_more_sites_than_the_rules_allow(begun, people, today):
    for number in range(5):
        add(begun, people, today, f"plant-{number}")

    with pytest.raises(TooManySites, match=r"at most 5 sites \(clause 5.7\)"):
        add(begun, people, today, "plant-9")
    services.leave_site_out(return_id=begun.pk, site="plant-0", by=people.ada, on=today)
    add(begun, people, today, "plant-9")

    assert Site.objects.filter(member=begun.member).count() == 6
    with pytest.raises(NoSuchSite, match="holds no site 'plant-0'"):
        answered(begun, people, today, code="plant-0")


def test_only_who_fills_in_changes_sites_and_only_in_a_draft(begun, people, today):
    add(begun, people, today)
    for who in (people.sid, people.sam, people.ann):
        with pytest.raises(PermissionDenied):
            services.add_site(return_id=begun.pk, code="x", by=who, on=today)
    with pytest.raises(Return.DoesNotExist):
        services.add_site(return_id=begun.pk, code="x", by=people.eve, on=today)
    sent = submitted(begun.member, people, today)

    with pytest.raises(NotNow, match="was submitted on"):
        answered(sent, people, today)


def visit(user, url, data=None):
    client = Client()
    if user:
        client.force_login(user)
    return client.post(url, data) if data is not None else client.get(url)


def test_the_sites_are_read_by_whoever_reads_the_return(begun, people, today):
    add(begun, people, today)
    url = f"/returns/{begun.pk}/sites/"
    seen = {who: visit(user, url).status_code for who, user in everybody(people).items()}

    reading = {"sam", "cam", "lou", "ada", "sid", "avi", "ann"}
    assert {who for who, status in seen.items() if status == 200} == reading
    assert seen["nobody"] == 302
    assert {s for who, s in seen.items() if who not in {*reading, "nobody"}} == {404}
    assert "Add a site" in visit(people.ada, url).content.decode()
    assert "Add a site" not in visit(people.sid, url).content.decode()


def test_a_site_is_added_and_answered_on_pages_and_nothing_typed_is_lost(begun, people, today):
    url = f"/returns/{begun.pk}/sites/"
    assert visit(people.ada, url, {"code": "two words"}).status_code == 200
    assert not Site.objects.exists()
    one = visit(people.ada, url, {"code": "plant-1", "name": "Mold shop"})
    assert one.url == f"{url}plant-1/"
    typed = {
        "site-fees-numerator": "30", "site-fees-denominator": "40", "site-fees-instead": "",
        "site-hours-number": "200", "site-hours-instead": "", "site-doors-labels": "=yes",
    }  # fmt: skip

    wrong = visit(people.ada, one.url, typed).content.decode()

    assert 'value="200"' in wrong
    assert "0 to 168" in wrong
    assert SiteValue.objects.get(kpi="site-fees").numerator == 30
    assert visit(people.ada, one.url, typed | {"site-hours-number": "46"}).status_code == 302
    table = visit(people.ada, url).content.decode()
    assert "Mold shop" in table
    assert "the parts of 1 site" in table


@pytest.mark.parametrize("code", ["nowhere", "x" * 200, "منجم"])
def test_a_site_that_is_not_there_is_not_found(begun, people, code):
    for path in ("", "leave-out/"):
        data = {} if path else None
        assert (
            visit(people.ada, f"/returns/{begun.pk}/sites/{code}/{path}", data).status_code == 404
        )


def test_what_does_not_apply_to_a_site_needs_no_reason_of_its_own(begun, people, today):
    add(begun, people, today)
    typed = {"site-hours-number": "", "site-hours-instead": "not_applicable"}
    visit(people.ada, f"/returns/{begun.pk}/sites/plant-1/", typed)

    assert SiteValue.objects.get(kpi="site-hours").state == "not_applicable"


SITE_URL = "/returns/{}/sites/"
TYPED_ON_PAGES = {
    "site-fees-numerator": "30", "site-fees-denominator": "40", "site-fees-instead": "",
    "site-hours-number": "46", "site-hours-instead": "", "site-doors-labels": "=yes",
}  # fmt: skip


def test_a_return_whose_sites_answer_on_pages_is_signed_sealed_and_scored(
    begun, people, today, work_due
):
    with pytest.raises(services.Incomplete) as refused:
        services.submit(return_id=begun.pk, by=people.ada, on=today)
    assert set(refused.value.missing) == {"site-fees", "site-hours", "site-doors"}
    assert "Name the sites" in refused.value.missing["site-fees"]
    page = visit(people.ada, f"/returns/{begun.pk}/edit/").content.decode()
    assert 'still need something: <a href="#kpi-site-fees">' in page
    for code in ("plant-1", "plant-2"):
        one = visit(people.ada, SITE_URL.format(begun.pk), {"code": code})
        typed = TYPED_ON_PAGES | ({"site-hours-number": "40"} if code == "plant-2" else {})
        assert visit(people.ada, one.url, typed).status_code == 302

    services.submit(return_id=begun.pk, by=people.ada, on=today)
    signed = services.sign_off(return_id=begun.pk, by=people.sid, on=today)

    page = visit(people.ada, f"/returns/{begun.pk}/").content.decode()
    assert "60 of 80" in page
    assert "The parts of 2 sites, added." in page
    assert "not answered" not in page
    sealed = Entry.objects.get(event="kpis.return.filed").data["content"]
    assert sealed == selectors.content_digest(signed)
    held = json.loads(selectors.content_of(signed))["sites"]
    assert [one[:2] for one in held if one[1] == "site-hours"] == [
        ["plant-1", "site-hours"], ["plant-2", "site-hours"],
    ]  # fmt: skip
    run = services.start_run(period=begun.period, by=people.sam, on=today)
    services.work_open_shards(run_id=run.pk, by=people.sam, on=today)
    card = Card.read(run.cards.get(member=begun.member).card)
    nodes = ("site-fees-node", "site-hours-node", "site-doors-node")
    assert [card.line(node).exact for node in nodes] == [F(75), F(43), F(1)]


def test_a_member_without_sites_says_on_the_page_that_it_does_not_apply(begun, people, today):
    url = f"/returns/{begun.pk}/edit/"
    page = visit(people.ada, url).content.decode()
    assert 'name="site-hours-instead"' in page
    assert 'name="site-hours-number"' not in page
    said = {kpi: Typed(instead="not_applicable", note="no site") for kpi in TYPED}
    services.save_draft(return_id=begun.pk, typed=said, by=people.ada, on=today)

    assert not selectors.still_missing(begun)
    add(begun, people, today)
    assert 'name="site-hours-instead"' not in visit(people.ada, url).content.decode()


def test_an_edition_that_asks_no_site_has_no_such_page(member, people, today):
    assert Client().get("/returns/1/sites/").status_code == 302
