"""Benchmarks, each with a baseline that is measured in the same run. `python -m benchmarks` runs all of them."""
