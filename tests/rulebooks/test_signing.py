"""How members sign: what an edition says of it, what is hashed, and a requirement as it binds."""

import random
from hashlib import sha256
from pathlib import Path

import pytest

from rulebooks.rules.differences import differences
from rulebooks.rules.document import Invalid, read
from rulebooks.rules.edition import Edition
from rulebooks.rules.reading.comparison import compare
from rulebooks.rules.reading.held import held_to
from rulebooks.rules.reading.redline import redline
from rulebooks.rules.signing import KeptApart

EDITIONS = Path(__file__).resolve().parents[2] / "rulebooks" / "editions"
LAMPS = Path(__file__).resolve().parents[1] / "editions" / "lamps-2024.yaml"
STARTER = (EDITIONS / "starter.yaml").read_text()
ARABIC = "لا يدفع أي عامل مقابل الوظيفة. "


def edition(**changes: str) -> Edition:
    text = STARTER
    for before, after in changes.values():
        assert before in text
        text = text.replace(before, after, 1)
    return Edition.load(text)


def requirement(extra: str, text: str = STARTER) -> str:
    """The starter with more keys on its first requirement."""
    begins = "  - code: no-fees\n"
    assert text.count(begins) == 1
    return text.replace(begins, f"{begins}{extra}")


def told(text: str) -> list[str]:
    with pytest.raises(Invalid) as refused:
        Edition.load(text)
    return [f"{problem.path}: {problem.message}" for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        pytest.param("    watched_by: [weak]\n",
                     "requirements[0].watched_by[0]: 'weak' is no breach rule; allowed: ",
                     id="a rule that is not there"),
        pytest.param("    translations: [{language: es, title: Sin pago, text: Nadie paga.}]\n",
                     "requirements[0].translations[0].language: 'es' is no language of translation"
                     " (signing.languages.translations); allowed: none is defined",
                     id="a language that is not named"),
        pytest.param("    reservations: {limits: One site.}\n",
                     "requirements[0].reservations", id="a reservation without its clause"),
        pytest.param("    survives_exit: true\n", "requirements[0].survives_exit: ",
                     id="survival without its clause"),
        pytest.param(f"    evidence: {'x' * 20_001}\n", "requirements[0].evidence: ",
                     id="too long"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_requirement_stands_at_its_place(extra, says):
    assert any(line.startswith(says) for line in told(requirement(extra)))


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        pytest.param("code: deed\n", "code: papers\n",
                     "signing.deed.code: 'papers' is a requirement", id="a deed called like one"),
        pytest.param("[en], clause", "[en], translations: [en], clause",
                     "signing.languages: ", id="a language twice"),
        pytest.param("  - code: sign-requirements\n    title: Sign every requirement\n"
                     "    what: signature\n    applies_to: all\n    within: {days: 60}\n"
                     "    enforced_from: 2025-01-01\n    clause: \"3.3\"\n", "",
                     "signing.silence: no obligation asks for signatures", id="silence on nothing"),
        pytest.param("  languages:",
                     '  kept_apart: [{capacities: [Chief], clause: "2"}]\n  languages:',
                     "signing.kept_apart[0].capacities: ", id="one capacity alone"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_signing_stands_at_its_place(before, after, says):
    silence = '  silence: {after: {days: 60}, clause: "3"}\n'
    text = STARTER.replace("  languages:", f"{silence}  languages:", 1)
    assert before in text
    assert any(line.startswith(says) for line in told(text.replace(before, after, 1)))


def test_a_ladder_that_acts_on_former_members_needs_a_clause_that_survives():
    silent = STARTER.replace(
        "    survives_exit:\n      - {says: An open case goes on after the member has left.,"
        ' clause: "8.4"}\n', "",
    )  # fmt: skip
    document = read(silent)
    [warning] = [str(document.place(w)) for w in document.into(Edition).warnings()]
    line = silent.splitlines().index("ladders:") + 2

    assert warning.startswith(
        f"{line}:5: ladders[0]: a case on main goes on when the member has left"
    )
    said = requirement('    survives_exit: {clause: "8.4"}\n', silent)
    assert Edition.load(said).warnings() == []


def test_a_step_after_exclusion_is_named():
    text = STARTER
    at = text.index("    survives_exit:")
    silent = text[:at] + text[text.index('    clause: "2.5"\n  languages') :]
    after = silent.replace("standing: suspended", "standing: excluded", 1)
    warnings = [w.message for w in Edition.load(after).warnings()]

    assert any(w.startswith("exclusion applies to who is excluded already") for w in warnings)


def test_what_is_hashed_of_a_requirement_stays_what_it_was():
    """A signature given before there was more to say keeps its meaning."""
    text = (
        b"papers\nWorkers keep their papers\nPassports and other papers stay with the worker.\n3.2"
    )

    assert Edition.load(STARTER).requirement("papers").text_sha256 == sha256(text).hexdigest()


@pytest.mark.parametrize(
    ("extra", "again"),
    [
        ("    evidence: Receipts.\n", True),
        ('    survives_exit: {clause: "8"}\n', True),
        ('    reservations: {clause: "3.4"}\n', True),
        ("    guidance: Ask every worker.\n", False),
    ],
)
def test_what_a_member_is_held_to_is_hashed_and_guidance_is_not(extra, again):
    before, after = Edition.load(STARTER), Edition.load(requirement(extra))
    same = before.requirement("no-fees").text_sha256 == after.requirement("no-fees").text_sha256

    assert same is not again
    assert [d.is_signed_again for d in differences(before, after)] == [again]


def test_a_deed_is_signed_again_when_one_of_its_terms_changes():
    before = edition()
    after = edition(law=("The law of the initiative's seat", "The law of Norway"))

    assert before.signing.deed.text_sha256 != after.signing.deed.text_sha256
    assert ("Deed of accession", "all members that sign") in compare(before, after).signed
    assert before.signing.deed.text_sha256 == edition().signing.deed.text_sha256


def test_capacities_are_kept_apart_whatever_their_case():
    rule = KeptApart(capacities=("Chief executive", "Union secretary"), clause="2")

    assert rule.excludes("chief EXECUTIVE", "Union Secretary")
    assert not rule.excludes("Chief executive", "chief executive")
    assert not rule.excludes("Chief executive", "Buyer")


def test_a_requirement_is_read_as_the_member_is_held_to_it():
    held = held_to(edition().requirement("no-fees"), edition())

    assert [m.code for m in held.measures] == ["fees-repaid", "policy", "days-to-repay"]
    assert held.measures[0].evidence == "with evidence"
    titles = [watch.title for watch in held.watches]
    assert titles == [rule.title for rule in edition().breaches]
    rungs = held.watches[0].rungs
    assert [rung.name for rung in rungs] == ["Warning", "Suspension", "Exclusion"]
    assert "is suspended" in rungs[1].does


def test_a_requirement_without_kpis_is_watched_by_the_rules_that_it_names_and_by_signing():
    text = STARTER.replace("requirement: papers", "requirement: no-fees")
    plain = held_to(Edition.load(text).requirement("papers"), Edition.load(text))
    assert plain.measures == ()
    rule = edition().breaches[0].code
    begins = "  - code: papers\n"
    named = text.replace(begins, f"{begins}    watched_by: [{rule}]\n", 1)
    found = held_to(Edition.load(named).requirement("papers"), Edition.load(named))

    assert rule in {
        r.code for r in edition().breaches if r.title in {w.title for w in found.watches}
    }


@pytest.mark.parametrize("path", sorted(EDITIONS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_requirement_of_every_edition_can_be_read(path):
    shipped = Edition.load(path.read_text())
    for one in shipped.requirements:
        assert held_to(one, shipped).requirement is one


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("No worker pays.", "No worker pays.", [("", "No worker pays.")]),
        ("No one pays.", "No one ever pays.", [("", "No one"), ("+", " ever"), ("", " pays.")]),
        ("In 90 days.", "In 30 days.", [("", "In"), ("-", " 90"), ("+", " 30"), ("", " days.")]),
        ("", "New.", [("+", "New.")]),
        ("Gone.", "", [("-", "Gone.")]),
    ],
)  # fmt: skip
def test_a_difference_is_told_word_by_word(before, after, pieces):
    assert [(piece.sign, piece.text) for piece in redline(before, after)] == pieces


def test_a_difference_loses_no_character_of_long_texts_in_any_script():
    words = random.Random(3)
    old = "".join(words.choice([ARABIC, "Arbeiter zahlen\nnichts. ", "x "]) for _ in range(900))[
        :20_000
    ]
    new = old[:5_000] + "‏جديد " + old[6_000:]
    pieces = redline(old, new)

    assert "".join(p.text for p in pieces if p.sign != "+") == old
    assert "".join(p.text for p in pieces if p.sign != "-") == new


IN_SPANISH = STARTER.replace(
    "  languages: {authoritative: [en],", "  languages: {authoritative: [en], translations: [es],"
)
ESCRITURA = """    translations:
      - language: es
        title: Escritura de adhesión
        binds: Vincula al miembro.
        governing_law: El derecho de la sede.
        forum: Los tribunales de la sede.
        publication: Se publica lo que dice el reglamento.
        processing: Se guardan los nombres.
        survives_exit: [Un caso abierto sigue.]
"""


def with_deed(more: str, text: str = IN_SPANISH) -> str:
    return text.replace('    clause: "2.5"\n  languages', f'{more}    clause: "2.5"\n  languages')


def test_each_term_of_a_deed_is_read_in_a_language_and_keeps_its_clause():
    deed = Edition.load(with_deed(ESCRITURA)).signing.deed

    says = {about: (term.says, term.clause) for about, term in deed.terms("es")}
    assert says["Forum"] == ("Los tribunales de la sede.", "12.2")
    assert says["After leaving"] == ("Un caso abierto sigue.", "8.4")
    assert dict(deed.terms("fr")) == dict(deed.terms())


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        pytest.param("language: es", "language: fr", "'fr' is no language of translation",
                     id="a language that is not named"),
        pytest.param("[Un caso abierto sigue.]", "[]", "has the same terms as the deed",
                     id="a term too few"),
        pytest.param("        forum:", "        mandate_document: Un poder.\n        forum:",
                     "has the same terms as the deed", id="a term too many"),
        pytest.param("        forum: Los tribunales de la sede.\n", "", "required and not there",
                     id="a term left out"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_translated_deed_is_said(before, after, says):
    assert before in ESCRITURA
    assert any(says in line for line in told(with_deed(ESCRITURA.replace(before, after))))


def test_a_deed_that_lacks_a_language_of_its_requirements_is_warned_of():
    texts = requirement(
        "    translations: [{language: es, title: Sin pago, text: Nadie paga.}]\n", IN_SPANISH
    )
    [warning] = [w.message for w in Edition.load(texts).warnings()]
    assert warning.startswith("requirements are translated into es, the deed is not")
    assert Edition.load(with_deed(ESCRITURA, texts)).warnings() == []


def test_texts_that_are_signed_without_a_deed_are_warned_of():
    bare = LAMPS.read_text()
    document = read(bare)

    [warning] = [
        str(document.place(one))
        for one in document.into(Edition).warnings()
        if "forum" in one.message
    ]

    following = "\n".join(bare.splitlines()[int(warning.partition(":")[0]) - 1 :])
    assert following.startswith("  - code: ")
    assert following.partition("\n  - code:")[0].count("what: signature") == 1
    assert warning.endswith(
        ": members sign, and nothing says who is bound, under which law and forum; write"
        " signing.deed"
    )
    assert not [one for one in Edition.load(STARTER).warnings() if "forum" in one.message]
