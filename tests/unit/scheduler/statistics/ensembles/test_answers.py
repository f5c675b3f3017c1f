"""What an ensemble says in one sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scheduler.statistics.ensembles.answers import ensemble_sentence

ROW = {"configuration": "units=2", "repeats": 30, "one": 95.0, "std": 5.4, "median": 91.2, "low": 90.1, "high": 92.6}
TABLE = pd.DataFrame([ROW])


def test_one_training_and_all_together() -> None:
    """With its interval, beside the best baseline."""
    assert ensemble_sentence(TABLE, "units=2", baselines={"Theta": 86.8, "ARIMA": 99.0}) == (
        "one training of units=2: 95.00 +- 5.40; all 30 together: 91.20 (median forecast, 95% interval 90.10 to 92.60)"
        ", above the best baseline, Theta (86.80)."
    )


def test_the_interval_decides_where_it_stands() -> None:
    """A baseline within it is no different; without one, the numbers are compared."""
    assert ", no different from the best" in ensemble_sentence(TABLE, "units=2", baselines={"Theta": 91.0})
    assert ", below the best baseline" in ensemble_sentence(TABLE, "units=2", baselines={"Theta": 93.0})
    few = TABLE.assign(low=np.nan, high=np.nan, repeats=3)
    assert "(median forecast), above the best" in ensemble_sentence(few, "units=2", baselines={"Theta": 91.0})


def test_what_is_left_out() -> None:
    """Repeats that diverged are counted; a configuration without an ensemble says nothing."""
    assert ensemble_sentence(TABLE, "units=2", baselines={}, diverged=1).endswith("1 repeat that diverged is left out.")
    assert ensemble_sentence(TABLE, "other", baselines={}) == ""
