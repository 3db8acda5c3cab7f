import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from rulebooks.models import Edition
from rulebooks.rules import document, reading
from rulebooks.rules.edition import Edition as Document
from tests.conftest import everybody
from tests.factories import LAMPS

pytestmark = pytest.mark.django_db
NEXT = LAMPS.replace("code: lamps-2024", "code: lamps-2026", 1).replace(
    "in_force_from: 2023-01-01", "in_force_from: 2026-06-01", 1
)


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
        assert (who, status) == (who, 200 if who == "sam" else 404)


def test_drafting_and_adopting_are_the_secretariats(client, edition, people):
    for who, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        status = client.get(reverse("rulebooks:draft")).status_code
        assert (who, status) == (who, 200 if who == "sam" else 403 if user else 302)
        adopt = client.post(reverse("rulebooks:adopt", args=["lamps-2024"])).status_code
        assert (who, adopt) == (who, 302 if who == "sam" or not user else 403)


def test_a_page_of_an_edition_names_the_clause_of_every_part(sam, edition):
    page = sam.get(reverse("rulebooks:edition", args=["lamps-2024"])).content.decode()

    for words in ("No worker pays for the job.", "clause 3.1", "Use the label", "31 Mar 2026"):
        assert words in page


def test_a_draft_becomes_an_edition_once(sam, edition):
    assert draft(sam, NEXT).headers["Location"] == "/rulebook/lamps-2026/"
    assert Edition.objects.get(code="lamps-2026").status == "draft"

    url = reverse("rulebooks:adopt", args=["lamps-2026"])
    assert "can no longer be changed" in sam.post(url, follow=True).content.decode()
    assert "adopted already" in sam.post(url, follow=True).content.decode()
    assert "give the new one another code" in draft(sam, NEXT).content.decode()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (LAMPS.replace("newcomer_months: 12", "newcomer_months: a year"), "newcomer_months"),
        (LAMPS.replace("\nlanguage: en", "\nlanguage: en\ncolour: red"), "colour"),
        ("- : [", "not YAML"),
        (b"\xff\xfe", "UTF-8"),
        ("", "empty"),
    ],
)
def test_a_draft_with_errors_is_not_kept_and_each_has_its_line(sam, edition, text, says):
    answer = draft(sam, text).content.decode()

    assert says in answer
    assert Edition.objects.count() == 1


def test_what_was_sent_can_be_corrected_in_place(sam, edition):
    wrong = LAMPS.replace("newcomer_months: 12", "newcomer_months: a year")
    answer = draft(sam, wrong).content.decode()
    place = wrong[: wrong.index("a year")].count("\n") + 1

    assert f'<td class="num">{place}</td>' in answer
    assert "newcomer_months: a year" in answer


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
