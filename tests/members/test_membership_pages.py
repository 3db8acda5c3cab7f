import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.rules import Permission
from governance import services as governance
from ledger.models import Due, Entry
from members import access, selectors, services
from members.models import (
    ClassRequest,
    Contact,
    EarlierName,
    Fact,
    Letter,
    Member,
    Organisation,
    Span,
    Succession,
)
from members.services import Person
from rulebooks.rules import facts
from tests.conftest import everybody
from tests.factories import make_edition, make_member, make_organisation, state
from tests.members.belonging import EDITION, with_rules
from tests.suspensions.builders import make_case

pytestmark = pytest.mark.django_db
STAFF, ACTING = {"sam", "cam", "lou"}, {"ada", "sid", "avi", "ann"}
ODD = ["x" * 20_001, "\0", "مرحبا\u202e", "2026-13-45"]


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def edition(people):
    return make_edition(EDITION, by=people.sam)


@pytest.fixture
def ask(client):
    def send(user, url, **data):
        client.logout()
        if user:
            client.force_login(user)
        return client.post(url, data) if data else client.get(url)

    return send


def change(member, act):
    return reverse("members:change", args=[member.code, act])


@pytest.mark.parametrize("page", ["membership", "contacts"])
def test_the_pages_are_for_staff_and_the_members_own_people(ask, member, people, page):
    url = reverse(f"members:{page}", args=[member.code])
    seen = {who: ask(user, url).status_code for who, user in everybody(people).items()}

    assert {who for who, status in seen.items() if status == 200} == STAFF | ACTING
    assert {s for who, s in seen.items() if who not in STAFF | ACTING} == {404, 302}


@pytest.mark.parametrize(
    ("act", "allowed"),
    [
        *((act, {"sam"}) for act in ("class", "rename", "merge", "split", "transfer")),
        *((act, {"sid"}) for act in ("ask-class", "notice", "revoke")),
    ],
)
def test_each_act_is_open_to_whom_it_is_for(ask, member, people, act, allowed):
    seen = {who: ask(u, change(member, act)).status_code for who, u in everybody(people).items()}

    assert {who for who, status in seen.items() if status == 200} == allowed
    assert {seen[who] for who in (STAFF | ACTING) - allowed} == {403}


def test_a_class_change_is_shown_before_it_is_confirmed(ask, member, people, today):
    data = {"place": "partner/unions", "from_on": today.isoformat()}

    shown = ask(people.sam, change(member, "class"), **data).content.decode()
    assert "Nothing has changed yet" in shown
    assert "Use the label" in shown
    assert not Fact.objects.filter(kind="member.class_changed").exists()

    done = ask(people.sam, change(member, "class"), confirm="yes", **data)
    assert done.status_code == 302
    page = ask(people.sam, done.url).content.decode()
    assert "Partner" in page
    assert "Trade unions" in page


@pytest.mark.parametrize("act", ["notice", "revoke", "class", "rename", "split", "merge"])
def test_what_would_be_refused_is_refused_before_it_is_shown(ask, member, people, today, act):
    if act == "notice":
        ask(people.sid, change(member, "notice"), confirm="yes")
    other = Member.objects.exclude(pk=member.pk).get()
    data = {
        "class": {"place": "full/companies", "from_on": today.isoformat()},
        "rename": {"name": member.name, "from_on": today.isoformat()},
        "split": {"other": member.code},
        "merge": {
            "other": other.code,
            **{"obligations": "end", "cases": "stay", "signatures": "stay"},
        },
    }.get(act, {"go": "1"})
    before = Entry.objects.count(), Fact.objects.count()

    user = people.sid if act in ("notice", "revoke") else people.sam
    answer = ask(user, change(member, act), **data)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "What it brings</h2>" not in page
    assert "What it brings from" not in page
    assert answer.context["form"].errors
    assert (Entry.objects.count(), Fact.objects.count()) == before


KEPT = (Entry, Due, Fact, Span, Letter, EarlierName, Succession, ClassRequest, Organisation, Member)


@pytest.mark.parametrize(
    "act", ["notice", "class", "ask-class", "rename", "merge", "split", "transfer"]
)
def test_a_preview_leaves_nothing_behind(
    ask, member, people, today, act, django_capture_on_commit_callbacks
):
    other = Member.objects.exclude(pk=member.pk).get()
    place = {"place": "partner/unions", "from_on": today.isoformat()}
    data = {
        "class": place,
        "ask-class": place | {"reason": "We became a union."},
        "rename": {"name": "Ada Light", "from_on": today.isoformat()},
        "merge": MERGER | {"other": other.code},
        "split": {"other": other.code},
        "transfer": {"to": make_organisation("Free Lamps").pk},
    }.get(act, {"go": "1"})
    before = [list(kept.objects.order_by("pk").values()) for kept in KEPT]

    with django_capture_on_commit_callbacks() as messages:
        user = people.sid if act in ("notice", "ask-class") else people.sam
        shown = ask(user, change(member, act), **data)

    assert shown.context["shown"], shown.context["form"].errors
    assert [list(kept.objects.order_by("pk").values()) for kept in KEPT] == before
    assert messages == []  # no worker is told to look
    assert shown.context["member"].name == "Ada & Co"


def test_a_rule_that_refuses_is_a_message_on_the_page(ask, member, people, today):
    data = {"place": "full/companies", "from_on": today.isoformat(), "confirm": "yes"}

    page = ask(people.sam, change(member, "class"), **data)

    assert page.status_code == 200
    assert "already" in page.content.decode()


def test_an_earlier_name_is_shown_and_found(ask, member, people, today):
    data = {"name": "Ada Light", "from_on": today.isoformat(), "confirm": "yes"}
    ask(people.sam, change(member, "rename"), **data)

    page = ask(people.sam, reverse("members:membership", args=[member.code])).content.decode()
    assert "until " in page
    assert "Ada &amp; Co" in page
    for words in ("Ada & Co", "ada light"):
        found = ask(people.sam, reverse("members:directory") + f"?q={words.replace('&', '%26')}")
        assert "Ada Light" in found.content.decode()


def test_a_merged_members_page_leads_on(ask, member, people, today):
    other = Member.objects.get(organisation__name="Other Lamps")
    data = {
        "other": other.code.lower(),
        "obligations": "end",
        "cases": "stay",
        "signatures": "stay",
        "history": "on",
        "reasons": "One company.",
    }
    shown = ask(people.sam, change(member, "merge"), **data).content.decode()
    assert "It loses" in shown
    ask(people.sam, change(member, "merge"), confirm="yes", **data)

    page = ask(people.eve, reverse("members:membership", args=[member.code])).content.decode()
    assert "Part of <a" in page
    assert other.code in page


MERGER = {
    "obligations": "end",
    "cases": "stay",
    "signatures": "stay",
    "history": "on",
    "reasons": "One company.",
}


def test_two_become_part_of_a_third_on_one_form(ask, member, people, today):
    other, third = Member.objects.get(organisation__name="Other Lamps"), make_member("Lux")
    data = MERGER | {"other": third.code, "also": f" {other.code.lower()} "}

    shown = ask(people.sam, change(member, "merge"), **data).content.decode()

    for name in ("Ada &amp; Co", "Other Lamps"):
        assert f"What becomes of what {name} holds" in shown
        assert f"{name}: it loses" in shown
    assert not Succession.objects.exists()
    done = ask(people.sam, change(member, "merge"), confirm="yes", **data)
    assert done.status_code == 302
    gone = Succession.objects.filter(successor=third, until_on=None)
    assert set(gone.values_list("member", flat=True)) == {member.pk, other.pk}


@pytest.mark.parametrize(
    ("also", "says"),
    [
        ("M9999", "No member has the code M9999"),
        ("M9999, M9998", "No member has the code M9999 or M9998;"),
        ("{member}", "No member has the code"),
        ("{third}", "does not become part of itself"),
        (",".join(f"M{n}" for n in range(9000, 9021)), "At most 20"),
        ("M\0", "Null characters"),
    ],
)
def test_who_else_is_merged_is_checked_at_its_field(ask, member, people, today, also, says):
    third = make_member("Lux")
    also = also.format(member=member.code, third=third.code)

    page = ask(people.sam, change(member, "merge"), **MERGER, other=third.code, also=also)

    assert says in page.content.decode()
    assert page.context["form"].errors["also"]


def test_where_a_body_decides_the_decision_on_each_is_looked_up(ask, people, today):
    by_rule = "{obligations: follow, cases: follow, signatures: follow, decided_by: board, "
    edition = with_rules(merger=by_rule + 'clause: "2.9"}')
    edition = edition.replace("code: lamps-2024", "code: lamps-again", 1)
    make_edition(edition, by=people.sam)
    first, second, third = (make_member(name) for name in ("First", "Second", "Third"))
    board = governance.create_body(code="board", name="The board", by=people.sam, on=today)
    data = {"other": third.code, "also": second.code, "history": "on"}
    data |= dict.fromkeys(("obligations", "cases", "signatures"), "follow")
    says = "Missing: fill it in", f"board decides on this for {second.code}"
    for decided, said in zip((first, second), says, strict=True):
        refused = ask(people.sam, change(first, "merge"), confirm="yes", **data)
        assert said in refused.content.decode()
        entry = governance.decide_on_membership(
            member=decided, body=board, matter="merger", outcome="agreed", reasons="Heard it.",
            by=people.pat, on=today,
        ).entry_id  # fmt: skip
        data.setdefault("decision", entry)

    assert ask(people.sam, change(first, "merge"), confirm="yes", **data).status_code == 302
    assert Succession.objects.filter(successor=third).count() == 2


def test_notice_is_previewed_given_and_taken_back(ask, member, people):
    shown = ask(people.sid, change(member, "notice"), go="1").content.decode()
    assert "It loses" in shown
    ask(people.sid, change(member, "notice"), confirm="yes")
    url = reverse("members:membership", args=[member.code])
    assert "The last day of membership is" in ask(people.sid, url).content.decode()

    ask(people.sid, change(member, "revoke"), confirm="yes")

    assert "The last day of membership is" not in ask(people.sid, url).content.decode()


def test_a_request_for_a_class_is_asked_and_declined(ask, member, people, today):
    data = {"place": "partner/unions", "from_on": today.isoformat(), "reason": "A union now."}
    ask(people.sid, change(member, "ask-class"), confirm="yes", **data)
    asked = ClassRequest.objects.get()

    ask(people.sam, reverse("members:decline-class", args=[asked.pk]), answer="Not yet.")

    page = ask(people.sid, reverse("members:membership", args=[member.code])).content.decode()
    assert "Not yet." in page


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("act", ["class", "rename", "merge", "split", "transfer"])
def test_odd_input_is_refused_on_the_page_and_nothing_is_written(ask, member, people, act, odd):
    stated = Fact.objects.count()
    fields = ("place", "from_on", "name", "other", "to", "obligations", "decision")

    page = ask(people.sam, change(member, act), confirm="yes", **dict.fromkeys(fields, odd))

    assert page.status_code == 200
    assert Fact.objects.count() == stated


@pytest.mark.parametrize("act", ["class", "ask-class"])
@pytest.mark.parametrize("day", ["9999-12-31", "2040-01-01", "0001-01-01", "2026-02-30"])
def test_a_day_out_of_reach_is_refused_before_anything_is_shown(ask, member, people, act, day):
    who = people.sam if act == "class" else people.sid
    given = {"place": "partner/unions", "from_on": day, "reason": "A union now."}

    page = ask(who, change(member, act), **given)

    assert page.status_code == 200
    assert "from_on" in page.context["form"].errors
    assert page.context["shown"] is None


def test_a_membership_is_transferred_on_the_page(ask, member, people):
    heir = make_organisation("Ada Holding")

    ask(people.sam, change(member, "transfer"), confirm="yes", to=heir.pk)

    member.refresh_from_db()
    assert member.organisation == heir


def test_no_such_change_is_not_found(ask, member, people):
    assert ask(people.sam, change(member, "dissolve")).status_code == 404


def test_a_group_is_recorded_and_ended_on_the_page(ask, member, people, today):
    url = reverse("members:membership", args=[member.code])
    data = {"group": "Bright Holding", "source": "Register", "from_on": today.isoformat()}
    ask(people.sam, url, **data)
    held = member.organisation.group_memberships.get()
    assert "Bright Holding" in ask(people.ada, url).content.decode()
    assert ask(people.ada, url, **data).status_code == 403

    ask(people.sam, reverse("members:leave-group", args=[held.pk]), go="1")

    held.refresh_from_db()
    assert held.until_on == today


def contact_of(member, people, today, role="main"):
    person = Person("Mia Main", "mia@lamps.example")
    return services.name_contact(member=member, role=role, person=person, by=people.ada, on=today)


def test_contacts_are_named_handed_over_and_erased_on_the_page(ask, member, people, today):
    url = reverse("members:contacts", args=[member.code])
    assert "No reachable main contact since" in ask(people.ada, url).content.decode()
    ask(people.ada, url, role="main", name="Mia", email="mia@lamps.example")
    contact = Contact.objects.get()

    page = reverse("members:contact", args=[contact.pk])
    ask(people.ada, page, name="Finn", email="finn@lamps.example", successor="yes")
    shown = ask(people.ada, url).content.decode()
    assert "Finn" in shown
    ask(people.ada, reverse("members:contact-act", args=[contact.pk, "erase"]), go="1")

    contact.refresh_from_db()
    assert contact.name == ""
    assert "Mia" not in ask(people.ada, url).content.decode()


def test_the_last_main_contact_is_not_ended_and_the_page_says_why(ask, member, people, today):
    contact = contact_of(member, people, today)

    url = reverse("members:contact-act", args=[contact.pk, "end"])
    ask(people.ada, url, go="1")

    contact.refresh_from_db()
    assert contact.until_on is None
    assert ask(people.eve, url, go="1").status_code == 404


def test_staff_see_whom_nobody_can_reach(ask, member, people, today):
    contact = contact_of(member, people, today - timedelta(days=2))
    ask(people.sam, reverse("members:contact-act", args=[contact.pk, "unreachable"]), go="1")

    page = ask(people.sam, reverse("members:unreachable"))

    assert member.code in page.content.decode()
    assert ask(people.ada, reverse("members:unreachable")).status_code == 403


def test_names_and_contacts_are_read_by_programs(client, member, people, today):
    contact_of(member, people, today)
    services.rename(member=member, name="Ada Light", from_on=today, by=people.sam, on=today)

    client.force_login(people.ada)
    names = client.get(f"/api/v1/members/{member.code}/names/").json()
    assert names == {
        "code": member.code,
        "name": "Ada Light",
        "earlier": [{"name": "Ada & Co", "until_on": today.isoformat()}],
        "part_of": None,
    }
    read = client.get(f"/api/v1/members/{member.code}/contacts/").json()
    assert [one["email"] for one in read] == ["mia@lamps.example"]
    client.force_login(people.eve)
    assert client.get(f"/api/v1/members/{member.code}/contacts/").status_code == 404


def test_a_request_for_a_class_is_shown_by_its_name_and_its_day_in_words(
    ask, member, people, today
):
    services.ask_for_class(
        member=member, member_class="partner", chamber="unions", from_on=today, reason="So.",
        by=people.sid, on=today,
    )  # fmt: skip
    shown = ask(people.sid, reverse("members:membership", args=[member.code])).content.decode()

    assert "Partner, Trade unions, from" in shown
    assert "partner, unions" not in shown


def test_a_name_from_before_says_its_last_day_as_pages_do(member, people):
    day = date(2026, 3, 9)
    services.rename(member=member, name="Ada Light", from_on=day, by=people.sam, on=day)

    assert str(member.organisation.earlier_names.get()) == "Ada & Co until 9 Mar 2026"


def rows(page: str) -> dict[str, list[str]]:
    """The rows of the table of a preview: cells by the head of the row."""
    found = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', page, re.S)
    return {head: re.findall(r"<td><bdi>(.*?)</bdi></td>", cells, re.S) for head, cells in found}


def test_a_transfer_shows_what_stays_and_what_is_the_organisations(ask, member, people, today):
    make_case(member, people, "opened")
    heir = make_organisation("Ada Holding")
    services.join_group(
        organisation=heir, group="Lumen", source="Report", from_on=today, by=people.sam, on=today
    )
    shown = rows(ask(people.sam, change(member, "transfer"), to=heir.pk).content.decode())

    assert shown["Organisation"] == ["Ada &amp; Co", "Ada Holding"]
    assert shown["Corporate group"] == ["none", "Lumen"]
    assert shown["Still owed"][1] == f"stays with {member.code}"
    assert "Sign every requirement" in shown["Still owed"][0]
    assert shown["Open cases"][0] == "1: C0001"
    assert Member.objects.get(pk=member.pk).organisation.name == "Ada & Co"


def test_a_merger_shows_what_follows_by_what_is_chosen(ask, member, people, today):
    other = Member.objects.get(organisation__name="Other Lamps")
    data = {"other": other.code, "cases": "stay", "history": "on", "reasons": "One company."}
    owed = {}
    for choice in ("follow", "end"):
        shown = ask(people.sam, change(member, "merge"), obligations=choice, signatures=choice
                    if choice == "follow" else "stay", **data)  # fmt: skip
        table = rows(shown.content.decode())
        owed[choice] = table["Still owed"][1]
    assert owed == {"follow": f"goes to {other.code}", "end": "falls away"}


def test_a_split_shows_what_each_holds_and_that_nothing_moves(ask, member, people):
    other = Member.objects.get(organisation__name="Other Lamps")
    shown = rows(ask(people.sam, change(member, "split"), other=other.code).content.decode())

    assert {cells[-1] for cells in shown.values()} == {"nothing moves"}
    assert shown["Signed texts"] == ["none", "none", "nothing moves"]


@pytest.mark.parametrize("hidden", ["one", "other"])
@pytest.mark.parametrize("act", ["split", "merge"])
def test_cases_are_shown_to_who_may_read_those_of_each_member(
    ask, member, people, monkeypatch, act, hidden
):
    other = Member.objects.get(organisation__name="Other Lamps")
    make_case(member, people, "opened")
    may, closed = access.can, {"one": member, "other": other}[hidden]

    def can(user, permission, *, member=None):
        if permission == Permission.CASE_VIEW and member == closed:
            return False
        return may(user, permission, member=member)

    monkeypatch.setattr(access, "can", can)
    data = MERGER | {"other": other.code} if act == "merge" else {"other": other.code}

    shown = rows(ask(people.sam, change(member, act), **data).content.decode())

    assert "Still owed" in shown
    # What becomes of the other's cases is not asked of a member that becomes part of it.
    assert ("Open cases" in shown) is (act == "merge" and hidden == "other")


@pytest.mark.parametrize(("who", "act"), [("sam", "class"), ("sid", "ask-class")])
def test_a_change_of_class_shows_the_change_of_the_fee(ask, member, people, today, who, act):
    state(member, facts.MemberDescribed(size="large"), date(2024, 1, 1))
    data = {"place": "partner/unions", "from_on": today.isoformat(), "reason": "A union now."}
    shown = ask(getattr(people, who), change(member, act), **data).content.decode()

    assert rows(shown)["Pay the membership fee"] == [
        "8\u202f000 EUR (clause 6.1)", "no fee",
    ]  # fmt: skip


def test_what_was_asked_and_agreed_to_is_filled_in_for_who_carries_it_out(
    ask, people, today, client
):
    make_edition(with_rules(class_change='{decided_by: board, clause: "2.9"}'), by=people.sam)
    member = make_member("Ada & Co", signatory=people.sid)
    services.ask_for_class(
        member=member, member_class="partner", chamber="unions", from_on=today, reason="So.",
        by=people.sid, on=today,
    )  # fmt: skip
    shown = ask(people.sam, change(member, "class")).content.decode()
    assert 'value="partner/unions" required id="id_place_1" checked' in shown
    assert "Board decides on this by the edition" in shown
    board = governance.create_body(code="board", name="Board", by=people.sam, on=today)
    made = governance.decide_on_membership(
        member=member, body=board, matter="class_change", outcome="agreed", reasons="Yes.",
        by=people.pat, on=today,
    )  # fmt: skip

    assert selectors.agreed(member, "class_change", "board") == made.entry_id
    shown = ask(people.sam, change(member, "class")).content.decode()
    assert f'name="decision" value="{made.entry_id}"' in shown
    data = {"place": "partner/unions", "from_on": today.isoformat(), "decision": made.entry_id}
    ask(people.sam, change(member, "class"), confirm="yes", **data)
    assert selectors.agreed(member, "class_change", "board") is None
    assert ClassRequest.objects.get().outcome == "granted"
