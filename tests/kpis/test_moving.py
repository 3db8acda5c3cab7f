"""Open returns move to the edition that governs their period: proposed, reviewed, told."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.rules import Role
from kpis import services
from kpis.models import Evidence, Move, MovedReturn, Return, Value
from kpis.rules.moving import plan
from ledger.models import Entry
from members.models import Letter
from rulebooks.models import Edition as Row
from rulebooks.rules.edition import Edition
from targets.models import Period
from tests.conftest import everybody
from tests.factories import REPLACES_LAMPS, make_edition, make_user
from tests.kpis.drafts import draft, filed, submitted
from tests.kpis.open_period import lamps_open_on

TODAY = timezone.localdate()
OLD = lamps_open_on(TODAY)
KPIS = "was: [fees-repaid, policy, days-to-repay, papers-kept, open-claims]"
FEES = "  - code: fees-repaid\n"


def newer() -> str:
    """An edition that renames one KPI, measures another anew, drops one and asks a new one."""
    text = OLD.replace("code: lamps-2024", "code: lamps-2025", 1)
    text = text.replace("in_force_from: 2023-01-01", "in_force_from: 2024-01-01", 1)
    declared = REPLACES_LAMPS.replace(
        f"    {KPIS}\n",
        "    was: [fees-repaid, papers-kept, policy]\n"
        "    is: [fees-returned, papers-kept, policy]\n",
    )
    declared += """  - {as: changed, what: kpi, was: [days-to-repay], clause: "10"}
  - {as: ended, what: kpi, was: [open-claims], clause: "10"}
  - {as: new, what: kpi, is: [sites], clause: "10"}
"""
    text = text.replace("replaces: null\n", declared, 1)
    text = text.replace("max: 3650", "max: 9000", 1).replace("fees-repaid", "fees-returned")
    text = text.replace("was: [fees-returned, papers", "was: [fees-repaid, papers", 1)
    start = text.index("  - code: open-claims\n")
    end = text.index("\ntargets:")
    site = """  - code: sites
    title: Sites
    unit: sites
    scale: {kind: number, min: 0, max: 100, decimals: 0}
    direction: none
    missing: leave_out
    confidentiality: public
    evidence: none
    clause: "5.6"
"""
    return text[:start] + site + text[end:]


NEW = newer()


def test_what_becomes_of_each_kpi():
    of = plan([Edition.load(OLD), Edition.load(NEW)])

    assert of.kept == {
        "fees-repaid": "fees-returned", "policy": "policy", "papers-kept": "papers-kept",
    }  # fmt: skip
    assert (of.anew, of.lost) == (("days-to-repay",), ("open-claims",))
    assert of.gained == ("days-to-repay", "sites")


@pytest.fixture
def edition(people):
    return make_edition(OLD, by=people.sam)


@pytest.fixture
def superseded(member, people, work_due):
    """Ada's draft was begun under the old edition; the new one governs its period now."""
    work_due()
    begun = draft(member, people, TODAY)
    make_edition(NEW, by=people.sam)
    work_due()
    assert Period.objects.get(code="2025").edition.code == "lamps-2025"
    return begun


def propose(people, before="lamps-2024"):
    return services.propose_move(
        period_id=Period.objects.get(code="2025").pk,
        before_id=Row.objects.get(code=before).pk,
        by=people.sam,
        on=TODAY,
    )


@pytest.mark.django_db
def test_answers_to_what_is_the_same_go_on_and_the_others_are_set_aside(superseded, people):
    move = propose(people)
    assert propose(people) == move
    superseded.refresh_from_db()
    assert superseded.edition.code == "lamps-2024"

    services.carry_out_move(move_id=move.pk, by=people.lou, on=TODAY)

    superseded.refresh_from_db()
    assert (superseded.edition.code, superseded.status) == ("lamps-2025", "draft")
    values = Value.objects.filter(of_return=superseded)
    assert set(values.values_list("kpi", flat=True)) == {"fees-returned", "policy", "papers-kept"}
    assert Evidence.objects.get().kpi == "fees-returned"
    dropped = MovedReturn.objects.get().dropped
    assert set(dropped) == {"days-to-repay", "open-claims"}
    assert dropped["days-to-repay"]["number"].startswith("20")
    letter = Letter.objects.filter(template="return-moved").first()
    assert "Days from finding a fee to paying it back" in letter.body
    assert "- Sites" in letter.body
    entry = Entry.objects.get(event="kpis.move.carried_out")
    assert (entry.data["returns"], entry.data["dropped"]) == (1, 2)


@pytest.mark.django_db
def test_a_second_person_reviews_and_nothing_is_moved_twice(superseded, people):
    move = propose(people)
    with pytest.raises(services.CannotMove, match="you proposed it"):
        services.carry_out_move(move_id=move.pk, by=people.sam, on=TODAY)
    for who in (people.ada, people.cam, people.bea):
        with pytest.raises(PermissionDenied):
            services.carry_out_move(move_id=move.pk, by=who, on=TODAY)
    with pytest.raises(PermissionDenied):
        services.propose_move(
            period_id=move.period_id, before_id=move.before_id, by=people.lou, on=TODAY
        )
    assert Return.objects.get(pk=superseded.pk).edition.code == "lamps-2024"

    services.carry_out_move(move_id=move.pk, by=people.lou, on=TODAY)
    with pytest.raises(services.CannotMove, match="was carried out"):
        services.carry_out_move(move_id=move.pk, by=people.lou, on=TODAY)
    with pytest.raises(services.CannotMove, match="no open return"):
        propose(people)
    with pytest.raises(services.CannotMove, match="governs"):
        propose(people, before="lamps-2025")


@pytest.mark.django_db
def test_what_waits_for_its_signatory_is_a_draft_again_and_what_is_filed_stays(
    member, people, work_due
):
    work_due()
    waiting = submitted(member, people, TODAY)
    make_edition(NEW, by=people.sam)
    work_due()
    services.carry_out_move(move_id=propose(people).pk, by=people.lou, on=TODAY)

    waiting.refresh_from_db()
    assert (waiting.status, waiting.submitted_at) == ("draft", None)
    assert "look at the answers again" in waiting.sent_back.get().reason


@pytest.mark.django_db
def test_a_filed_return_keeps_its_edition(member, people, work_due):
    work_due()
    done = filed(member, people, TODAY)
    make_edition(NEW, by=people.sam)
    work_due()

    with pytest.raises(services.CannotMove, match="no open return"):
        propose(people)
    done.refresh_from_db()
    assert done.edition.code == "lamps-2024"


@pytest.mark.django_db
def test_the_pages_are_for_those_who_adopt_and_review(client, superseded, people):
    sue = make_user("Sue", Role.SECRETARIAT)
    move = reverse("kpis:move", args=["2025", "lamps-2024"])
    for who, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        for url in (reverse("kpis:moving"), move):
            status = client.get(url).status_code
            may = who in {"sam", "lou"}
            assert (who, status) == (who, 200 if may else 403 if user else 302)

    client.force_login(people.sam)
    page = client.get(move).content.decode()
    assert "Days from finding a fee to paying it back" in page
    assert "Claims of workers before a court" not in page.partition("What each member")[2]
    assert b"proposed" in client.post(f"{move}propose/", follow=True).content
    carry = reverse("kpis:carry-out-move", args=[Move.objects.get().pk])
    assert "you proposed it" in client.post(carry, follow=True).content.decode()
    client.force_login(people.ada)
    assert client.post(carry).status_code == 403
    client.force_login(sue)
    assert b"Move them" in client.get(move).content
    assert "The returns were moved" in client.post(carry, follow=True).content.decode()
