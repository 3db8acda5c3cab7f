"""How an organisation joins, through the pages: each act by the person whose act it is."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.selectors import system_user
from accounts.templatetags.pages import day
from governance.models import AdmissionDecision, Body, Seat
from members import selectors, services
from members.models import Application, Condition, Letter, Member, Objection, Span
from members.rules import Post
from rulebooks.rules import facts
from tests.conftest import everybody
from tests.factories import LONG_AGO, make_edition, make_mandate, make_member, state
from tests.members import applying
from tests.members.applying import EMAIL, JOINING

pytestmark = pytest.mark.django_db
FORM = {
    "name": "New Lamps",
    "country": "India",
    "answer-why": "We make lamps.",
    "answer-disputes": "One, about rent.",
    "answer-people": "40",
    "group": "none",
    "sites": "Mill Street 4, India\nHarbour, Malaysia",
    "contact-head-name": "Hedda Lund",
    "contact-head-email": EMAIL,
}


def url(name, *args):
    return reverse(name, args=args)


def page(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def joining(people, monkeypatch):
    monkeypatch.setattr("members.forms.applying.MOST_OF_AN_EMAIL", 10_000)  # all tests are one
    monkeypatch.setattr("members.forms.applying.MOST_OF_AN_ADDRESS", 10_000)
    make_edition(JOINING, by=people.sam)
    for code, user in (("board", people.bea), ("appeal-panel", people.apa)):
        body = Body.objects.create(code=code, name=code.replace("-", " ").capitalize())
        Seat.objects.create(body=body, user=user, from_on=LONG_AGO)
    return make_member("Ada & Co", representative=people.ada, signatory=people.sid)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def link() -> str:
    while services.letters.send_next(by=system_user()):
        pass
    found = re.findall(rf"{re.escape(settings.SITE_URL)}(/apply/open/\S+)", mail.outbox[-1].body)
    return found[-1]


def begun() -> Client:
    """Begin an application on the form and open the link that was mailed."""
    nobody = Client()
    sent = {"name": "New Lamps", "country": "India", "email": EMAIL, "place": "full/companies"}
    answer = nobody.post(url("members:begin"), sent)
    assert answer["Location"] == url("members:link-sent")
    assert nobody.get(link())["Location"] == url("members:mine")
    return nobody


def filed() -> tuple[Client, Application]:
    applicant = begun()
    extract = SimpleUploadedFile("extract.pdf", b"extract", "application/pdf")
    form = FORM | {"document-register": extract, "file": "1"}
    assert applicant.post(url("members:mine"), form).status_code == 302
    return applicant, Application.objects.get(filed_at__isnull=False)


def let_days_pass(application: Application, days: int) -> None:
    """Make everything recorded of an application so many days older."""
    by = timedelta(days=days)
    application.refresh_from_db()
    Application.objects.filter(pk=application.pk).update(filed_at=application.filed_at - by)
    for comment in Objection.objects.filter(application=application, put_at__isnull=False):
        Objection.objects.filter(pk=comment.pk).update(put_at=comment.put_at - by)


def check_all(sam: Client, application: Application) -> None:
    pk = application.pk
    sam.post(url("members:match", pk), {"organisation": "new"})
    sam.post(url("members:declare-tie", pk), {"tie-has_tie": "no"})
    for item in ("register", "sanctions"):
        found = {f"{item}-result": "clear", f"{item}-finding": "Looked it up."}
        sam.post(url("members:check", pk, item), found)


def record(pat: Client, application: Application, **said):
    sent = {"reasons": "As the file shows.", "taken_on": str(timezone.localdate())} | said
    return pat.post(url("governance:record-admission", application.pk), sent)


def carry_out(sam: Client):
    decided = AdmissionDecision.objects.order_by("-pk").first()
    return sam.post(url("governance:carry-out-admission", decided.pk))


def test_a_draft_is_saved_resumed_and_filed_once_nothing_is_missing(joining):
    applicant = begun()
    applicant.post(url("members:mine"), {"name": "New Lamps", "answer-why": "Soon", "save": "1"})
    refused = applicant.post(url("members:mine"), {"name": "New Lamps", "file": "1"})

    assert refused.status_code == 409
    assert 'href="#id_answer-people"' in page(refused)
    assert not Application.objects.open().exists()

    later = Client()  # another day, another machine
    later.post(url("members:ask-for-link"), {"link-email": EMAIL})
    Letter.objects.filter(status="sent").update(key="an earlier minute")
    services.applying.send_links(email=EMAIL, by=system_user(), on=timezone.localdate())
    assert later.get(link()).status_code == 302
    assert "is missing" in page(later.get(url("members:mine"))) or "are missing" in page(
        later.get(url("members:mine"))
    )


def test_apply_then_a_comment_then_admitted_with_a_condition(joining, people):
    applicant, application = filed()
    ada, sam, pat = signed_in(people.ada), signed_in(people.sam), signed_in(people.pat)

    # A member comments; the application's own words are not told to it.
    told = page(ada.get(url("members:applicants"))) + page(
        ada.get(url("members:comment", application.pk))
    )
    assert "New Lamps" in told
    assert not any(word in told for word in ("We make lamps", EMAIL, "Mill Street", "about rent"))
    comment = {
        "member": joining.code, "criterion": "good-faith", "text": "It charged fees in May.",
        "evidence": "Court of Pune, 12/2026",
    }  # fmt: skip
    assert ada.post(url("members:comment", application.pk), comment).status_code == 302
    made = Objection.objects.get()
    assert (made.competitor, made.declared) == (True, False)  # of the same class

    # Staff check it, and put the comment to the applicant without its author.
    check_all(sam, application)
    sam.post(url("members:put-comment", made.pk), {"substance": "Ada & Co says you took fees."})
    made.refresh_from_db()
    assert made.put_at is None  # it named the member
    sam.post(url("members:put-comment", made.pk), {"substance": "You are said to have taken fees."})
    status = page(applicant.get(url("members:mine")))
    assert "You are said to have taken fees." in status
    assert "We make lamps." in status  # what one filed stays to be read
    assert not any(word in status for word in ("Ada &amp; Co", joining.code, "Court of Pune"))
    applicant.post(url("members:reply-mine", made.pk), {"text": "We paid them back."})

    # The body reads it all but what is for the staff; nobody decides before the window is over.
    board = page(signed_in(people.bea).get(url("governance:admission", application.pk)))
    assert "We paid them back." in board
    assert "Competitor" in board
    assert "about rent" not in board
    assert "cannot be decided on yet" in page(record(pat, application, outcome="admit"))
    let_days_pass(application, 15)

    due = timezone.localdate() + timedelta(days=90)
    condition = {
        "condition-1-text": "Publish proof of repayment.",
        "condition-1-clause": "2.6",
        "condition-1-due_on": str(due),
    }
    assert record(pat, application, outcome="admit", **condition).status_code == 302
    assert carry_out(sam).status_code == 302
    member = Member.objects.get(organisation__name="New Lamps")
    key = f"condition:{application.code}-1"
    owed = Span.objects.in_force(timezone.localdate()).get(member=member, key=key)
    assert (owed.state, owed.from_on) == ("open", timezone.localdate())
    assert set(member.sites.values_list("name", flat=True)) == {"Mill Street 4", "Harbour"}
    assert "Publish proof of repayment." in page(applicant.get(url("members:mine")))

    # Twice is refused; and whether the condition is met is recorded once.
    assert "Nothing has changed" in page(
        sam.post(
            url("governance:carry-out-admission", AdmissionDecision.objects.get().pk), follow=True
        )
    )
    found = Condition.objects.get(member=member)
    sam.post(url("members:settle-condition", found.pk), {"outcome": "met", "finding": "Seen."})
    state_now = Span.objects.filter(member=member, key=owed.key).order_by("-from_on").first()
    assert state_now.state == "met"


def refused(people) -> tuple[Client, Client, Client, Application]:
    applicant, application = filed()
    sam, pat = signed_in(people.sam), signed_in(people.pat)
    check_all(sam, application)
    let_days_pass(application, 15)
    record(pat, application, outcome="refuse", criterion="good-faith")
    carry_out(sam)
    application.refresh_from_db()
    assert (application.outcome, application.criterion) == ("refused", "good-faith")
    return applicant, sam, pat, application


@pytest.mark.parametrize(("outcome", "stands"), [("overturned", "admitted"), ("upheld", "refused")])
def test_refused_then_an_appeal(joining, people, outcome, stands):
    applicant, sam, pat, application = refused(people)
    status = page(applicant.get(url("members:mine")))
    assert "willing to meet the requirements" in status
    assert "You can appeal until" in status

    applicant.post(url("members:appeal-mine"), {"text": "We paid all of it back."})
    assert "Nothing has changed" in page(
        applicant.post(url("members:appeal-mine"), {"text": "Again."}, follow=True)
    )
    panel = url("governance:admission", application.pk)
    assert signed_in(people.bea).get(panel).status_code == 404  # it decided; another body hears it
    assert "We paid all of it back." in page(signed_in(people.apa).get(panel))

    record(pat, application, outcome=outcome)
    carry_out(sam)
    application.refresh_from_db()
    assert application.outcome == stands
    assert application.appeal.outcome == outcome
    assert Member.objects.filter(organisation__name="New Lamps").exists() is (stands == "admitted")
    assert applicant.get(url("members:mine")).status_code == 200


def test_after_a_refusal_one_waits_and_the_past_is_laid_before_staff_and_body(joining, people):
    _, sam, _, before = refused(people)
    again = applying.filed(timezone.localdate(), email="again@lamps.example")
    organisation = before.organisation

    answer = sam.post(
        url("members:match", again.pk), {"organisation": organisation.pk}, follow=True
    )
    assert "may apply again after" in page(answer)
    assert "(clause 2.12)" in page(answer)
    Application.objects.filter(pk=before.pk).update(decided_at=timezone.now() - timedelta(days=200))
    sam.post(url("members:match", again.pk), {"organisation": organisation.pk})
    for user, where in (
        (people.sam, url("members:application", again.pk)),
        (people.bea, url("governance:admission", again.pk)),
    ):
        assert "What happened before" in page(signed_in(user).get(where))
        assert before.code in page(signed_in(user).get(where))


def test_a_former_member_gets_its_membership_again_with_its_history(joining, people):
    today = timezone.localdate()
    former = make_member("New Lamps")
    state(former, facts.MemberLeft(), today - timedelta(days=100))
    application = applying.filed(today)
    applying.checked(application, people.sam, today, former.organisation)
    let_days_pass(application, 15)
    pat, sam = signed_in(people.pat), signed_in(people.sam)
    record(pat, application, outcome="admit")
    carry_out(sam)

    application.refresh_from_db()
    assert Member.objects.get(organisation=former.organisation) == former
    standings = Span.objects.filter(member=former, kind="standing").order_by("from_on")
    assert list(standings.values_list("state", flat=True)) == ["good", "left", "good"]
    past = selectors.past_of(application, on=today)
    told = [span.state for span in past.spans if span.kind == "standing"]
    assert told == ["good", "left"]  # not that it was let in again
    assert past.member == former


def test_of_who_was_admitted_nothing_happened_before_but_what_was_before(joining, people):
    today = timezone.localdate()
    application = applying.filed(today)
    applying.checked(application, people.sam, today)
    let_days_pass(application, 15)
    record(signed_in(people.pat), application, outcome="admit")
    carry_out(signed_in(people.sam))

    application.refresh_from_db()
    assert application.outcome == "admitted"
    past = selectors.past_of(application, on=today)
    assert (past.member, past.applications, past.spans) == (None, [], [])
    for user, where in (
        (people.sam, url("members:application", application.pk)),
        (people.sam, url("governance:admission", application.pk)),
    ):
        assert "What happened before" not in page(signed_in(user).get(where))


def test_what_came_after_a_refusal_is_not_before_it(joining, people):
    _, _, _, before = refused(people)
    Application.objects.filter(pk=before.pk).update(decided_at=timezone.now() - timedelta(days=3))
    before.refresh_from_db()
    again = applying.filed(timezone.localdate(), email="again@lamps.example")
    Application.objects.filter(pk=again.pk).update(organisation=before.organisation)
    again.refresh_from_db()
    member = make_member("Later Lamps", admitted_on=timezone.localdate())
    Member.objects.filter(pk=member.pk).update(organisation=before.organisation)

    past = selectors.past_of(before, on=timezone.localdate())

    assert (past.member, past.applications, past.spans) == (None, [], [])
    assert selectors.past_of(again, on=timezone.localdate()).applications == [before]


def test_who_has_a_tie_or_has_not_said_so_checks_nothing(joining, people):
    _, application = filed()
    sam = signed_in(people.sam)
    finding = {"register-result": "clear", "register-finding": "Seen."}
    where = url("members:check", application.pk, "register")

    assert "say first whether you have a tie" in page(sam.post(where, finding, follow=True))
    tie = {"tie-has_tie": "yes", "tie-text": "My brother works there."}
    sam.post(url("members:declare-tie", application.pk), tie)
    assert "somebody else checks it" in page(sam.post(where, finding, follow=True))
    assert not application.checks.exists()


# Who may see what, tried by the whole cast


def statuses(people, where) -> dict[str, int]:
    found = {}
    for who, user in everybody(people).items():
        client = Client()
        if user:
            client.force_login(user)
        found[who] = client.get(where).status_code
    return found


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("members:application", {"sam"}),
        ("governance:admission", {"sam", "bea"}),
        ("members:comment", {"sam", "ada", "sid", "eve"}),
    ],
)
def test_an_application_is_read_by_staff_and_body_and_announced_to_members(
    joining, people, name, who
):
    make_mandate(make_member("Other Lamps"), people.eve, Post.REPRESENTATIVE)
    _, application = filed()
    seen = statuses(people, url(name, application.pk))

    assert {user for user, status in seen.items() if status == 200} == who
    assert set(seen.values()) <= {200, 302, 403, 404}


def test_until_decided_others_learn_name_class_and_country_by_page_and_api(joining, people):
    _, application = filed()
    applying.comment(application, joining, people.ada, timezone.localdate())
    make_mandate(make_member("Other Lamps"), people.eve, Post.REPRESENTATIVE)
    secret = ("We make lamps", EMAIL, "Mill Street", "Hedda", "extract.pdf", "It charged fees")

    for who, user in everybody(people).items():
        client = Client()
        if user:
            client.force_login(user)
        for where in (
            "/applicants/", f"/applicants/{application.pk}/", "/api/v1/applicants/",
            "/api/v1/applications/", f"/applications/{application.pk}/", "/applications/",
            f"/admissions/{application.pk}/", "/admissions/", "/apply/mine/",
        ):  # fmt: skip
            shown = page(client.get(where, follow=True))
            own = who in ("ada", "sid") and where.startswith("/applicants/")  # its own comment
            if who in ("sam", "bea") or own:
                continue
            assert not [word for word in secret if word in shown], (who, where)
    told = signed_in(people.eve).get("/api/v1/applicants/").json()["results"]
    assert told == [{"name": "New Lamps", "member_class": "full", "country": "India"}]
    assert Client().get("/api/v1/applicants/").status_code in (401, 403)
    [row] = signed_in(people.sam).get("/api/v1/applications/?open=true").json()["results"]
    assert (row["stage"], row["organisation"]) == ("checked", None)


# Bad input


def test_links_are_asked_for_a_few_times_an_hour_whether_there_is_anything_or_not(joining):
    answers = {}
    for email in (EMAIL, "stranger@x.example"):
        if email == EMAIL:
            applying.begin(timezone.localdate())
        client = Client(REMOTE_ADDR=f"198.51.100.{len(answers)}")
        sent = {"link-email": f"{timezone.now():%H%M%S%f}{email}"}
        answers[email] = [client.post(url("members:ask-for-link"), sent) for _ in range(3)]

    first, second = ([(a.status_code, a["Location"]) for a in got] for got in answers.values())
    assert first == second


def test_too_many_links_are_refused_with_the_hour_to_ask_again(joining, monkeypatch):
    monkeypatch.setattr("members.forms.applying.MOST_OF_AN_EMAIL", 2)
    client, sent = Client(), {"link-email": f"{timezone.now():%H%M%S%f}@lamps.example"}
    answers = [client.post(url("members:ask-for-link"), sent) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 200]
    assert "Too many links were asked for" in page(answers[-1])


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("answer-why", "x" * 20_001, "at most 20000"),
        ("answer-why", "nul\x00", "Null characters are not allowed"),
        ("sites", "Mill Street 4", "has no country"),
        ("sites", "a, b\n" * 501, "at most 500"),
        ("contact-head-email", "no address", "valid email"),
        ("name", "", "required"),
    ],
)
def test_what_cannot_be_saved_is_said_and_nothing_typed_is_lost(joining, field, typed, says):
    applicant = begun()
    answer = applicant.post(url("members:mine"), FORM | {field: typed, "save": "1"})

    assert answer.status_code == 200
    assert says in page(answer)
    assert "One, about rent." in page(answer)
    assert Application.objects.get().content == {}


def test_a_link_that_is_wrong_shows_how_to_get_a_new_one(joining):
    assert "Ask for a new one" in page(Client().get(url("members:open-application", "x" * 43)))
    assert Client().get(url("members:mine")).status_code == 404
    for name in ("members:withdraw-mine", "members:appeal-mine"):
        assert Client().post(url(name)).status_code == 404


def test_a_class_that_closed_yesterday_says_so_with_its_clause(people):
    yesterday = timezone.localdate() - timedelta(days=1)
    text = JOINING.replace("opens_on: 2026-01-01\n", f"closes_on: {yesterday}\n")
    make_edition(text, by=people.sam)
    sent = {"name": "L", "country": "India", "email": EMAIL, "place": "full/companies"}
    answer = page(Client(REMOTE_ADDR="198.51.100.77").post(url("members:begin"), sent))

    assert f"applications closed on {day(yesterday)} (clause 2.6)" in answer
    assert not Application.objects.exists()


def test_right_to_left_text_is_filed_and_read_as_typed(joining, people):
    applicant = begun()
    text = "نحن نصنع المصابيح"
    extract = SimpleUploadedFile("سجل\u202e.pdf", b"extract")
    form = FORM | {"name": "مصابيح", "answer-why": text, "document-register": extract}
    applicant.post(url("members:mine"), form | {"file": "1"})
    application = Application.objects.get(filed_at__isnull=False)
    shown = page(signed_in(people.sam).get(url("members:application", application.pk)))

    assert text in shown
    assert "\u202e" not in shown
    assert "سجل.pdf" in shown
