"""Questions about returns, answers and scores that need several models or the rules."""
