"""Fault runs: real workers and servers are struck while a scoring run is going on.

After each strike the run has to come to what a run without faults comes to, byte for byte, with
nothing lost and nothing done twice. ``docs/performance.md`` says how.
"""
