"""The directory: found by any part, narrowed by words, sorted, read page by page."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from members import selectors, services
from members.models import Member
from members.rules import words_sought
from rulebooks.rules import facts
from tests.factories import make_member, state

pytestmark = pytest.mark.django_db
URL = "/members/"
NAMES = {
    "Ångström Licht": ("SE", "SE-556"),
    "Łódź Lampy": ("PL", ""),
    "شركة النور": ("EG", "EG 77"),
    "100 % Light_": ("DE", ""),
}


@pytest.fixture
def listed(member):
    """Members with names of many kinds, beside Ada & Co and Other Lamps."""
    for name, (country, number) in NAMES.items():
        made = make_member(name)
        made.organisation.country, made.organisation.identifier = country, number
        made.organisation.save()
    return member


def found(client, **query) -> list[str]:
    return [row["member"].name for row in client.get(URL, query).context["rows"]]


@pytest.mark.parametrize(
    ("sought", "expected"),
    [
        pytest.param("angstrom", ["Ångström Licht"], id="without accents and case"),
        pytest.param("ÅNGSTRÖM", ["Ångström Licht"], id="with both"),
        pytest.param("lodz", ["Łódź Lampy"], id="a letter with a stroke"),
        pytest.param("licht ang", ["Ångström Licht"], id="words in any order"),
        pytest.param("النور", ["شركة النور"], id="from right to left"),
        pytest.param("\u202eالنور\u200f", ["شركة النور"], id="marks of direction show nothing"),
        pytest.param("se-556", ["Ångström Licht"], id="by its number"),
        pytest.param("EG", ["شركة النور"], id="by its country"),
        pytest.param("100 %", ["100 % Light_"], id="a percent sign is itself"),
        pytest.param("t_", ["100 % Light_"], id="so is a low line"),
        pytest.param("\u200f", [], id="nothing that shows finds nothing"),
        pytest.param("'; drop table", [], id="no command"),
    ],
)
def test_a_member_is_found_by_any_part(listed, people, client, sought, expected):
    client.force_login(people.sam)

    assert found(client, q=sought) == expected


def test_a_member_is_found_by_a_name_that_it_had_before(listed, people, client):
    listed.organisation.earlier_names.create(name="Bläsi Söhne", until_on=date(2023, 1, 1))
    client.force_login(people.sam)

    assert found(client, q="blasi sohne") == [listed.name]
    said = "was <bdi>Bläsi Söhne</bdi> until 1 Jan 2023"
    assert said in client.get(URL, {"q": "blasi"}).content.decode()
    assert said not in client.get(URL).content.decode()


def test_a_member_is_found_by_its_code(listed, people, client):
    client.force_login(people.sam)

    assert found(client, q=listed.code.lower()) == [listed.name]


@pytest.mark.parametrize(
    "query", [{"q": "a\0b"}, {"q": "x" * 201}, {"after": "no such"}, {"sort": "?"}]
)
def test_odd_input_is_answered(listed, people, client, query):
    client.force_login(people.sam)
    answer = client.get(URL, query)

    assert answer.status_code == 200
    assert ("field-error" in answer.content.decode()) == ("q" in query)


def test_words_sought_are_few():
    assert words_sought(" a\tb  " + "c " * 20) == ["a", "b", *["c"] * 6]


# Words that narrow


def test_the_list_is_narrowed_by_country_and_size(listed, people, client):
    client.force_login(people.sam)
    angstrom = Member.objects.get(organisation__country="SE")
    state(angstrom, facts.MemberDescribed(size="large"), date(2024, 1, 1))
    state(listed, facts.MemberDescribed(size="large"), date(2023, 1, 1))
    state(listed, facts.MemberDescribed(size="small"), date(2024, 1, 1))

    assert found(client, country="PL") == ["Łódź Lampy"]
    assert found(client, size="large") == ["Ångström Licht"]
    assert found(client, size="small", q="ada") == [listed.name]


@pytest.mark.parametrize(
    ("on", "size"),
    [
        pytest.param(date(2022, 12, 31), None, id="before anything is said"),
        pytest.param(date(2023, 1, 1), "large", id="on its day"),
        pytest.param(date(2023, 7, 1), "large", id="when another thing is said, it stays"),
        pytest.param(date(2024, 1, 1), "small", id="the newest of a day"),
        pytest.param(date(2025, 1, 1), "small", id="what was taken back says nothing"),
    ],
)
def test_the_size_of_a_day_is_one_wherever_it_is_asked(listed, people, on, size):
    state(listed, facts.MemberDescribed(size="large"), date(2023, 1, 1))
    state(listed, facts.MemberDescribed(country="PL"), date(2023, 7, 1))
    state(listed, facts.MemberDescribed(size="large"), date(2024, 1, 1))
    state(listed, facts.MemberDescribed(size="small"), date(2024, 1, 1))
    wrong = state(listed, facts.MemberDescribed(size="large"), date(2025, 1, 1))
    services.correct(fact_id=wrong.pk, by=people.sam, on=date(2025, 2, 1))

    assert selectors.sizes_on(on).get(listed.pk) == size
    assert selectors.sizes_on(on, of=[listed.pk]).get(listed.pk) == size
    assert selectors.described_on([listed.pk], on=on).get(listed.pk, {}).get("size") == size
    narrowed = {
        band
        for band in ("large", "small")
        if selectors.of_size(Member.objects.filter(pk=listed.pk), band, on=on).exists()
    }
    assert narrowed == {size} - {None}


def test_the_list_is_narrowed_by_what_is_owed(listed, people, client):
    """Members of 2022 have not signed and not filed; one that came today has 60 days to sign."""
    client.force_login(people.sam)
    later = timezone.localdate() + timedelta(days=40)
    make_member("Newcomer", admitted_on=timezone.localdate())
    members = selectors.directory(people.sam, on=later)

    assert "Ångström Licht" in found(client, due="overdue")
    assert "Newcomer" not in found(client, due="overdue")
    assert [m.name for m in selectors.that_owe(members, "soon", on=later)] == ["Newcomer"]
    assert found(client, due="nothing") == []


def test_words_above_the_list_say_how_many_and_what_is_chosen(listed, people, client):
    client.force_login(people.sam)

    text = client.get(URL, {"due": "overdue", "country": "PL"}).content.decode()

    assert "<strong>1 member</strong>" in text
    assert "Something is overdue 6" in text
    assert 'href="?due=overdue">PL' in text


# Order and pages


@pytest.mark.parametrize("sort", ["name", "standing", "since"])
def test_each_order_is_read_in_pages_without_a_gap(listed, people, client, monkeypatch, sort):
    client.force_login(people.sam)
    whole = found(client, sort=sort)
    monkeypatch.setattr("members.views.directory.PAGE", 2)
    seen, query = [], f"?sort={sort}"
    while query:
        context = client.get(URL + query).context
        seen += [row["member"].name for row in context["rows"]]
        query = context["next_url"]

    assert seen == whole
    assert len(seen) == 6


def test_sorted_by_standing_the_gravest_comes_first(listed, people, client):
    client.force_login(people.sam)
    left = make_member("Aaa left")
    state(left, facts.MemberLeft(), date(2024, 1, 1))

    assert found(client)[1] == "Aaa left"
    assert found(client, sort="standing")[-1] == "Aaa left"


def test_one_who_acts_for_a_member_finds_that_member_only(listed, people, client):
    client.force_login(people.ada)

    assert found(client) == [listed.name]
    assert found(client, q="angstrom") == []


def test_classes_chambers_and_countries_say_how_many_members_they_leave(listed, people, client):
    make_member("A union", member_class="partner", chamber="unions")
    client.force_login(people.sam)

    answer = client.get(URL)

    context, shown = answer.context, answer.content.decode()
    assert {part.code: count for part, count in context["classes"]} == {"full": 6, "partner": 1}
    assert {part.code: count for part, count in context["chambers"]} == {
        "companies": 6, "unions": 1, "civil-society": 0,
    }  # fmt: skip
    assert list(context["countries"].items()) == [("DE", 1), ("EG", 1), ("PL", 1), ("SE", 1)]
    assert "Partner (1)" in shown
    assert '<option value="SE">SE (1)</option>' in shown
    assert len(found(client, member_class="partner")) == 1
    assert len(found(client, country="SE")) == 1
    client.force_login(people.ada)
    context = client.get(URL).context
    assert {part.code: count for part, count in context["classes"]} == {"full": 1, "partner": 0}
    assert context["countries"] == {}
