"""Who decides, by which rule, and what a vote comes to.

Bodies, their electorates and decision rules are parts of an edition; ``outcome`` says what follows
from ballots or counts under one of them.
"""

from rulebooks.rules.decisions.ballots import Ballot, Miscounted, Tally
from rulebooks.rules.decisions.bodies import Body, Chair, Question, SeatTerms
from rulebooks.rules.decisions.electorate import Electorate, Group, Seats, Unseated, Voter
from rulebooks.rules.decisions.grounds import Ground
from rulebooks.rules.decisions.outcome import NotAVote, Outcome, State, outcome
from rulebooks.rules.decisions.proof import PRINTED, ProofStandard
from rulebooks.rules.decisions.rule import (
    AllSeats,
    Caps,
    ConsensusStage,
    DecisionRule,
    EachChamber,
    Proposers,
    Quorum,
    Recusal,
    ReferralStage,
    ThosePresent,
    VotesCast,
    VoteStage,
)
from rulebooks.rules.decisions.shares import Bar, percent

__all__ = [
    "PRINTED",
    "AllSeats",
    "Ballot",
    "Bar",
    "Body",
    "Caps",
    "Chair",
    "ConsensusStage",
    "DecisionRule",
    "EachChamber",
    "Electorate",
    "Ground",
    "Group",
    "Miscounted",
    "NotAVote",
    "Outcome",
    "ProofStandard",
    "Proposers",
    "Question",
    "Quorum",
    "Recusal",
    "ReferralStage",
    "SeatTerms",
    "Seats",
    "State",
    "Tally",
    "ThosePresent",
    "Unseated",
    "VoteStage",
    "Voter",
    "VotesCast",
    "outcome",
    "percent",
]
