"""From a text at work to an adopted edition: who must do what, and what voids it."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InternalError, transaction

from accounts.rules import Role
from accounts.selectors import system_user
from ledger.models import Entry
from rulebooks import selectors, services
from rulebooks.models import Countersignature, Edition, Version
from rulebooks.rules.adoption import Resolved
from rulebooks.rules.document import Invalid
from tests.factories import (
    LEGAL_TEXT,
    NAMES_LEGAL_TEXT,
    make_countersigned,
    make_resolution,
    make_user,
    next_lamps,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
NEXT = next_lamps()


@pytest.fixture
def signed(people):
    return make_countersigned(NEXT, by=people.sam, second=people.lou)


def adopt(edition, resolution, by):
    return services.adopt_edition(
        edition_id=edition.pk, decision=resolution.entry_id, by=by, on=DAY
    )


def test_a_countersigned_draft_is_adopted_on_a_resolution(people, signed):
    resolution = make_resolution(signed, clerk=people.pat)

    adopted = adopt(signed, resolution, people.sam)

    assert (adopted.status, adopted.decision_id) == ("adopted", resolution.entry_id)
    entry = Entry.objects.get(event="rulebooks.edition.adopted")
    assert entry.data == {
        "edition": "lamps-2026",
        "sha256": adopted.sha256,
        "decision": resolution.entry_id,
    }
    with pytest.raises(services.NotADraft, match="is adopted"):
        adopt(signed, resolution, people.sam)


def test_a_change_of_the_draft_voids_what_was_signed_and_resolved(people, signed):
    resolution = make_resolution(signed, clerk=people.pat)
    changed = services.draft_edition(text=NEXT + "# one more word\n", by=people.sam, on=DAY)

    with pytest.raises(services.CannotAdopt) as refused:
        adopt(changed, resolution, people.sam)

    assert refused.value.missing == (
        "nobody but those who wrote it has countersigned it as it stands now",
        "that decision was about an earlier text of the draft",
    )
    assert [s.void for s in selectors.countersignatures(changed)] == [True]
    assert Edition.objects.get().status == "draft"


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        pytest.param(NEXT.replace("\nmodelled_on", "\nillustrative: true\nmodelled_on")
                     if "\nmodelled_on" in NEXT else "illustrative: true\n" + NEXT,
                     "it is illustrative", id="a number is not verified"),
        pytest.param(NEXT.replace(NAMES_LEGAL_TEXT, ""), "it names no legal text", id="no text"),
        pytest.param(NEXT, "its legal text has not been uploaded", id="text not here"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(people, text, missing):
    draft = services.draft_edition(text=text, by=people.sam, on=DAY)
    resolution = make_resolution(draft, clerk=people.pat)

    with pytest.raises(services.CannotAdopt, match=missing):
        adopt(draft, resolution, people.sam)


def test_a_rejection_or_the_resolution_on_another_edition_adopts_nothing(people, signed):
    rejected = make_resolution(signed, clerk=people.pat, outcome=Resolved.REJECTED)
    with pytest.raises(services.CannotAdopt, match="that decision is: rejected"):
        adopt(signed, rejected, people.sam)

    other = services.draft_edition(
        text=next_lamps("lamps-2027", "2027-06-01"), by=people.sam, on=DAY
    )
    with pytest.raises(services.CannotAdopt, match="no recorded decision on lamps-2026"):
        adopt(signed, make_resolution(other, clerk=people.pat), people.sam)
    assert not Entry.objects.filter(event="rulebooks.edition.adopted").exists()


def test_two_editions_cannot_take_effect_on_one_day(people, edition):
    same_day = make_countersigned(
        next_lamps("lamps-2025", "2023-01-01"), by=people.sam, second=people.lou
    )
    resolution = make_resolution(same_day, clerk=people.pat)

    with pytest.raises(services.CannotAdopt, match="lamps-2024 takes effect on 2023-01-01"):
        adopt(same_day, resolution, people.sam)


def sign(draft, by, **given):
    hashes = {"sha256": draft.sha256, "legal_sha256": selectors.legal_text(draft).sha256}
    return services.countersign(edition_id=draft.pk, by=by, on=DAY, **hashes | given)


def test_whoever_wrote_at_a_draft_does_not_countersign_it(people):
    sue = make_user("Sue", Role.SECRETARIAT)
    services.draft_edition(text=NEXT + "# first words\n", by=sue, on=DAY)
    draft = make_countersigned(NEXT, by=people.sam, second=people.lou)

    for author in (people.sam, sue):
        with pytest.raises(services.CannotCountersign, match="you wrote at this draft"):
            sign(draft, author)
    assert Countersignature.objects.get().signed_by == people.lou


def test_a_countersignature_is_given_once_to_what_was_read(people, signed):
    with pytest.raises(services.CannotCountersign, match="read it again"):
        sign(signed, people.lou, sha256="0" * 64)
    sign(signed, people.lou)
    assert Entry.objects.filter(event="rulebooks.edition.countersigned").count() == 1


@pytest.mark.parametrize("who", ["ada", "sid", "pat", "bea", "cam", "noor", "sys"])
def test_nobody_else_countersigns(people, signed, who):
    with pytest.raises(PermissionDenied):
        sign(signed, vars(people)[who])


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "empty|another text"), (b"Other words", "another text")],
)
def test_another_text_is_not_kept(people, content, says):
    draft = services.draft_edition(text=NEXT, by=people.sam, on=DAY)

    with pytest.raises(services.NotTheText, match=says):
        services.receive_legal_text(
            edition_id=draft.pk, name="x", content=content, by=people.sam, on=DAY
        )


def test_a_draft_that_names_no_text_is_told_the_hash(people):
    text = NEXT.replace(NAMES_LEGAL_TEXT, "")
    draft = services.draft_edition(text=text, by=people.sam, on=DAY)

    with pytest.raises(services.NotTheText, match=r"its SHA-256 is [0-9a-f]{64}"):
        services.receive_legal_text(
            edition_id=draft.pk, name="x", content=LEGAL_TEXT, by=people.sam, on=DAY
        )


def keep(text, by, **given):
    return services.keep_text(text=text, by=by, on=DAY, **given)


def test_a_text_with_faults_is_kept_beside_the_draft_and_becomes_it_once_corrected(people):
    first = keep("code: lamps-2026\ntitle: 7", people.sam)
    assert (first.manuscript.name, first.manuscript.edition) == ("lamps-2026", None)
    pk = first.manuscript_id

    keep(NEXT, people.sam, manuscript_id=pk, after=1)
    third = keep(NEXT + "colour: red\n", people.sam, manuscript_id=pk, after=2)

    draft = Edition.objects.get()
    assert (third.problems, third.manuscript.edition, draft.text) == (1, draft, NEXT)
    assert keep(NEXT + "colour: red\n", people.sam, manuscript_id=pk, after=3) == third
    with pytest.raises(services.Overtaken, match="Sam saved version 3"):
        keep(NEXT, people.sam, manuscript_id=pk, after=2)
    assert Version.objects.count() == 3


def test_a_draft_may_change_its_code_until_it_is_adopted(people):
    first = keep(NEXT, people.sam)
    keep(next_lamps("lamps-2027"), people.sam, manuscript_id=first.manuscript_id)

    assert Edition.objects.get().code == "lamps-2027"


def test_the_text_of_an_adopted_edition_is_closed(people, signed):
    adopt(signed, make_resolution(signed, clerk=people.pat), people.sam)

    with pytest.raises(services.NotADraft, match="begin a new one"):
        keep(NEXT + "# more\n", people.sam, manuscript_id=signed.manuscript.pk)
    with pytest.raises(services.NotADraft):
        services.draft_edition(text=NEXT, by=people.sam, on=DAY)


def test_what_is_no_text_is_refused(people):
    with pytest.raises(Invalid):
        keep("a\0b", people.sam)
    with pytest.raises(PermissionDenied):
        keep(NEXT, people.lou)


def test_versions_and_signatures_cannot_be_rewritten(people, signed):
    for rows in (Version.objects, Countersignature.objects):
        with pytest.raises(InternalError, match="kept as it was"), transaction.atomic():
            rows.update(sha256="0" * 64)


def test_only_the_machine_tries_an_edition_and_never_beside_an_adopted_one(people, signed):
    with pytest.raises(PermissionDenied):
        services.enact_on_trial(edition_id=signed.pk, by=people.sam, on=DAY)
    adopt(signed, make_resolution(signed, clerk=people.pat), people.sam)
    other = services.draft_edition(
        text=next_lamps("lamps-2027", "2027-06-01"), by=people.sam, on=DAY
    )
    with pytest.raises(services.CannotAdopt, match="an adopted edition is here"):
        services.enact_on_trial(edition_id=other.pk, by=system_user(), on=DAY)
