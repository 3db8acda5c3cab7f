"""What comes between filing and a decision: comments, checks, and what a decision waits for."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from governance import services as governance
from governance.rules import NotAsked
from ledger.models import Entry
from members import selectors, services
from members.forms import CheckForm
from members.models import Condition, Contact, Objection
from members.services.scrutiny import NotForYou, NotNow
from rulebooks.rules.joining import Condition as Asked
from targets import selectors as targets
from tests.factories import make_edition, make_mandate, make_member
from tests.members import applying
from tests.members.applying import JOINING, comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def ours(people):
    """The member that comments: Ada's, of the class and chamber that is applied for."""
    make_edition(JOINING, by=people.sam)
    return make_member("Ada & Co", representative=people.ada, auditor=people.ann)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"criterion": "price"}, "one of the criteria"),
        ({"text": " "}, "says what is so"),
        ({"evidence": " "}, "carries evidence"),
    ],
)
def test_a_comment_is_about_a_criterion_and_carries_evidence(ours, people, today, given, says):
    application = applying.filed(today)

    with pytest.raises(NotNow, match=says):
        comment(application, ours, people.ada, today, **given)
    assert not Objection.objects.exists()


def test_a_file_is_evidence_too_and_is_known_by_its_hash(ours, people, today):
    file = SimpleUploadedFile("judgement.pdf", b"judgement")
    made = comment(applying.filed(today), ours, people.ada, today, evidence="", file=file)

    assert (made.file_name, len(made.file_sha256)) == ("judgement.pdf", 64)


def test_a_member_has_one_comment_on_a_criterion_however_often_it_asks(ours, people, today):
    application = applying.filed(today)
    comment(application, ours, people.ada, today)

    with pytest.raises(NotNow, match="has commented"):
        comment(application, ours, people.ada, today)
    assert comment(application, ours, people.ada, today, criterion="sells-lamps").pk


@pytest.mark.parametrize("who", ["ann", "eve", "sam", "bea", "noor"])
def test_only_who_acts_for_a_member_comments_for_it(ours, people, today, who):
    application = applying.filed(today)

    with pytest.raises(PermissionDenied):
        comment(application, ours, getattr(people, who), today)


def test_the_window_closes_at_the_end_of_its_last_day(ours, people, today):
    application = applying.filed(today)
    last = today + timedelta(days=14)

    with pytest.raises(NotNow, match="is over"):
        comment(application, ours, people.ada, last + timedelta(days=1))
    assert comment(application, ours, people.ada, last).pk


@pytest.mark.parametrize(
    ("member_class", "says_so", "marked", "declared"),
    [
        ("full", False, True, False),
        ("partner", False, False, False),
        ("partner", True, True, True),
    ],
)
def test_a_competitor_is_marked_by_the_edition_or_by_itself(
    ours, people, today, member_class, says_so, marked, declared
):
    chamber = {"full": "companies", "partner": "unions"}[member_class]
    other = make_member("Other", member_class=member_class, chamber=chamber)
    make_mandate(other, people.eve)
    made = comment(applying.filed(today), other, people.eve, today, competitor=says_so)

    assert (made.competitor, made.declared) == (marked, declared)


def test_the_record_holds_that_a_member_commented_and_not_what(ours, people, today):
    comment(applying.filed(today), ours, people.ada, today)
    entry = Entry.objects.get(event="members.application.commented")

    assert entry.data == {"member": ours.code, "criterion": "good-faith", "competitor": True}


def test_other_members_and_other_staff_read_no_comment(ours, people, today):
    make_mandate(make_member("Other"), people.eve)
    comment(applying.filed(today), ours, people.ada, today)
    seen = {who for who, user in vars(people).items() if Objection.objects.visible_to(user)}

    assert seen == {"sam", "ada"}


def test_a_check_needs_a_finding_an_item_and_nobody_with_a_tie(ours, people, today):
    application = applying.filed(today)
    act = {"application_id": application.pk, "by": people.sam, "on": today}
    check = {"item": "register", "result": "clear", "finding": "Seen."}

    with pytest.raises(NotForYou, match="say first"):
        services.scrutiny.check(**check, **act)
    services.scrutiny.declare_tie(has_tie=False, text="", **act)
    for wrong in ({"item": "moon"}, {"finding": " "}):
        with pytest.raises(NotNow):
            services.scrutiny.check(**check | wrong, **act)
    with pytest.raises(NotNow, match="what the tie is"):
        services.scrutiny.declare_tie(has_tie=True, text=" ", **act)
    with pytest.raises(PermissionDenied):
        services.scrutiny.check(**check, **act | {"by": people.cam})
    assert services.scrutiny.check(**check, **act).checked_on == today


def test_a_tie_and_a_finding_sent_twice_are_one(ours, people, today):
    application = applying.filed(today)
    act = {"application_id": application.pk, "by": people.sam, "on": today}
    finding = {"item": "register", "result": "clear", "finding": "Seen."}
    entries = Entry.objects.count()

    for _ in range(2):
        services.scrutiny.declare_tie(has_tie=False, text="", **act)
        services.scrutiny.check(**finding, **act)

    assert (application.ties.count(), application.checks.count()) == (1, 1)
    assert Entry.objects.count() == entries + 2
    services.scrutiny.check(**finding | {"finding": "Seen again."}, **act)
    services.scrutiny.check(**finding, **act)
    assert application.checks.count() == 3


def test_who_belongs_to_the_applicant_does_not_check_it(ours, people, today):
    application = applying.filed(today)
    act = {"application_id": application.pk, "by": people.sam, "on": today}
    organisation = services.scrutiny.match(organisation=None, **act).organisation
    services.affiliate(user=people.sam, organisation=organisation, by=people.sam, on=today)
    services.scrutiny.declare_tie(has_tie=False, text="", **act)

    with pytest.raises(NotForYou, match="belong to the applicant"):
        services.scrutiny.check(item="register", result="clear", finding="Seen.", **act)


def test_a_body_decides_by_its_own_decision_and_once_only(ours, people, today):
    application = applying.filed(today)
    applying.checked(application, people.sam, today)
    later = today + timedelta(days=15)
    act = {"application_id": application.pk, "by": people.sam, "on": later}

    with pytest.raises(services.NotDecided, match="board decides"):
        services.admit(**act)
    with pytest.raises(NotAsked, match="cannot be decided on yet"):
        applying.decided(application, people.pat, "admit", today)
    with pytest.raises(NotAsked, match="cites one of"):
        applying.decided(application, people.pat, "refuse", later, criterion="")
    made = applying.decided(application, people.pat, "refuse", later)
    with pytest.raises(NotAsked, match="no body is asked"):
        applying.decided(application, people.pat, "admit", later)
    with pytest.raises(services.NotDecided, match="outcome of that decision is refuse"):
        services.admit(**act, decision=made.entry_id)
    with pytest.raises(PermissionDenied):
        governance.carry_out_admission(decision_id=made.pk, by=people.pat, on=later)


def test_a_condition_is_settled_once_with_what_shows_it(ours, people, today):
    application = applying.filed(today)
    applying.checked(application, people.sam, today)
    later = today + timedelta(days=15)
    due = later + timedelta(days=30)
    with pytest.raises(NotAsked, match="each due after"):
        applying.decided(
            application, people.pat, "admit", later, conditions=[Asked("Pay.", "2.6", later)]
        )
    made = applying.decided(
        application, people.pat, "admit", later, conditions=[Asked("Pay.", "2.6", due)]
    )
    governance.carry_out_admission(decision_id=made.pk, by=people.sam, on=later)
    condition = Condition.objects.get()
    act = {"condition_id": condition.pk, "by": people.sam, "on": due}

    with pytest.raises(ValueError, match="say what shows"):
        services.settle_condition(outcome="met", finding=" ", **act)
    services.settle_condition(outcome="unmet", finding="Nothing was paid.", **act)
    with pytest.raises(services.NotOpen, match="already"):
        services.settle_condition(outcome="met", finding="Paid.", **act)


def test_what_came_of_an_application_is_no_history_of_it(ours, people, today):
    application = applying.filed(today)
    applying.checked(application, people.sam, today)
    later = today + timedelta(days=15)
    made = applying.decided(application, people.pat, "admit", later)
    governance.carry_out_admission(decision_id=made.pk, by=people.sam, on=later)
    application.refresh_from_db()

    past = selectors.past_of(application, on=later)

    assert (past.member, past.spans) == (None, [])


def test_nothing_is_clear_until_somebody_says_so():
    form = CheckForm({"finding": "Looked into."})

    assert not form.is_valid()
    assert form.errors["result"] == ["Choose what came out."]


def test_the_list_of_staff_names_class_and_chamber(ours, people, today, client):
    applying.filed(today)
    client.force_login(people.sam)

    text = client.get(reverse("members:applications")).content.decode()

    assert 'Full member<span class="second">Companies</span>' in text


def test_a_condition_is_called_by_what_it_asks(ours, people, today, client):
    application = applying.filed(today)
    applying.checked(application, people.sam, today)
    later = today + timedelta(days=15)
    asked = [Asked("Pay all back.", "2.6", later + timedelta(days=30))]
    made = applying.decided(application, people.pat, "admit", later, conditions=asked)
    governance.carry_out_admission(decision_id=made.pk, by=people.sam, on=later)
    member = Condition.objects.get().member

    (thing,) = [
        one
        for one in targets.owed_things(targets.obligations(member, on=later))
        if one.duty.what == "condition"
    ]
    client.force_login(people.sam)
    text = client.get(f"/members/{member.code}/?on={later}").content.decode()

    assert thing.title == "Condition of its admission: Pay all back."
    assert "Pay all back." in text
    assert f"{application.code}-1" not in text


def test_the_staff_list_takes_as_many_queries_for_six_as_for_two(
    ours, people, today, client, django_assert_max_num_queries
):
    client.force_login(people.sam)
    url = reverse("members:applications")
    for number in range(2):
        applying.filed(today, name=f"Lamps {number}", email=f"{number}@x.example")
    with django_assert_max_num_queries(40) as few:
        assert client.get(url).content.decode().count("Being checked") == 2
    for number in range(2, 6):
        applying.filed(today, name=f"Lamps {number}", email=f"{number}@x.example")

    with django_assert_max_num_queries(len(few.captured_queries)):
        assert client.get(url).content.decode().count("Being checked") == 6


def test_contacts_in_roles_that_members_have_too_are_named_with_the_admission(people, today):
    roles = '\nbelonging:\n  contacts: [{code: head, name: Head, main: true, clause: "2.9"}]\n'
    make_edition(JOINING + roles, by=people.sam)
    application = applying.filed(today)
    applying.checked(application, people.sam, today)
    later = today + timedelta(days=15)
    made = applying.decided(application, people.pat, "admit", later)
    governance.carry_out_admission(decision_id=made.pk, by=people.sam, on=later)

    contact = Contact.objects.get()
    assert (contact.role, contact.name, contact.email) == ("head", "Hedda Lund", applying.EMAIL)
