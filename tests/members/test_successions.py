from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.rules import Permission
from governance import services as governance
from governance.models import Body
from ledger.models import Entry
from members import selectors, services
from members.access import can
from members.models import Fact, Member, Span, Succession
from members.services import Choices
from rulebooks.rules import facts
from tests.factories import make_edition, make_member, make_organisation, make_user
from tests.members.belonging import with_rules

pytestmark = pytest.mark.django_db
BY_RULE = '{obligations: follow, cases: follow, signatures: follow, clause: "2.9"}'
FOLLOW = Choices("follow", "follow", "follow", history=True)
CHOSEN = Choices("end", "stay", "stay", history=True, reasons="They asked for it.")


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def other(member):
    return Member.objects.get(organisation__name="Other Lamps")


def standing(member, on):
    return Span.objects.in_force(on).get(member=member, kind="standing").state


def merge(member, other, people, today, choices=CHOSEN, **more):
    return services.merge(
        member=member, into=other, choices=choices, by=people.sam, on=today, **more
    )


def test_a_name_changes_and_the_earlier_one_is_kept_with_its_last_day(member, people, today):
    services.rename(member=member, name="Ada Light", from_on=today, by=people.sam, on=today)

    member.organisation.refresh_from_db()
    earlier = member.organisation.earlier_names.get()
    assert (member.organisation.name, earlier.name, earlier.until_on) == (
        "Ada Light",
        "Ada & Co",
        today,
    )
    entry = Entry.objects.get(event="members.member.renamed")
    assert entry.data == {"member": member.code, "name_id": earlier.pk}


@pytest.mark.parametrize(
    ("name", "days", "says"),
    [
        pytest.param("  ", 0, "write another name", id="no name"),
        pytest.param("Ada & Co", 0, "write another name", id="the same name"),
        pytest.param("Ada Light", 1, "has not come", id="a day ahead"),
    ],
)
def test_a_name_that_is_none_is_refused(member, people, today, name, days, says):
    day = today + timedelta(days=days)
    with pytest.raises(services.CannotChange, match=says):
        services.rename(member=member, name=name, from_on=day, by=people.sam, on=today)


def test_a_name_does_not_change_before_it_last_changed(member, people, today):
    services.rename(member=member, name="Ada Light", from_on=today, by=people.sam, on=today)

    with pytest.raises(services.CannotChange, match="name a later day"):
        services.rename(member=member, name="Ada Lux", from_on=today, by=people.sam, on=today)


def test_a_merged_member_has_left_and_both_point_at_each_other(member, other, people, today):
    merge(member, other, people, today)

    assert (standing(member, today), standing(other, today)) == ("left", "good")
    kinds = Fact.objects.filter(kind__in=["member.merged", "member.absorbed"])
    assert set(kinds.values_list("member__code", "key")) == {
        (member.code, other.code),
        (other.code, member.code),
    }
    assert "asked" not in str([entry.data for entry in Entry.objects.all()])


def test_the_people_of_the_other_read_and_answer_for_it_from_then_on(member, other, people, today):
    before = Member.objects.visible_to(people.eve).filter(pk=member.pk).exists()
    merge(member, other, people, today)

    assert not before
    assert Member.objects.visible_to(people.eve).filter(pk=member.pk).exists()
    assert Member.objects.followed_up_by(people.eve).filter(pk=member.pk).exists()
    assert can(people.eve, Permission.CASE_ANSWER, member=member)
    assert not can(people.ada, Permission.CASE_ANSWER, member=other)


def test_a_history_that_stays_is_not_read_by_the_other(member, other, people, today):
    stays = Choices("end", "stay", "stay", history=False, reasons="A sale of assets.")
    merge(member, other, people, today, stays)

    assert not Member.objects.visible_to(people.eve).filter(pk=member.pk).exists()


def test_old_codes_lead_on_through_one_merger_after_another(member, other, people, today):
    third = make_member("Third Lamps")
    merge(member, other, people, today)
    merge(other, third, people, today)

    assert selectors.successors([member.pk, other.pk]) == {
        member.pk: third.pk,
        other.pk: third.pk,
    }


@pytest.mark.parametrize(
    ("choices", "says"),
    [
        pytest.param(Choices("end", "stay", "stay", True), "give the reasons", id="no reasons"),
        pytest.param(Choices("sell", "stay", "stay", True, "x"), "follow or end", id="no choice"),
    ],
)
def test_what_the_edition_leaves_open_is_chosen_with_reasons(
    member, other, people, today, choices, says
):
    with pytest.raises(services.CannotChange, match=says):
        merge(member, other, people, today, choices)
    assert not Succession.objects.exists()


def test_what_the_edition_says_of_a_merger_is_not_chosen_otherwise(people, today):
    make_edition(with_rules(merger=BY_RULE), by=people.sam)
    first, second = make_member("First"), make_member("Second")

    with pytest.raises(services.CannotChange, match=r"by clause 2\.9, not end"):
        merge(first, second, people, today, CHOSEN)
    assert merge(first, second, people, today, FOLLOW).successor == second


def test_a_member_is_not_merged_with_itself_nor_twice(member, other, people, today):
    with pytest.raises(services.CannotChange, match="part of itself"):
        merge(member, member, people, today)
    merge(member, other, people, today)
    with pytest.raises(services.CannotChange, match="no member on"):
        merge(member, other, people, today)


def agree(member, people, today, matter, outcome="agreed", body="board"):
    row = governance.create_body(code=body, name="The board", by=people.sam, on=today)
    decided = governance.decide_on_membership(
        member=member, body=row, matter=matter, outcome=outcome, reasons="Heard both.",
        by=people.pat, on=today,
    )  # fmt: skip
    return decided.entry_id


def test_where_a_body_decides_its_agreement_is_named(people, today):
    rule = BY_RULE.replace("clause", "decided_by: board, clause")
    make_edition(with_rules(merger=rule), by=people.sam)
    first, second = make_member("First"), make_member("Second")
    refused = agree(first, people, today, "merger", "refused")
    of_another = agree(second, people, today, "merger")

    for decision in (None, 0, refused, of_another):
        with pytest.raises(selectors.NotDecided, match="board decides"):
            merge(first, second, people, today, FOLLOW, decision=decision)

    agreed = agree(first, people, today, "merger")
    assert merge(first, second, people, today, FOLLOW, decision=agreed).member == first


def merge_both(first, second, into, people, today, choices=FOLLOW, **more):
    return services.merge_several(
        members=[first, second], into=into, choices=choices, by=people.sam, on=today, **more
    )


def test_several_become_part_of_another_in_one_act_each_on_record(people, today):
    make_edition(with_rules(merger=BY_RULE), by=people.sam)
    first, second, third = (make_member(name) for name in ("First", "Second", "Third"))

    made = merge_both(first, second, third, people, today)

    assert [(row.member, row.successor, row.from_on) for row in made] == [
        (first, third, today),
        (second, third, today),
    ]
    assert [standing(one, today) for one in (first, second, third)] == ["left", "left", "good"]
    recorded = Entry.objects.filter(event="members.members.merged").order_by("pk")
    assert [entry.data["member"] for entry in recorded] == [first.code, second.code]
    assert selectors.successors([first.pk, second.pk]) == {first.pk: third.pk, second.pk: third.pk}


def test_of_several_all_are_merged_or_none(people, today):
    make_edition(with_rules(merger=BY_RULE), by=people.sam)
    first, second, third = (make_member(name) for name in ("First", "Second", "Third"))
    merge(second, third, people, today, FOLLOW)
    before = Entry.objects.count()

    for pair in ((first, second), (first, first), (first, third)):
        with pytest.raises(services.CannotChange):
            merge_both(*pair, third, people, today)
    with pytest.raises(services.CannotChange, match="name each member"):
        services.merge_several(members=[], into=third, choices=FOLLOW, by=people.sam, on=today)
    with pytest.raises(PermissionDenied):
        services.merge_several(members=[first], into=third, choices=FOLLOW, by=people.ada, on=today)

    assert standing(first, today) == "good"
    assert Entry.objects.count() == before


def test_of_several_each_is_decided(people, today):
    rule = BY_RULE.replace("clause", "decided_by: board, clause")
    make_edition(with_rules(merger=rule), by=people.sam)
    first, second, third = (make_member(name) for name in ("First", "Second", "Third"))
    one = agree(first, people, today, "merger")

    with pytest.raises(selectors.NotDecided, match="board decides"):
        merge_both(first, second, third, people, today, decisions={first.pk: one})
    assert not Succession.objects.exists()
    two = governance.decide_on_membership(
        member=second, body=Body.objects.get(), matter="merger", outcome="agreed",
        reasons="Heard it.", by=people.pat, on=today,
    ).entry_id  # fmt: skip
    both = {first.pk: one, second.pk: two}
    assert len(merge_both(first, second, third, people, today, decisions=both)) == 2


def test_two_members_that_were_one_point_at_each_other(member, people, today):
    new = make_member("Ada Bulbs", admitted_on=today)

    services.split(member=member, off=new, by=people.sam, on=today)

    facts = Fact.objects.filter(kind__startswith="member.split")
    assert set(facts.values_list("kind", "member", "key")) == {
        ("member.split", member.pk, new.code),
        ("member.split_off", new.pk, member.code),
    }
    with pytest.raises(services.CannotChange, match="on record"):
        services.split(member=member, off=new, by=people.sam, on=today)


def test_a_membership_passes_to_another_organisation_with_its_code(member, people, today):
    heir = make_organisation("Ada Holding")
    code = member.code

    services.transfer(member=member, to=heir, by=people.sam, on=today)

    assert Member.objects.get(code=code).organisation == heir
    assert Fact.objects.get(kind="membership.transferred").key == str(heir.pk)
    with pytest.raises(services.CannotChange, match="is a member"):
        services.transfer(member=member, to=heir, by=people.sam, on=today)


def test_a_membership_is_found_by_every_name_that_it_was_held_under(member, people, today):
    by = {"by": people.sam, "on": today}
    renamed, passed_on = today - timedelta(days=9), today - timedelta(days=1)
    services.rename(member=member, name="Ada Ltd", from_on=renamed, by=people.sam, on=renamed)
    heir = make_organisation("Ada Holding")
    services.transfer(member=member, to=heir, by=people.sam, on=passed_on)
    member.refresh_from_db()
    services.transfer(member=member, to=make_organisation("Zenith"), **by)

    member.refresh_from_db()
    names = member.organisation.earlier_names.order_by("until_on")
    assert list(names.values_list("name", "until_on")) == [
        ("Ada & Co", renamed),
        ("Ada Ltd", passed_on),
        ("Ada Holding", today),
    ]
    for name in ("Ada & Co", "Ada Ltd", "Ada Holding", "Zenith"):
        assert member in Member.objects.filter(selectors.called(name))


def test_a_membership_that_comes_back_has_each_name_once(member, people, today):
    first, heir = member.organisation, make_organisation("Ada Holding")
    yesterday = today - timedelta(days=1)
    services.transfer(member=member, to=heir, by=people.sam, on=yesterday)
    member.refresh_from_db()
    services.transfer(member=member, to=first, by=people.sam, on=today)

    assert list(first.earlier_names.values_list("name", "until_on")) == [("Ada Holding", today)]


@pytest.mark.parametrize("who", ["ada", "sid", "eve", "bea", "ann", "cam"])
def test_only_the_secretariat_changes_what_a_member_is(member, other, people, today, who):
    by = getattr(people, who)
    acts = [
        lambda: services.rename(member=member, name="X", from_on=today, by=by, on=today),
        lambda: services.merge(member=member, into=other, choices=CHOSEN, by=by, on=today),
        lambda: services.split(member=member, off=other, by=by, on=today),
        lambda: services.transfer(member=member, to=make_organisation(), by=by, on=today),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()


def test_notice_ends_the_membership_after_the_term_and_can_be_taken_back(people, today):
    make_edition(with_rules(), by=people.sam)
    member = make_member("Leaving", signatory=people.sid)
    services.give_notice(member=member, by=people.sid, on=today)
    last = selectors.notice_of(member, on=today).what.last_on

    assert last > today + timedelta(days=80)
    assert (standing(member, last), standing(member, last + timedelta(days=1))) == ("good", "left")
    right = Span.objects.in_force(last + timedelta(days=1)).get(member=member, key="vote")
    assert (right.state, right.ground) == ("lost", "member.left")
    with pytest.raises(services.NoNotice, match="already"):
        services.give_notice(member=member, by=people.sid, on=today)

    services.revoke_notice(member=member, by=people.sid, on=today)

    assert standing(member, last + timedelta(days=1)) == "good"
    with pytest.raises(services.NoNotice, match="taken back"):
        services.revoke_notice(member=member, by=people.sid, on=today)


@pytest.mark.parametrize("who", ["ada", "avi", "eve", "sam", "ann", "noor"])
def test_only_the_signatory_gives_notice(member, people, today, who):
    with pytest.raises(PermissionDenied):
        services.give_notice(member=member, by=getattr(people, who), on=today)


def test_a_preview_shows_what_a_change_would_bring_and_changes_nothing(member, today):

    stated = Fact.objects.count()
    shown = selectors.preview(member, facts.ClassChanged("partner", "unions"), on=today)

    assert [line.key for line in shown.loses] == ["label"]
    assert shown.gains == []
    assert "sign-requirements:R1" in {line.key for line in shown.ends}
    assert Fact.objects.count() == stated


def test_a_member_asks_for_a_class_once_and_is_answered(member, people, today):
    asked = services.ask_for_class(
        member=member, member_class="partner", chamber="unions", from_on=today,
        reason="We became a union.", by=people.sid, on=today,
    )  # fmt: skip
    with pytest.raises(selectors.NoSuchPlace, match="not yet decided"):
        services.ask_for_class(
            member=member, member_class="partner", chamber="unions", from_on=today,
            reason="Again.", by=people.sid, on=today,
        )  # fmt: skip
    services.change_class(
        member=member, member_class="partner", chamber="unions", from_on=today,
        by=people.sam, on=today,
    )  # fmt: skip

    asked.refresh_from_db()
    assert (asked.outcome, asked.decided_by) == ("granted", people.sam)
    assert "union" not in str(Entry.objects.get(event="members.class_change.asked").data["member"])


def test_a_request_is_declined_with_a_reason(member, people, today):
    asked = services.ask_for_class(
        member=member, member_class="partner", chamber="unions", from_on=today,
        reason="We became a union.", by=people.sid, on=today,
    )  # fmt: skip
    with pytest.raises(selectors.NoSuchPlace, match="say why"):
        services.decline_class(request_id=asked.pk, answer=" ", by=people.sam, on=today)

    services.decline_class(request_id=asked.pk, answer="Not a union.", by=people.sam, on=today)

    asked.refresh_from_db()
    assert (asked.outcome, asked.answer) == ("declined", "Not a union.")


def test_the_letters_of_a_merged_member_go_to_who_answers_for_it(
    member, other, people, today, monkeypatch
):
    monkeypatch.setattr("members.services.letters._write", lambda *a, **k: ("About", "Text\n"))
    merge(member, other, people, today)
    make_user("Nobody")

    letters = services.letters.queue("case-notice", member=member, key="C-1", on=today, context={})

    assert people.eve in {letter.to for letter in letters}
