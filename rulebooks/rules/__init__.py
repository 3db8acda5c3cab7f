"""The vocabulary that editions combine: small, closed, plain Python."""
