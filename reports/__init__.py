"""What is shown? Accountability reports and the public register."""
