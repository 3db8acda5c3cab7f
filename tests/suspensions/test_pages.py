"""Pages and API of breaches and cases, tried by the whole cast on the real day."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.models import Fact, Span
from suspensions import services
from suspensions.models import Breach, Case
from tests.conftest import everybody
from tests.factories import make_edition, make_member
from tests.suspensions.builders import (
    STAGES,
    course,
    day_of,
    decide,
    lamps_missed_on,
    make_breach,
    make_case,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
STAFF = {"sam", "cam", "lou"}
OWN = {"ada", "sid", "avi"}
SEES = STAFF | OWN


def ending_today(stage: str):
    """The days of a case that comes to ``stage`` today."""
    return course(TODAY - (day_of(stage) - day_of("opened")) - (course(TODAY).opened - TODAY))


@pytest.fixture
def edition(people):
    return make_edition(lamps_missed_on(ending_today("lifted").raised), by=people.sam)


@pytest.fixture
def case_at(member, people):
    def make(stage: str) -> Case:
        return make_case(member, people, stage, ending_today(stage))

    return make


@pytest.fixture
def breach(member, people) -> Breach:
    return make_breach(member, people, day=course(TODAY))


def visit(user, url):
    client = Client()
    if user:
        client.force_login(user)
    return client.get(url)


def send(user, url, **data):
    client = Client()
    if user:
        client.force_login(user)
    return client.post(url, data)


def outcomes(people, url, ask=visit, **data) -> dict[str, int]:
    return {who: ask(user, url, **data).status_code for who, user in everybody(people).items()}


def by_status(outcomes: dict[str, int]) -> dict[int, set[str]]:
    return {status: {w for w, s in outcomes.items() if s == status} for status in outcomes.values()}


# Who sees what


def test_a_breach_is_seen_by_its_member_and_those_who_follow_up(breach, people):
    seen = by_status(outcomes(people, breach.get_absolute_url()))

    assert seen[200] == SEES
    assert seen[302] == {"nobody"}
    assert seen[404] == set(everybody(people)) - SEES - {"nobody"}


@pytest.mark.parametrize("stage", ["opened", "appealed"])
def test_a_case_is_seen_by_its_member_and_those_who_follow_up(case_at, people, stage):
    seen = by_status(outcomes(people, case_at(stage).get_absolute_url()))

    assert seen[200] == SEES
    assert seen[404] == set(everybody(people)) - SEES - {"nobody"}


@pytest.mark.parametrize("name", ["breaches", "cases"])
def test_lists_are_for_staff_and_whoever_acts_for_a_member(case_at, people, name):
    case_at("opened")
    seen = by_status(outcomes(people, reverse(f"suspensions:{name}")))

    assert seen[200] == SEES | {"eve"}
    assert seen[302] == {"nobody"}
    assert seen[403] == set(everybody(people)) - SEES - {"eve", "nobody"}
    assert b"Ada &amp; Co" not in visit(people.eve, reverse(f"suspensions:{name}")).content
    assert b"Ada &amp; Co" in visit(people.ada, reverse(f"suspensions:{name}")).content


@pytest.mark.parametrize(
    ("url", "data"),
    [
        ("/api/v1/cases/", {"results": SEES}),
        ("/api/v1/breaches/", {"results": SEES}),
    ],
)
def test_the_api_lists_what_the_reader_may_see(case_at, people, url, data):
    case_at("opened")
    found = {
        who for who, user in vars(people).items()
        if any(row["member_name"] == "Ada & Co" for row in visit(user, url).json()["results"])
    }  # fmt: skip

    assert found == data["results"]
    assert visit(None, url).status_code in (401, 403)


def test_the_api_answers_for_one_case_and_says_what_is_due(case_at, people):
    case = case_at("notified")
    url = f"/api/v1/cases/{case.code}/"

    seen = by_status(outcomes(people, url))
    told = visit(people.ada, url).json()

    assert seen[200] == SEES
    assert seen[404] == set(everybody(people)) - SEES - {"nobody"}
    assert (told["stage"], told["step"], told["clause"]) == ("notified", "warning", "8.1")
    assert told["due_on"] == str(TODAY + timedelta(days=30))
    assert told["due_because"].endswith(told["due_on"])
    assert told["breaches"] == ["no-return:2025"]


def test_the_api_only_reads(case_at, people):
    case = case_at("opened")

    assert send(people.cam, f"/api/v1/cases/{case.code}/").status_code == 405


@pytest.mark.parametrize(
    ("url", "words", "count"),
    [
        ("/api/v1/cases/", "stage=opened", 1),
        ("/api/v1/cases/", "stage=lifted", 0),
        ("/api/v1/cases/", "open=true", 1),
        ("/api/v1/cases/", "open=false", 0),
        ("/api/v1/cases/", "step=exclusion", 0),
        ("/api/v1/breaches/", "state=confirmed", 1),
        ("/api/v1/breaches/", "state=provisional", 1),  # the other member's
        ("/api/v1/breaches/", "rule=no-return", 2),
        ("/api/v1/breaches/", "rule=other", 0),
        ("/api/v1/breaches/", "in_case=true", 1),
    ],
)
def test_one_filter_narrows_page_and_api(case_at, people, url, words, count):
    case_at("opened")

    assert len(visit(people.cam, f"{url}?{words}").json()["results"]) == count
    page = visit(people.cam, f"{url.replace('/api/v1', '')}?{words}").content.decode()
    assert page.count('<th scope="row">') == count


def test_a_word_that_no_list_knows_is_refused(case_at, people):
    assert visit(people.cam, "/api/v1/cases/?stage=sleeping").status_code == 400
    assert visit(people.cam, "/cases/?stage=sleeping").status_code == 200


# The page of a case


NEXT = {
    "opened": {"cam": "Serve the notice"},
    "notified": dict.fromkeys(OWN, "Your answer") | {"cam": "An answer that came on paper"},
    "unanswered": dict.fromkeys(OWN, "Your answer") | {"cam": "An answer that came on paper"},
    "imposed": {"sid": "Appeal", "avi": "Appeal"},
}


@pytest.mark.parametrize("stage", STAGES)
def test_each_reader_is_offered_the_one_next_act(case_at, people, stage):
    url = case_at(stage).get_absolute_url()

    offered = {}
    for who in SEES:
        act = visit(getattr(people, who), url).context["act"]
        if act:
            offered[who] = act.heading
    assert offered == NEXT.get(stage, {})


@pytest.mark.parametrize(
    ("stage", "outcome", "body"),
    [
        ("unanswered", "impose", "board"),
        ("answered", "dismiss", "board"),
        ("appealed", "set_aside", "appeals"),
        ("final", "lift", "board"),
    ],
)
def test_the_officer_is_offered_to_carry_out_what_was_decided(
    case_at, people, stage, outcome, body
):
    case = case_at(stage)
    decide(case, people, outcome, TODAY, body=body)

    page = visit(people.cam, case.get_absolute_url())
    assert page.context["act"].heading == f"Carry out the decision of The {body}"
    assert f"Because of {outcome}." in page.content.decode()
    assert "Because of" not in visit(people.ada, case.get_absolute_url()).context["file"].papers
    sent = send(people.cam, reverse("suspensions:decision", args=[case.code]))
    assert sent.status_code == 302
    after = Case.objects.with_stage(TODAY).get().stage
    assert after == {"impose": "imposed", "dismiss": "dismissed", "lift": "lifted"}.get(
        outcome, outcome
    )


def test_a_decision_not_yet_carried_out_is_not_shown_to_the_member(case_at, people):
    case = case_at("unanswered")
    decide(case, people, "impose", TODAY)

    for who in ("ada", "sam", "lou"):
        page = visit(getattr(people, who), case.get_absolute_url()).content.decode()
        assert "Because of impose" not in page


def test_the_clock_says_what_runs_until_when_whose_turn_and_how_it_was_computed(case_at, people):
    page = visit(people.ada, case_at("notified").get_absolute_url())

    clock = page.context["file"].clock
    text = page.content.decode()
    assert (clock.what, clock.turn) == ("Time to answer", "the member")
    assert (clock.until - TODAY).days == 30
    assert "(in 30 days)" in text
    assert "+ 30 days =" in text
    assert "may decide without an answer" in text


@pytest.mark.parametrize("stage", STAGES)
def test_no_day_on_the_page_is_left_as_a_machine_writes_it(case_at, people, stage):
    text = visit(people.cam, case_at(stage).get_absolute_url()).content.decode()
    shown = text.replace(f'value="{TODAY}"', "")
    for part in shown.split('datetime="')[1:]:
        shown = shown.replace(f'datetime="{part[:10]}"', "")
    assert f"{TODAY.year}-" not in shown


# Acts


def test_the_members_people_contest_on_the_page(breach, people):
    url = reverse("suspensions:contest", args=[breach.pk])

    assert send(people.ada, url, text=" ").status_code == 400
    answer = send(people.ada, url, text="Filed on 3 March.")
    assert answer.url == breach.get_absolute_url()
    again = send(people.ada, url, text="And more.")
    assert again.status_code == 409
    assert "was contested on" in again.content.decode()
    assert "And more." in again.content.decode()
    breach.refresh_from_db()
    assert breach.contest == "Filed on 3 March."


def test_what_was_typed_is_not_lost_when_it_is_refused(breach, people):
    url = reverse("suspensions:decide-breach", args=[breach.pk])

    answer = send(people.cam, url, text="Nothing came <b>here</b>.", act="confirm")

    assert answer.status_code == 409
    assert "may correct facts until" in answer.content.decode()
    assert "Nothing came &lt;b&gt;here&lt;/b&gt;." in answer.content.decode()


def test_an_officer_confirms_and_opens_a_case(breach, people):
    services.contest(breach_id=breach.pk, text="x", by=people.ada, on=TODAY)
    decided = reverse("suspensions:decide-breach", args=[breach.pk])
    assert send(people.cam, decided, text="No.", act="confirm").status_code == 302
    opening = reverse("suspensions:open-case", args=[breach.pk])

    assert send(people.cam, opening).status_code == 400
    assert send(people.cam, opening, breaches=[breach.pk]).url == "/cases/C0001/"
    assert send(people.cam, opening, breaches=[breach.pk]).status_code == 400


ACTS = {
    "contest": ("breach", OWN),
    "decide-breach": ("breach", {"cam"}),
    "open-case": ("breach", {"cam"}),
    "notice": ("case", {"cam"}),
    "answer": ("case", OWN | {"cam"}),
    "decision": ("case", {"cam"}),
    "appeal": ("case", {"sid", "avi"}),
}


@pytest.mark.parametrize("name", ACTS)
def test_every_act_is_refused_to_those_whose_act_it_is_not(case_at, people, name):
    """403 where they see it, 404 where they do not; those who may get as far as the rules."""
    case = case_at("dismissed")
    about, may = ACTS[name]
    target = case.code if about == "case" else case.breaches.get().pk

    seen = outcomes(people, reverse(f"suspensions:{name}", args=[target]), send, text="x")

    assert {who for who, status in seen.items() if status in (400, 409)} == may
    assert {who for who, status in seen.items() if status == 403} == SEES - may
    assert seen.pop("nobody") == 302
    assert {who for who, status in seen.items() if status == 404} == set(seen) - SEES


@pytest.mark.parametrize("name", ACTS)
def test_an_act_is_not_a_page(case_at, people, name):
    case = case_at("opened")
    target = case.code if ACTS[name][0] == "case" else case.breaches.get().pk

    assert visit(people.cam, reverse(f"suspensions:{name}", args=[target])).status_code == 405


# Cost


@pytest.mark.parametrize("url", ["/cases/", "/breaches/", "/api/v1/cases/", "/api/v1/breaches/"])
def test_a_list_takes_the_same_number_of_queries_however_long(case_at, people, url):
    def queries():
        client = Client()
        client.force_login(people.cam)
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            client.get(url)
        return len(seen)

    case_at("notified")
    before = queries()
    day = ending_today("notified")
    for number in range(4):
        other = make_member(f"Lamp {number}")
        services.advance(by=people.sam, on=day.raised)
        breach = Breach.objects.get(member=other)
        services.confirm_breach(breach_id=breach.pk, reason="x", by=people.cam, on=day.lapsed)
        services.open_case(breach_ids=[breach.pk], by=people.cam, on=day.opened)

    assert queries() == before


def test_long_lists_are_read_page_by_page(edition, people, monkeypatch):
    monkeypatch.setattr("suspensions.views.acts.PAGE", 2)
    for number in range(5):
        make_member(f"Lamp {number}")
    services.advance(by=people.sam, on=TODAY)

    url, seen = "/breaches/?rule=no-return", []
    while url:
        page = visit(people.cam, url)
        seen += [ground.breach.pk for ground in page.context["grounds"]]
        url = page.context["next_url"] and f"/breaches/{page.context['next_url']}"
    assert seen == sorted(Breach.objects.values_list("pk", flat=True), reverse=True)


def test_a_members_auditor_learns_of_no_case_through_its_record(case_at, people, member):
    """Nor through the API, as it stands or as it was known."""
    case = case_at("notified")
    for url in (f"/members/{member.code}/", f"/api/v1/members/{member.code}/spans/"):
        for query in ("", f"?known={TODAY}"):
            audited = visit(people.ann, url + query)
            assert audited.status_code == 200
            for word in (case.code, "no-return", "Notice"):
                assert word not in audited.content.decode()
            assert case.code in visit(people.ada, url + query).content.decode()
    assert not Span.objects.visible_to(people.ann).filter(kind__in=["breach", "case"]).exists()
    assert set(Fact.objects.visible_to(people.ann).values_list("kind", flat=True)) == {
        "member.admitted"
    }


def test_more_time_is_given_on_the_page_by_who_may(case_at, people):
    case = case_at("notified")
    url = reverse("suspensions:further", args=[case.code, "extend"])
    until = TODAY + timedelta(days=60)
    typed = {"clock": "answer", "until_on": until, "text": "Long papers."}

    page = visit(people.cam, case.get_absolute_url()).content.decode()
    assert "Give more time" in page
    assert "Let the time stand still" not in page  # its ladder knows no pause
    assert "Give more time" not in visit(people.ada, case.get_absolute_url()).content.decode()
    for person, status in ((people.ada, 403), (people.eve, 404)):
        assert send(person, url, **typed).status_code == status
    assert send(people.cam, url, **typed | {"until_on": TODAY}).status_code == 409
    assert send(people.cam, url, **typed | {"until_on": "soon"}).status_code == 400
    assert send(people.cam, url, **typed).status_code == 302
    assert Case.objects.with_stage(TODAY).get(pk=case.pk).due_on == until
    unknown = reverse("suspensions:further", args=[case.code, "delete"])
    assert send(people.cam, unknown, **typed).status_code == 404


def test_a_cure_is_recorded_on_the_page(case_at, people):
    breach = case_at("imposed").breaches.get()
    url = reverse("suspensions:cure-breach", args=[breach.pk])

    assert "Was it made good?" in visit(people.cam, breach.get_absolute_url()).content.decode()
    assert send(people.ada, url, text="x").status_code == 403
    assert send(people.cam, url, text="The return came.").status_code == 302
    assert "Found made good" in visit(people.ada, breach.get_absolute_url()).content.decode()
