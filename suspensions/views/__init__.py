"""Pages of breaches and cases."""
