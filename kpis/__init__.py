"""What was done? KPI returns, evidence, verification and scores."""
