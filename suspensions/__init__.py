"""What follows? Breaches, cases with due process, and the daily run."""
