"""Pages of reports and of the public register."""
