"""What happened? The append-only record: one entry an act, in the transaction of the change."""
