"""Experiments: written, counted, closed."""
