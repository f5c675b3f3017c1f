"""Commands that are interrupted while they start."""
