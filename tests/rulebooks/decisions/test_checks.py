"""Bodies, rules, notices and retention of an edition: each mistake is told where it stands."""

from pathlib import Path

import pytest

from rulebooks.rules.document import Invalid, read
from rulebooks.rules.edition import Edition

STARTER = (
    Path(__file__).resolve().parents[3] / "rulebooks" / "editions" / "starter.yaml"
).read_text()
END = 'scorecard: member, clause: "9"}'
NOTICE = "{event: measure, audience: public, what: name, clause: '9.1'}"
KEPT = "{what: evidence, keep: {years: 7}, then: erase, clause: '10'}"


MISTAKES = [
    ("a decider that is no body", "hearing: written\n        decided_by: board",
     "hearing: written\n        decided_by: council",
     "ladders[0].steps[0].decided_by: 'council' is no body; allowed: board, appeals"),
    ("a decider without a rule for measures", "decides: {measure: board-vote, reinstatement",
     "decides: {reinstatement",
     "ladders[0].steps[0].decided_by: board has no decision rule for measures"),
    ("an unknown decision rule", "decides: {appeal: panel-vote}", "decides: {appeal: vote}",
     "bodies[1].decides.appeal: 'vote' is no decision rule; allowed: board-vote, panel-vote"),
    ("a question nobody asks", "decides: {appeal: panel-vote}", "decides: {lunch: panel-vote}",
     "bodies[1].decides"),
    ("appeals heard by no rule", "decides: {appeal: panel-vote}", "decides: {other: panel-vote}",
     "bodies[1].hears_appeals_from: appeals hears appeals by no rule"),
    ("a judge in its own cause", "hears_appeals_from: [board]", "hears_appeals_from: [appeals]",
     "bodies[1].hears_appeals_from[0]: appeals cannot hear appeals from itself"),
    ("seats of an unknown chamber", "{chamber: unions, count: 3", "{chamber: union, count: 3",
     "bodies[0].seats[1].chamber: 'union' is no chamber; allowed: companies, unions"),
    ("seats of a chamber twice", "{chamber: unions, count: 3", "{chamber: companies, count: 3",
     "bodies[0].seats[1]: 'companies' stands twice in board; a code names one group"),
    ("seats that do not say what empty means", "count: 3, empty: blocks}           #",
     "count: 3}           #", "bodies[0].seats[0]: required and not there: empty"),
    ("a body of which it is said twice who sits", "    decides: {appeal",
     "    electorate: [{code: a, weight: 1, empty: blocks}]\n    decides: {appeal",
     "bodies[1]: say who sits: either seats or electorate, not both"),
    ("a substitute that is no body", "{seats: leave}",
     "{seats: leave, too_many: 1/2, substitute: council}",
     "decision_rules[0].recusal.substitute: 'council' is no body; allowed: board, appeals"),
    ("a substitute that hears the appeal", "{seats: leave}",
     "{seats: leave, too_many: 1/2, substitute: appeals}",
     "decision_rules[0].recusal.substitute: appeals hears appeals from board"),
    ("a limit that calls nobody", "{seats: leave}", "{seats: leave, too_many: 1/2}",
     "decision_rules[0].recusal: too_many and substitute belong together"),
    ("a quorum above all seats", "quorum: {by: heads, overall: {at_least: 1}}",
     "quorum: {by: heads, overall: {heads: 4}}",
     "bodies[1].decides.appeal: panel-vote (quorum.overall) asks for 4 of appeals, which seats 3"),
    ("a chamber asked that is not there", "each_chamber: {at_least: 1/3}}\n",
     "each_chamber: {at_least: 1/3, among: [ngos]}}\n",
     "bodies[0].decides.measure: board-vote (quorum.each_chamber) asks ngos, which is no group"),
    ("a tie for a chair that never votes", "votes: on_a_tie}", "votes: never}",
     "bodies[0].decides.measure: board-vote lets the chair decide a tie, and no chair of board"),
    ("an independent chair with a seat", "votes: on_a_tie}", "votes: as_a_member}",
     "bodies[0].chair: an independent chair holds no seat"),
    ("two standards for one question", "  - {question: measure, standard: balance",
     "  - {question: measure, standard: clear_and_convincing, clause: '8.5'}\n"
     "  - {question: measure, standard: balance",
     "standards_of_proof[1].question: measure has a standard already"),
    ("an unknown standard", "balance_of_probabilities, clause", "gut_feeling, clause",
     "standards_of_proof[0].standard: must be 'credible_indication'"),
    ("a notice that the key forbids", 'standing: public, scorecard: member, clause: "9"}',
     f'standing: members, scorecard: member, notices: [{NOTICE}], clause: "9"}}',
     "publicity.notices[0].what: standing: members keeps it from the public"),
    ("a key that the notices forbid", END,
     f"notices: [{NOTICE.replace('name', 'count')}], {END}",
     "publicity.standing: is public, and the notices of measure name nobody to the public"),
    ("two notices for one audience", END, f"notices: [{NOTICE}, {NOTICE}], {END}",
     "publicity.notices[1]: measure for public is said by clause 9.1 already"),
    ("a standing that no step gives", END,
     f"notices: [{NOTICE.replace('name,', 'name, standings: [banned],')}], {END}",
     "publicity.notices[0].standings[0]: 'banned' is no standing that a step gives"),
    ("an embargo on nothing", END,
     f"notices: [{NOTICE.replace('name', 'nothing, embargo: {days: 3}')}], {END}",
     "publicity.notices[0]: what: nothing is told"),
    ("a class of confidentiality left out", END, END + "\nconfidentiality_classes: [{code: public, "
     "readers: All, clause: '9'}]\n", "confidentiality_classes: the list is closed and has four"),
    ("a record kept twice", END, f"{END}\nretention: [{KEPT}, {KEPT}]\n",
     "retention[1].what: evidence is said already"),
    ("a time that ends in nothing", END,
     f"{END}\nretention: [{KEPT.replace('erase', 'keep')}]\n",
     "retention[0]: then: keep has no end: leave keep out"),
    ("an end without a time", END,
     f"{END}\nretention: [{KEPT.replace('keep: {years: 7}, ', '')}]\n",
     "retention[0]: then: erase needs keep: a term"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [pytest.param(*mistake[1:], id=mistake[0]) for mistake in MISTAKES],
)
def test_a_mistake_is_told_at_its_place(before, after, told):
    assert before in STARTER

    with pytest.raises(Invalid) as refused:
        Edition.load(STARTER.replace(before, after, 1))

    said = [f"{problem.path}: {problem.message}" for problem in refused.value.problems]
    assert any(one.startswith(told) for one in said), said
    assert len(said) <= 3


def test_siblings_weigh_alike_and_their_caps_leave_nothing_over():
    electorate = (
        "electorate: [{code: a, weight: 1, empty: reweigh, groups: ["
        "{code: b, weight: heads, cap: 0.1, empty: reweigh}, "
        "{code: c, weight: heads, cap: 0.2, empty: reweigh}]}, "
        "{code: d, weight: heads, empty: reweigh}]"
    )
    seats = STARTER[STARTER.index("    seats:  ") : STARTER.index("    chair:")]

    with pytest.raises(Invalid) as refused:
        Edition.load(STARTER.replace(seats, f"    {electorate}\n"))

    assert [f"{p.path}: {p.message}" for p in refused.value.problems] == [
        "bodies[0].electorate[0].groups[0].cap: the caps add up to 3/10: the rest would be "
        "nobody's; leave one of the groups without a cap",
        "bodies[0].electorate[1].weight: d and a weigh in different ways; siblings all by heads, "
        "or all fixed",
    ]


def test_what_is_allowed_and_may_be_a_mistake():
    text = (
        STARTER.replace("    hears_appeals_from: [board] # nobody who", "    # nobody who")
        .replace("decides: {appeal: panel-vote}\n", "")
        .replace(END, f"{END}\nretention: [{KEPT}]\n")
        .replace("    quorum: {by: heads, overall: {at_least: 1}}\n", "")
    )

    warnings = [fault.message for fault in read(text).into(Edition).warnings()]

    assert sorted(warning.split(":")[0] for warning in warnings) == [
        "board decides on measures, and no body hears appeals from it",
        "no body decides by panel-vote",
        "panel-vote has no quorum",
        "says nothing of applications, mandates, returns, scores, breaches, cases, letters, "
        "decisions, ballots, allegations, reports, accounts",
    ]


def test_an_edition_without_bodies_may_name_any_decider():
    bodies = STARTER[STARTER.index("# Who decides") : STARTER.index("# What is shown to whom")]

    edition = Edition.load(STARTER.replace(bodies, ""))

    assert (edition.bodies, edition.decision_rules) == ((), ())
