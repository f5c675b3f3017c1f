"""Which ensembles get an interval."""

from __future__ import annotations

import pandas as pd

from scheduler.statistics.ensembles.reading import MOST_SURE, _sure


def results(splits: int, configurations: int) -> pd.DataFrame:
    """Return one repeat of each configuration on each split, the later the worse."""
    rows = [(f"s{split}", f"u{of} | s{split}", float(of)) for split in range(splits) for of in range(configurations)]
    return pd.DataFrame(rows, columns=["split", "configuration", "test_rmse"])


def test_the_best_of_each_split_has_an_interval_however_many_there_are() -> None:
    """All of few; of many splits one each, and of few splits as many as fit."""
    assert _sure(results(2, 3), "test_rmse") is None
    many = _sure(results(MOST_SURE + 1, 2), "test_rmse")
    assert many == {f"u0 | s{split}" for split in range(MOST_SURE + 1)}
    some = _sure(results(2, MOST_SURE), "test_rmse")
    assert some is not None
    assert len(some) == MOST_SURE
