"""Pages of bodies and of the clerk."""
