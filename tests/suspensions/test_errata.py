"""A mistake of the encoding: recorded, never corrected in place, and what rested on it listed."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from ledger.models import Entry
from rulebooks import services
from rulebooks.models import Edition, Erratum
from rulebooks.rules.edition import Edition as Document
from rulebooks.rules.erratum import NoSuchPlace, Rests, encoded, resting_on
from suspensions.selectors import touched
from tests.factories import LAMPS, make_edition
from tests.suspensions.builders import DAY, lamps_missed_on, make_breach

LAMPS_DOCUMENT = Document.load(LAMPS)
WRONG = {"path": "breaches[0].correction_days", "text_says": "21 days", "clause": "7.1"}


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("breaches[0].correction_days", "14"),
        ("kpis[1].missing", "zero"),
        ("requirements[0].text", "No worker pays for the job."),
        ("scoring.nodes[0].weights.fees-repaid", "0.5"),
        ("mission.statement", "Every lamp is made by people who are free to go."),
        ("kpis[3].scale", '{"kind": "yes_no"}'),
    ],
)
def test_what_was_encoded_is_read_from_the_edition(path, said):
    assert encoded(LAMPS_DOCUMENT, path) == said


@pytest.mark.parametrize(
    "path", ["kpis[9].missing", "kpis.policy", "mission.statement.x", "", "kpis[", "a b", "x" * 99]
)
def test_a_place_that_is_not_there_is_refused(path):
    with pytest.raises(NoSuchPlace):
        encoded(LAMPS_DOCUMENT, path)


@pytest.mark.parametrize(
    ("path", "rests"),
    [
        ("requirements[0].text", {Rests.SIGNATURES}),
        ("cohort[0].rounding", {Rests.SCORECARDS}),
        ("ladders[0].steps[0].next", {Rests.CASES, Rests.DECISIONS}),
        ("time_zone", set(Rests)),
    ],
)
def test_a_field_says_what_can_rest_on_it(path, rests):
    assert resting_on(path) == rests


@pytest.fixture
def edition(people):
    return make_edition(lamps_missed_on(DAY.raised), by=people.sam)


@pytest.mark.django_db
def test_an_erratum_is_recorded_once_and_changes_nothing(edition, people, today):
    text = edition.text
    erratum = services.record_erratum(edition_id=edition.pk, by=people.sam, on=today, **WRONG)

    assert (erratum.encoded, erratum.text_says) == ("14", "21 days")
    assert Edition.objects.get(pk=edition.pk).text == text
    entry = Entry.objects.get(event="rulebooks.erratum.recorded")
    assert entry.data["edition"] == edition.code
    assert "21 days" not in str(entry.data)
    with pytest.raises(services.NoErratum, match="recorded already"):
        services.record_erratum(edition_id=edition.pk, by=people.sam, on=today, **WRONG)
    with pytest.raises(DatabaseError, match="kept as it was written"), transaction.atomic():
        Erratum.objects.update(text_says="14 days")


@pytest.mark.django_db
def test_an_erratum_is_refused_with_its_reason(edition, people, today):
    record = {"edition_id": edition.pk, "on": today} | WRONG
    with pytest.raises(PermissionDenied):
        services.record_erratum(**record, by=people.ada)
    with pytest.raises(NoSuchPlace):
        services.record_erratum(**record | {"path": "kpis[99]"}, by=people.sam)
    with pytest.raises(services.NoErratum, match="say what the legal text says"):
        services.record_erratum(**record | {"text_says": " "}, by=people.sam)
    draft = services.draft_edition(
        text=LAMPS.replace("lamps-2024", "lamps-2030"), by=people.sam, on=today
    )
    with pytest.raises(services.NoErratum, match="is a draft: correct it"):
        services.record_erratum(**record | {"edition_id": draft.pk}, by=people.sam)
    assert not Erratum.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "listed"),
    [
        ("breaches[0].correction_days", True),  # no-return, which fired
        ("breaches[3].correction_days", False),  # another rule, which did not
        ("periods[2].due_on", True),
        ("requirements[0].text", False),
    ],
)
def test_what_rested_on_the_mistake_is_listed(edition, member, people, today, path, listed):
    breach = make_breach(member, people)
    record = {"edition_id": edition.pk, "text_says": "x", "clause": "7"}
    erratum = services.record_erratum(path=path, by=people.sam, on=today, **record)

    assert (breach in touched(erratum, user=people.sam).breaches) is listed
    assert breach not in touched(erratum, user=people.eve).breaches
    assert set(touched(erratum, user=people.sam).counts()) == set(Rests)
