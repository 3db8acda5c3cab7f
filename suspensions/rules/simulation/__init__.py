"""Simulation: what a draft edition would have changed, had it been in force during a span of days.

``alternative`` lays the draft into the calendar, ``rescoring`` scores stored answers under it,
``shifts`` finds what differs and which way, ``simulating`` does all three for members in batches.

What is assumed, and told with every result: members did what they did; officers and bodies took the
same decisions, each under the step of the same code; what nobody was asked cannot be known.
"""
