"""The resolution that adopts an edition, held to the rule of the edition in force."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance import services
from governance.models import Body, Resolution
from governance.rules import NotAsked
from governance.rules.voting import NotCarried, Vote
from ledger.models import Entry
from rulebooks import services as rulebooks
from rulebooks.rules.adoption import Resolved
from rulebooks.rules.decisions import Tally
from rulebooks.services import CannotAdopt
from tests.factories import LAMPS, make_countersigned, make_edition, next_lamps
from tests.governance.voting import BODIES

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
GENERAL = """
  - code: general
    name: The general assembly
    electorate:
      - {code: companies, weight: 1, empty: blocks}
      - {code: unions, weight: 1, empty: blocks}
    decides: {edition: two-thirds}
    clause: "10.1"
decision_rules:
  - code: two-thirds
    name: Two thirds of the votes cast
    quorum: {by: heads, overall: {at_least: 1/2}}
    stages:
      - kind: vote
        code: vote
        base: {of: votes_cast, abstentions: out, spoilt: out}
        by: heads
        threshold: {at_least: 2/3}
    results: by_chamber
    clause: "10.2"
"""
ASSEMBLY = BODIES.replace("\ndecision_rules:\n", GENERAL, 1)
NEXT = next_lamps("lamps-2027", "2027-01-01")


@pytest.fixture
def draft(people):
    make_edition(LAMPS + ASSEMBLY, by=people.sam)
    services.create_bodies(by=people.sam, on=TODAY)
    return make_countersigned(NEXT + ASSEMBLY, by=people.sam, second=people.lou, on=TODAY)


def votes(companies=(8, 2), unions=(5, 1), seats=10):
    counts = {"companies": Tally(*companies), "unions": Tally(*unions)}
    return Vote(counts, seats=dict.fromkeys(counts, seats))


def resolve(draft, people, vote, outcome=Resolved.ADOPTED, body="general"):
    return services.record_resolution(
        edition_id=draft.pk, sha256=draft.sha256, body=Body.objects.get(code=body),
        reference="GA-7", outcome=outcome, vote=vote, by=people.pat, on=TODAY,
    )  # fmt: skip


def test_a_resolution_that_its_votes_carry_is_kept_with_its_figures_and_adopts(draft, people):
    resolution = resolve(draft, people, votes())

    assert (resolution.in_favor, resolution.against, resolution.abstained) == (13, 3, 0)
    data = Entry.objects.get(pk=resolution.entry_id).data
    assert (data["rule"], data["carried"], data["counts"]["unions"][:2]) == (
        "two-thirds", True, [5, 1],
    )  # fmt: skip
    adopted = rulebooks.adopt_edition(
        edition_id=draft.pk, decision=resolution.entry_id, by=people.sam, on=TODAY
    )
    assert adopted.status == "adopted"


@pytest.mark.parametrize(
    ("vote", "outcome", "says"),
    [
        pytest.param(votes((6, 4), (4, 2)), "adopted",
                     r"not carried by rule two-thirds, clause 10.2: for: 10 of 16 \(62.5 %\)",
                     id="short of two thirds"),
        pytest.param(votes(), "rejected", "was carried by rule two-thirds", id="carried"),
        pytest.param(votes((2, 0), (1, 0)), "adopted", "without a quorum", id="too few there"),
        pytest.param(None, "adopted", "general decides on editions by a vote; count it",
                     id="by consensus, of which the rule says nothing"),
    ],
)  # fmt: skip
def test_what_the_votes_do_not_allow_is_not_recorded(draft, people, vote, outcome, says):
    entries = Entry.objects.count()

    with pytest.raises(NotAsked, match=says):
        resolve(draft, people, vote, Resolved(outcome))
    assert (Resolution.objects.count(), Entry.objects.count()) == (0, entries)


def test_a_motion_that_failed_is_recorded_as_rejected(draft, people):
    resolution = resolve(draft, people, votes((1, 9), (2, 4)), Resolved.REJECTED)

    with pytest.raises(CannotAdopt, match="that decision is: rejected"):
        rulebooks.adopt_edition(
            edition_id=draft.pk, decision=resolution.entry_id, by=people.sam, on=TODAY
        )


def test_another_body_is_not_asked(draft, people):
    with pytest.raises(NotAsked, match=r"general \(clause 10.1\) decides on this, not board"):
        resolve(draft, people, votes(), body="board")


def test_what_was_recorded_without_a_count_adopts_nothing(draft, people, monkeypatch):
    monkeypatch.setattr("governance.services.resolutions._come_of", lambda *told: None)
    resolution = resolve(draft, people, None)

    with pytest.raises(CannotAdopt, match="not counted as carried by rule two-thirds"):
        rulebooks.adopt_edition(
            edition_id=draft.pk, decision=resolution.entry_id, by=people.sam, on=TODAY
        )


def test_the_first_edition_is_adopted_by_whatever_the_founders_resolved(people):
    assert make_edition(LAMPS + ASSEMBLY, by=people.sam).status == "adopted"


def test_every_ground_that_failed_is_told(draft, people):
    with pytest.raises(NotCarried) as refused:
        resolve(draft, people, votes((2, 1), (1, 1)))

    assert len(refused.value.came.failing) == 2


def test_the_clerk_counts_by_group_on_the_page(draft, people):
    client = Client()
    client.force_login(people.pat)
    url = reverse("governance:resolve", args=[draft.code])
    assert "adopt the edition" in client.get(url).content.decode()
    typed = {
        "sha256": draft.sha256, "outcome": "adopted", "body": "general", "reference": "GA-7",
        "taken_on": str(TODAY), "vote-companies.seats": 10, "vote-unions.seats": 10,
        "vote-companies.in_favor": 6, "vote-companies.against": 4,
        "vote-unions.in_favor": 4, "vote-unions.against": 2,
    }  # fmt: skip

    refused = client.post(url, typed)
    assert refused.status_code == 409
    assert "clause 10.2: for: 10 of 16" in refused.content.decode()
    assert 'value="GA-7"' in refused.content.decode()
    kept = client.post(url, typed | {"vote-unions.in_favor": 6, "vote-unions.against": 0,
                                     "vote-companies.in_favor": 7,
                                     "vote-companies.against": 3})  # fmt: skip

    assert kept.status_code == 302
    assert Resolution.objects.get().in_favor == 13
