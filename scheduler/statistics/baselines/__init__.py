"""Forecasts without a network, on the same walk-forward as the networks, for comparison.

Each test row is forecast from the observations before it and nothing else. Definitions as in Hyndman and
Athanasopoulos, "Forecasting: principles and practice" (3rd ed. 2021), chapters 5, 8, 9 and 12; Theta is that of
Fiorucci et al. (2016). The models are those of statsforecast: their form is chosen on the training part, their
parameters are fitted again now and then, and their state is updated with every observation.
"""

from scheduler.statistics.baselines.scoring import completed
from scheduler.statistics.baselines.table import VERSION, compute_baselines

__all__ = ["VERSION", "completed", "compute_baselines"]
