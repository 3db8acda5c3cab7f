"""The procedure that follows a breach, in plain Python."""
