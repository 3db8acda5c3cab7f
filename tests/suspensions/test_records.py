"""Judgements and findings: only what the edition names, with reasons, once; and their page."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ledger.models import Entry
from members.models import Fact, Span
from rulebooks.rules.timeline.changes import Kind
from suspensions import services
from suspensions.models import Reason
from suspensions.rules.procedure import IllegalAction
from tests.conftest import everybody
from tests.factories import make_edition, make_member
from tests.suspensions.builders import RECORDING

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = date(2026, 5, 1)
READS = {"sam", "cam", "lou", "ada", "sid", "avi"}
JUDGED = {"judgement": "good-faith", "about": "2025", "outcome": "not shown"}
FOUND = {"code": "F1", "severity": "priority"}


@pytest.fixture
def edition(people):
    return make_edition(RECORDING, by=people.sam)


@pytest.fixture
def named(member, people):
    return {"member": member, "by": people.cam, "on": DAY, "reasons": "Seen on site."}


def test_a_judgement_is_a_fact_with_its_reasons_beside_it(named, member, people):
    reason = services.record_judgement(**JUDGED, **named, due_on=date(2026, 3, 31))

    assert (reason.fact.kind, reason.fact.key) == ("judgement.recorded", "good-faith:2025")
    assert reason.fact.data == {"outcome": "not shown", "due_on": "2026-03-31"}
    assert (reason.member, reason.text, reason.written_by) == (member, "Seen on site.", people.cam)
    assert "Seen on site" not in str(Entry.objects.values_list("data", flat=True))
    hit = Span.objects.of(Kind.BREACH).get(member=member, key="unfair:2025")
    assert hit.state == "proposed"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        pytest.param({"judgement": "taste"}, "'taste'; allowed: good-faith", id="another matter"),
        pytest.param(
            {"outcome": "fine"}, "good-faith 'fine'; allowed: shown, not shown", id="an outcome"
        ),
        pytest.param({"about": "Ada Smith"}, "no code of what", id="a name in the record"),
        pytest.param({"about": "x" * 31}, "1 to 30 letters", id="a code too long"),
        pytest.param({"due_on": date(2026, 5, 2)}, "due on 2026-05-02", id="not due yet"),
        pytest.param({"reasons": " \n"}, "give the reasons", id="no reasons"),
    ],
)
def test_a_judgement_is_only_what_the_edition_names(named, changed, says):
    with pytest.raises(IllegalAction, match=says):
        services.record_judgement(**JUDGED | named | changed)

    assert not Reason.objects.exists()
    assert not Fact.objects.filter(kind="judgement.recorded").exists()


def test_a_matter_is_not_judged_before_it_was_judged_last(named):
    services.record_judgement(**JUDGED, **named)

    with pytest.raises(IllegalAction, match="cannot follow"):
        services.record_judgement(**JUDGED | named | {"on": DAY - timedelta(days=1)})
    services.record_judgement(**JUDGED | named | {"outcome": "shown"})
    assert Reason.objects.count() == 2


def test_a_finding_has_a_known_severity_and_is_recorded_and_closed_once(named):
    with pytest.raises(IllegalAction, match="'mild'; allowed: priority, grave"):
        services.record_finding(**FOUND | named | {"severity": "mild"})
    services.record_finding(**FOUND, **named)
    with pytest.raises(IllegalAction, match="recorded already"):
        services.record_finding(**FOUND, **named)
    with pytest.raises(IllegalAction, match=r"no finding F2 .* open are: F1"):
        services.close_finding(**named | {"code": "F2"})
    with pytest.raises(IllegalAction, match="there is no finding F1"):
        services.close_finding(**named | {"code": "F1", "on": DAY - timedelta(days=1)})
    services.close_finding(code="F1", **named)
    with pytest.raises(IllegalAction, match="closed already"):
        services.close_finding(code="F1", **named)

    assert list(Reason.objects.order_by("pk").values_list("fact__kind", flat=True)) == [
        "finding.recorded", "finding.closed",
    ]  # fmt: skip


def test_where_the_edition_names_nothing_nothing_is_recorded(people):
    make_edition(by=people.sam)
    member = make_member("Plain Lamps")
    named = {"member": member, "by": people.cam, "on": DAY, "reasons": "x"}

    with pytest.raises(IllegalAction, match="it names none"):
        services.record_judgement(**JUDGED, **named)
    with pytest.raises(IllegalAction, match="it names none"):
        services.record_finding(**FOUND, **named)


@pytest.mark.parametrize("who", ["sam", "lou", "ada", "eve", "ann", "bea", "noor", "sys"])
def test_only_a_case_officer_records(named, people, who):
    named["by"] = getattr(people, who)
    for service, given in (
        (services.record_judgement, JUDGED),
        (services.record_finding, FOUND),
        (services.close_finding, {"code": "F1"}),
    ):
        with pytest.raises(PermissionDenied):
            service(**given, **named)


def test_reasons_stay_as_written(named):
    reason = services.record_finding(**FOUND, **named)

    with pytest.raises(DatabaseError), transaction.atomic():
        Reason.objects.filter(pk=reason.pk).update(text="Nothing.")


# The page


def statuses(people, url, data=None) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for who, user in everybody(people).items():
        client = Client()
        if user:
            client.force_login(user)
        answer = client.get(url) if data is None else client.post(url, data)
        found.setdefault(answer.status_code, set()).add(who)
    return found


def test_the_page_is_for_the_members_people_and_those_who_follow_up(member, people, named):
    services.record_finding(**FOUND, **named)
    seen = statuses(people, reverse("suspensions:records", args=[member.code]))

    assert seen == {
        200: READS,
        302: {"nobody"},
        404: set(everybody(people)) - READS - {"nobody"},
    }


@pytest.mark.parametrize(
    ("act", "data"),
    [
        ("judgement", {"outcome": "good-faith:shown", "about": "2025", "text": "x"}),
        ("finding", {"severity": "grave", "code": "F2", "text": "x"}),
        ("closing", {"code": "F1", "text": "x"}),
    ],
)
def test_the_acts_are_for_case_officers(member, people, named, act, data):
    services.record_finding(**FOUND | named | {"on": TODAY})
    seen = statuses(people, reverse("suspensions:record", args=[member.code, act]), data)

    assert seen == {
        302: {"cam", "nobody"},
        403: READS - {"cam"},
        404: set(everybody(people)) - READS - {"nobody"},
    }
    assert Reason.objects.filter(written_by=people.cam).count() == 2


def test_what_was_recorded_is_read_on_the_page_and_forms_by_case_officers_only(
    client, member, people, named
):
    url = reverse("suspensions:records", args=[member.code])
    services.record_judgement(**JUDGED, **named, due_on=date(2026, 3, 31))
    services.record_finding(**FOUND, **named)
    pages = {}
    for who in ("cam", "ada"):
        client.force_login(getattr(people, who))
        pages[who] = client.get(url).content.decode()

    for page in pages.values():
        assert "Effort in good faith, 2025" in page
        assert "Seen on site." in page
        assert "31 Mar 2026" in page
    assert 'value="good-faith:not shown"' in pages["cam"]
    assert "F1, priority" in pages["cam"]
    assert "<textarea" not in pages["ada"]
    client.force_login(people.ada)
    overview = client.get(reverse("dashboard:member", args=[member.code])).content.decode()
    assert url in overview


def test_a_refusal_keeps_what_was_typed_and_says_what_is_wrong(client, member, people, named):
    services.record_finding(**FOUND, **named)
    client.force_login(people.cam)
    url = reverse("suspensions:record", args=[member.code, "finding"])

    again = client.post(url, {"severity": "grave", "code": "F1", "text": "Typed at length."})
    empty = client.post(url, {})
    wrong = client.post(url, {"severity": "mild", "code": "F2", "text": "x"})

    assert again.status_code == 409
    assert "Typed at length." in again.content.decode()
    assert f"Finding F1 of {member.code} is recorded already." in again.content.decode()
    assert (empty.status_code, wrong.status_code) == (400, 400)
    assert client.post(url.replace("finding", "pardon")).status_code == 404
    assert client.get(url).status_code == 405


def test_an_edition_without_matters_says_so(client, people):
    make_edition(by=people.sam)
    member = make_member("Plain Lamps")
    client.force_login(people.cam)

    page = client.get(reverse("suspensions:records", args=[member.code])).content.decode()

    assert "names no matter to judge" in page
    assert "watches no findings" in page
    assert "<textarea" not in page
