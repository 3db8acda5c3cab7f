"""A first step that waits: proposed on its day, taken up from then on, on pages and by the run."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import Letter
from suspensions import selectors, services
from suspensions.models import Case
from suspensions.rules.procedure import IllegalAction
from tests.conftest import everybody
from tests.factories import make_edition, make_member
from tests.suspensions.builders import course, lamps_missed_on, make_breach

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
WAITS = 20


def world(people, *, missed_days_ago: int):
    """A member whose breach is confirmed; its first step is due twenty days after it was missed."""
    missed = TODAY - timedelta(days=missed_days_ago)
    text = lamps_missed_on(missed).replace(
        "        standing: warned\n",
        f"        standing: warned\n        when: {{after: {{days: {WAITS}}}}}\n",
        1,
    )
    make_edition(text, by=people.sam)
    member = make_member("Ada & Co", representative=people.ada, signatory=people.sid)
    return make_breach(member, people, state="confirmed", day=course(missed + timedelta(days=1)))


def test_before_its_day_no_case_is_opened_and_the_refusal_names_day_and_clause(people):
    breach = world(people, missed_days_ago=17)
    due = TODAY + timedelta(days=WAITS - 17)

    with pytest.raises(IllegalAction, match=f"Warning yet: by clause 8.1 it is due on {due}"):
        services.open_case(breach_ids=[breach.pk], by=people.cam, on=TODAY)
    assert not Case.objects.exists()

    case = services.open_case(breach_ids=[breach.pk], by=people.cam, on=due)
    assert case.step == "warning"


def test_the_daily_run_names_it_from_its_day_on_and_changes_nothing(people):
    breach = world(people, missed_days_ago=17)
    due = TODAY + timedelta(days=WAITS - 17)
    letters = Letter.objects.count()

    def steps(on):
        out = StringIO()
        call_command("advance", "--json", "--dry-run", "--on", str(on), stdout=out)
        return json.loads(out.getvalue())["steps"]

    assert steps(due - timedelta(days=1)) == []
    (step,) = steps(due)
    assert (step["member"], step["step"], step["due_on"], step["clause"]) == (
        breach.member.code, "main:warning", str(due), "8.1",
    )  # fmt: skip
    assert (Letter.objects.count(), Case.objects.count()) == (letters, 0)


def page(user, name, *args):
    client = Client()
    if user:
        client.force_login(user)
    return client.get(reverse(f"suspensions:{name}", args=args))


def test_the_page_of_steps_is_for_those_who_follow_up(people):
    world(people, missed_days_ago=WAITS + 3)
    opened = {who: page(user, "steps") for who, user in everybody(people).items()}

    shown = {who for who, seen in opened.items() if "Ada &amp; Co" in seen.content.decode()}
    assert shown == {"sam", "cam", "lou", "ada", "sid"}
    assert opened["nobody"].status_code == 302
    assert opened["pat"].status_code == 403
    assert "Warning" in opened["cam"].content.decode()
    client = Client()
    client.force_login(people.cam)
    assert "waits for a case" in client.get("/").content.decode()


def test_a_case_takes_it_off_the_page(people):
    breach = world(people, missed_days_ago=WAITS + 3)
    services.open_case(breach_ids=[breach.pk], by=people.cam, on=TODAY)

    assert selectors.steps_due(people.cam, on=TODAY).count() == 0
    assert "The rules propose no step" in page(people.cam, "steps").content.decode()


@pytest.mark.parametrize(
    ("days", "says"),
    [
        pytest.param(17, "a case is opened from that day on", id="before its day"),
        pytest.param(WAITS + 3, "has been due since", id="from its day on"),
    ],
)
def test_the_page_of_the_breach_says_from_when_on(people, days, says):
    breach = world(people, missed_days_ago=days)

    assert says in page(people.cam, "breach", breach.pk).content.decode()
