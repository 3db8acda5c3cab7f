"""Scoring on frames: stored answers of many members in, rows of cards out, no object a member.

One member, a few and all go the same way. The bytes are those of ``kpis.rules.stored.score``,
which is the way of what is rare: a member with an answer that is off its scale, or with a formula
without a number. Those members are named as ``by_hand``; how many there are decides nothing. An
edition with numbers too large for columns does not ``suit``. A KPI that reads earlier periods,
rates, own lines or the worst site is told answer by answer, and all others beside it in columns.
"""

from kpis.rules.frames.laid import OF_VALUES, OF_WORDS, Laid
from kpis.rules.frames.scores import Made, score, suits
from kpis.rules.frames.sheets import needs_answers
from kpis.rules.frames.waiting import waiting

__all__ = ["OF_VALUES", "OF_WORDS", "Laid", "Made", "needs_answers", "score", "suits", "waiting"]
