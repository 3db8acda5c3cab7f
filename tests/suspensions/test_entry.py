"""What a step does on entry: its letters, once, to those whom it names; the plan it asks for."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dashboard import selectors as dashboard
from governance import services as governance
from governance.models import Body
from ledger import services as ledger
from ledger.models import Entry
from members.models import Letter, Span
from rulebooks.rules.document import Invalid
from rulebooks.rules.edition import Edition
from suspensions import services
from suspensions.models import Paper
from suspensions.rules.procedure import IllegalAction
from suspensions.services.reactions import tell_on_entry
from tests.factories import LAMPS, make_edition, make_member
from tests.suspensions.builders import DAY, course, day_of, lamps_missed_on, make_body, make_case

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
LETTERS = """\
        on_entry:
          plan: {within: {days: 45}, clause: "8.1"}
          letters:
            - {to: member, subject: What comes next, text: Begin with the plan., clause: "8.1"}
            - {to: members, subject: A warning, text: Nothing is asked of you., clause: "8.1"}
            - {to: [appeals], subject: Keep free of it, text: An appeal may come., clause: "8.1"}
"""

COUNTED = 'publicity: {notices: [{event: measure, audience: members, what: count, clause: "9"}], '


def saying(text=LAMPS, letters=LETTERS, published="once_decided"):
    """The edition whose warning does something on entry."""
    head, found, tail = text.partition("        standing: warned\n")
    tail = tail.replace("published: once_final", f"published: {published}", 1)
    return f"{head}{found}{letters}{tail}"


def ending_today(stage):
    return course(TODAY - (day_of(stage) - day_of("opened")) - (course(TODAY).opened - TODAY))


@pytest.fixture
def imposed(people):
    """A case whose warning is imposed today, with another member and an appeals body seated."""
    days = ending_today("imposed")
    text = saying(lamps_missed_on(days.raised))
    assert text.count("    start: warning") == 1
    pausing = text.replace("    start: warning", "    pauses: [agreement]\n    start: warning")
    make_edition(pausing, by=people.sam)
    member = make_member("Ada & Co", representative=people.ada, signatory=people.sid)
    make_member("Eve Works", representative=people.eve)
    make_body(people, "appeals")
    seat = {"body": Body.objects.get(code="appeals"), "by": people.sam, "on": days.opened}
    governance.give_seat(user=people.bea, chamber="", **seat)
    return make_case(member, people, "imposed", days)


def follow():
    while ledger.work_due(now=timezone.now() + timedelta(hours=2)):
        pass


def told():
    """Who got a letter on entry, by subject."""
    letters = Letter.objects.filter(template="case-entered").order_by("pk")
    return [(letter.to.pk, letter.subject, letter.status) for letter in letters]


def test_each_letter_waits_in_the_outbox_for_those_whom_the_step_names(imposed, people):
    follow()

    assert sorted(told()) == sorted(
        [
            (people.ada.pk, "What comes next: Ada & Co", "held"),
            (people.sid.pk, "What comes next: Ada & Co", "held"),
            (people.eve.pk, "A warning: Ada & Co", "held"),
            (people.bea.pk, "Keep free of it: Ada & Co", "held"),
        ]
    )
    body = Letter.objects.filter(to=people.eve, template="case-entered").get().body
    assert "Nothing is asked of you." in body
    assert "clause 8.1" in body
    assert imposed.member.code in body


def test_a_letter_is_queued_once_however_often_the_entry_is_followed(imposed):
    follow()
    before = told()
    tell_on_entry(Entry.objects.get(event="suspensions.decision.carried_out"))

    assert told() == before
    assert Entry.objects.filter(event="suspensions.entry.told").first().data["count"] == 4


def test_an_old_act_that_is_recorded_now_sends_nothing(people):
    make_edition(saying(), by=people.sam)
    make_case(make_member("Ada & Co", representative=people.ada), people, "imposed")
    entry = Entry.objects.get(event="suspensions.decision.carried_out")
    entry.recorded_at = timezone.now() + timedelta(days=400)

    tell_on_entry(entry)

    assert told() == []


def test_what_was_dismissed_tells_nobody(people):
    days = ending_today("dismissed")
    make_edition(saying(lamps_missed_on(days.raised)), by=people.sam)
    make_case(make_member("Ada & Co", representative=people.ada), people, "dismissed", days)
    follow()

    assert told() == []


def test_notice_and_decision_say_who_is_told_and_what_is_owed(imposed):
    notice = Letter.objects.filter(template="case-notice").first().body
    measure = Letter.objects.filter(template="case-measure").first().body

    for body in (notice, measure):
        assert "all other members: A warning (clause 8.1)" in body
        assert "who sits on appeals: Keep free of it" in body
    assert "a corrective action plan within 45 days" in measure


def test_a_plan_is_owed_from_the_first_day_of_the_step_and_handed_in_once(imposed, people):
    clock = Span.objects.get(member=imposed.member, key=f"plan:{imposed.code}", state="running")
    assert (clock.from_on, clock.last_day) == (TODAY, TODAY + timedelta(days=45))
    named = {"case_id": imposed.pk, "on": TODAY}

    with pytest.raises(PermissionDenied):
        services.hand_in_plan(text="Ours.", by=people.cam, **named)
    with pytest.raises(IllegalAction, match="nothing is written"):
        services.hand_in_plan(text=" ", by=people.ada, **named)
    services.hand_in_plan(text="By June, seen by the union.", by=people.ada, **named)
    with pytest.raises(IllegalAction, match=f"was handed in on {TODAY}"):
        services.hand_in_plan(text="Again.", by=people.ada, **named)

    assert Paper.objects.get(sort=Paper.Sort.PLAN).text == "By June, seen by the union."
    stopped = Span.objects.in_force(TODAY).get(member=imposed.member, key=clock.key)
    assert stopped.state == "stopped"


def test_a_plan_stands_among_what_the_member_owes(imposed, people, client):
    client.force_login(people.ada)
    said = f"To hand in a plan, in case {imposed.code}"
    home = client.get("/").content.decode()
    assert said in home
    assert "Not yet handed in" in home

    services.hand_in_plan(case_id=imposed.pk, text="By June.", by=people.ada, on=TODAY)

    assert said not in client.get("/").content.decode()


def test_a_plan_is_owed_while_its_time_stands_still_and_due_when_it_ran_on(imposed, people):
    def plans(on):
        owed = dashboard.owed(imposed.member, user=people.ada, on=on)
        return [(one.words, one.due_on) for one in owed if one.what == "plan"]

    named = {"case_id": imposed.pk, "text": "Both sides talk.", "by": people.cam}
    stop, go = TODAY + timedelta(days=5), TODAY + timedelta(days=15)
    services.pause_clocks(ground="agreement", on=stop, **named)
    assert plans(TODAY) == plans(stop) == [("Stands still", None)]

    services.resume_clocks(on=go, **named)
    due = TODAY + timedelta(days=55)
    for day in (TODAY, stop, go, due):
        assert [last for _, last in plans(day)] == [due]
    assert plans(due + timedelta(days=1)) == []


def test_more_time_for_the_plan_is_given_by_decision(imposed, people):
    later = TODAY + timedelta(days=60)
    services.extend_clock(
        case_id=imposed.pk, clock="plan", until_on=later, text="A strike.", by=people.cam, on=TODAY
    )

    clock = Span.objects.in_force(TODAY).get(member=imposed.member, key=f"plan:{imposed.code}")
    assert clock.last_day == later


def test_where_no_plan_is_asked_for_none_is_taken(people, member):
    case = make_case(member, people, "imposed")

    with pytest.raises(IllegalAction, match="asks for no plan"):
        services.hand_in_plan(case_id=case.pk, text="x", by=people.ada, on=DAY.told)


def test_the_page_says_what_follows_and_takes_the_plan(imposed, people):
    client = Client()
    client.force_login(people.ada)
    page = client.get(imposed.get_absolute_url()).content.decode()
    assert "All other members: A warning (clause 8.1)" in page
    assert "Your corrective action plan" in page

    url = reverse("suspensions:further", args=[imposed.code, "plan"])
    sent = client.post(url, {"text": "By June."}, follow=True)

    assert "Received. The secretariat reads it." in sent.content.decode()
    assert "By June." in sent.content.decode()
    assert "Your corrective action plan" not in sent.content.decode()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(saying(published="once_final"), "a letter to members comes before",
                     id="members before it is final"),
        pytest.param(saying().replace("publicity: {", COUNTED, 1),
                     "members learn count of such a measure", id="members who learn a count"),
        pytest.param(saying(letters=LETTERS.replace("[appeals]", "nobody")),
                     "to: ", id="to nobody known"),
        pytest.param(saying(letters=LETTERS.replace('"8.1"}', '""}', 1)), "clause",
                     id="no clause"),
    ],
)  # fmt: skip
def test_a_letter_that_may_not_be_written_is_refused_with_its_place(text, says):
    with pytest.raises(Invalid) as refused:
        Edition.load(text)

    assert says in str(refused.value)
