"""What was promised? The mission, targets, reporting periods and extensions."""
