"""Multiple comparisons: corrections for the number of pairs, and one configuration against all others."""
