"""Baselines of a long series: models are fitted seldom and on the latest observations, and say so."""

from __future__ import annotations

import numpy as np

from scheduler.statistics.baselines import compute_baselines


def test_a_year_of_hours() -> None:
    """Of 8,760 hours 1,000 are forecast, with the seasons of a day and of a week."""
    hours = np.arange(8760)
    noise = np.random.default_rng(0).normal(size=(2, 8760))
    series = 500 + 100 * np.sin(np.pi * hours / 12) + 30 * np.sin(np.pi * hours / 84)
    series += 2 * np.cumsum(noise[0]) + 8 * noise[1]
    found = compute_baselines(series, test=1000, seasons=(24, 168)).set_index("baseline")
    assert found["rmse"].notna().all()
    assert "fitted every 40 rows, on the latest 500 observations" in found.loc["ETS", "note"]
    assert found.loc["MSTL with ETS (24, 168)", "rmse"] < found.loc["seasonal naive (24)", "rmse"] / 2
