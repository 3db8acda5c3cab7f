"""Scoring: answers become frames, frames become cards, cards become traces.

No operator lives here; those are the words of ``rulebooks.rules``. ``kpis.rules.scoring`` is the
way in.
"""
