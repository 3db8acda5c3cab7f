"""Wiring: settings, addresses, jobs, and what follows from what."""
