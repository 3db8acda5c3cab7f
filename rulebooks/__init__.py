"""Under which rules? Editions, the vocabulary they combine, and the shipped ones."""
