"""All that changes about returns, verification and scores."""
