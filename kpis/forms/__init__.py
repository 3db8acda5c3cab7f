"""The shapes of what people type about returns."""
