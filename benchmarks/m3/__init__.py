"""The M3 competition as one study: 3,003 series, 30 repeats of each, beside the classical methods."""
