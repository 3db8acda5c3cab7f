"""Pages of returns, runs and scorecards."""
