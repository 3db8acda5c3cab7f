"""Words of decisions: each example is read, and each mistake is told with a way out."""

import pytest

from rulebooks.rules import document
from rulebooks.rules.decisions import Bar, DecisionRule, Group
from rulebooks.rules.edition import Edition
from rulebooks.rules.vocabulary import parts

HERE = ("decisions", "publicity", "confidentiality", "retention")
WORDS = [part for _, part in parts(Edition) if part.__module__.split(".")[2] in HERE]


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.__name__)
def test_the_example_of_every_word_is_read_and_written_alike(word):
    made = document.load(word.example, word)

    assert word.model_validate(made.model_dump(exclude_none=True)) == made


@pytest.mark.parametrize(
    ("written", "says"),
    [
        pytest.param("{more_than: 1}", "for all of them write at_least: 1", id="more than all"),
        pytest.param("{at_least: 0}", "above 0 and at most 1", id="at least nothing"),
        pytest.param("{at_least: 1.01}", "above 0 and at most 1", id="a majority over 100 %"),
        pytest.param("{more_than: 66}", "such as 0.5 or 2/3, not 66", id="percent for a share"),
        pytest.param("{more_than: 4/3}", "at most 1", id="a fraction above 1"),
        pytest.param("{at_least: 1/0}", "such as 0.5 or 2/3", id="a part of nothing"),
        pytest.param("{at_least: true}", "such as 0.5 or 2/3", id="a truth value"),
        pytest.param("{at_least: half}", "such as 0.5 or 2/3, not 'half'", id="a word"),
        pytest.param("{}", "exactly one of at_least, more_than, heads, not nothing", id="empty"),
        pytest.param("{at_least: 1/2, heads: 3}", "not at_least and heads", id="two bars at once"),
        pytest.param("{heads: 0}", "greater than or equal to 1", id="no heads"),
    ],
)
def test_a_bar_that_means_nothing_is_refused(written, says):
    with pytest.raises(document.Invalid, match=says):
        document.load(written, Bar)


@pytest.mark.parametrize(
    ("word", "before", "after", "says"),
    [
        pytest.param(Group, "empty: counts_against, ", "", "required and not there: empty",
                     id="a group must say what it does when empty"),
        pytest.param(Group, "weight: 1,", "weight: 0,", "greater than 0", id="weight zero"),
        pytest.param(Group, "weight: 1,", "weight: 1, seats: 3,", "a group of groups has no seats",
                     id="seats above the leaves"),
        pytest.param(DecisionRule, "threshold: {more_than: 1/2}",
                     "threshold: {at_least: 2/3}, tie: chair_decides",
                     "tie: only where the threshold is more_than: 1/2", id="a tie at two thirds"),
        pytest.param(DecisionRule, "abstentions: out, ", "", "abstentions",
                     id="votes cast must say whether abstentions are in"),
        pytest.param(DecisionRule, "kind: vote", "kind: lottery", "'lottery' is not known",
                     id="an unknown way to decide"),
        pytest.param(DecisionRule, "results: by_chamber, ", "", "results", id="results unsaid"),
        pytest.param(DecisionRule, "}], res", "}, {kind: referral, code: talks, to: x}], res",
                     "the last one is a referral", id="a cascade that ends in talks"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_rule_is_told(word, before, after, says):
    assert before in word.example
    with pytest.raises(document.Invalid, match=says):
        document.load(word.example.replace(before, after, 1), word)
