from datetime import date

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from members import selectors, services, tasks
from members.models import Affiliation, Application, Assignment, Letter, Mandate, Member, Signature
from members.rules import Post
from tests.conftest import everybody
from tests.factories import LAMPS, make_edition, make_member, make_organisation, make_user

pytestmark = pytest.mark.django_db

STAFF = {"sam", "cam", "lou"}
ACTING = {"ada", "sid", "avi", "ann"}


@pytest.fixture
def visit(client):
    """Open a page as somebody; None for nobody."""

    def get(user, url):
        client.logout()
        if user:
            client.force_login(user)
        return client.get(url)

    return get


def outcomes(visit, people, url) -> dict[str, int]:
    return {who: visit(user, url).status_code for who, user in everybody(people).items()}


def allowed(seen: dict[str, int]) -> set[str]:
    return {who for who, status in seen.items() if status == 200}


# Who may look


@pytest.mark.parametrize("page", ["member", "requirements", "people"])
def test_a_members_pages_are_for_staff_and_its_own_people(visit, member, people, page):
    seen = outcomes(visit, people, reverse(f"members:{page}", args=[member.code]))

    assert allowed(seen) == STAFF | ACTING
    assert seen.pop("nobody") == 302
    assert {s for who, s in seen.items() if who not in STAFF | ACTING} == {404}


@pytest.mark.parametrize(
    ("page", "who"),
    [
        ("directory", STAFF | ACTING | {"eve"}),
        ("outbox", {"sam", "cam"}),
        ("organisations", {"sam"}),
        ("applications", {"sam"}),
        ("apply", {"sam"}),
    ],
)
def test_other_pages_are_for_those_whose_work_they_are(visit, member, people, page, who):
    make_organisation("Free Lamps")
    seen = outcomes(visit, people, reverse(f"members:{page}"))

    assert allowed(seen) == who
    assert seen.pop("nobody") == 302
    assert set(seen.values()) == {200, 403}


def test_a_member_that_is_not_there_is_not_found(visit, member, people):
    assert visit(people.sam, reverse("members:member", args=["M9999"])).status_code == 404


# The directory and the record


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Ada &amp; Co", "Other Lamps"]),
        ("?q=other", ["Other Lamps"]),
        ("?standing=good", ["Ada &amp; Co", "Other Lamps"]),
        ("?standing=suspended", []),
        ("?member_class=partner", []),
        ("?standing=nonsense", ["Ada &amp; Co", "Other Lamps"]),
        ("?after=nonsense", ["Ada &amp; Co", "Other Lamps"]),
    ],
)
def test_the_directory_is_filtered(visit, member, people, query, found):
    page = visit(people.sam, reverse("members:directory") + query).content.decode()

    assert [n for n in ("Ada &amp; Co", "Other Lamps") if f">{n}</a>" in page] == found


def test_the_directory_is_read_in_pages_without_a_gap(visit, member, people, monkeypatch):
    monkeypatch.setattr("members.views.directory.PAGE", 2)
    for name in ("Zeta", "Beta", "Beta 2"):
        make_member(name)
    seen, url = [], reverse("members:directory")
    while url:
        context = visit(people.sam, url).context
        seen += [row["member"].name for row in context["rows"]]
        url = context["next_url"] and reverse("members:directory") + context["next_url"]

    assert seen == ["Ada & Co", "Beta", "Beta 2", "Other Lamps", "Zeta"]


def test_the_directory_takes_as_many_queries_for_ten_as_for_two(
    visit, member, people, django_assert_max_num_queries
):
    url = reverse("members:directory")
    with django_assert_max_num_queries(40) as few:
        visit(people.sam, url)
    for number in range(8):
        make_member(f"Lamps {number}")

    with django_assert_max_num_queries(len(few.captured_queries)):
        visit(people.sam, url)


def test_the_record_is_read_as_at_a_day_and_as_known_on_a_day(visit, member, people):
    url = reverse("members:member", args=[member.code])
    before = visit(people.sam, url + "?on=2022-05-31").content.decode()
    unknown = visit(people.sam, url + "?on=2026-03-02&known=2021-01-01").content.decode()

    assert "In good standing since 1 Jun 2022" in visit(people.sam, url).content.decode()
    assert "no membership is on record" in before
    assert "as known on 1 Jan 2021: no membership is on record" in unknown
    assert visit(people.sam, url + "?on=31.31.2026&known=x").status_code == 200


def test_the_record_says_what_is_owed_until_when_and_how_that_follows(visit, member, people):
    url = reverse("members:member", args=[member.code])
    page = visit(people.ada, url + "?on=2026-03-02").content.decode()

    assert "File the annual return: Year 2025" in page
    assert "31 Mar 2026" in page


# Applying


@pytest.fixture
def applicant(people, edition):
    user = make_user("Appl")
    Affiliation.objects.create(user=user, organisation=make_organisation("New Lamps"))
    return user


def apply(client, user, place="full/companies"):
    client.force_login(user)
    organisation = selectors.may_apply_for(user).get()
    fields = {"organisation": organisation.pk, "place": place, "statement": "We make lamps."}
    return client.post(reverse("members:apply"), fields, follow=True)


def test_somebody_applies_for_their_own_organisation(client, applicant):
    assert "The application is filed" in apply(client, applicant).content.decode()

    application = Application.objects.get()
    assert (application.filer, application.member_class) == (applicant, "full")
    assert client.get(reverse("members:apply")).status_code == 403  # one at a time


@pytest.mark.parametrize("place", ["full/unions", "gold/companies", ""])
def test_a_place_that_the_edition_does_not_offer_is_refused(client, applicant, place):
    page = apply(client, applicant, place).content.decode()

    assert not Application.objects.exists()
    assert "We make lamps." in page


def test_an_application_is_seen_by_its_people_and_who_decides(client, visit, applicant, people):
    apply(client, applicant)
    url = reverse("members:application", args=[Application.objects.get().pk])

    assert visit(applicant, url).status_code == 200
    assert visit(people.sam, url).status_code == 200
    assert visit(people.ada, url).status_code == visit(people.cam, url).status_code == 404


def test_admitting_makes_a_member_and_tells_its_people(client, applicant, people, work_due):
    apply(client, applicant)
    work_due()
    url = reverse("members:admit", args=[Application.objects.get().pk])
    assert client.post(url).status_code == 403

    client.force_login(people.sam)
    assert client.post(url, follow=True).status_code == 200
    assert "Nothing has changed" in client.post(url, follow=True).content.decode()
    work_due()
    assert Member.objects.get(organisation__name="New Lamps").admitted_on == timezone.localdate()
    assert Letter.objects.get(template="admitted").to == applicant


def test_a_refusal_needs_a_reason_that_the_applicant_reads(client, visit, applicant, people):
    apply(client, applicant)
    application = Application.objects.get()
    url = reverse("members:refuse", args=[application.pk])
    client.force_login(people.sam)
    assert "names the criterion" in client.post(url, {"reason": " "}).content.decode()
    assert Application.objects.open().exists()

    client.post(url, {"reason": "2.2: makes no lamps"})
    page = visit(applicant, reverse("members:application", args=[application.pk]))
    assert "2.2: makes no lamps" in page.content.decode()


# Signing


def shown(member) -> dict[str, str]:
    today = timezone.localdate()
    return {f"text:{r.code}": r.text_sha256 for r in selectors.unsigned(member, on=today)}


def test_a_signatory_signs_one_then_the_rest(client, member, people):
    client.force_login(people.sid)
    url = reverse("members:sign", args=[member.code])
    client.post(url, {**shown(member), "sign": ["R1"]})
    assert list(Signature.objects.values_list("requirement", flat=True)) == ["R1"]

    page = client.post(url, {**shown(member), "all": "1"}, follow=True).content.decode()
    assert "1 requirement signed" in page
    assert "has signed every requirement" in page


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "choose at least one"),
        ({"sign": "R1", "text:R1": "0" * 64}, "has changed"),
        ({"sign": "R9", "text:R9": "0" * 64}, "is not open for signing"),
    ],
)
def test_what_was_not_shown_is_not_signed(client, member, people, fields, says):
    client.force_login(people.sid)
    page = client.post(reverse("members:sign", args=[member.code]), fields, follow=True)

    assert says in page.content.decode()
    assert not Signature.objects.exists()


def test_only_the_members_own_signatory_signs_by_page(client, member, people):
    url = reverse("members:sign", args=[member.code])
    for who, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        status = client.post(url, {**shown(member), "all": "1"}).status_code
        others = 403 if who in STAFF | ACTING else 404
        assert (who, status) == (who, 302 if who in {"sid", "nobody"} else others)
    assert set(Signature.objects.values_list("user", flat=True)) == {people.sid.pk}


def test_a_new_edition_asks_only_for_what_changed(client, member, people, work_due):
    client.force_login(people.sid)
    url = reverse("members:sign", args=[member.code])
    client.post(url, {**shown(member), "all": "1"})
    changed = LAMPS.replace("code: lamps-2024", "code: lamps-2026", 1)
    changed = changed.replace("in_force_from: 2023-01-01", "in_force_from: 2026-01-01", 1)
    make_edition(changed.replace("No worker pays for the job.", "Nobody pays for a job."))
    work_due()

    page = client.get(reverse("members:requirements", args=[member.code])).content.decode()
    assert set(shown(member)) == {"text:R1"}
    assert "What changed since it was signed on" in page
    assert "[gone: </span>No worker<span" in page
    assert "[new: </span>Nobody<span" in page
    assert "unchanged since" in page


# Mandates


def test_the_secretariat_gives_and_ends_a_mandate(client, member, people, work_due):
    client.force_login(people.sam)
    new = make_user("Nell")
    url = reverse("members:give-mandate", args=[member.code])
    fields = {"mandate-user": "NELL@people.example", "mandate-post": "signatory"}
    client.post(url, {**fields, "mandate-capacity": "Chief executive"})
    mandate = Mandate.objects.get(user=new)
    assert (mandate.capacity, mandate.from_on) == ("Chief executive", timezone.localdate())
    work_due()
    assert Letter.objects.get(template="welcome").to == new

    client.post(reverse("members:end-mandate", args=[mandate.pk]))
    mandate.refresh_from_db()
    assert mandate.until_on == timezone.localdate()
    assert client.post(reverse("members:end-mandate", args=[mandate.pk])).status_code == 404


@pytest.mark.parametrize(
    ("email", "says"),
    [("ghost@people.example", "Nobody signs in"), ("ann@people.example", "cannot act for it")],
)
def test_a_mandate_for_the_wrong_person_is_refused(client, member, people, email, says):
    client.force_login(people.sam)
    before = Mandate.objects.count()
    fields = {"mandate-user": email, "mandate-post": "signatory", "mandate-capacity": "Chief"}
    page = client.post(reverse("members:give-mandate", args=[member.code]), fields)

    assert says in page.content.decode()
    assert f'value="{email}"' in page.content.decode()
    assert Mandate.objects.count() == before


def test_the_secretariat_assigns_an_auditor_and_ends_it(client, member, people):
    client.force_login(people.sam)
    url = reverse("members:assign-auditor", args=[member.code])
    client.post(url, {"assignment-user": people.aud.pk})
    assignment = Assignment.objects.get(user=people.aud)

    client.post(reverse("members:end-assignment", args=[assignment.pk]))
    assert not Assignment.objects.filter(user=people.aud, until_on=None).exists()
    page = client.post(url, {"assignment-user": people.eve.pk}).content.decode()
    assert "Select a valid choice" in page


@pytest.mark.parametrize("who", ["cam", "ada", "sid", "ann"])
def test_others_who_see_a_member_give_no_mandates(client, member, people, who):
    client.force_login(getattr(people, who))
    for page in ("give-mandate", "assign-auditor"):
        assert client.post(reverse(f"members:{page}", args=[member.code])).status_code == 403
    mandate = member.mandates.order_by("pk").first()
    assert client.post(reverse("members:end-mandate", args=[mandate.pk])).status_code == 403


def test_an_organisation_is_registered_and_somebody_belongs_to_it(client, edition, people):
    client.force_login(people.sam)
    fields = {"name": "Fresh Lamps", "sort": "company", "identifier": "LEI1"}
    url = reverse("members:organisations")
    page = client.post(url, fields, follow=True)
    client.post(page.redirect_chain[0][0], {"user": "eve@people.example"})

    assert Affiliation.objects.filter(organisation__name="Fresh Lamps", user=people.eve).exists()
    assert "is there already" in client.post(url, fields).content.decode()


# Letters


@pytest.fixture
def waiting(member, people):
    services.letters.queue(
        "welcome", member=member, key="k", on=date(2026, 3, 2), context={"mandate": None}
    )
    return list(Letter.objects.order_by("pk"))


def test_letters_ticked_are_released_and_then_sent(client, waiting, people):
    client.force_login(people.sam)
    fields = {"letter": [waiting[0].pk], "act": "release"}
    url = reverse("members:decide-letters")
    assert "1 letter released" in client.post(url, fields, follow=True).content.decode()
    assert "nothing has changed" in client.post(url, fields, follow=True).content.decode()

    assert tasks.send_letters() == 1
    assert tasks.send_letters() == 0
    assert [m.to for m in mail.outbox] == [[waiting[0].to.email]]
    assert "Ada & Co" in mail.outbox[0].subject  # plain text, nothing escaped


def test_letters_ticked_are_discarded_and_never_sent(client, waiting, people):
    client.force_login(people.sam)
    fields = {"letter": [letter.pk for letter in waiting], "act": "discard"}
    page = client.post(reverse("members:decide-letters"), fields, follow=True).content.decode()

    assert "2 letters discarded" in page
    assert tasks.send_letters() == 0


def test_a_kind_of_letter_is_switched_to_automatic(client, waiting, people):
    client.force_login(people.sam)
    url = reverse("members:letter-mode", args=["welcome"])
    client.post(url, {"mode": "automatic"})
    assert waiting[0].template.__class__.objects.get().mode == "automatic"

    wrong = client.post(url, {"mode": "nonsense"}, follow=True).content.decode()
    assert "Nothing has changed" in wrong


def test_a_letter_is_read_by_staff_and_once_sent_by_whom_it_is_to(visit, client, waiting, people):
    to_ada = next(letter for letter in waiting if letter.to == people.ada)
    url = reverse("members:letter", args=[to_ada.pk])
    assert visit(people.sam, url).status_code == 200
    assert visit(people.ada, url).status_code == 404
    services.letters.release(letter_ids=[to_ada.pk], by=people.sam, on=date(2026, 3, 2))
    tasks.send_letters()

    assert visit(people.ada, url).status_code == 200
    assert visit(people.sid, url).status_code == visit(people.eve, url).status_code == 404
    assert (
        "You act for Ada &amp; Co" in visit(people.ada, reverse("members:inbox")).content.decode()
    )
    assert "You act for" not in visit(people.sid, reverse("members:inbox")).content.decode()


def test_a_mandate_entered_for_a_day_long_past_sends_nothing(member, people, work_due):
    services.give_mandate(
        member=member,
        user=people.noor,
        post=Post.REPRESENTATIVE,
        capacity="Clerk",
        by=people.sam,
        on=date(2020, 1, 1),
    )
    work_due()

    assert not Letter.objects.filter(to=people.noor).exists()


# By programs


def test_members_by_api_are_those_that_the_caller_may_read(visit, member, people):
    def codes(user):
        return [row["name"] for row in visit(user, "/api/v1/members/").json()["results"]]

    assert codes(people.sam) == ["Other Lamps", "Ada & Co"]
    assert codes(people.ada) == ["Ada & Co"]
    assert codes(people.bea) == []
    assert visit(people.eve, f"/api/v1/members/{member.code}/").status_code == 404
    assert visit(None, "/api/v1/members/").status_code in {401, 403}


def test_spans_by_api_are_as_known_on_a_day(visit, member, people):
    url = f"/api/v1/members/{member.code}/spans/"
    now = visit(people.ada, url).json()
    assert {"standing", "right", "obligation"} <= {span["kind"] for span in now}
    assert visit(people.ada, url + "?known=2021-01-01").json() == []
    assert visit(people.ada, url + "?known=soon").status_code == 400
    assert visit(people.ada, f"/api/v1/members/{member.code}/signatures/").json() == []


def test_applications_by_api_are_ones_own(client, visit, applicant, people):
    apply(client, applicant)

    assert len(visit(applicant, "/api/v1/applications/").json()["results"]) == 1
    assert len(visit(people.sam, "/api/v1/applications/?open=true").json()["results"]) == 1
    assert visit(people.ada, "/api/v1/applications/").json()["results"] == []
