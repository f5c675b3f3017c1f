"""What is measured, each against its baseline in the same run. `python -m benchmarks` runs all of it."""
