"""An edition whose bodies vote by a rule, and votes of them."""

from governance.rules.voting import Vote
from rulebooks.rules.decisions import Tally
from tests.suspensions.builders import lamps_missed_on

BODIES = """
bodies:
  - code: board
    name: The board
    seats:
      - {chamber: companies, count: 3, empty: blocks}
      - {chamber: unions, count: 3, empty: blocks}
      - {chamber: civil-society, count: 3, empty: blocks}
    chair: {chosen: By the assembly, independent: true, votes: on_a_tie}
    decides: {measure: half-of-each, reinstatement: half-of-each}
    clause: "2.5"
  - code: appeals
    name: The appeal panel
    seats:
      - {chamber: companies, count: 1, empty: blocks}
      - {chamber: unions, count: 2, empty: blocks}
    decides: {appeal: most}
    hears_appeals_from: [board]
    clause: "2.6"
decision_rules:
  - code: half-of-each
    name: Half of the votes cast, and some of each chamber
    quorum: {by: heads, overall: {more_than: 1/2}, each_chamber: {at_least: 1/3}}
    stages:
      - kind: vote
        code: vote
        base: {of: votes_cast, abstentions: out, spoilt: out}
        by: heads
        threshold: {more_than: 1/2}
        each_chamber: {at_least: 1/3}
        tie: chair_decides
        grade: Majority
    results: by_chamber
    clause: "8.4"
  - code: most
    name: Most of the panel
    quorum: {by: heads, overall: {at_least: 1}}
    stages:
      - {kind: vote, code: vote, base: {of: all_seats}, by: heads, threshold: {more_than: 1/2}}
    results: total
    clause: "8.6"
standards_of_proof:
  - {question: measure, standard: clear_and_convincing, clause: "8.5"}
"""


def voting_lamps(day) -> str:
    """The edition of the lamps with bodies that vote; its period 2025 was missed on a day."""
    return lamps_missed_on(day) + BODIES


def vote(companies=(0, 0), unions=(0, 0), civil=(0, 0), **more) -> Vote:
    """A vote of the board: for, against, abstained, spoilt of each chamber."""
    counts = {"companies": companies, "unions": unions, "civil-society": civil}
    return Vote({code: Tally(*figures) for code, figures in counts.items()}, **more)


CARRIED = vote((2, 1), (3, 0), (2, 0, 1))
REJECTED = vote((0, 3), (2, 1), (2, 1))
TIED = vote((1, 2), (2, 1), (1, 1))
TOO_FEW = vote((1, 0), (3, 0), (0, 0))
