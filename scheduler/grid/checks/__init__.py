"""Checks of fields against each other and against the series, for parts that are valid by themselves."""
