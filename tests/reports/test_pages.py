"""Pages of reports and register: who may open them, what they say, how much they read."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.models import Member
from reports import services
from reports.models import IssuedReport, Publication
from reports.views import issuing, register
from tests.conftest import everybody
from tests.factories import LAMPS, make_edition, make_member
from tests.kpis.filings import GOOD, file_return, period_of
from tests.reports.conftest import FINAL, impose, publish

pytestmark = pytest.mark.django_db
ISSUERS = {"ada", "sid", "sam", "cam", "lou", "ann"}
LISTED = ISSUERS | {"eve"}


def status(client, user, url: str, *, post: bool = False) -> int:
    client.logout()
    if user:
        client.force_login(user)
    return (client.post(url) if post else client.get(url)).status_code


def answers(client, people, url: str, *, post: bool = False) -> dict[str, int]:
    return {name: status(client, user, url, post=post) for name, user in everybody(people).items()}


def test_who_may_download_a_report(client, story, people):
    url = reverse("reports:issue", args=[story.member.code, story.period.code])

    found = answers(client, people, url, post=True)

    assert {name for name, code in found.items() if code == 200} == ISSUERS
    assert found["avi"] == 403  # reads the member's data, and has no report made
    assert found["nobody"] == 302
    others = set(found) - ISSUERS - {"avi", "nobody"}
    assert {found[name] for name in others} == {404}


def test_a_download_is_the_file_that_was_recorded(client, story, people):
    client.force_login(people.ann)
    answer = client.post(reverse("reports:issue", args=[story.member.code, story.period.code]))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].endswith(f'"accountability-{story.member.code}-2024.pdf"')
    assert answer["Cache-Control"] == "no-store"
    assert IssuedReport.objects.get().sha256 == sha256(answer.content).hexdigest()


def test_reading_an_address_issues_nothing(client, story, people):
    client.force_login(people.sam)
    url = reverse("reports:issue", args=[story.member.code, story.period.code])
    assert client.get(url).status_code == 405
    assert client.post(url.replace("2024", "1999")).status_code == 404
    assert client.post(url.replace(story.member.code, "M9999")).status_code == 404
    assert not IssuedReport.objects.exists()


def test_a_period_that_has_not_opened_is_refused_in_words(client, story, people):
    period_of(story.period.edition, "2026")
    client.force_login(people.sam)
    url = reverse("reports:issue", args=[story.member.code, "2026"])
    answer = client.post(url, follow=True)
    assert "opens on 15 Jan 2027" in answer.content.decode()


def test_who_opens_the_page_of_one_report(client, story, people):
    url = reverse("reports:member", args=[story.member.code, story.period.code])

    found = answers(client, people, url)

    assert {name for name, code in found.items() if code == 200} == ISSUERS
    assert (found["avi"], found["nobody"], found["eve"], found["aud"]) == (403, 302, 404, 404)


def test_the_page_lists_reports_made_to_oneself_only(client, story, people, today):
    for user in (people.ann, people.lou):
        services.issue_report(
            member=story.member, period=story.period, by=user, on=today, at=timezone.now()
        )
    url = reverse("reports:member", args=[story.member.code, story.period.code])

    def listed(user) -> list[str]:
        client.force_login(user)
        return [report.issued_to.name for report in client.get(url).context["issued"]]

    assert (listed(people.ann), listed(people.ada)) == (["Ann"], [])
    assert listed(people.sam) == ["Lou", "Ann"]


def test_who_sees_the_list_of_reports(client, story, people):
    found = answers(client, people, reverse("reports:reports"))

    assert {name for name, code in found.items() if code == 200} == LISTED
    assert found["nobody"] == 302
    assert {found[name] for name in set(found) - LISTED - {"nobody"}} == {403}


def test_an_auditor_is_offered_what_is_assigned(client, story, people):
    client.force_login(people.ann)
    page = client.get(reverse("reports:reports"), {"period": "2024"}).content.decode()

    assert "Ada &amp; Co" in page
    assert "Other Lamps" not in page
    assert "Leading" in page
    assert page.count("Download report (PDF) of Ada &amp; Co") == 1


@pytest.mark.parametrize("name", ["reports:reports", "reports:register", "reports:publishing"])
def test_a_page_reads_as_much_for_many_as_for_few(client, people, today, name):
    edition = make_edition(LAMPS.replace("scorecard: member", "scorecard: public"), by=people.sam)
    period = period_of(edition)
    client.force_login(people.sam)

    def add(count: int) -> int:
        for _ in range(count):
            file_return(make_member(), period, GOOD)
        publish(period, people.sam, today)
        services.publish_memberships(by=people.sam, on=today)
        services.publish_scores(period=period, by=people.sam, on=today)
        client.get(reverse(name))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse(name)).status_code == 200
        return len(queries)

    assert add(2) == add(8) <= 16


def test_everybody_reads_the_register(client, story, people, today):
    services.publish_memberships(by=people.sam, on=today)
    url = reverse("reports:entry", args=[story.member.code])

    assert set(answers(client, people, reverse("reports:register")).values()) == {200}
    assert set(answers(client, people, url).values()) == {200}


def test_the_register_says_nothing_that_was_not_published(client, story, people, today):
    impose(story.member, story.case, today)
    url = reverse("reports:entry", args=[story.member.code])
    assert client.get(url).status_code == 404

    services.publish_memberships(by=people.sam, on=today)
    before = client.get(url).content.decode() + client.get("/register/").content.decode()
    services.publish_standing(member=story.member, by=people.sam, on=today + FINAL)
    after = client.get(url).content.decode()

    for words in ("75.5", "Leading", "C0007", "Warned since"):
        assert words not in before
    assert "Warned since 2 Mar 2026" in after
    assert "clause 8.1" in after
    assert "75.5" not in after


def test_the_register_is_searched_and_filtered(client, story, people, today):
    impose(story.member, story.case, today)
    services.publish_memberships(by=people.sam, on=today)
    services.publish_standing(member=story.member, by=people.sam, on=today + FINAL)

    def found(**query) -> set[str]:
        rows = client.get("/register/", query).context["rows"]
        return {row["member"].organisation.name for row in rows}

    assert found() == {"Ada & Co", "Other Lamps"}
    assert found(q="lamps") == {"Other Lamps"}
    assert found(q=story.member.code) == {"Ada & Co"}
    assert found(standing="warned") == {"Ada & Co"}
    assert found(member_class="partner") == set()
    assert found(standing="nonsense") == {"Ada & Co", "Other Lamps"}
    assert found(q="\x00", after="'; --") == {"Ada & Co", "Other Lamps"}


def test_the_register_is_paged_by_name(client, edition, people, today, monkeypatch):
    monkeypatch.setattr(register, "PAGE", 2)
    for name in ("B", "A", "A2", "C", "D"):
        make_member(name)
    services.publish_memberships(by=people.sam, on=today)

    url, seen = "/register/", []
    while url:
        answer = client.get(url)
        seen += [row["member"].organisation.name for row in answer.context["rows"]]
        url = f"/register/{answer.context['next_url']}" if answer.context["next_url"] else ""

    assert seen == ["A", "A2", "B", "C", "D"]


def test_the_list_of_reports_is_paged_by_name(client, edition, people, monkeypatch):
    monkeypatch.setattr(issuing, "PAGE", 1)
    period_of(edition)
    for name in ("B", "A"):
        make_member(name)
    client.force_login(people.sam)

    first = client.get("/reports/")
    second = client.get(f"/reports/{first.context['next_url']}")

    assert [first.context["rows"][0]["member"].name, second.context["rows"][0]["member"].name] == [
        "A",
        "B",
    ]
    assert second.context["next_url"] == ""


ACTS = [
    ("reports:publish-memberships", []),
    ("reports:publish-standing", ["member"]),
    ("reports:publish-scores", ["period"]),
    ("reports:withdraw-scores", ["period"]),
    ("reports:withdraw", ["line"]),
]


@pytest.mark.parametrize(("name", "arguments"), ACTS, ids=[name for name, _ in ACTS])
def test_only_the_secretariat_can_act_on_the_register(
    client, story, people, today, name, arguments
):
    line = services.publish_membership(member=story.member, by=people.sam, on=today)
    values = {"member": story.member.code, "period": "2024", "line": line.pk}
    url = reverse(name, args=[values[argument] for argument in arguments])
    everyone = everybody(people)

    for who in set(everyone) - {"sam"}:
        code = status(client, everyone[who], url, post=True)
        assert code in ({302} if who == "nobody" else {403, 404}), who
    assert Publication.objects.visible_to(AnonymousUser()).count() == 1
    assert status(client, people.sam, url) == 405


def test_the_page_of_acts_is_for_who_publishes(client, story, people):
    found = answers(client, people, reverse("reports:publishing"))
    assert {name for name, code in found.items() if code == 200} == {"sam"}


def test_the_secretariat_publishes_a_measure_and_withdraws_it(client, story, people, today):
    impose(story.member, story.case, date(2026, 2, 27))
    client.force_login(people.sam)
    page = client.get(reverse("reports:publishing")).content.decode()
    assert "Publish that Ada &amp; Co is warned since 27 Feb 2026?" in page

    done = client.post(
        reverse("reports:publish-standing", args=[story.member.code]), follow=True
    ).content.decode()
    assert "Published: Ada &amp; Co is warned." in done
    line = Publication.objects.get(sort="standing")
    client.post(reverse("reports:withdraw", args=[line.pk]))

    line.refresh_from_db()
    assert line.withdrawn_by == people.sam
    assert timezone.now() >= line.withdrawn_at
    refused = client.post(reverse("reports:publish-scores", args=["2024"]), follow=True)
    assert "Nothing was changed: edition lamps-2024 keeps scorecards" in refused.content.decode()


def test_a_name_with_markup_stays_text_in_the_register(client, member, people, today):
    organisation = Member.objects.get(pk=member.pk).organisation
    organisation.name = "<script>alert(1)</script>"
    organisation.save()
    services.publish_memberships(by=people.sam, on=today)

    for url in ("/register/", f"/register/{member.code}/"):
        assert "<script>alert" not in client.get(url).content.decode()
