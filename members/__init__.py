"""Who belongs? Organisations, mandates, signatures, the facts and standing over time."""
