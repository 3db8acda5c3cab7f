"""The API of returns, runs and scorecards."""
