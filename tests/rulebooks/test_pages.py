import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from rulebooks.models import Edition, Version
from rulebooks.rules import document, reading
from rulebooks.rules.edition import Edition as Document
from tests.conftest import everybody
from tests.factories import LAMPS, LEGAL_TEXT, make_countersigned, make_resolution, next_lamps

pytestmark = pytest.mark.django_db
NEXT = next_lamps()
READ_DRAFTS = {"sam", "lou", "pat"}


def versions():
    """What was saved in a test, without the edition that is in force."""
    return Version.objects.exclude(text=LAMPS).order_by("number")


@pytest.fixture
def sam(client, people):
    client.force_login(people.sam)
    return client


def draft(client, text):
    file = SimpleUploadedFile("edition.yaml", text if isinstance(text, bytes) else text.encode())
    return client.post(reverse("rulebooks:draft"), {"file": file})


def test_adopted_editions_are_read_by_everybody_drafts_by_the_secretariat(client, edition, people):
    client.force_login(people.sam)
    draft(client, NEXT)
    for who, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        assert client.get(reverse("rulebooks:edition", args=["lamps-2024"])).status_code == 200
        assert client.get(reverse("rulebooks:editions")).status_code == 200
        status = client.get(reverse("rulebooks:edition", args=["lamps-2026"])).status_code
        assert (who, status) == (who, 200 if who in READ_DRAFTS else 404)


ONLY = {  # who opens a page, which is nobody's else
    "rulebooks:draft": {"sam"},
    "rulebooks:receive-legal-text": {"sam"},
    "rulebooks:countersign": {"sam", "lou"},
    "governance:resolve": {"pat"},
}


@pytest.mark.parametrize("page", ONLY)
def test_the_pages_of_a_draft_are_for_those_whose_act_it_is(client, edition, people, page):
    for who, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        url = reverse(page, args=[] if page == "rulebooks:draft" else ["lamps-2024"])
        for status in (client.get(url).status_code, client.post(url).status_code):
            may = who in ONLY[page]
            assert (who, status) == (who, 200 if may else 403 if user else 302)


def test_texts_at_work_are_read_by_those_who_read_drafts(client, edition, people):
    client.force_login(people.sam)
    url = draft(client, "code: x").headers["Location"].partition("#")[0]
    for who, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        for page in (url, f"{url}versions/1/"):
            status = client.get(page).status_code
            may = who in READ_DRAFTS
            assert (who, status) == (who, 200 if may else 404 if user else 302)
        saved = client.post(url, {"text": "code: y"}).status_code
        allowed = who == "sam" or not user
        expected = 302 if allowed else 403 if who in READ_DRAFTS else 404
        assert (who, saved) == (who, expected)


def test_adopting_is_the_secretariats(client, edition, people):
    for who, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        adopt = client.post(reverse("rulebooks:adopt", args=["lamps-2024"])).status_code
        assert (who, adopt) == (who, 302 if who == "sam" or not user else 403)


def test_a_page_of_an_edition_names_the_clause_of_every_part(sam, edition):
    page = sam.get(reverse("rulebooks:edition", args=["lamps-2024"])).content.decode()

    for words in ("No worker pays for the job.", "clause 3.1", "Use the label", "31 Mar 2026"):
        assert words in page


def test_a_draft_becomes_an_edition_once(sam, edition, people):
    row = make_countersigned(NEXT, by=people.sam, second=people.lou)
    page = reverse("rulebooks:edition", args=["lamps-2026"])
    assert b">Adopt</button>" not in sam.get(page).content

    resolution = make_resolution(row, clerk=people.pat)
    assert b">Adopt</button>" in sam.get(page).content
    url, decision = reverse("rulebooks:adopt", args=["lamps-2026"]), {"decision": 0}
    answer = sam.post(url, decision, follow=True).content.decode()
    assert "is not adopted: no recorded decision" in answer
    decision = {"decision": resolution.entry_id}
    answer = sam.post(url, decision, follow=True).content.decode()
    assert "can no longer be changed" in answer
    assert "12 in favor, 3 against, 1 abstained" in answer
    assert "adopted already" in sam.post(url, decision, follow=True).content.decode()
    assert "give this one another code" in sam.get(draft(sam, NEXT)["Location"]).content.decode()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            LAMPS.replace("exempt: {months: 12}", "exempt: {months: a year}"),
            "newcomer.exempt.months",
        ),
        (LAMPS.replace("\nlanguage: en", "\nlanguage: en\ncolour: red"), "colour"),
        (LAMPS + "# more\n", "is there already (adopted)"),
        ("- : [", "not YAML"),
    ],
)
def test_a_text_with_faults_is_kept_as_it_is_and_each_has_its_line(sam, edition, text, says):
    kept = draft(sam, text)
    answer = sam.get(kept["Location"]).content.decode()

    assert kept["Location"].endswith("#problem-1")
    assert says in answer
    assert 'id="problem-1"' in answer
    assert [version.text for version in versions()] == [text]
    assert Edition.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "says"), [(b"\xff\xfe", "UTF-8"), ("a\x00b", "U+0000"), ("", "empty")]
)
def test_what_is_no_text_is_not_kept(sam, edition, text, says):
    answer = draft(sam, text).content.decode()

    assert says in answer
    assert not versions().exists()


def test_what_was_sent_can_be_corrected_in_place(sam, edition):
    wrong = NEXT.replace("exempt: {months: 12}", "exempt: {months: a year}")
    place = wrong[: wrong.index("a year")].count("\n") + 1
    url = draft(sam, wrong)["Location"].partition("#")[0]
    answer = sam.get(url).content.decode()

    assert f'<a href="#line-{place}">Line {place}</a>' in answer
    assert f'<li id="line-{place}" value="{place}" class="listing-wrong">' in answer
    assert answer.count("months: a year") == 2  # in the listing and in the editor

    kept = sam.post(url, {"text": NEXT.replace("\n", "\r\n"), "after": 1})
    assert kept["Location"] == "/rulebook/lamps-2026/"
    assert list(versions().values_list("problems", "text")) == [
        (1, wrong),
        (0, NEXT),
    ]
    changes = sam.get(f"{url}versions/2/").content.decode()
    assert "line-gone" in changes
    assert "months: a year" in changes


def test_nobodys_words_are_lost_when_two_write_at_once(sam, edition):
    url = draft(sam, "code: one")["Location"].partition("#")[0]
    sam.post(url, {"text": "code: two", "after": 1})

    late = sam.post(url, {"text": "code: three", "after": 1}).content.decode()
    assert "saved version 2 in the meantime" in late
    assert "code: three" in late
    sam.post(url, {"text": "code: three", "after": 1, "overwrite": "1"})
    assert list(versions().values_list("text", flat=True)) == [
        "code: one",
        "code: two",
        "code: three",
    ]


def test_the_legal_text_must_be_the_one_that_the_draft_names(sam, edition):
    draft(sam, NEXT)
    url = reverse("rulebooks:receive-legal-text", args=["lamps-2026"])
    other = SimpleUploadedFile("other.txt", b"Another text")
    assert b"another text" in sam.post(url, {"file": other}).content
    assert sam.get(reverse("rulebooks:legal-text", args=["lamps-2026"])).status_code == 404

    named = SimpleUploadedFile("C:\\rules\\rulebook.txt", LEGAL_TEXT)
    assert sam.post(url, {"file": named}).status_code == 302
    answer = sam.get(reverse("rulebooks:legal-text", args=["lamps-2026"]))
    assert answer.content == LEGAL_TEXT
    assert "rulebook.txt" in answer["Content-Disposition"]
    sam.logout()
    assert sam.get(reverse("rulebooks:legal-text", args=["lamps-2026"])).status_code == 404


def test_nothing_sent_says_what_is_missing(sam, edition):
    answer = sam.post(reverse("rulebooks:draft"), {}).content.decode()

    assert "Choose a file, or paste the text below." in answer


def test_the_document_itself_is_there_to_take(client, edition):
    answer = client.get(reverse("rulebooks:source", args=["lamps-2024"]))

    assert answer.content.decode() == LAMPS
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_every_part_of_every_shipped_edition_can_be_said_in_words(settings):
    for file in sorted((settings.BASE_DIR / "rulebooks" / "editions").glob("*.yaml")):
        content = document.load(file.read_text(), Document)
        assert len(reading.nodes(content)) == len(content.scoring.nodes)
        assert all(line.answer for line in reading.kpis(content))
        assert all(reading.breach(rule, content) for rule in content.breaches)


def test_editions_by_api_are_public_and_one_comes_with_its_text(client, edition):
    listed = client.get("/api/v1/editions/").json()
    one = client.get("/api/v1/editions/lamps-2024/").json()

    assert [row["code"] for row in listed] == ["lamps-2024"]
    assert "text" not in listed[0]
    assert one["text"] == LAMPS
