"""Who decides? Bodies, their seats and what they decided."""
