"""Forecasts beyond the end of the data: by which recipe, what must be known for them, and what they say."""
